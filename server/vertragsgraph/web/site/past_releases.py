"""Past releases: what there is of them, what they say of a resource, how two of them differ.

Their files are read in threads, never on the event loop; their stores are asked as the archive has it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias, cast

from fastapi import Request
from pyoxigraph import NamedNode, RdfFormat, parse

from vertragsgraph.changes import Changes, Entry, State, changes_between, entry_about
from vertragsgraph.linked_data import tombstones
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.namespaces import ONTOLOGY_IRI
from vertragsgraph.rdf.result_digest import ResultDigest, read_digest
from vertragsgraph.rdf.sorted_files import beginning_with
from vertragsgraph.release import Release, ReleaseError, open_release
from vertragsgraph.release.manifest import FILE_NAME
from vertragsgraph.release.release import release_folders
from vertragsgraph.sparql.api.service import Service
from vertragsgraph.sparql.engine.archive import Archive
from vertragsgraph.web.site import visits
from vertragsgraph.web.site.asking import asking, asking_for_digest
from vertragsgraph.web.site.kept import Kept
from vertragsgraph.web.site.site import Site, open_site
from vertragsgraph.web.site.visits import spending

OPENED: Final = 4
"""Past releases that are held open."""
KEPT: Final = 4_096
"""Answers to the question whether a release describes a resource that are kept."""
COMPARISONS: Final = 64
"""Comparisons that are kept: what is gathered of each is a megabyte at most."""
VOCABULARY: Final = "ontology.ttl"

Found: TypeAlias = tuple[tuple[int, int], Release | None]
"""A release as it was read, None where it can't be; and what changes with its manifest."""


class History:
    """The releases in a folder; what was read of them is kept, as they never change."""

    def __init__(self, releases: Path, service: Service, archive: Archive) -> None:
        self._folder = releases
        self._service = service
        self._archive = archive
        self._releases: dict[Path, Found] = {}
        self._sites = Kept(OPENED)
        self._described = Kept(KEPT)
        self._comparisons = Kept(COMPARISONS)
        self._versions = Kept()
        self._comparing = asyncio.Semaphore(1)

    async def releases(self) -> list[Release]:
        """Return all releases, newest first; folders that hold no readable release are left out."""
        return await asyncio.to_thread(self._read)

    def named(self, name: str) -> Release | None:
        """Return the release in a folder; None where there is none that can be read."""
        folder = self._folder / name
        found = None if folder.is_symlink() else self._look_at(folder)
        if found is None:
            return None
        self._releases[folder] = found
        return found[1]

    async def site(self, release: Release) -> Site:
        """Return the site of a release that need not be the current one."""
        if release.identity not in self._sites:
            await visits.begin()
        return await self._sites.get(release.identity, lambda: self._open(release))

    async def digest(self, release: Release, query: str) -> ResultDigest:
        """Return the digest of what a query gives in a release, be it the current one; raise `Problem` where it has none."""
        await visits.begin()
        return read_digest(await asking_for_digest(self._service, self._archive, release)(query))

    async def describes(self, release: Release, path: str) -> bool:
        """Tell whether a release says anything of the resource at a path below `/id/`; a tombstone is no description."""
        return await self._described.get(
            (release.identity, path), lambda: asyncio.to_thread(_describes, release, f"id/{path}")
        )

    async def vocabularies(self) -> dict[str, Release]:
        """Return for each version of the vocabulary, the newest first, the first release that has it: it says what it is."""
        releases = [release for release in await self.releases() if VOCABULARY in release.manifest.files]
        texts = {
            release.manifest.files[VOCABULARY].sha256: release for release in releases
        }  # few, of however many releases
        versions = {
            text: await self._versions.get(text, partial(asyncio.to_thread, _version, release))
            for text, release in texts.items()
        }
        found = {versions[release.manifest.files[VOCABULARY].sha256]: release for release in releases}
        return {version: release for version, release in found.items() if version}

    async def changes(self, before: Release, after: Release) -> Changes | None:
        """Return what changed from one release to the other, the first resources of each kind one by one.

        None where one of them lacks files. It is no file of the later release: the earlier one may be removed, and what is
        taken down in it must not live on in the other.
        """
        return await self._compared((before, after), lambda: _changes(before, after))

    async def changes_of(self, iri: str, before: Release, after: Release) -> tuple[Changes, Sequence[Entry]] | None:
        """Return what changed from one release to the other, and what of it concerns a resource; None as for `changes`.

        Where more changed than is gathered, that is what is said of the resource itself.
        """
        found = await self.changes(before, after)
        if found and not found.is_whole and not found.concerning(iri):
            found = await self._compared((before, after, iri), lambda: _changes_about(before, after, iri))
        return (found, found.concerning(iri)) if found else None

    async def in_pieces(self, lines: Iterator[str], size: int = 1_000) -> AsyncIterator[str]:
        """Yield the lines of a comparison, many at a time."""
        while True:
            async with self._comparing:
                with spending():
                    piece = await asyncio.to_thread(lambda: "".join(islice(lines, size)))
            if not piece:
                return
            yield piece

    async def _compared(self, key: tuple[Release | str, ...], compute: Callable[[], Changes]) -> Changes | None:
        named = tuple(
            part if isinstance(part, str) else (part.id, part.identity, part.manifest.modified) for part in key
        )
        if named not in self._comparisons:
            await visits.begin()
        with suppress(OSError, KeyError, ReleaseError):  # a folder that was damaged; what fails isn't kept
            return await self._comparisons.get(named, lambda: self._one_by_one(compute))
        return None

    async def _one_by_one(self, compute: Callable[[], Changes]) -> Changes:
        # One at a time: threads that compute take turns with the event loop, and each of them makes it wait.
        async with self._comparing:
            with spending():
                return await asyncio.to_thread(compute)

    async def _open(self, release: Release) -> Site:
        ask = asking(self._service, self._archive, release)
        return await asyncio.to_thread(open_site, release, ask, self._service.settings, release.created.date())

    def _read(self) -> list[Release]:
        looked_at = {folder: self._look_at(folder) for folder in release_folders(self._folder)}
        self._releases = {folder: found for folder, found in looked_at.items() if found}
        releases = [found[1] for found in looked_at.values() if found and found[1]]
        return sorted(releases, key=lambda release: (release.created, release.id), reverse=True)

    def _look_at(self, folder: Path) -> Found | None:
        try:
            status = (folder / FILE_NAME).stat()
        except OSError:
            return None
        stamp, known = (status.st_ino, status.st_mtime_ns), self._releases.get(folder)
        return known if known and known[0] == stamp else (stamp, _opened(folder))


def history_of(request: Request) -> History:
    """Return the past releases of the application that a request comes to."""
    return cast(History, request.app.state.history)


def _opened(folder: Path) -> Release | None:
    try:
        return open_release(folder)
    except ReleaseError:
        return None


def _version(release: Release) -> str:
    """Return what the address of the vocabulary's version ends with (`owl:versionIRI`); "" where it has none."""
    with suppress(OSError, SyntaxError):
        for quad in parse(path=release.folder / VOCABULARY, format=RdfFormat.TURTLE):
            if quad.predicate == terms.VERSION_IRI and isinstance(quad.object, NamedNode):
                ontology, _, version = quad.object.value.rpartition("/")
                if ontology == ONTOLOGY_IRI:
                    return version
    return ""


def _describes(release: Release, path: str) -> bool:
    try:
        quads = release.dump("nq")
    except KeyError:
        return False
    grave = f"<{release.base}graph/{tombstones.ROLE}> .\n".encode()
    lines = list(beginning_with(quads, f"<{release.base}{path}> ".encode()))
    return bool(lines) and not any(line.endswith(grave) for line in lines)


def _changes(before: Release, after: Release) -> Changes:
    return changes_between(State.of_release(before), State.of_release(after))


def _changes_about(before: Release, after: Release, iri: str) -> Changes:
    return entry_about(State.of_release(before), State.of_release(after), iri)
