"""The graphs of a release before there is one: a sorted file of N-Triples for each role, and what stands beside the data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode, Triple

from vertragsgraph.graph.reasoning.entailment import entail
from vertragsgraph.graph.reasoning.ontology import Logic
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.namespaces import OWL
from vertragsgraph.rdf.sorted_files import sort_file, write_apart
from vertragsgraph.register import ROLES, Kinds
from vertragsgraph.register.names import dataset_iri

AS_READ: Final = ".read"
"""The suffix of files on their way to a graph."""
_SORTED: Final = ".sorted"
_ENTAILED: Final = ROLES[-1]


@dataclass(frozen=True)
class Graphs:
    """The named graphs of a release as files, and the documents that belong to them, each read once.

    `counts` holds the number of triples for each role that has some, in the order of `ROLES`. No triple stands in two
    graphs, and none has a blank node. `digest` is what `vertragsgraph.graph.digest` says. `twice` are resources of which
    two files say what they are, the first thousand. `queries` are the texts of the example queries by file name,
    `kinds` is the table of the kinds of resources.
    """

    folder: Path
    counts: Mapping[str, int]
    ontology: Sequence[Triple]
    shapes: Sequence[Triple]
    queries: Mapping[str, str]
    logic: Logic
    kinds: Kinds
    digest: str = ""
    twice: tuple[NamedNode, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that have triples, in the order of `ROLES`."""
        return tuple(self.counts)

    @property
    def triples(self) -> int:
        """How many triples there are in all graphs together."""
        return sum(self.counts.values())

    def path(self, role: str) -> Path:
        """Return the file of a graph: canonical N-Triples (RDF 1.2 N-Triples, section 4) in bytewise order, each once."""
        return self.folder / f"{role}.nt"

    def paths(self, roles: Sequence[str] = ROLES) -> list[Path]:
        """Return the files of those of these graphs that have triples."""
        return [self.path(role) for role in roles if role in self.counts]


def write_graphs(
    folder: Path, roles: Sequence[str], logic: Logic, base: str, say: Callable[[str], None] = lambda _: None
) -> Mapping[str, int]:
    """Make the graphs of what has been read of the asserted ones (`{role}.read` in `folder`), and of what follows from it.

    A triple that several of them have goes to the first. Returned is the number of triples for each role that has some.
    """
    say("Sorting the triples …")
    asserted = [_sorted(folder, role) for role in roles]
    say("Working out what follows from them …")
    entail(asserted, logic.rules, base, folder / f"{_ENTAILED}{AS_READ}")
    with (folder / f"{_ENTAILED}{AS_READ}").open("a", encoding="utf-8") as out:
        out.writelines(_header(base, logic.ontologies))
    contents, roles = [*asserted, _sorted(folder, _ENTAILED)], [*roles, _ENTAILED]
    targets = [folder / f"{role}.nt" for role in roles]
    counts = write_apart(contents, targets)
    for content, target, count in zip(contents, targets, counts, strict=True):
        content.unlink()
        if not count:
            target.unlink()
    return MappingProxyType({role: count for role, count in zip(roles, counts, strict=True) if count})


def _header(base: str, ontologies: Sequence[str]) -> Iterator[str]:
    """Yield what makes the data an ontology that imports its vocabulary (OWL 2, section 3.4).

    Without it, OWL's tools take each property of a dump for an annotation. It stands in the data, not in some of the dumps:
    else the same query would have other rows in other files.
    """
    for iri in ontologies:
        yield f"<{dataset_iri(base)}> {terms.TYPE} <{OWL}Ontology> .\n"
        yield f"<{dataset_iri(base)}> <{OWL}imports> {iri} .\n"


def _sorted(folder: Path, role: str) -> Path:
    source, target = folder / f"{role}{AS_READ}", folder / f"{role}{_SORTED}"
    sort_file(source, target)
    source.unlink()
    return target
