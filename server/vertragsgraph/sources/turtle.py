"""Turtle files, read triple by triple, each with its line (RDF 1.1 Turtle).

pyoxigraph tells no lines, but it asks its input for more only when it needs more: fed a line at a time, it yields a
triple while it holds the line on which the triple's object ends. Two things need care. A literal is known to have
ended only when the parser has seen what follows, which may stand on a later line (`;` at the start of a line), so
such separators are fed on their own. And a literal over several lines belongs to the line on which it begins.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from types import MappingProxyType
from typing import IO, Final, NamedTuple, cast

from pyoxigraph import BlankNode, QuadParser, RdfFormat, Triple, parse

from vertragsgraph.finding import Finding, FindingsError, Place
from vertragsgraph.rdf.syntax.tokens import (
    begins_with_term,
    is_blank,
    left_open,
    literal_end,
    no_long_literal,
    separators,
    statement_line,
)
from vertragsgraph.sources.syntax import syntax_finding, unreadable
from vertragsgraph.texts import both

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
NO_PREFIXES: Final[Mapping[str, str]] = MappingProxyType({})
LINES_REMEMBERED: Final = 10_000  # so that a file in which nothing but blank nodes is described is read as a stream too


class SourceError(FindingsError):
    """Source files can't be read: each finding names file, line and column, what is wrong and what to do."""


class Statement(NamedTuple):
    """A triple, the line on which its object begins, and the line on which its subject stands."""

    triple: Triple
    line: int
    subject_line: int


def read_turtle(path: Path, base: str, prefixes: Mapping[str, str] = NO_PREFIXES) -> Iterator[tuple[Triple, int]]:
    """Yield each triple of a Turtle file with the line (from 1) on which its object begins.

    Relative IRIs are resolved against `base`; `prefixes` (name to namespace) hold as if they were declared above. The
    file is read as a stream: memory stays flat whatever its size.
    For an object in brackets the line is that of the closing one; a literal inside a collection may be told a line
    too late. Raises `SourceError` for a file that can't be read, a syntax error, an undeclared prefix, an invalid IRI,
    at the end for a file that gives one of the prefixes another meaning.
    """
    with _opened(path) as file:
        feed = _Feed(file, prefixes)
        parser = _parser(feed, base)
        with _explained(path, parser, feed):
            for quad in parser:
                yield quad.triple, feed.line if feed.line == feed.number else feed.line_of(quad.object)


def read_statements(
    path: Path, base: str, prefixes: Mapping[str, str] = NO_PREFIXES, about: Container[object] | None = None
) -> Iterator[Statement]:
    """Yield what `read_turtle` yields with the line of the subject besides; with `about`, only what is about these nodes.

    A blank node as subject has the line of its triple. Raises what `read_turtle` raises.
    """
    recent: deque[tuple[int, bytes]] = deque(maxlen=LINES_REMEMBERED)
    subject, subject_line = None, 0
    with _opened(path) as file:
        feed = _Feed(file, prefixes, recent)
        parser = _parser(feed, base)
        with _explained(path, parser, feed):
            for quad in parser:
                line = feed.line_of(quad.object)
                if isinstance(quad.subject, BlankNode):
                    if about is None or quad.subject in about:
                        yield Statement(quad.triple, line, line)
                    continue
                wanted = about is None or quad.subject in about
                if quad.subject != subject:
                    subject = quad.subject
                    subject_line = (statement_line(recent, subject.value) or line) if wanted else 0
                while recent and recent[0][0] < line:
                    recent.popleft()
                if wanted:
                    yield Statement(quad.triple, line, subject_line)


def prefixes_of(
    path: Path, base: str, prefixes: Mapping[str, str] = NO_PREFIXES, *, alone: bool = False
) -> dict[str, str]:
    """Return the prefixes that hold in a Turtle file (name to namespace), `prefixes` among them.

    Raises what `read_turtle` raises, and `SourceError` where they are to stand `alone` and don't.
    """
    with _opened(path) as file:
        feed = _Feed(file, prefixes)
        parser = _parser(feed, base)
        with _explained(path, parser, feed):
            for _ in parser if alone else ():
                message = both("only @prefix lines stand in this file; move what is said here into another one")
                raise SourceError([Finding(message, Place(path, feed.line), rule="syntax")])
            for _ in parser:  # they are known at its end
                pass
    return dict(parser.prefixes)


class _Feed:
    """A Turtle file as an input for the parser that gives one piece, at most a line, at each `read()`.

    `number` is the line that is being read, `line` the one on which the object of a triple that is yielded now begins.
    The lines outside of long literals are noted in `recent`.
    """

    def __init__(
        self, file: BufferedReader, prefixes: Mapping[str, str], recent: deque[tuple[int, bytes]] | None = None
    ) -> None:
        if file.peek(3).startswith(BYTE_ORDER_MARK):
            file.read(3)
        self.prefixes = prefixes
        self.number = 0
        self.line = 1
        self._lines = iter(file)
        self._recent = recent
        self._delimiter = b""  # of the literal that goes on in the next line
        self._pieces: Iterator[bytes] | None = None  # of a line that is given in several
        if prefixes:  # in one line before the first
            self._pieces = iter([" ".join(map("@prefix {0[0]}: <{0[1]}> .".format, prefixes.items())).encode() + b"\n"])
        self._rest = memoryview(b"")  # of a piece that was longer than the parser could take

    def read(self, size: int) -> bytes:
        """Return the next piece; never more than `size` bytes, since that would end the process."""
        if self._pieces is not None:
            if part := self._next_part(size):
                return part
            self._pieces = None
        line = next(self._lines, b"")
        self.number += 1
        if not self._delimiter and len(line) <= size:
            if line.isspace():
                return line
            if begins_with_term(line) and no_long_literal(line):
                self.line = self.number
                if self._recent is not None:
                    self._recent.append((self.number, line))
                return line
        self._pieces = self._with_care(line)
        return self._next_part(size)

    def line_of(self, node: object) -> int:
        """Return the line for an object that is yielded now: where it begins; for a blank node, where its bracket closes."""
        return self.number if isinstance(node, BlankNode) else self.line

    def _next_part(self, size: int) -> bytes:
        if not self._rest and self._pieces:
            self._rest = memoryview(next(self._pieces, b""))
        part, self._rest = self._rest[:size], self._rest[size:]
        return bytes(part)

    def _with_care(self, line: bytes) -> Iterator[bytes]:
        """Yield as a piece of its own what separates terms at the start of a line, or ends a literal of several lines."""
        closed, head = literal_end(line, self._delimiter) if self._delimiter else (0, separators(line))
        if self._delimiter and not head:
            yield line
            return
        if self._recent is not None:
            self._recent.append((self.number, line[closed:]))
        if head:
            yield line[:head]
        rest = line[head:]
        if not is_blank(rest):
            self.line = self.number
        self._delimiter = left_open(rest)
        if rest:
            yield rest


def _opened(path: Path) -> BufferedReader:
    try:
        return path.open("rb")
    except OSError as error:
        raise SourceError([unreadable(error, path)]) from error


def _parser(feed: _Feed, base: str) -> QuadParser:
    return parse(cast("IO[bytes]", feed), format=RdfFormat.TURTLE, base_iri=base)


@contextmanager
def _explained(path: Path, parser: QuadParser, feed: _Feed) -> Iterator[None]:
    """Turn the parser's error into one that says what to do; complain about prefixes that mean two things."""
    try:
        yield
    except SyntaxError as error:
        error.lineno = (error.lineno or 0) - bool(feed.prefixes)
        raise SourceError([syntax_finding(error, path, parser.prefixes)]) from error
    except MemoryError as error:  # of the parser's buffer
        message = both("here begins what is longer than can be read (16 megabytes); is a quotation mark missing?")
        raise SourceError([Finding(message, Place(path, feed.line), rule="syntax")]) from error
    else:
        if feed.prefixes and (
            other := [name for name, space in parser.prefixes.items() if feed.prefixes.get(name, space) != space]
        ):
            raise SourceError([_other_meaning(path, name, feed.prefixes[name]) for name in other])


def _other_meaning(path: Path, name: str, meaning: str) -> Finding:
    declares = re.compile(rf"\s*@?prefix\s+{re.escape(name)}:".encode(), re.IGNORECASE).match
    with path.open("rb") as lines:
        line = next((number for number, line in enumerate(lines, 1) if declares(line)), 0)
    message = both(
        "{prefix}: is <{meaning}> in all files of the data (prefixes.ttl); take this line out, or give the prefix another name",
        prefix=name,
        meaning=meaning,
    )
    return Finding(message, Place(path, line), rule="syntax")
