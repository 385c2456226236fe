"""Removing releases that nobody needs any more; the one being served always stays."""

from __future__ import annotations

from pathlib import Path

from vertragsgraph.release import catalogue, disk
from vertragsgraph.release.changing import changing
from vertragsgraph.release.errors import failure
from vertragsgraph.release.opened import all_releases, current_release
from vertragsgraph.texts import both


def prune(releases: Path, keep: int) -> list[str]:
    """Remove all releases but the newest `keep` ones and the one being served; return the ids of those removed.

    The catalogue forgets them first, so that it never names files that are gone. Raises `ReleaseError` where no release is
    being served, since then it isn't known which one must stay.
    """
    if keep < 1:
        raise failure(both("at least one release must be kept; {keep} won't do", keep=keep), releases)
    with changing(releases) as work:
        current = current_release(releases)
        if current is None:
            raise failure(both("no release is being served; activate one first"), releases)
        old = [release for release in all_releases(releases)[keep:] if release.id != current.id]
        catalogue.prepare(releases, current, work, without={release.id for release in old})()
        for release in old:
            # Out of sight by one rename; what is left of it after a crash is swept.
            release.folder.rename(work / release.id)
        disk.sync(releases)
        return [release.id for release in old]
