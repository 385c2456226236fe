"""The catalogue for harvesters, written from the manifests of the releases present whenever one is activated."""

from __future__ import annotations

from pathlib import Path

from vertragsgraph.release import disk
from vertragsgraph.release.catalogue.document import dataset_iri, describe
from vertragsgraph.release.opened import Release, all_releases

__all__ = ["FILES", "dataset_iri", "describe", "write"]

FILES = ("catalog.ttl", "catalog.rdf", "catalog.jsonld")


def write(releases: Path, current: Release) -> None:
    """Write the catalogue as it is with `current` being served; files that say so already stay untouched.

    The caller holds the lock. What is known about the register is what the current release says of it.
    """
    manifests = [release.manifest for release in all_releases(releases) if release.base == current.base]
    description = describe(current.register, current.manifest, manifests)
    texts = (description.turtle(), description.rdfxml(), description.jsonld())
    for name, text in zip(FILES, texts, strict=True):
        path = releases / name
        if not path.is_file() or path.read_bytes() != text.encode():
            disk.swap_file(path, text)
