"""Verification: whether a release still is what its manifest says, and which is the newest one that is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from vertragsgraph.finding import Finding
from vertragsgraph.release import disk
from vertragsgraph.release.changing import REDACTED
from vertragsgraph.release.errors import finding
from vertragsgraph.release.manifest import FILE_NAME, FileEntry
from vertragsgraph.release.opened import Release, all_releases
from vertragsgraph.texts import Language, both, language_of_user, translate


def verify(release: Release, *, progress: Callable[[str], None] | None = None) -> list[Finding]:
    """Return what is wrong with a release: files missing, of another size, of another SHA-256, or too many.

    Every byte of dumps, store and documents is read; an empty list says that all are as they were built.
    """
    if progress:
        progress(translate("Verifying release {id} …", language_of_user(), id=release.id))
    findings = []
    if release.folder.name.removeprefix(REDACTED) != release.id or not release.digest.startswith(
        release.id.rpartition(".")[2]
    ):
        message = both(
            "the manifest says it belongs to release {id} with digest {digest}", id=release.id, digest=release.digest
        )
        findings.append(finding(message, release.folder / FILE_NAME))
    for name, entry in release.manifest.files.items():
        if wrong := _wrong(release.folder / name, entry):
            findings.append(finding(wrong, release.folder / name))
    known = {FILE_NAME, *release.manifest.files}
    findings += [
        finding(both("the manifest does not know this file"), path)
        for path in disk.files(release.folder)
        if path.relative_to(release.folder).as_posix() not in known
    ]
    return findings


def newest_intact(releases: Path) -> Release | None:
    """Return the newest release without findings, None where there is none; reads whole releases, one after the other."""
    return next((release for release in all_releases(releases) if not verify(release)), None)


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
