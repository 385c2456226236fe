"""The rows of a table as texts, one after the other: CSV, also packed by gzip, and the first sheet of a workbook (XLSX)."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import BinaryIO, Final, cast
from zipfile import BadZipFile

from csvw.metadata import Dialect
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from vertragsgraph.finding import Finding, Place
from vertragsgraph.sources.syntax import unreadable
from vertragsgraph.sources.turtle import SourceError
from vertragsgraph.texts import Language, both

RULE: Final = "table"
_PACKED: Final = ".gz"
_WORKBOOK: Final = ".xlsx"


def checksum(path: Path) -> str:
    """Return the SHA-256 of a table as sixty-four hexadecimal digits; of one that is packed by gzip, of what is in it.

    Raises `SourceError` where it can't be read.
    """
    found = hashlib.sha256()
    try:
        with _opened(path) as file:
            while block := file.read(1 << 20):
                found.update(block)
    except (OSError, EOFError, zlib.error) as error:
        raise _broken(path, error) from error
    return found.hexdigest()


def read_rows(path: Path, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a table with their numbers from 1, its header included (RFC 7111, section 2.1).

    Left out are those that the dialect skips, comments and, where it says so, blank rows. Raises `SourceError` for a file that
    can't be read, isn't in the encoding that the dialect names, or isn't made as its kind of file is.
    """
    number = 0
    try:
        for number, cells in enumerate(_cells(path, dialect), 1):
            commented = dialect.commentPrefix and cells and cells[0].startswith(dialect.commentPrefix)
            blank = dialect.skipBlankRows and not any(cells)
            if number > dialect.skipRows and not commented and not blank:
                yield number, [dialect.trimmer(cell) for cell in cells][dialect.skipColumns :]
    except UnicodeDecodeError as error:
        message = both("this is not {encoding}: save the file in UTF-8", encoding=dialect.encoding.upper())
        raise failure(message, Place(path, number + 1)) from error
    except csv.Error as error:
        message = both("here the table can't be read ({reason}); is a quotation mark missing?", reason=error)
        raise failure(message, Place(path, number + 1)) from error
    except (OSError, EOFError, zlib.error, BadZipFile, InvalidFileException, KeyError) as error:
        raise _broken(path, error) from error


def failure(message: Mapping[Language, str], place: Place) -> SourceError:
    """Return the error that a table can't be read on because of this."""
    return SourceError([Finding(message, place, rule=RULE)])


def _broken(path: Path, error: Exception) -> SourceError:
    if isinstance(error, OSError) and error.strerror:
        return SourceError([unreadable(error, path)])
    return failure(both("this is no whole file of its kind ({reason}); save it again", reason=error), Place(path))


def _opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.name.endswith(_PACKED) else path.open("rb")


def _cells(path: Path, dialect: Dialect) -> Iterator[list[str]]:
    if path.name.endswith(_WORKBOOK):
        # Read-only, openpyxl reads a sheet row by row, where others take it into memory whole.
        with closing(load_workbook(path, read_only=True, data_only=True)) as workbook:
            for row in workbook.worksheets[0].iter_rows(values_only=True):
                yield [_text(value) for value in row]
        return
    encoding = "utf-8-sig" if dialect.python_encoding == "utf-8" else dialect.python_encoding
    with _opened(path) as file, io.TextIOWrapper(file, encoding, newline="") as text:
        yield from csv.reader(text, **dialect.as_python_formatting_parameters())


def _text(value: object) -> str:
    """Return what stands in a cell of a workbook as CSV would have it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)
