"""From source files to the graphs of a release: one sorted file of N-Triples for each role, and their digest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from vertragsgraph.graph.complaints import Complaints
from vertragsgraph.graph.described import Described
from vertragsgraph.graph.digest import digest
from vertragsgraph.graph.documents import read_document
from vertragsgraph.graph.entail import entail
from vertragsgraph.graph.evidence import Expander, read_labels
from vertragsgraph.graph.links import link_triples
from vertragsgraph.graph.nodes import long_literals, may_have_long_literals, may_have_other_nodes, other_nodes
from vertragsgraph.graph.ontology import logic_of
from vertragsgraph.graph.sorting import sort_file, write_apart
from vertragsgraph.register import ASSERTED_ROLES, ROLES, Register
from vertragsgraph.sources import SourceFile, read_turtle, source_files
from vertragsgraph.sources.queries import read_queries
from vertragsgraph.texts import language_of_user, translate

Progress: TypeAlias = Callable[[str], None]

AS_READ: Final = ".read"  # files on their way to a graph
SORTED: Final = ".sorted"
ENTAILED: Final = ROLES[-1]


@dataclass(frozen=True)
class Graphs:
    """The named graphs of a release as files.

    `counts` holds the number of triples for each role that has some, in the order of `ROLES`. No triple stands in two
    graphs, and none has a blank node. `digest` is what `vertragsgraph.graph.digest` says. `twice` are resources of which
    two files say what they are, the first thousand.
    """

    folder: Path
    counts: Mapping[str, int]
    digest: str
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


def collect(register: Register, folder: Path, *, progress: Progress | None = None) -> Graphs:
    """Read all sources of a register and write its graphs into `folder`, which is created where it is missing.

    A triple that files of several roles assert stands in the graph of the first of them (in the order of `ROLES`).
    Memory stays flat whatever the size of the register. Raises `FindingsError` with what is wrong in any of the files,
    not only the first; what stands in `folder` is of no use then. Raises `OSError` where the disk refuses.
    """

    def say(text: str) -> None:
        if progress:
            progress(translate(text, language_of_user()))

    folder.mkdir(parents=True, exist_ok=True)
    complaints = Complaints()
    say("Reading the sources …")
    with complaints.gathered():
        ontology = read_document(register, register.ontology)
        logic = logic_of(ontology, register)
    with complaints.gathered():
        shapes = read_document(register, register.shapes)
    with complaints.gathered():
        read_queries(register)
    with complaints.gathered():
        roles, twice = _write_sources(register, folder, complaints)
    complaints.raise_any()
    say("Sorting the triples …")
    asserted = [_sorted(folder, role) for role in roles]
    say("Working out what follows from them …")
    entail(asserted, logic.rules, register.base, folder / f"{ENTAILED}{AS_READ}")
    counts = _write_graphs(folder, [*asserted, _sorted(folder, ENTAILED)], [*roles, ENTAILED])
    value = digest(register, {role: folder / f"{role}.nt" for role in counts}, ontology, shapes)
    return Graphs(folder, MappingProxyType(counts), value, twice)


def _write_sources(register: Register, folder: Path, complaints: Complaints) -> tuple[list[str], tuple[NamedNode, ...]]:
    """Write the triples of each role as they come into a file of its own.

    Returned are the roles that have source files, and the resources that several files describe.
    """
    files = source_files(register)
    roles = [role for role in ASSERTED_ROLES if any(file.role == role for file in files)]
    described = Described(folder)
    for role in roles:
        own = [file for file in files if file.role == role]
        path = folder / f"{role}{AS_READ}"
        serialize(_read(role, own, register, folder, described, complaints), path, RdfFormat.N_TRIPLES)
        if may_have_other_nodes(path):
            complaints.extend(other_nodes(own, register))
        if may_have_long_literals(path):
            complaints.extend(long_literals(own, register))
    return roles, described.twice()


def _read(
    role: str, files: list[SourceFile], register: Register, folder: Path, described: Described, complaints: Complaints
) -> Iterator[Triple]:
    """Yield the triples that source files of one role say or stand for."""
    if role == "evidence":
        sources = folder / f"sources{AS_READ}"
        expander = Expander(register, read_labels(sources) if sources.exists() else {}, complaints)
        for file in files:
            yield from expander.triples(file.path)
        return
    for number, file in enumerate(files):
        if role == "links":
            yield from link_triples(file.path, register, complaints)
            continue
        with complaints.gathered():
            triples = (triple for triple, _ in read_turtle(file.path, register.base))
            yield from described.noted(triples, f"{role}/{number}")


def _sorted(folder: Path, role: str) -> Path:
    source, target = folder / f"{role}{AS_READ}", folder / f"{role}{SORTED}"
    sort_file(source, target)
    source.unlink()
    return target


def _write_graphs(folder: Path, contents: Sequence[Path], roles: Sequence[str]) -> dict[str, int]:
    """Write the files of the graphs from those of their sorted contents, which are removed; return how many triples each has."""
    targets = [folder / f"{role}.nt" for role in roles]
    counts = write_apart(contents, targets)
    for content, target, count in zip(contents, targets, counts, strict=True):
        content.unlink()
        if not count:
            target.unlink()
    return {role: count for role, count in zip(roles, counts, strict=True) if count}
