"""The catalogue for harvesters, written from the manifests of the releases present whenever one is activated."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph
from pyoxigraph import RdfFormat

from vertragsgraph.finding import Finding, Place
from vertragsgraph.gate import Coverage
from vertragsgraph.register import FILE_NAME, Register
from vertragsgraph.register.names import dataset_iri
from vertragsgraph.release import disk
from vertragsgraph.release.catalogue.description import Description
from vertragsgraph.release.catalogue.document import describe, describe_release
from vertragsgraph.release.contents.formats import FORMATS
from vertragsgraph.release.manifest import FileEntry, Manifest
from vertragsgraph.release.release import Release, all_releases
from vertragsgraph.texts import both

__all__ = ["FILES", "check_catalogue", "dataset_iri", "describe", "describe_release", "prepare"]

FILES = tuple(f"{name}.{suffix}" for name in ("catalog", "catalog-all") for suffix in ("ttl", "rdf", "jsonld"))
"""The files of the catalogue that portals harvest, and of the one in which every release is described."""

_SYNTAXES = (RdfFormat.TURTLE, RdfFormat.RDF_XML, RdfFormat.JSON_LD)


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
    manifests = [release.manifest for release in ours]
    texts = [
        text
        for complete in (False, True)
        for text in _written(describe(current.register, current.manifest, manifests, complete=complete))
    ]
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


def _written(description: Description) -> tuple[str, str, str]:
    return description.turtle(), description.rdfxml(), description.jsonld()


def check_catalogue(register: Register) -> list[Finding]:
    """Write the catalogue that a register will have in its three syntaxes, and read them; return what is wrong.

    That is done before there is a release, so that nothing can fail afterwards. The fields of register.toml have been
    looked at one by one; this uses them all together.
    """
    manifest = _manifest(register)
    try:
        description = describe(register, manifest, [manifest], complete=True)
        wrong = [
            syntax.name
            for syntax, text in zip(_SYNTAXES, _written(description), strict=True)
            if {quad.triple for quad in pyoxigraph.parse(text, syntax)} != description.triples
        ]
        reason = f"{', '.join(wrong)}: other triples" if wrong else ""
    except (ValueError, LookupError, SyntaxError) as error:
        reason = str(error)
    if not reason:
        return []
    message = both("the catalogue can't be written from these values: {reason}", reason=reason)
    return [Finding(message, Place(register.shown(register.folder / FILE_NAME)), rule="register")]


def _manifest(register: Register) -> Manifest:
    """Return a manifest such as the release will have, as far as the catalogue reads it."""
    nothing = FileEntry(bytes=0, sha256="0" * 64, media_type="")
    names = [f"{item.file(register.key)}{gz}" for item in FORMATS for gz in ("", ".gz")]
    return Manifest(
        id="trial",
        digest="",
        format=0,
        created=datetime.now(UTC),
        key=register.key,
        base=register.base,
        url=register.url,
        title=register.title,
        counts={},
        triples=0,
        evidence=Coverage(0, 0, 0),
        prefixes={},
        software={},
        files=dict.fromkeys(names, nothing),
    )
