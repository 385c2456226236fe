"""The little of Turtle's grammar that telling lines needs (RDF 1.1 Turtle, section 6.5); the parsing is pyoxigraph's.

No parser at hand tells where a triple stands, and a complaint without a line is of no use in a file of thousands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

begins_with_term: Final = re.compile(rb"[ \t]*[^\s;,.\])}|~{#]").match  # no separator, no comment, not blank
_SEPARATORS: Final = re.compile(rb"\s*[;,.\])}|~{][;,.\])}|~{\s]*")
_AFTER_LITERAL: Final = rb"(?:@[A-Za-z0-9-]+|\^\^(?:<[^>]*>|[^\s;,\])]+))?[;,.\])}|~{\s]*"
_LITERAL_END: Final = {
    b'"""': re.compile(rb'(?:[^\\"]|\\.|"(?!""))*"""(?P<after>)' + _AFTER_LITERAL, re.DOTALL),
    b"'''": re.compile(rb"(?:[^\\']|\\.|'(?!''))*'''(?P<after>)" + _AFTER_LITERAL, re.DOTALL),
}
_TOKEN: Final = re.compile(
    rb"""
      (?P<space> \s+ | \#[^\n]* )
    | (?P<literal>
          \"{3} (?: [^\\"] | \\. | "(?!"") )* \"{3}
        | '{3}  (?: [^\\'] | \\. | '(?!'') )* '{3}
        | (?P<open> \"{3} | '{3} ) (?s:.*)
        | "(?: [^\\"\n] | \\. )*"?
        | '(?: [^\\'\n] | \\. )*'?
      )
    | (?P<word> <[^>\s]*>? | (?: [^\s;,.<>"'()\[\]\#\\] | \\. | \.(?=[^\s;,.<>"'()\[\]\#]) )+ )
    | (?P<mark> . )
    """,
    re.VERBOSE | re.DOTALL,
)


def words(text: bytes, start: int = 0) -> Iterator[tuple[bytes, int, int]]:
    r"""Yield the words, literals and marks of Turtle from a position on, each with where it begins and ends.

    >>> list(words(b'a # ;\n"."@de .'))
    [(b'a', 0, 1), (b'"."', 6, 9), (b'@de', 9, 12), (b'.', 13, 14)]
    """
    return ((token[0], token.start(), token.end()) for token in _TOKEN.finditer(text, start) if not token["space"])


def no_long_literal(line: bytes) -> bool:
    """Tell whether a line has no delimiter of a literal that may go over several lines."""
    return b'"""' not in line and b"'''" not in line


def is_blank(line: bytes) -> bool:
    """Tell whether a line has nothing but white space and a comment."""
    return line.lstrip()[:1] in {b"", b"#"}


def separators(line: bytes) -> int:
    """Return the length of the separators with which a line begins, white space about them included; 0 for none.

    >>> separators(b"  ; <b> <c>")
    4
    """
    found = _SEPARATORS.match(line)
    return found.end() if found else 0


def literal_end(line: bytes, delimiter: bytes) -> tuple[int, int]:
    r'''Return where a literal that was left open ends, and where what separates it from the next term; zeros if it goes on.

    >>> literal_end(b'the end""" ; <b> <c>', b'"""')
    (10, 13)
    '''
    found = _LITERAL_END[delimiter].match(line)
    return (found.end("after"), found.end()) if found else (0, 0)


def left_open(line: bytes) -> bytes:
    """Return the delimiter of the literal that goes on after the line; nothing where none does.

    >>> left_open(b"<a> <b> '''begins"), left_open(b"<a> <b> <c> . # '''")
    (b"'''", b'')
    """
    if no_long_literal(line):
        return b""
    return next((token["open"] for token in _TOKEN.finditer(line) if token["open"]), b"")


def statement_line(lines: Iterable[tuple[int, bytes]], subject: str) -> int:
    """Return the line on which the statements about a subject begin; 0 where no statement begins in these lines.

    `lines` are those (number, text) from the end of the statement before. Where several statements begin there, the
    first one is meant whose first term can stand for the subject (an IRI).
    """
    starts = list(_statement_starts(lines))
    fitting = (line for line, term in starts if subject.endswith(_local_part(term)))
    return next(fitting, starts[-1][0] if starts else 0)


def _statement_starts(lines: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, str]]:
    """Yield line and first term of each statement; directives are none."""
    at_start, skip = None, 0
    for number, text in lines:
        for token in _TOKEN.finditer(text):
            if token["space"]:
                continue
            if at_start is None:
                at_start = number == 1
            word = token[0]
            if skip:
                skip -= 1
            elif at_start and word.lower() in {b"prefix", b"base"}:
                skip = 2 if word.lower() == b"prefix" else 1
            elif word == b".":
                at_start = True
            elif at_start:
                at_start = False
                if not word.startswith(b"@"):
                    yield number, word.decode(errors="replace")


def _local_part(word: str) -> str:
    """Return the end that the IRI written by a term must have, as far as the term alone tells."""
    if word.startswith("<"):
        return re.sub(r"^(\.\.?/)+", "", word.strip("<>"))
    return re.sub(r"\\(.)", r"\1", word.partition(":")[2])
