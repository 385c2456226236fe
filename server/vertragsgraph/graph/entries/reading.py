"""Reading the entries of evidence in a file, which may hold resources besides (docs/evidence.md, "What a keeper writes")."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode

from vertragsgraph.finding import Complaints, Finding, Place
from vertragsgraph.graph.entries.entry import Annotation, Entry, is_of_entry
from vertragsgraph.graph.entries.rules import wrong_with
from vertragsgraph.graph.entries.statements import Brackets, read_annotation, read_statements_of
from vertragsgraph.graph.entries.values import Message
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.terms import Node
from vertragsgraph.sources import SourceFile, Statement, read_statements
from vertragsgraph.texts import LANGUAGES, both, counted, marked

RULE: Final = "evidence"
GRAPH: Final = "graph"
BLANK: Final = marked("blank nodes ([ … ], _:name, lists) can't be cited, so the data have none; give this one an IRI")


def read_entries(
    file: SourceFile, base: str, complaints: Complaints, *, whole: bool = True
) -> Iterator[Entry | Annotation]:
    """Yield the entries and annotations of a Turtle file; those that are malformed are complained about and left out.

    Where they need not be `whole`, malformed ones are yielded, too.

    In a file of the graph `evidence` each resource is an entry, in others those with such an IRI (`is_entry`). The file is read
    as a stream: an entry ends where the statements about another IRI begin, so an entry that is written in two places is
    taken for two, each incomplete.
    """
    if not file.may_prove:
        return
    reader = _Reader(file, base, complaints, whole=whole)
    with complaints.gathered():
        for statement in read_statements(file.path, base, file.prefixes):
            yield from reader.read(statement)
        yield from reader.rest()


def with_others(text: str, path: Path, lines: Collection[int]) -> Iterator[Finding]:
    """Yield one finding for all lines of a file of which the same is to be said: where the first is, and how many there are."""
    if lines:
        message = both(text)
        if more := len(lines) - 1:
            for language in LANGUAGES:
                others = counted("and on {count} more line", "and on {count} more lines", more, language)
                message[language] += f" ({others})"
        yield Finding(message, Place(path, next(iter(lines))), rule=GRAPH)


class _Reader:
    def __init__(self, file: SourceFile, base: str, complaints: Complaints, *, whole: bool) -> None:
        self._file, self._base, self._complaints, self._whole = file, base, complaints, whole
        self._brackets = Brackets()
        self._entry: Entry | None = None
        self._reifiers: list[BlankNode] = []  # that stand for annotations which may go on
        self._reified: Node | None = None
        self._foreign: list[Node] = []  # brackets in what is no entry: what data must not hold is told elsewhere

    def read(self, statement: Statement) -> Iterator[Entry | Annotation]:
        """Take a statement, and yield what it ends."""
        (subject, predicate, value), line, subject_line = statement
        if isinstance(subject, BlankNode):
            self._brackets.add(subject, predicate, value, line)
            if predicate == terms.REIFIES:
                self._reifiers.append(subject)
                self._reified = value
            return
        if (
            self._reifiers and statement.triple != self._reified
        ):  # of some literals, the parser tells the statement after it
            yield from self._annotations()
        if self._entry is None or self._entry.node != subject:
            yield from self._end()
            if is_of_entry(subject, self._file, self._base):
                self._entry = Entry(subject, subject_line)
        if self._entry:
            self._entry.values[predicate].append((value, line))
        elif isinstance(value, BlankNode):
            self._foreign.append(value)

    def rest(self) -> Iterator[Entry | Annotation]:
        """Yield what ends with the file; complain about brackets that belong to nothing."""
        yield from self._annotations()
        yield from self._end()
        for node in self._foreign:
            self._brackets.take(node)
        lines = dict.fromkeys(self._brackets.lines())
        if self._file.role != "evidence":
            self._complaints.extend(with_others(BLANK, self._file.path, lines))
            return
        message = both(
            "these brackets belong to no entry; an entry has an IRI, and its statements stand in brackets inside it"
        )
        for line in lines:
            self._complain(message, line)

    def _end(self) -> Iterator[Entry]:
        """Yield the entry that ends, if nothing is wrong with it; what it names is taken out of the brackets."""
        entry, self._entry = self._entry, None
        if not entry:
            return
        wrong = [*wrong_with(entry, self._base), *read_statements_of(entry, self._brackets, self._base)]
        for message, line in wrong:
            self._complain(message, line, str(entry.node))
        if not wrong or not self._whole:
            yield entry

    def _annotations(self) -> Iterator[Annotation]:
        reifiers, self._reifiers = self._reifiers, []
        for node in dict.fromkeys(reifiers):
            for found in read_annotation(self._brackets.take(node)):
                if isinstance(found, Annotation):
                    yield found
                else:
                    self._complain(*found)

    def _complain(self, message: Message, line: int, focus: str = "") -> None:
        self._complaints.extend([Finding(message, Place(self._file.path, line), rule=RULE, focus=focus)])
