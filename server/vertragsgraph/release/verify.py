"""Verification: whether a release still is what its manifest says, and which is the newest one that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from vertragsgraph.finding import Finding
from vertragsgraph.release import disk
from vertragsgraph.release.digest import counts_of, recomputed
from vertragsgraph.release.errors import ReleaseError, finding
from vertragsgraph.release.lock import REDACTED
from vertragsgraph.release.manifest import FILE_NAME, SIGNATURE, FileEntry, is_as_written, now
from vertragsgraph.release.release import CURRENT, Release, all_releases, current_release
from vertragsgraph.texts import Language, both, telling

CLOCKS: Final = timedelta(days=1)
"""So far may the clocks of two machines differ."""


def verify(release: Release, *, progress: Callable[[str], None] | None = None) -> list[Finding]:
    """Return what is wrong with a release: files missing, changed or too many, a manifest that isn't what it was.

    Every byte of dumps, store and documents is read, and what the manifest says of them is worked out anew, the digest
    included; an empty list says that all is as it was built.
    """
    say = telling(progress)
    say("Verifying release {id} …", id=release.id)
    findings = [*_wrong_files(release, release.manifest.files), *_unknown_files(release)]
    if not findings:
        try:
            findings = [finding(message, release.folder / FILE_NAME) for message in _wrong_members(release)]
        except ReleaseError as error:
            findings = list(error.findings)
        except (OSError, SyntaxError, ValueError) as error:
            findings = [_unopened(release, error)]
    if not is_as_written(release.folder):
        message = both("the manifest was changed after it was written: its checksum is another")
        findings.append(finding(message, release.folder / FILE_NAME))
    return findings


def look_over(release: Release) -> list[Finding]:
    """Return what keeps a release from being served: files missing or cut off, or changed among those opened at once.

    Dumps and graphs are only looked at for their size, so that a server starts soon; `verify` reads them.
    """
    opened = {
        name: entry for name, entry in release.manifest.files.items() if not name.startswith(("dumps/", "graphs/"))
    }
    missing = {name: release.manifest.files[name] for name in release.missing_files()}
    findings = list(_wrong_files(release, opened | missing))
    if not findings:
        try:
            _ = release.register, release.identity
        except ReleaseError as error:
            findings += error.findings
        except (KeyError, OSError, ValueError) as error:
            findings.append(_unopened(release, error))
    return findings


def _unopened(release: Release, error: Exception) -> Finding:
    return finding(both("the release can't be opened: {reason}", reason=error), release.folder)


def newest_intact(releases: Path) -> Release | None:
    """Return the newest release without findings, None where there is none; reads whole releases, one after the other."""
    return next((release for release in all_releases(releases) if not verify(release)), None)


def to_serve(releases: Path) -> tuple[Release | None, list[Finding]]:
    """Return the release to serve, and what is wrong with the one that should be served.

    It is the current one; where that is damaged or none is current, the newest that can be opened. None where there is none.
    """
    findings: list[Finding] = []
    try:
        if current := current_release(releases):
            findings = look_over(current)
            if not findings:
                return current, []
    except ReleaseError as error:
        findings = list(error.findings)
    return next((release for release in all_releases(releases) if not look_over(release)), None), findings


def _wrong_files(release: Release, files: Mapping[str, FileEntry]) -> Iterator[Finding]:
    for name, entry in files.items():
        if wrong := _wrong(release.folder / name, entry):
            yield finding(wrong, release.folder / name)


def _unknown_files(release: Release) -> list[Finding]:
    known = {FILE_NAME, SIGNATURE, *release.manifest.files}
    return [
        finding(both("the manifest does not know this file"), path)
        for path in sorted(release.folder.rglob("*"))
        if (path.is_file() or path.is_symlink()) and path.relative_to(release.folder).as_posix() not in known
    ]


def _wrong_members(release: Release) -> Iterator[dict[Language, str]]:
    """Yield what the manifest says wrongly, from the files, which are known to be right."""
    said = release.manifest
    named = release.folder.name.removeprefix(REDACTED)
    if named not in {said.id, CURRENT} or not said.digest.startswith(said.id.rpartition(".")[2]):
        yield both("the manifest says it belongs to release {id} with digest {digest}", id=said.id, digest=said.digest)
    register = release.register
    counts = counts_of(release)
    expected: dict[str, tuple[object, object]] = {
        "key": (said.key, register.key),
        "base": (said.base, register.base),
        "url": (said.url, register.url),
        "title": (said.title, register.title),
        "draft": (said.draft, register.draft),
        "counts": (said.counts, counts),
        "triples": (said.triples, sum(counts.values())),
    }
    if not said.redactions:  # of what has gone the digest can't be worked out any more
        expected["digest"] = (said.digest, recomputed(release))
    for name, (found, right) in expected.items():
        if found != right:
            yield both(
                'the manifest says "{found}" for {member}, the files "{right}"', found=found, member=name, right=right
            )
    last = said.created
    for instant in (*(redaction.at for redaction in said.redactions), now() + CLOCKS):
        if instant < last:
            yield both("the manifest says {instant}, which can't be", instant=last.isoformat())
        last = instant


def _wrong(path: Path, entry: FileEntry) -> dict[Language, str] | None:
    try:
        size = path.stat().st_size
        if size != entry.bytes:
            return both("the file has {found} bytes, the manifest says {expected}", found=size, expected=entry.bytes)
        if disk.sha256(path) != entry.sha256:
            return both("the file's contents have changed: its SHA-256 is not the manifest's")
    except OSError as error:
        return both("the file can't be read: {reason}", reason=error.strerror)
    return None
