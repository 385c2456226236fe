"""Past releases: what there is of them, what they say of a resource, how two of them differ.

They are asked seldom, and by our own queries only, so no workers wait for them: their files and stores are read in threads, few
at a time, never on the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, cast

from fastapi import Request

from vertragsgraph.graph.sorting import beginning_with
from vertragsgraph.linked_data import tombstones
from vertragsgraph.release import Change, Release, ReleaseError, compare, open_release
from vertragsgraph.release.manifest import FILE_NAME
from vertragsgraph.release.opened import release_folders
from vertragsgraph.sparql.service import Service
from vertragsgraph.web import visits
from vertragsgraph.web.asking import asking_store
from vertragsgraph.web.kept import Kept
from vertragsgraph.web.site import Site, open_site
from vertragsgraph.web.visits import spending

OPENED: Final = 4
"""Past releases that are held open."""
KEPT: Final = 4_096
"""Answers to the question whether a release describes a resource that are kept."""
COMPARISONS: Final = 32
"""Comparisons that are kept."""
SHOWN: Final = 500
"""Changes that are kept of a comparison."""
_ASKED_AT_ONCE: Final = 2


@dataclass(frozen=True)
class Comparison:
    """What was added and removed between two releases: the first `SHOWN` changes, and how many there are."""

    changes: tuple[Change, ...]
    total: int


class History:
    """The releases in a folder; what was read of them is kept, as they never change."""

    def __init__(self, releases: Path, service: Service) -> None:
        self._folder = releases
        self._service = service
        self._releases: dict[Path, tuple[tuple[int, int], Release | None]] = {}
        self._sites = Kept(OPENED)
        self._described = Kept(KEPT)
        self._comparisons = Kept(COMPARISONS)
        self._comparing = asyncio.Semaphore(1)
        self._asking = asyncio.Semaphore(_ASKED_AT_ONCE)

    async def releases(self) -> list[Release]:
        """Return all releases, newest first; folders that hold no readable release are left out."""
        return await asyncio.to_thread(self._read)

    async def site(self, release: Release) -> Site:
        """Return the site of a release that need not be the current one."""
        if release.identity not in self._sites:
            await visits.begin()
        return await self._sites.get(release.identity, lambda: self._open(release))

    async def describes(self, release: Release, path: str) -> bool:
        """Tell whether a release says anything of the resource at a path below `/id/`; a tombstone is no description."""
        return await self._described.get(
            (release.identity, path), lambda: asyncio.to_thread(_describes, release, f"id/{path}")
        )

    async def comparison(self, before: Release, after: Release) -> Comparison:
        """Return what was added and removed from one release to the other."""
        pair = before.identity, after.identity
        if pair not in self._comparisons:
            await visits.begin()
        return await self._comparisons.get(pair, lambda: self._compare(before, after))

    async def in_pieces(self, lines: Iterator[str], size: int = 1_000) -> AsyncIterator[str]:
        """Yield the lines of a comparison, many at a time."""
        while True:
            async with self._comparing:
                with spending():
                    piece = await asyncio.to_thread(lambda: "".join(islice(lines, size)))
            if not piece:
                return
            yield piece

    async def _compare(self, before: Release, after: Release) -> Comparison:
        # One at a time: threads that compute take turns with the event loop, and each of them makes it wait.
        async with self._comparing:
            with spending():
                return await asyncio.to_thread(_compared, before, after)

    async def _open(self, release: Release) -> Site:
        ask = await asking_store(self._service, release, self._asking)
        return await asyncio.to_thread(open_site, release, ask, self._service.settings)

    def _read(self) -> list[Release]:
        found = {}
        for folder in release_folders(self._folder):
            try:
                status = (folder / FILE_NAME).stat()
            except OSError:
                continue
            stamp = status.st_ino, status.st_mtime_ns
            known = self._releases.get(folder)
            found[folder] = known if known and known[0] == stamp else (stamp, _opened(folder))
        self._releases = found
        releases = [release for _, release in found.values() if release]
        return sorted(releases, key=lambda release: (release.created, release.id), reverse=True)


def history_of(request: Request) -> History:
    """Return the past releases of the application that a request comes to."""
    return cast(History, request.app.state.history)


def _opened(folder: Path) -> Release | None:
    try:
        return open_release(folder)
    except ReleaseError:
        return None


def _describes(release: Release, path: str) -> bool:
    try:
        quads = release.dump("nq")
    except KeyError:
        return False
    grave = f"<{release.base}graph/{tombstones.ROLE}> .\n".encode()
    lines = list(beginning_with(quads, f"<{release.base}{path}> ".encode()))
    return bool(lines) and not any(line.endswith(grave) for line in lines)


def _compared(before: Release, after: Release) -> Comparison:
    changes = compare(before, after)
    shown = tuple(islice(changes, SHOWN))
    return Comparison(shown, len(shown) + sum(1 for _ in changes))
