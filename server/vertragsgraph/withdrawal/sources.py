"""Where the sources still have what is withdrawn, file and line: descriptions, evidence, links, and what names it elsewhere."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Triple

from vertragsgraph.finding import Complaints, Finding, Place, Severity
from vertragsgraph.graph.entries import Annotation, Entry, is_of_entry, read_entries
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.terms import Node
from vertragsgraph.register import Register
from vertragsgraph.sources import SourceFile, Statement, read_mappings, read_statements, source_files
from vertragsgraph.sources.folder import TABLES
from vertragsgraph.sources.tables import table_statements
from vertragsgraph.sources.term_names import compact
from vertragsgraph.texts import Language, both

RULE: Final = "withdrawals"


@dataclass(frozen=True)
class Change:
    """What to do at a place of the sources; where whole lines of a file are to be deleted, the first and the last of them."""

    finding: Finding
    path: Path
    first: int = 0
    last: int = 0


def is_gone(node: Node, gone: Container[str]) -> bool:
    """Tell whether a node is one of the resources that are gone."""
    return isinstance(node, NamedNode) and node.value in gone


def to_change(register: Register, gone: Container[str], successor: str = "") -> list[Change]:
    """Return for each place of the sources that has a resource that is gone what to do there, in the order of the files.

    `successor` takes the place of what is gone: what names that, is to name this. Raises `SourceError` for sources that
    can't be read.
    """
    reader = _Reader(register, gone, successor)
    return [change for file in source_files(register) for change in reader.read(file)]


class _Reader:
    def __init__(self, register: Register, gone: Container[str], successor: str) -> None:
        self._register, self._gone = register, gone
        self._successor = compact(NamedNode(successor), register) if successor else ""

    def read(self, file: SourceFile) -> Iterator[Change]:
        if file.role == "links":
            for link in read_mappings(file.path, self._register.base):
                if self._names(link.triple):
                    yield self._row(Place(file.path, link.line), link.triple)
            return
        if file.role == TABLES:
            for triple, row, column in table_statements(file.path, self._register):
                if self._names(triple):
                    yield self._line(Place(file.path, row, column), triple)
            return
        if file.role != "evidence":
            yield from self._descriptions(file)
        for entry in read_entries(file, self._register.base, Complaints()):
            yield from self._annotation(file, entry) if isinstance(entry, Annotation) else self._entry(file, entry)

    def _descriptions(self, file: SourceFile) -> Iterator[Change]:
        """Yield descriptions as blocks, from the line of the subject to that of its last object, and lines of others."""
        block: list[Statement] = []
        for statement in read_statements(file.path, self._register.base, file.prefixes):
            subject, _, value = statement.triple
            if is_of_entry(subject, file, self._register.base):
                continue
            if block and (subject != block[0].triple.subject or statement.subject_line != block[0].subject_line):
                yield self._block(file, block)
                block = []
            if self._is_gone(subject) and file.role != "tombstones":
                block.append(statement)
            elif self._is_gone(value):
                yield self._line(Place(file.path, statement.line), statement.triple)
        if block:
            yield self._block(file, block)

    def _block(self, file: SourceFile, block: list[Statement]) -> Change:
        return self._delete(file, block[0].subject_line, max(each.line for each in block), block[0].triple.subject)

    def _entry(self, file: SourceFile, entry: Entry) -> Iterator[Change]:
        lines = [line for values in entry.values.values() for _, line in values]
        if self._is_gone(entry.node):
            yield self._delete(file, entry.line, max([entry.line, *lines]), entry.node)
            return
        for triple, line, _ in entry.statements:
            if self._names(triple):
                yield self._line(Place(file.path, line), triple, entry.node)
        for predicate, values in entry.values.items():
            for value, line in values:
                if self._is_gone(value):
                    yield self._line(Place(file.path, line), Triple(entry.node, predicate, value))

    def _annotation(self, file: SourceFile, annotation: Annotation) -> Iterator[Change]:
        if self._is_gone(annotation.entry):
            triple, line, _ = annotation.statement
            yield self._line(Place(file.path, line), Triple(triple.subject, terms.HAS_EVIDENCE, annotation.entry))

    def _delete(self, file: SourceFile, first: int, last: int, node: Node) -> Change:
        name = self._shown(node)
        if last > first:
            message = both("delete {resource}, to line {last}", resource=name, last=last)
        else:
            message = both("delete {resource}", resource=name)
        return self._change(Place(file.path, first), message, node, last)

    def _row(self, place: Place, link: Triple) -> Change:
        if self._successor:
            return self._line(place, link)
        message = both("delete this link: {statement}", statement=self._statement(link))
        return self._change(place, message, link.subject, place.line)

    def _line(self, place: Place, triple: Triple, entry: NamedNode | None = None) -> Change:
        statement = self._statement(triple)
        if self._successor:
            message = both("write {successor} instead: {statement}", successor=self._successor, statement=statement)
        elif entry:
            message = both(
                "take out of {resource} what it proves no longer: {statement}",
                resource=self._shown(entry),
                statement=statement,
            )
        else:
            message = both("take out, or name something else: {statement}", statement=statement)
        return self._change(place, message, entry or triple.subject)

    def _change(self, place: Place, message: dict[Language, str], node: Node, last: int = 0) -> Change:
        finding = Finding(message, place, Severity.INFO, RULE, str(node))
        return Change(finding, place.file, place.line, last)

    def _statement(self, triple: Triple) -> str:
        return " ".join(self._shown(term) for term in triple)

    def _shown(self, node: Node) -> str:
        return compact(node, self._register)

    def _names(self, triple: Triple) -> bool:
        return self._is_gone(triple.subject) or self._is_gone(triple.object)

    def _is_gone(self, node: Node) -> bool:
        return is_gone(node, self._gone)
