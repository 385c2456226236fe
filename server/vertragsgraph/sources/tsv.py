"""Tables of tab-separated values, as people, spreadsheets and the SSSOM tools write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

# A cell in quotation marks holds tabs or line ends, never both: so a mark that is left open can't swallow the next row.
_CELL: Final = re.compile(
    r"""
      " (?P<quoted> (?: [^"\r\n] | "" )*+ | (?: [^"\t] | "" )*+ ) " [ ]* (?= [\t\r\n] | \Z )
    | (?P<plain> [^\t\r\n]* )
    """,
    re.VERBOSE,
)
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_TO_BE_QUOTED: Final = re.compile(r'["\r\n]')


class Cell(NamedTuple):
    """The text of a cell, and the line and column at which it begins; `is_open` tells of a quotation mark left open."""

    text: str
    line: int
    column: int
    is_open: bool = False


def read_rows(text: str, line: int = 1) -> Iterator[list[Cell]]:
    r"""Yield the rows of a table whose text begins on a line.

    Nothing but CR, LF or both ends a line: U+2028, U+0085 and their like belong to the cell. A cell that stands in
    quotation marks as a whole has its text between them, doubled marks for single ones; all others are taken as they are.

    >>> [[cell.text for cell in row] for row in read_rows('a\t"b ""c"" d"\r\n"e" f\t')]
    [['a', 'b "c" d'], ['"e" f']]
    """
    row: list[Cell] = []
    position = line_start = 0
    while position < len(text):
        column = position - line_start + 1
        found = _CELL.match(text, position)
        assert found  # noqa: S101 - an empty cell fits everywhere
        quoted, plain = found["quoted"], found["plain"]
        if plain is not None:
            row.append(Cell(plain, line, column, plain.startswith('"') and plain.count('"') % 2 == 1))
        else:
            row.append(Cell(quoted.replace('""', '"'), line, column))
            for end in _LINE_END.finditer(quoted):
                line, line_start = line + 1, found.start("quoted") + end.end()
        position = found.end()
        if text.startswith("\t", position):
            position += 1
        elif ended := _LINE_END.match(text, position):
            yield row
            row = []
            line, position = line + 1, ended.end()
            line_start = position
    if row:
        yield row


def write_rows(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return a table with its line of column names; cells that `read_rows` would not read as they are get quotation marks."""
    lines = [columns, *([row.get(column, "") for column in columns] for row in rows)]
    return "".join("\t".join(map(_written, cells)) + "\n" for cells in lines)


def _written(cell: str) -> str:
    # Many readers know no way to write a tab in a cell.
    text = cell.replace("\t", " ")
    return '"' + text.replace('"', '""') + '"' if _TO_BE_QUOTED.search(text) else text
