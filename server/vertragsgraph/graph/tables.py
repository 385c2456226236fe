"""What tables say, in the graphs: each statement in that of its subject's kind, and its row as evidence (docs/tables.md).

All that is said is sorted first, so that what several rows say comes together: a statement is written once, with the first
row that says it as its evidence, and of several names of a resource the first is its label. Memory stays flat.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import IO, Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from vertragsgraph.finding import Complaints, Finding, Place
from vertragsgraph.graph.evidence import Labels
from vertragsgraph.graph.table_evidence import RowEvidence, entry_iri, statement_lines
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.sorted_files import lines_of, sorting
from vertragsgraph.rdf.syntax.ntriples import triple_of
from vertragsgraph.register import Register
from vertragsgraph.register.names import RESERVED, kind_of
from vertragsgraph.sources import SourceError
from vertragsgraph.sources.folder import ROLE_OF_KIND
from vertragsgraph.sources.tables import Description, Said, checksum, read_description, read_table
from vertragsgraph.sources.texts import SHA256
from vertragsgraph.texts import both

RULE: Final = "table"
_OTHERS: Final = "contracts"
_NAMES: Final = tuple(f"{name} ".encode() for name in (terms.LABEL, terms.LABELS[0]))
_FURTHER: Final = f"{terms.ALTERNATIVE} ".encode()
_TYPE: Final = f"{terms.TYPE} ".encode()
_IN_TURTLE: Final = b"0"


class _Line(NamedTuple):
    """A statement: its subject, predicate with object, and the row that says it (`_IN_TURTLE` for what a Turtle file says)."""

    subject: bytes
    rest: bytes
    row: bytes


class Tables:
    """Adds what tables say to what has been read for each role: `{role}{suffix}` in `folder`."""

    def __init__(self, register: Register, folder: Path, suffix: str, complaints: Complaints) -> None:
        self._register = register
        self._folder = folder
        self._suffix = suffix
        self._complaints = complaints
        self._described: list[Description] = []

    def add(self, paths: Sequence[Path], labels: Labels) -> None:
        """Read tables, and write what they say.

        `labels` are those of the sources. What is wrong with a table goes into the complaints; then nothing is written.
        """
        said, rows = self._folder / "tables.said", self._folder / "tables.rows"
        before = len(self._complaints.findings)
        with sorting(said) as out:
            for path in paths:
                with self._complaints.gathered():
                    self._described.append(read_description(path, self._register))
                    out.writelines(self._lines(len(self._described) - 1))
            out.writelines(self._names_in_turtle())
        if len(self._complaints.findings) > before:
            return
        with ExitStack() as stack:
            outs = _Outputs(self._folder, self._suffix, stack)
            with sorting(rows) as used:
                for subject, lines in groupby(map(_line, lines_of(said)), lambda line: line.subject):
                    role = ROLE_OF_KIND.get(kind_of(subject[1:-1].decode(), self._register.base), _OTHERS)
                    self._write(subject, _with_one_label(lines), outs, role, used)
            outs["evidence"].writelines(self._entries(rows, labels))
            outs["sources"].writelines(self._checksums())
        said.unlink()
        rows.unlink()

    def _lines(self, number: int) -> Iterator[bytes]:
        """Yield each statement of a table with its row; raise `SourceError` for one that is about no resource of the register."""
        below = f"<{self._register.iri('id/')}"
        given = tuple(f"{below}{kind}/" for kind in RESERVED)
        described = self._described[number]
        for each in read_table(described):
            if not each.subject.startswith(below) or each.subject.startswith(given):
                raise _of_no_resource(each, below, described.table)
            yield f"{each.line}\t{each.row:09}\t{number}\n".encode()

    def _names_in_turtle(self) -> Iterator[bytes]:
        """Yield the names that Turtle files give: these go before those of tables."""
        for role in {*ROLE_OF_KIND.values(), _OTHERS}:
            path = self._folder / f"{role}{self._suffix}"
            for line in lines_of(path) if path.exists() else ():
                if line.partition(b" ")[2].startswith(_NAMES):
                    yield b"%s\t%s\n" % (line[:-1], _IN_TURTLE)

    def _write(self, subject: bytes, lines: Iterable[_Line], outs: _Outputs, role: str, used: IO[bytes]) -> None:
        """Write what rows say of a resource, each statement once."""
        for rest, same in groupby(lines, lambda line: line.rest):
            if row := min((line.row for line in same if line.row != _IN_TURTLE), default=None):
                line = b"%s %s\n" % (subject, rest)
                outs[role].write(line)
                if not rest.startswith(_TYPE):
                    number, _, table = row.partition(b"\t")
                    entry = entry_iri(self._register, self._described[int(table)], int(number))
                    outs["evidence"].write(statement_lines(self._register, line, entry))
                    used.write(row + b"\n")

    def _entries(self, rows: Path, labels: Labels) -> Iterator[bytes]:
        """Yield an entry for each row that says something that none before it has said."""
        evidence = [RowEvidence(self._register, described, labels) for described in self._described]
        for row in lines_of(rows):
            number, table = map(int, row.split(b"\t"))
            yield evidence[table].lines(number)

    def _checksums(self) -> Iterator[bytes]:
        """Yield the SHA-256 of each table as that of its source, unless that says one; complain where it is another."""
        path = self._folder / f"sources{self._suffix}"
        triples = map(triple_of, lines_of(path) if path.exists() else ())
        known = {triple.subject: triple.object for triple in triples if triple.predicate == SHA256}
        for described in self._described:
            source, found = NamedNode(described.source), Literal(checksum(described.table))
            if known.setdefault(source, found) is found:
                yield f"{source} {SHA256} {found} .\n".encode()
            elif known[source] != found:
                message = both(
                    "this table has the SHA-256 {found}, and its source says {said}: write the new one there, or describe "
                    "another source",
                    found=found.value,
                    said=known[source],
                )
                self._complaints.extend([Finding(message, Place(described.table), rule=RULE)])


class _Outputs:
    """The files that statements are added to, by role; each is opened when there is something for it."""

    def __init__(self, folder: Path, suffix: str, stack: ExitStack) -> None:
        self._folder, self._suffix, self._stack = folder, suffix, stack
        self.files: dict[str, IO[bytes]] = {}

    def __getitem__(self, role: str) -> IO[bytes]:
        if role not in self.files:
            self.files[role] = self._stack.enter_context((self._folder / f"{role}{self._suffix}").open("ab"))
        return self.files[role]


def _of_no_resource(said: Said, below: str, table: Path) -> SourceError:
    message = both(
        'this cell is about {subject}, which is no resource of the register; write an "aboutUrl" below {start}',
        subject=said.subject,
        start=f"{below}…>",
    )
    return SourceError([Finding(message, Place(table, said.row, said.column), rule=RULE)])


def _line(line: bytes) -> _Line:
    statement, _, row = line[:-1].partition(b"\t")
    subject, _, rest = statement.partition(b" ")
    return _Line(subject, rest, row)


def _with_one_label(lines: Iterable[_Line]) -> Iterator[_Line]:
    """Yield what is said of a resource; of its names in a language the first stays its label, the others are further names."""
    names: dict[tuple[bytes, bytes], list[_Line]] = {}
    for line in lines:
        if line.rest.startswith(_NAMES):
            predicate, language = line.rest.partition(b" ")[0], line.rest.rpartition(b'"')[2]
            names.setdefault((predicate, language), []).append(line)
        else:
            yield line
    for same in names.values():
        label = min(same, key=lambda line: line.row).rest
        for line in same:
            rest = line.rest if line.rest == label else _FURTHER + line.rest.partition(b" ")[2]
            yield line._replace(rest=rest)
