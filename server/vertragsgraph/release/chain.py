"""The chain of manifests: each names the one before by its SHA-256, so that order and redactions can be proven.

A manifest changes lawfully when its release is redacted or, damaged, built anew; then it says which SHA-256 it had. So who goes
from a release to the one before finds there the SHA-256 that was named, as what the manifest has or as what it had.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from vertragsgraph.finding import Finding, Severity
from vertragsgraph.release import manifest
from vertragsgraph.release.errors import finding
from vertragsgraph.release.manifest import FILE_NAME, Previous
from vertragsgraph.release.release import Release
from vertragsgraph.texts import Language, both


def followed(releases: Sequence[Release]) -> Counter[str]:
    """Return the ids that releases name as the one before, and how often."""
    return Counter(release.manifest.previous.id for release in releases if release.manifest.previous)


def last(releases: Sequence[Release], base: str) -> Previous | None:
    """Return what a new release of the register with a base IRI follows, None for its first: the newest that none follows yet.

    `releases` are those at hand, the newest first. One whose manifest was changed is passed over, as its
    SHA-256 is nothing to rely on.
    """
    named = followed(releases)
    own = (release for release in releases if release.base == base and release.id not in named)
    found = next((release for release in own if manifest.is_as_written(release.folder)), None)
    return Previous(id=found.id, sha256=manifest.sha256(found.folder)) if found else None


def verify_chain(releases: Sequence[Release], names: Collection[str] = ()) -> list[Finding]:
    """Return what is wrong with the order of releases, or can't be proven; `names` are the ids to look at, by default all.

    A release that isn't what its successor says, or is newer, is a violation. Two that follow the same one are a warning. A
    predecessor that isn't at hand, because it was pruned or never copied, is a gap that is told.
    """
    chosen = [release for release in releases if not names or release.id in names]
    at_hand = {release.id: release for release in releases}
    named = followed(releases)
    findings = [
        replace(finding(message, release.folder / FILE_NAME), severity=severity)
        for release in chosen
        if (previous := release.manifest.previous)
        for severity, message in _told(release, previous, at_hand.get(previous.id), named[previous.id])
    ]
    if loose := [release.id for release in chosen if not release.manifest.previous and release != releases[-1]]:
        message = both(
            "built by an earlier version, or where no other was at hand, these name none before them; only their dates tell "
            "their order: {names}",
            names=", ".join(loose),
        )
        findings.append(replace(finding(message, releases[0].folder.parent), severity=Severity.INFO))
    return findings


def _told(
    release: Release, previous: Previous, before: Release | None, followers: int
) -> Iterator[tuple[Severity, dict[Language, str]]]:
    """Yield what is to be told of a release and the one that it says was before it."""
    if before is None:
        gap = both(
            "it follows release {id}, which isn't here (pruned, or never copied); its manifest had the SHA-256 {sha256}",
            **dict(previous),
        )
        yield Severity.INFO, gap
        return
    if previous.sha256 not in {manifest.sha256(before.folder), *before.manifest.former}:
        other = both(
            "it follows release {id} with a manifest of SHA-256 {sha256}, which the one here neither has nor had before a "
            "redaction: one of the two was changed or replaced. Take both from a backup",
            **dict(previous),
        )
        yield Severity.VIOLATION, other
    if before.created > release.created:
        yield Severity.VIOLATION, both("it follows release {id}, which is newer by its own account", id=previous.id)
    if followers > 1:
        fork = both(
            "more than one release follows {id}; which came first, nothing but their dates tells", id=previous.id
        )
        yield Severity.WARNING, fork
