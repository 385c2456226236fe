"""What an engine needs to know of a release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vertragsgraph import __version__
from vertragsgraph.rdf.namespaces import WELL_KNOWN
from vertragsgraph.release import Release
from vertragsgraph.release.catalogue.citation import release_iri


@dataclass(frozen=True)
class Dataset:
    """An immutable RDF dataset that lies on disk.

    `identity` changes whenever the contents or their release do (caches and ETags rest on it); `release` is the id of the
    release, `iri` its persistent IRI, by which answers name it: nothing where there is none. `counts` holds the number of triples
    of each named graph of the data by its IRI; `quads` is the same as N-Quads, for workers that hold it in memory.
    `federation` are the IRIs of the endpoints that the register lets its queries ask, `agent` how it introduces itself to
    them. `languages` are those of its texts, `description` is a file (VoID, Turtle) that names its classes and properties;
    `prefixes` (name to namespace) are those that results are written with.
    `beside` are files with what else is there, by the IRI of its graph, the default graph (`""`) among them; `is_small`
    tells that the store on disk doesn't hold it, so that workers hold everything in memory.
    """

    identity: str
    store: Path
    quads: Path | None
    base: str
    counts: Mapping[str, int]
    federation: tuple[str, ...] = ()
    agent: str = f"vertragsgraph/{__version__}"
    languages: tuple[str, ...] = ()
    description: Path | None = None
    prefixes: Mapping[str, str] = field(default_factory=lambda: WELL_KNOWN)
    beside: Mapping[str, Path] = field(default_factory=dict)
    is_small: bool = False
    release: str = ""
    iri: str = ""

    @property
    def graphs(self) -> tuple[str, ...]:
        """IRIs of the named graphs: those of the data first."""
        return (*self.counts, *filter(None, self.beside))

    @property
    def size(self) -> int:
        """Number of quads of the data."""
        return sum(self.counts.values())


def dataset_of(release: Release) -> Dataset:
    """Return the dataset that a release holds."""
    counts = {f"{release.base}graph/{role}": release.counts.get(role, 0) for role in release.roles}
    try:
        quads: Path | None = release.dump("nq")
    except KeyError:
        quads = None
    about = (
        release.federation,
        release.agent,
        release.languages,
        release.description,
        release.prefixes,
        release.beside,
        release.is_small,
        release.id,
        release_iri(release),
    )
    return Dataset(f"{release.id} {release.identity}", release.store, quads, release.base, counts, *about)
