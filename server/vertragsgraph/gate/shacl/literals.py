"""Literals in files of canonical N-Triples, found without parsing all the rest, and what engines are given in their place.

Engines don't agree about all literals, nor about what a year may be; so they are given only what both can hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from vertragsgraph.gate.datatypes import fault, stand_in
from vertragsgraph.gate.shacl.results import Result
from vertragsgraph.rdf.sorted_files import blocks
from vertragsgraph.rdf.syntax.ntriples import literal_of, triple_of
from vertragsgraph.rdf.terms import Node

REMEMBERED: Final = 10_000
"""Literals that have been looked at lately."""

TYPED: Final = re.compile(rb'"\^\^<[^>\n]*>(?= \.\n)')
"""The end of a literal that has a datatype in a line of canonical N-Triples; inside of a literal a quote has a backslash."""


class Line(NamedTuple):
    """A line of N-Triples with a literal, and where in the block the literal begins."""

    subject: bytes
    predicate: bytes
    literal: bytes
    start: int

    @property
    def triple(self) -> Triple:
        """The triple that the line is."""
        return triple_of(b" ".join([*self[:3], b"."]))


def ending_in(pattern: re.Pattern[bytes], block: bytes) -> Iterator[Line]:
    """Yield the lines of a block that end in what matches a pattern."""
    for found in pattern.finditer(block):
        start = block.rfind(b"\n", 0, found.start()) + 1
        subject, predicate, literal = block[start : found.end()].split(b" ", 2)
        yield Line(subject, predicate, literal, found.end() - len(literal))


def kept_by_store(literal: Literal) -> Literal:
    """Return a literal as the store keeps it, and so as endpoint and dumps say it: of some datatypes in one form only."""
    # A store for each: one that is cleared still goes through all it ever held.
    store = Store()
    store.add(Quad(NamedNode("a:s"), NamedNode("a:p"), literal))
    (kept,) = (quad.object for quad in store if isinstance(quad.object, Literal))
    return kept


class StandIns:
    """Literals as engines are given them: others in place of those about which they don't agree, and the way back.

    Of results about a literal that is outside of its lexical space nothing is told: `check_literals` has said it.
    """

    def __init__(self) -> None:
        self._originals: dict[tuple[Node | None, Literal], Literal] = {}
        self._given = lru_cache(REMEMBERED)(_given)

    def put_in(self, path: Path) -> Iterator[bytes]:
        """Yield a file of N-Triples as engines are given it, in pieces that end where a line ends."""
        for block in blocks(path):
            pieces, end = [], 0
            for line in ending_in(TYPED, block):
                if given := self._given(line.literal):
                    pieces += [block[end : line.start], str(given).encode()]
                    end = line.start + len(line.literal)
                    for subject in (line.triple.subject, None):
                        self._originals.setdefault((subject, given), literal_of(line.literal))
            yield b"".join([*pieces, block[end:]]) if pieces else block

    def told(self, results: Iterable[Result]) -> Iterator[Result]:
        """Yield the results that an engine has found, with the literals that files have."""
        for result in results:
            value = result.value
            if isinstance(value, Literal):
                # A path of several properties may lead from another node than the one that has the literal.
                subject = result.focus if result.path is None or isinstance(result.path, NamedNode) else None
                value = self._originals.get((subject, value), value)
                if fault(value):
                    continue
            yield result if value is result.value else replace(result, value=value)


def _given(term: bytes) -> Literal | None:
    """Return what engines are given in place of a literal; nothing where they are given itself."""
    literal = literal_of(term)
    # The store makes integers of all kinds plain ones; shapes may ask for the kind.
    kept = literal if fault(literal) else Literal(kept_by_store(literal).value, datatype=literal.datatype)
    given = stand_in(kept)
    return None if given == literal else given
