"""Where a query's syntax is wrong, and what could have stood there.

The parser tries keywords by reading as many characters as they have, so the place it reports is often further right
than the mistake. Cut off after a token and padded with blanks, a query is either read to its end, and more is expected
there, or it is not: the first token of the second kind is the mistake.
Imported by worker processes: nothing but the standard library and pyoxigraph.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from vertragsgraph.sparql import scan

_PADDING: Final = " " * 40  # longer than any keyword
_LONGEST: Final = 16_384  # queries above are not parsed again and again
_SHOWN: Final = 12  # of what could have stood there, so many are named
_BEGINNINGS: Final = "one of BASE, PREFIX, SELECT, CONSTRUCT, DESCRIBE, ASK"
_ERROR: Final = re.compile(r"^error at (\d+):(\d+): expected (.*)", re.DOTALL)


@dataclass(frozen=True)
class Diagnosis:
    """A syntax error: a sentence, and the place (from 1; 0 where it is not known)."""

    message: str
    line: int
    column: int


def diagnose(query: str, error: SyntaxError) -> Diagnosis:
    """Return what is wrong with a query that the parser has refused with `error`.

    >>> try: ox.Store().query("SELECT * { ?s ?p }")
    ... except SyntaxError as error: diagnose("SELECT * { ?s ?p }", error).column
    18
    """
    match = _ERROR.match(str(error))
    if match is None:
        return Diagnosis(f"The query can't be read: {error}", 0, 0)
    line, column, expected = int(match[1]), int(match[2]), match[3]
    token = ""
    if len(query) <= _LONGEST:
        start, token, expected_there = mistake(query)
        line, column = place(query, start)
        expected = expected_there or expected
    reason = next((part for part in choices(match[3]) if " " in part), None)
    where = f"line {line}, column {column}"
    found = (
        f"found “{token[:30]}”"
        if token
        else "the query ends there"
        if len(query) <= _LONGEST
        else "something else stands there"
    )
    if reason == "Prefix not found":
        return Diagnosis(f"The prefix of “{token}” is not declared ({where}); declare it with PREFIX.", line, column)
    if reason is not None:
        return Diagnosis(f"Error in {where}: {reason}.", line, column)
    return Diagnosis(f"Syntax error in {where}: {found}{listed(expected)}.", line, column)


def mistake(query: str) -> tuple[int, str, str]:
    """Return the offset and text of the first token that can't stand where it does, and what could.

    At the end of the query the text is empty.
    """
    spans = list(scan.all_tokens(query))
    first = bisect_left(range(len(spans)), x=True, key=lambda i: not _expected_at_end(query[: spans[i][1]])[0])
    # Blanks after a quotation mark that is never closed are read as part of the string.
    first = min(first, next((i for i, (start, end) in enumerate(spans) if query[start:end] in {'"', "'"}), first))
    start, end = spans[first] if first < len(spans) else (len(query.rstrip()), len(query))
    expected = _expected_at_end(query[: spans[first - 1][1]])[1] if first else _BEGINNINGS
    return start, query[start:end].strip(), expected


def place(text: str, offset: int) -> tuple[int, int]:
    """Return line and column (from 1) of an offset."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def choices(expected: str) -> list[str]:
    """Return what the parser would have taken, without its character classes, which become empty."""
    plain = re.sub(r"\[[^]]*\](?: *\| *)?", "", re.sub(r"\['[^\n]*?'\]", "", expected.replace("\n", " ")))
    return [part.strip(" |") for part in plain.removeprefix("one of ").split(", ")]


def listed(expected: str) -> str:
    """Return what the parser would have taken as part of a sentence."""
    parts = choices(expected)
    words = [part for part in parts if part]
    shown = words[:_SHOWN] + (["…"] if len(words) > _SHOWN or len(words) < len(parts) else [])
    return f", expected {'one of ' if len(shown) > 1 else ''}{', '.join(shown)}" if words else ""


def _expected_at_end(prefix: str) -> tuple[bool, str]:
    """Tell whether the beginning of a query is read to its end, and what is expected there."""
    padded = prefix + _PADDING
    try:
        ox.Store().query(padded)
    except SyntaxError as error:
        match = _ERROR.match(str(error))
        if match is None:
            return True, ""
        at_end = (int(match[1]), int(match[2])) == place(padded, len(padded))
        return at_end, match[3]
    except (OSError, ValueError, RuntimeError):
        return True, ""
    return True, "the end of the query"
