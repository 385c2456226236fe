"""What is wrong with a file that can't be read, in words that say what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from vertragsgraph.finding import Finding, Place
from vertragsgraph.register.prefixes import WELL_KNOWN as PREFIXES
from vertragsgraph.texts import Language, both

RULE: Final = "syntax"

WELL_KNOWN: Final[Mapping[str, str]] = {**PREFIXES, "dct": PREFIXES["dcterms"]}
"""Prefixes whose declaration is suggested where it is missing."""


def unreadable(error: OSError, path: Path) -> Finding:
    """Return what to say of a file that the operating system doesn't let us read."""
    return Finding(both("can't be read: {reason}", reason=error.strerror or error), Place(path), rule=RULE)


def syntax_finding(error: SyntaxError, path: Path, prefixes: Mapping[str, str]) -> Finding:
    """Return what to say of a syntax error in a Turtle file; `prefixes` are those that the file had declared by then."""
    reason = re.sub(r"^Parser error .*?: ", "", error.msg)
    place = Place(path, error.lineno or 0, error.offset or 0)
    return Finding(_message(reason, prefixes), place, rule=RULE)


def _message(reason: str, prefixes: Mapping[str, str]) -> dict[Language, str]:
    if found := re.fullmatch(r"The prefix (.*): has not been declared", reason):
        return _undeclared(found[1], prefixes)
    if found := re.fullmatch(r"(?s)Invalid IRI code point '(.*)'", reason):
        return both(
            'an IRI must not contain "{character}": write it percent-encoded, or close the IRI with > before it',
            character=found[1],
        )
    return next((message() for start, message in _IN_OTHER_WORDS if reason.startswith(start)), None) or both(
        "Turtle syntax error: {reason}", reason=reason
    )


_IN_OTHER_WORDS: Final[tuple[tuple[str, Callable[[], dict[Language, str]]], ...]] = (
    (
        "A dot is expected",
        lambda: both('the statement before this has not ended: end it with ".", or go on with ";" or ","'),
    ),
    ("Unexpected end of file", lambda: both("what begins here is never closed: a quotation mark or a > is missing")),
    (
        "Unexpected end",
        lambda: both('the file ends in the middle of a statement: its last "." is missing, or a bracket is open'),
    ),
    ("Line jumps", lambda: both('a text over several lines must stand between """ and """')),
    ("Invalid UTF-8", lambda: both("this is not UTF-8: save the file in UTF-8")),
)


def _undeclared(prefix: str, declared: Mapping[str, str]) -> dict[Language, str]:
    if prefix in WELL_KNOWN:
        return both(
            'the prefix "{prefix}:" has not been declared; declare it at the top of the file: {declaration}',
            prefix=prefix,
            declaration=f"@prefix {prefix}: <{WELL_KNOWN[prefix]}> .",
        )
    if near := difflib.get_close_matches(prefix, declared, n=1):
        return both(
            'the prefix "{prefix}:" has not been declared; did you mean "{near}:"?', prefix=prefix, near=near[0]
        )
    return both(
        'the prefix "{prefix}:" has not been declared; declare it at the top of the file: {declaration}',
        prefix=prefix,
        declaration=f"@prefix {prefix}: <…> .",
    )
