"""The catalogue for harvesters, written from the manifests of the releases present whenever one is activated."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from vertragsgraph.release import disk
from vertragsgraph.release.catalogue.document import dataset_iri, describe
from vertragsgraph.release.opened import Release, all_releases

__all__ = ["FILES", "dataset_iri", "describe", "prepare"]

FILES = ("catalog.ttl", "catalog.rdf", "catalog.jsonld")


def prepare(
    releases: Path, current: Release, work: Path, changed: Collection[Release] = (), without: Collection[str] = ()
) -> Callable[[], None]:
    """Write the catalogue as it is with `current` being served into `work`, and return what puts it in its place.

    Whatever needs space is done before that. `changed` are releases that are about to appear, be it in the place of others;
    `without` are the ids of those about to go. Files that say so already stay untouched. The caller holds the lock. What
    is known about the register is what the current release says of it.
    """
    present = {release.id: release for release in (*all_releases(releases), *changed) if release.id not in without}
    ours = [release for release in present.values() if release.base == current.base]
    newest_first = sorted(ours, key=lambda release: (release.created, release.id), reverse=True)
    description = describe(current.register, current.manifest, [release.manifest for release in newest_first])
    texts = (description.turtle(), description.rdfxml(), description.jsonld())
    fresh = []
    for name, text in zip(FILES, texts, strict=True):
        path = releases / name
        if not path.is_file() or path.read_bytes() != text.encode():
            disk.write_text(work / name, text)
            disk.sync(work / name)
            fresh.append(name)

    def put_in_place() -> None:
        for name in fresh:
            (work / name).replace(releases / name)
        disk.sync(releases)

    return put_in_place
