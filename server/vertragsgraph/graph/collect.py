"""From source files to the graphs of a release: one sorted file of N-Triples for each role, and their digest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from typing import IO, Final, TypeAlias

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, serialize

from vertragsgraph.finding import Complaints
from vertragsgraph.graph.asserted import add_asserted
from vertragsgraph.graph.digest import digest
from vertragsgraph.graph.entries import is_of_entry
from vertragsgraph.graph.evidence import Expander, Labels, read_labels
from vertragsgraph.graph.graphs import AS_READ, Graphs, write_graphs
from vertragsgraph.graph.labels import Unnamed
from vertragsgraph.graph.languages import for_each_language, translated
from vertragsgraph.graph.links import link_triples
from vertragsgraph.graph.nodes import may_be_wrong, wrong_nodes
from vertragsgraph.graph.reasoning.ontology import logic_of
from vertragsgraph.graph.tables import Tables
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.sorted_files import lines_of, sorting
from vertragsgraph.rdf.terms import renamed
from vertragsgraph.register import ASSERTED_ROLES, Register, load_kinds
from vertragsgraph.sources import SourceFile, documents, read_queries, read_turtle, source_files
from vertragsgraph.sources.folder import TABLES
from vertragsgraph.texts import telling

Progress: TypeAlias = Callable[[str], None]

MOST_TWICE: Final = 1000
_NAMELESS: Final = ("evidence", "links", "tombstones")
"""Roles of graphs that name no resource by others, nor tell by which it could be named."""


def collect(register: Register, folder: Path, *, progress: Progress | None = None) -> Graphs:
    """Read all sources of a register and write its graphs into `folder`, which is created where it is missing.

    A triple that files of several roles assert stands in the graph of the first of them (in the order of `ROLES`).
    Memory stays flat whatever the size of the register. Raises `FindingsError` with what is wrong in any of the files,
    not only the first; what stands in `folder` is of no use then. Raises `OSError` where the disk refuses.
    """
    say = telling(progress)
    folder.mkdir(parents=True, exist_ok=True)
    complaints = Complaints()
    say("Reading the sources …")
    with complaints.gathered():
        ontology = translated(read_document(register, register.ontology), register.spoken)
        logic = logic_of(ontology, register)
    with complaints.gathered():
        shapes = translated(read_document(register, register.shapes), register.spoken)
        shapes = for_each_language(shapes, register.languages)
    with complaints.gathered():
        queries = {path.name: text for path, text in read_queries(register).items()}
    with complaints.gathered():
        kinds = load_kinds(register)
    with complaints.gathered():
        reader = _Reader(register, folder, complaints)
        reader.read_all()
    complaints.raise_any()
    counts = write_graphs(folder, reader.roles, logic, register.base, say)
    value = digest(register, {role: folder / f"{role}.nt" for role in counts}, ontology, shapes, queries, kinds)
    return Graphs(folder, counts, ontology, shapes, queries, logic, kinds, value, reader.twice())


def read_document(register: Register, folder: Path) -> list[Triple]:
    """Return the triples of all Turtle files below `folder` (the register's ontology or shapes), in the order of the files.

    Blank nodes of different files stay different ones, even where the files give them the same label.
    Raises `FindingsError` with the syntax errors of all files, and with files that are not read though they look like it.
    """
    triples: list[Triple] = []
    complaints = Complaints()
    for number, path in enumerate(documents(register, folder)):
        with complaints.gathered():
            apart = partial(_in_file, number)
            triples += (renamed(triple, apart) for triple, _ in read_turtle(path, register.base))
    complaints.raise_any()
    return triples


def _in_file(number: int, node: BlankNode) -> BlankNode:
    return BlankNode(f"f{number}{node.value}")


class _Reader:
    """Writes the triples of each role as they come into a file of its own; `roles` are those that have some."""

    def __init__(self, register: Register, folder: Path, complaints: Complaints) -> None:
        self._register = register
        self._folder = folder
        self._complaints = complaints
        self._files = source_files(register)
        self._proving = [file for file in self._files if file.role == "evidence"]  # those with entries
        self._unnamed = Unnamed(register)
        self.roles: list[str] = []

    def read_all(self) -> None:
        """Read the source files; what is wrong with them goes into the complaints."""
        with sorting(self._described) as described, sorting(self._asserted) as asserted:
            for role in ASSERTED_ROLES:
                own = [file for file in self._files if file.role == role]
                if role == "evidence":
                    self._write(role, self._evidence(asserted))
                elif own:
                    self._write(role, self._triples(role, own, described))
        add_asserted(self._asserted, self._described, self._folder)
        with sorting(self._asserted) as names:
            files = [path for role in ASSERTED_ROLES if (path := self._read(role)).exists() and role not in _NAMELESS]
            names.writelines(f"{triple} .\n".encode() for triple in self._unnamed.names(files))
        add_asserted(self._asserted, self._described, self._folder)
        self._see_roles()
        if any(may_be_wrong(self._read(role)) for role in self.roles):
            self._complaints.extend(wrong_nodes(self._files, self._register))
        if paths := [file.path for file in self._files if file.role == TABLES]:
            Tables(self._register, self._folder, AS_READ, self._complaints).add(paths, self._source_labels())
            self._see_roles()

    def _see_roles(self) -> None:
        self.roles = [role for role in ASSERTED_ROLES if self._read(role).exists()]

    def _source_labels(self) -> Labels:
        path = self._read("sources")
        return read_labels(path) if path.exists() else {}

    def _write(self, role: str, triples: Iterator[Triple]) -> None:
        serialize(triples, self._read(role), RdfFormat.N_TRIPLES)

    def _read(self, role: str) -> Path:
        return self._folder / f"{role}{AS_READ}"

    def twice(self) -> tuple[NamedNode, ...]:
        """Return the first resources of which several files say what they are: the graphs no longer tell."""
        subjects = groupby(line.split(b" ", 1)[0] for line in lines_of(self._described))
        several = (NamedNode(subject[1:-1].decode()) for subject, files in subjects if len(list(files)) > 1)
        found = tuple(islice(several, MOST_TWICE))
        self._described.unlink()
        return found

    @property
    def _described(self) -> Path:
        return self._folder / "described"

    @property
    def _asserted(self) -> Path:
        return self._folder / "asserted"

    def _evidence(self, asserted: IO[bytes]) -> Iterator[Triple]:
        """Yield the triples of the entries of evidence in all files; what they assert goes into `asserted`."""
        expander = Expander(self._register, self._source_labels(), self._complaints, asserted)
        for file in sorted(self._proving):
            yield from expander.triples(file)
        expander.finish()

    def _triples(self, role: str, files: list[SourceFile], described: IO[bytes]) -> Iterator[Triple]:
        """Yield the triples that source files of one role say or stand for, but for those of entries of evidence."""
        for number, file in enumerate(files):
            if role == "links":
                yield from link_triples(file.path, self._register, self._complaints)
                continue
            proves = False
            with self._complaints.gathered():
                for triple, _ in read_turtle(file.path, self._register.base, file.prefixes):
                    subject = triple.subject
                    if is_of_entry(subject, file, self._register.base):
                        proves = True
                        continue
                    predicate = triple.predicate
                    if predicate == terms.TYPE and isinstance(subject, NamedNode):
                        described.write(f"{subject} {role}/{number}\n".encode())
                        self._unnamed.note_type(subject, triple.object)
                    elif predicate == terms.LABEL:
                        self._unnamed.note_name(subject, triple.object)
                    yield triple
                if proves:  # a file that can't be read has been told by now
                    self._proving.append(file)
