"""What is wrong with a file that can't be read, in words that say what to do."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from vertragsgraph.finding import Finding, Place
from vertragsgraph.rdf.namespaces import DCTERMS, WELL_KNOWN
from vertragsgraph.register.files import conflict, is_conflict_marker
from vertragsgraph.texts import Language, both, marked

RULE: Final = "syntax"

_SUGGESTED: Final[Mapping[str, str]] = {**WELL_KNOWN, "dct": DCTERMS}
"""Prefixes whose declaration is suggested where it is missing."""
SCHEMES: Final = frozenset({"http", "https", "mailto", "urn", "doi", "tel", "ftp"})
"""Schemes that IRIs begin with."""
SHOWN: Final = 60  # characters of a file that a message shows


def cut(text: str) -> str:
    """Return a text as messages show it: not all of a long one."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def unreadable(error: OSError, path: Path) -> Finding:
    """Return what to say of a file that the operating system doesn't let us read."""
    return Finding(both("can't be read: {reason}", reason=error.strerror or error), Place(path), rule=RULE)


def syntax_finding(error: SyntaxError, path: Path, prefixes: Mapping[str, str]) -> Finding:
    """Return what to say of a syntax error in a Turtle file; `prefixes` are those that the file had declared by then."""
    reason = re.sub(r"^Parser error .*?: ", "", error.msg)
    place = Place(path, error.lineno or 0, error.offset or 0)
    return Finding(_message(reason, _line(place), prefixes), place, rule=RULE)


def _line(place: Place) -> str:
    with suppress(OSError), place.file.open("rb") as lines:
        return next(islice(lines, place.line - 1, None), b"").decode(errors="replace")
    return ""


def _message(reason: str, line: str, prefixes: Mapping[str, str]) -> dict[Language, str]:
    if is_conflict_marker(line):
        return conflict()
    if found := re.fullmatch(r"The prefix (.*): has not been declared", reason):
        return _undeclared(cut(found[1]), prefixes)
    if found := re.fullmatch(r"(?s)'(.)' is not allowed at the beginning of a prefix name", reason):
        return _out_of_place(found[1])
    if found := re.fullmatch(r"(?s)Invalid IRI code point '(.*)'", reason):
        return both(
            'an IRI must not contain "{character}": write it percent-encoded, or close the IRI with > before it',
            character=found[1],
        )
    if found := re.fullmatch(r"(?s)(.+) is not a valid (RDF object|predicate|subject or graph name)", reason):
        return _no_term(found[1], found[2], line)
    known = next((message for start, message in _IN_OTHER_WORDS.items() if reason.startswith(start)), None)
    return both(known or marked("Turtle syntax error: {reason}"), reason=cut(reason))


def _out_of_place(character: str) -> dict[Language, str]:
    """Say what to do about a character with which no term begins; most of them come from word processors."""
    number, category = f"U+{ord(character):04X}", unicodedata.category(character)
    if character in "„“”‚‘’«»‹›":
        return both('{character} is no quotation mark of Turtle; write straight ones: "…"', character=character)
    if category == "Zs":
        return both("this is no ordinary blank but the character {number}; write a blank in its place", number=number)
    if category in {"Cf", "Cc"}:
        return both("the invisible character {number} stands here; delete it", number=number)
    if character == "/":
        return both("a name with a prefix has no / in it: write \\/, or the whole IRI in < >")
    if category == "Pd":
        return both("{character} is no hyphen but the character {number}; write -", character=character, number=number)
    text = marked("{character} ({number}) can't stand here")
    if character == "…":
        text = marked("… stands for what is still to be filled in: write that in its place")
    return both(text, character=character, number=number)


def _no_term(found: str, wanted: str, line: str) -> dict[Language, str]:
    """Say what to do about what is no term, or none that can stand where it does."""
    if re.search(r"[^\"'\d-]\d{4}-\d\d(-\d\d)?[^\"'\d-]", line) and re.fullmatch(r"-?\d+", found):
        return both('a date stands in quotation marks: "2019-06-03"^^xsd:date')
    if wanted == "RDF object" and found in {".", ",", ";", "]"}:
        return both(
            'a value is missing before "{mark}": between values of one property stands ",", between properties ";"',
            mark=found,
        )
    if wanted == "predicate":
        return both(
            '{found} is no property; where it is another value of the property before it, write "," and not ";" before it',
            found=cut(found),
        )
    if wanted == "RDF object" and found.isalpha():
        return both("{found} is no value: a text stands in quotation marks, an IRI in < >", found=cut(found))
    return both("{found} can't stand here; see what stands before it", found=cut(found))


_IN_OTHER_WORDS: Final = {
    "A dot is expected": marked('the statement before this has not ended: end it with ".", or go on with ";" or ","'),
    "Unexpected end of file": marked("what begins here is never closed: a quotation mark or a > is missing"),
    "Unexpected end": marked(
        'the file ends in the middle of a statement: its last "." is missing, or a bracket is open'
    ),
    "Line jumps": marked('a text over several lines must stand between """ and """'),
    "Invalid UTF-8": marked("this is not UTF-8: save the file in UTF-8"),
}
"""How messages of the parser begin, the longer before the shorter, and what to say in their place."""


def _undeclared(prefix: str, declared: Mapping[str, str]) -> dict[Language, str]:
    if prefix in SCHEMES:
        return both("an IRI stands in angle brackets: <{prefix}:…>", prefix=prefix)
    if prefix in _SUGGESTED:
        return both(
            'the prefix "{prefix}:" has not been declared; declare it at the top of the file: {declaration}',
            prefix=prefix,
            declaration=f"@prefix {prefix}: <{_SUGGESTED[prefix]}> .",
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
