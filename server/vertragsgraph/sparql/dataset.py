"""What an engine needs to know of a release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from vertragsgraph import __version__


class ReleaseLike(Protocol):
    """The part of a release that queries need (`vertragsgraph.release.Release` has it)."""

    @property
    def identity(self) -> str:
        """Hex SHA-256 of what the release says now."""

    @property
    def store(self) -> Path:
        """Folder of the Oxigraph store."""

    @property
    def base(self) -> str:
        """Base IRI of the register."""

    @property
    def roles(self) -> Sequence[str]:
        """Roles of the named graphs."""

    @property
    def counts(self) -> Mapping[str, int]:
        """Number of triples in the graph of each role."""

    @property
    def federation(self) -> Sequence[str]:
        """IRIs of the endpoints that the register lets its queries ask."""

    @property
    def agent(self) -> str:
        """How the register introduces itself to other servers (User-Agent)."""

    @property
    def languages(self) -> Sequence[str]:
        """Languages of the register's texts."""

    @property
    def description(self) -> Path:
        """The description of the dataset (VoID, Turtle)."""

    def dump(self, extension: str) -> Path:
        """Path of the dump with an extension; raises `KeyError` where there is none."""


@dataclass(frozen=True)
class Dataset:
    """An immutable RDF dataset that lies on disk.

    `identity` changes whenever the contents do (caches and ETags rest on it); `counts` holds the number of triples
    of each named graph by its IRI; `quads` is the same data as N-Quads, for workers that hold it in memory. `federation`
    are the IRIs of the endpoints that the register lets its queries ask, `agent` how it introduces itself to them.
    `languages` are those of its texts, `description` is a file (VoID, Turtle) that names its classes and properties.
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

    @property
    def graphs(self) -> tuple[str, ...]:
        """IRIs of the named graphs."""
        return tuple(self.counts)

    @property
    def size(self) -> int:
        """Number of quads."""
        return sum(self.counts.values())


def dataset_of(release: ReleaseLike) -> Dataset:
    """Return the dataset that a release holds."""
    counts = {f"{release.base}graph/{role}": release.counts.get(role, 0) for role in release.roles}
    try:
        quads: Path | None = release.dump("nq")
    except KeyError:
        quads = None
    return Dataset(
        release.identity,
        release.store,
        quads,
        release.base,
        counts,
        tuple(release.federation),
        release.agent,
        tuple(release.languages),
        release.description,
    )
