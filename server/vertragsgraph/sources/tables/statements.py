"""What the rows of a table say, one after the other (CSV on the Web: Generating RDF from Tabular Data, minimal mode)."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import RdfFormat, Triple, parse

from vertragsgraph.finding import Finding, Place
from vertragsgraph.rdf.curie import shorten
from vertragsgraph.register import Register
from vertragsgraph.sources.tables.description import Column, Description, read_description
from vertragsgraph.sources.tables.rows import RULE, failure, read_rows
from vertragsgraph.sources.tables.templates import NoIriError, Template
from vertragsgraph.sources.turtle import SourceError
from vertragsgraph.texts import Language, both

# What the library warns of in a cell, it reads as no value of its datatype, and that is told here.
warnings.filterwarnings("ignore", module=r"csvw\.datatypes")

MOST_WRONG: Final = 100
"""How many cells may be wrong before a table is read no further."""


class Said(NamedTuple):
    """A statement of a table, its terms as N-Triples has them, and the row and column that say it, from 1.

    The column is 0 where it is a virtual one.
    """

    subject: str
    predicate: str
    object: str
    row: int
    column: int

    @property
    def line(self) -> str:
        """The statement as a line of canonical N-Triples, without its line end."""
        return f"{self.subject} {self.predicate} {self.object} ."


class _WrongCellError(Exception):
    def __init__(self, message: Mapping[Language, str]) -> None:
        super().__init__()
        self.message = message


def read_table(described: Description) -> Iterator[Said]:
    """Yield what a table says, row by row; it is read as a stream.

    Raises `SourceError` for a table that can't be read or whose header isn't as described, and at the end, or after the first
    `MOST_WRONG`, for cells that hold no value of their column, each with row and column.
    """
    wrong: list[Finding] = []
    rows = _data_rows(described)
    for number, (source_number, cells) in enumerate(rows, 1):
        reader = _Row(described.columns, cells, number, source_number)
        for column in described.columns:
            try:
                yield from reader.said(column)
            except _WrongCellError as error:
                wrong.append(Finding(error.message, Place(described.table, source_number, column.number), rule=RULE))
        if len(wrong) >= MOST_WRONG:
            break
    if wrong:
        raise SourceError(wrong)


def table_statements(
    path: Path, register: Register, about: Collection[object] | None = None
) -> Iterator[tuple[Triple, int, int]]:
    """Yield what a table says as triples, with row and column; with `about`, only what is about these nodes.

    Raises what `read_description` and `read_table` raise.
    """
    names = None if about is None else {str(node) for node in about}
    for said in read_table(read_description(path, register)):
        if names is None or said.subject in names:
            yield next(parse(said.line, RdfFormat.N_TRIPLES)).triple, said.row, said.column


def _data_rows(described: Description) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below the header, which is held against the description."""
    dialect = described.dialect
    headers = dialect.headerRowCount if dialect.header else 0
    written = [column for column in described.columns if column.number]
    for place, (number, cells) in enumerate(read_rows(described.table, dialect)):
        if place >= headers:
            if len(cells) != len(written):
                message = both(
                    "this row has {count} cells, its table {columns} columns", count=len(cells), columns=len(written)
                )
                raise failure(message, Place(described.table, number))
            yield number, cells
        elif place == 0:
            _compare(described, written, cells, number)


def _compare(described: Description, written: Sequence[Column], cells: Sequence[str], number: int) -> None:
    """Raise `SourceError` where the columns of a table aren't those that are described."""
    for position, (column, title) in enumerate(zip(written, cells, strict=False), 1):
        if not column.is_called(title):
            message = both(
                'here the table has the column "{title}", its description "{column}"; make the two alike',
                title=title,
                column=column.name,
            )
            raise failure(message, Place(described.table, number, position))
    if len(cells) != len(written):
        message = both(
            "the table has {count} columns, its description {columns}", count=len(cells), columns=len(written)
        )
        raise failure(message, Place(described.table, number))


class _Row:
    """A row with the values of its cells; what is wrong with a cell is told where the cell says something."""

    def __init__(self, columns: Sequence[Column], cells: Sequence[str], number: int, source_number: int) -> None:
        self._row = source_number
        self._cells = cells
        self._wrong: dict[str, _WrongCellError] = {}
        self._values: dict[str, str | tuple[str, ...]] = {"_row": str(number), "_sourceRow": str(source_number)}
        for column in columns:
            try:
                value = self._read(column)
            except _WrongCellError as error:
                self._wrong[column.name] = error
            else:
                if value is not None:
                    self._values[column.name] = value

    def said(self, column: Column) -> Iterator[Said]:
        """Yield what a cell says. Raises `_WrongCellError`."""
        if column.name in self._wrong:
            raise self._wrong[column.name]
        value = self._values.get(column.name)
        if column.is_silent or (value is None and not (column.value and column.number == 0)):
            return
        subject = self._term(column.about, column)
        objects = self._objects(column, value)
        predicate = self._term(column.predicate, column)
        if subject and predicate:
            yield from (Said(subject, predicate, term, self._row, column.number) for term in objects)

    def _objects(self, column: Column, value: str | tuple[str, ...] | None) -> list[str]:
        if column.value:
            term = self._term(column.value, column)
            return [term] if term else []
        texts = [value] if isinstance(value, str) else value or ()
        return [column.write(text) for text in texts]

    def _read(self, column: Column) -> str | tuple[str, ...] | None:
        text = self._cells[column.number - 1] if column.number else ""
        try:
            return column.read(text)
        except (ValueError, ArithmeticError):
            raise _WrongCellError(_no_value(text, column)) from None

    def _term(self, template: Template | None, column: Column) -> str | None:
        if template is None:
            return f"_:row{self._row}"
        try:
            if "_name" in template.variables:
                return template.term({**self._values, "_name": column.name})
            return template.term(self._values)
        except NoIriError:
            message = both(
                'column "{column}": {template} makes no IRI of this row', column=column.name, template=template.text
            )
            raise _WrongCellError(message) from None


def _no_value(text: str, column: Column) -> Mapping[Language, str]:
    if not text.strip():
        return both('column "{column}": a value is missing here', column=column.name)
    kind = shorten(column.datatype) or column.datatype
    return both('column "{column}" takes no "{value}" ({datatype})', column=column.name, value=text, datatype=kind)
