"""The catalogue for harvesters, written from the manifests of the releases present whenever one is activated."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from vertragsgraph.release import disk
from vertragsgraph.release.catalogue.document import dataset_iri, describe
from vertragsgraph.release.opened import Release, all_releases

__all__ = ["FILES", "dataset_iri", "describe", "write"]

FILES = ("catalog.ttl", "catalog.rdf", "catalog.jsonld")


def write(releases: Path, current: Release, without: Collection[str] = ()) -> None:
    """Write the catalogue as it is with `current` being served; files that say so already stay untouched.

    `without` are the ids of releases that are about to go. The caller holds the lock. What is known about the register
    is what the current release says of it.
    """
    present = [release.manifest for release in all_releases(releases) if release.base == current.base]
    manifests = [manifest for manifest in present if manifest.id not in without]
    description = describe(current.register, current.manifest, manifests)
    texts = (description.turtle(), description.rdfxml(), description.jsonld())
    for name, text in zip(FILES, texts, strict=True):
        path = releases / name
        if not path.is_file() or path.read_bytes() != text.encode():
            disk.swap_file(path, text)
