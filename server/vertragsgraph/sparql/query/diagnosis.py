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
from itertools import pairwise
from typing import Final

from vertragsgraph.message import Message, marked
from vertragsgraph.sparql.query import scan, syntax

_PADDING: Final = " " * 40  # longer than any keyword
_LONGEST: Final = 16_384  # queries above are not parsed again and again
_SHOWN: Final = 12  # of what could have stood there, so many are named
_BEGINNINGS: Final = "one of BASE, PREFIX, SELECT, CONSTRUCT, DESCRIBE, ASK"
_END: Final = "the end of the query"
# What the parser tells by the characters that a term may begin with.
_NOTIONS: Final = (
    (Message("a variable"), frozenset("?$")),
    (Message("an IRI"), frozenset("<:")),
    (Message("a string"), frozenset({"'", '"', "'''", '"""'})),
    (Message("a blank node"), frozenset({"_:"})),
    (Message("true or false"), frozenset({"true", "false"})),
)
_DIGIT: Final = "['0'..='9']"
_RARE: Final = frozenset({"<<", "<<(", "{|", "~", ".", "+", "-"})  # of RDF 1.2, or the beginning of a number
_ERROR_IN: Final = marked("Error in line {line}, column {column}: {what}.")
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)+)"')
_ERROR: Final = re.compile(r"^error at (\d+):(\d+): expected (.*)", re.DOTALL)


@dataclass(frozen=True)
class Diagnosis:
    """A syntax error: a sentence, and the place (from 1; 0 where it is not known)."""

    message: Message
    line: int
    column: int


def diagnose(query: str, error: SyntaxError) -> Diagnosis:
    """Return what is wrong with a query that the parser has refused with `error`.

    >>> try: syntax.check("SELECT * { ?s ?p }")
    ... except SyntaxError as error: diagnose("SELECT * { ?s ?p }", error).column
    18
    """
    match = _ERROR.match(str(error))
    if match is None:
        return Diagnosis(Message("The query can't be read: {error}", error=str(error)), 0, 0)
    reason = next((part for part in choices(match[3]) if " " in part), "")
    if len(query) > _LONGEST:
        line, column = int(match[1]), int(match[2])
        what = reason or Message("something else is expected there")
        return Diagnosis(Message(_ERROR_IN, line=line, column=column, what=what), line, column)
    start, token, expected = mistake(query)
    if known := _known(query, start, token, f"{expected} {match[3]}"):
        return known
    if reason:
        return _diagnosis(_ERROR_IN, query, start, reason)
    found = Message("found “{token}”", token=token[:30]) if token else Message("the query ends there")
    if wanted := listed(expected, match[3]):
        text = marked("Syntax error in line {line}, column {column}: {what}, expected {wanted}.")
        return _diagnosis(text, query, start, found, wanted=wanted)
    return _diagnosis(marked("Syntax error in line {line}, column {column}: {what}."), query, start, found)


def _known(query: str, start: int, token: str, told: str) -> Diagnosis | None:
    """Return the diagnosis of a mistake that is often made, given what the parser told."""
    prefix, colon, _ = token.partition(":")
    if colon and token[0] not in "<_" and prefix not in scan.prefixes(query):
        text = marked("The prefix of “{what}” is not declared (line {line}, column {column}); declare it with PREFIX.")
        return _diagnosis(text, query, start, token)
    if "BIND is overriding" in told and (variable := _assigned(query[:start])):
        text = marked(
            "BIND gives a value to {what}, which has one already (line {line}, column {column}); choose another name."
        )
        return _diagnosis(text, query, variable.start(), variable[0])
    if "contains a variable that is unbound" in told and (variable := _ungrouped(query)):
        text = marked(
            "{what} is neither grouped nor aggregated (line {line}, column {column}); "
            "add it to GROUP BY, or put it into an aggregate such as SAMPLE."
        )
        return _diagnosis(text, query, variable.start(), variable[0])
    return None


def _diagnosis(text: str, query: str, offset: int, what: str, **more: str) -> Diagnosis:
    line, column = scan.place(query, offset)
    return Diagnosis(Message(text, line=line, column=column, what=what, **more), line, column)


def _assigned(query: str) -> re.Match[str] | None:
    """Return the variable that the last BIND gives a value to."""
    return next((after for word, after in reversed([*pairwise(scan.code(query))]) if word[0].upper() == "AS"), None)


def _ungrouped(query: str) -> re.Match[str] | None:
    """Return the first variable that a SELECT gives out as it is though its GROUP BY doesn't have it (section 11.4)."""
    tokens = [*scan.code(query)]
    for number, token in enumerate(tokens):
        if token.lastgroup == "word" and token[0].upper() == "SELECT":
            shown, grouped, aggregates = _projection(tokens[number + 1 :])
            missing = [variable for variable in shown if variable[0][1:] not in grouped]
            if missing and (grouped or aggregates):
                return missing[0]
    return None


def _projection(tokens: list[re.Match[str]]) -> tuple[list[re.Match[str]], set[str], bool]:
    """Return the variables that a SELECT gives out as they are, the names it groups by, and whether it has expressions."""
    shown, grouped, depth, clause = list[re.Match[str]](), set[str](), 0, "SELECT"
    has_expressions = False
    for token in tokens:
        word = token[0].upper()
        if token.lastgroup == "close":
            depth -= 1
            if depth < 0:
                break
        elif token.lastgroup == "open":
            clause = "WHERE" if word == "{" and clause == "SELECT" else clause
            has_expressions |= clause == "SELECT"
            depth += 1
        elif (
            depth == 0
            and token.lastgroup == "word"
            and word in {"GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"}
        ):
            clause = word
        elif token.lastgroup == "variable" and clause == "GROUP":
            grouped.add(token[0][1:])
        elif token.lastgroup == "variable" and clause == "SELECT" and depth == 0:
            shown.append(token)
    return shown, grouped, has_expressions


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


def choices(expected: str) -> list[str]:
    """Return what the parser would have taken, without its character classes, which become empty."""
    plain = re.sub(r"\[[^]]*\](?: *\| *)?", "", re.sub(r"\['[^\n]*?'\]", "", expected.replace("\n", " ")))
    return [part.strip(" |") for part in plain.removeprefix("one of ").split(", ")]


def listed(expected: str, expected_further_on: str) -> str:
    """Return what the parser would have taken as part of a sentence, in the words of the grammar where it has some; else "".

    `expected_further_on` serves where only the beginning of a keyword is expected.
    """
    symbols = {symbol.replace('\\"', '"') for symbol in _QUOTED.findall(expected)}
    words: list[str] = [notion for notion, needed in _NOTIONS if needed <= symbols]
    words += [Message("a number")] if _DIGIT in expected else []
    known = set().union(*(needed for _, needed in _NOTIONS)) if words else set[str]()
    words += [Message("“{symbol}”", symbol=symbol) for symbol in sorted(symbols - known - _RARE)]
    words += [part for part in choices(expected) if part.isupper()]
    words += [Message("the end of the query")] if _END in choices(expected) else []
    words = words or [part for part in choices(expected_further_on) if part.isupper()]
    shown = words[:_SHOWN] + (["…"] if len(words) > _SHOWN else [])
    if len(shown) > 1:
        return Message("{those} or {last}", those=tuple(shown[:-1]), last=shown[-1])
    return shown[0] if shown else ""


def _expected_at_end(prefix: str) -> tuple[bool, str]:
    """Tell whether the beginning of a query is read to its end, and what is expected there."""
    padded = prefix + _PADDING
    try:
        syntax.check(padded)
    except SyntaxError as error:
        match = _ERROR.match(str(error))
        if match is None:
            return True, ""
        at_end = (int(match[1]), int(match[2])) == scan.place(padded, len(padded))
        return at_end, match[3]
    return True, _END
