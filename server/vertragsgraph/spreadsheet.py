"""Tables for people with a spreadsheet: CSV (RFC 4180) that it opens as what it is, and that it doesn't compute."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from typing import Final

BYTE_ORDER_MARK: Final = "\ufeff"
"""Stands before a text in UTF-8; without it spreadsheets take umlauts for something else."""
_COMPUTED: Final = ("=", "+", "-", "@", "\t", "\r")
_NUMBER: Final = re.compile(r"[+-]?[0-9][0-9.,:/-]*")
STROKES: Final = "|¦‖⁞"
"""What may stand between the values of one cell."""


def cell(text: str) -> str:
    """Return a text for a cell, with an apostrophe before what a spreadsheet would take for a formula; numbers stay.

    >>> cell("=1+1"), cell("-0044"), cell("Verein")
    ("'=1+1", '-0044', 'Verein')
    """
    return f"'{text}" if text.startswith(_COMPUTED) and not _NUMBER.fullmatch(text) else text


def separator(occurs: Callable[[str], bool]) -> str:
    """Return what stands between the values of one cell: a stroke between blanks, of a kind that occurs in no value.

    >>> separator(lambda symbol: symbol in "Sport | Spiel")
    ' ¦ '
    """
    return f" {next((symbol for symbol in STROKES if not occurs(symbol)), STROKES[0])} "


def as_csv(rows: Iterable[Iterable[str]]) -> str:
    """Return rows of text as CSV (RFC 4180), a byte order mark first."""
    return BYTE_ORDER_MARK + lines(rows)


def lines(rows: Iterable[Iterable[str]]) -> str:
    """Return some more rows of such a table."""
    out = io.StringIO()
    csv.writer(out).writerows([cell(text) for text in row] for row in rows)
    return out.getvalue()
