"""Literals held against their datatypes, and what else can be told of a literal by itself, whichever engine validates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple, cast

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from vertragsgraph.finding import Finding, Place, Severity
from vertragsgraph.gate.datatypes import XSD, fault, is_known, stand_in
from vertragsgraph.gate.evidence import statements_named
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.report import first_of_kinds, more_of
from vertragsgraph.gate.results import Result
from vertragsgraph.gate.words import compact
from vertragsgraph.graph import Graphs, terms
from vertragsgraph.graph.sorting import blocks
from vertragsgraph.register import ASSERTED_ROLES, Register
from vertragsgraph.sources.locate import Node
from vertragsgraph.sources.syntax import WELL_KNOWN
from vertragsgraph.texts import LANGUAGES, Language, both

RULE: Final = "literals"
REMEMBERED: Final = 10_000
"""Literals that have been looked at lately."""

_TYPED: Final = re.compile(rb'"\^\^<[^>\n]*>(?= \.\n)')
"""The end of a literal that has a datatype in a line of canonical N-Triples; inside of a literal a quote has a backslash."""

_UNSEEN: Final = (
    "\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b\u180c\u180d\u180e\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u202f"
    "\u2800\u3000\u3164\ufeff\uffa0"
    + "".join(map(chr, (*range(0x2000, 0x2010), *range(0x205F, 0x2070), *range(0xFE00, 0xFE10))))
)
"""Blanks, and characters that Unicode gives no look (Default_Ignorable_Code_Point)."""
_NOTHING: Final = "|".join([r"[ .?–—-]", r"\\[tnrbf]", r"\\u00[01][0-9A-F]", *_UNSEEN, "…"])
_UNREADABLE: Final = re.compile(rf' "(?:{_NOTHING})*"(?:@[a-zA-Z0-9-]+)?(?= \.\n)'.encode())
"""A literal, with the blank before it, in which there is nothing to read."""
_NAMES: Final = frozenset(
    f"<{iri}>".encode()
    for iri in (terms.LABEL.value, *(WELL_KNOWN["skos"] + name for name in ("prefLabel", "altLabel")))
)

_HAPPENED: Final = frozenset(
    f"<{WELL_KNOWN[prefix]}{name}>".encode()
    for prefix, names in {
        "vg": ("date", "heldOn"),
        "schema": ("startDate",),
        "dcterms": ("date", "created", "issued", "modified"),
        "as": ("deleted",),
    }.items()
    for name in names
)
"""Properties whose dates tell what has happened."""
_LENGTHS: Final = {XSD + "gYear": 4, XSD + "gYearMonth": 7, XSD + "date": 10, XSD + "dateTime": 10}
_OBJECT: Final = str(terms.OBJECT).encode()


class _Line(NamedTuple):
    """A line of N-Triples with a literal, and where in the block the literal begins."""

    subject: bytes
    predicate: bytes
    literal: bytes
    start: int

    @property
    def triple(self) -> Triple:
        return _parsed(b" ".join(self[:3]))


def _ending_in(pattern: re.Pattern[bytes], block: bytes) -> Iterator[_Line]:
    """Yield the lines of a block that end in what matches a pattern."""
    for found in pattern.finditer(block):
        start = block.rfind(b"\n", 0, found.start()) + 1
        subject, predicate, literal = block[start : found.end()].split(b" ", 2)
        yield _Line(subject, predicate, literal, found.end() - len(literal))


class Verdict(NamedTuple):
    """What is wrong with a literal."""

    kind: str
    message: dict[Language, str]
    severity: Severity = Severity.VIOLATION


_NOTHING_TO_READ: Final = Verdict("texts", both("has nothing in it that can be read; write the text, or take it away"))


def check_literals(register: Register, graphs: Graphs, places: Places) -> list[Finding]:
    """Return what is wrong with literals in the asserted graphs.

    Found are: literals outside of their datatype's lexical space, those in the statements that evidence quotes included;
    literals that the store keeps as others; datatypes that nobody knows; texts in which there is nothing to read; dates
    of what has happened that lie in the future.
    """
    judge = _Judge(register)
    paths = [graphs.path(role) for role in ASSERTED_ROLES if role in graphs.roles]
    wrong, more = first_of_kinds(
        ((verdict.kind, verdict.severity), (triple, verdict))
        for path in paths
        for triple, verdict in judge.verdicts(path)
    )
    asserted = {triple: verdict for triple, verdict in wrong if triple.predicate != terms.OBJECT}
    nodes = {triple.subject: verdict for triple, verdict in wrong if triple.predicate == terms.OBJECT}
    names = (node.value.rpartition("/")[2] for node in nodes if isinstance(node, NamedNode))
    quoted = {
        node: triple for node, triple in statements_named(names, register, graphs).items() if triple not in asserted
    }
    places.look_up(triples=asserted, nodes=quoted)
    return [
        *(_finding(triple, verdict, places.of_triple(triple), register) for triple, verdict in asserted.items()),
        *(_finding(triple, nodes[node], places.of_statement(node), register) for node, triple in quoted.items()),
        *(more_of(kind, count, severity) for (kind, severity), count in more.items()),
    ]


def _finding(triple: Triple, verdict: Verdict, place: Place | None, register: Register) -> Finding:
    subject, predicate, target = (compact(term, register) for term in triple)
    about = both("{subject}: {property} {literal}", subject=subject, property=predicate, literal=target)
    message = {language: f"{about[language]} {verdict.message[language]}" for language in LANGUAGES}
    return Finding(message, place, verdict.severity, rule=verdict.kind, focus=str(triple.subject))


class _Judge:
    """Judges the literals of graphs; the same literal once, as long as it is remembered."""

    def __init__(self, register: Register) -> None:
        self._register = register
        # Somewhere on earth it is tomorrow already.
        self._today = (datetime.now(UTC) + timedelta(hours=14)).date().isoformat()
        self._typed = lru_cache(REMEMBERED)(self._of_typed)

    def verdicts(self, path: Path) -> Iterator[tuple[Triple, Verdict]]:
        """Yield what is wrong with the literals in a file of N-Triples."""
        for block in blocks(path):
            for line in _ending_in(_TYPED, block):
                wrong, ahead = self._typed(line.literal)
                if wrong and (line.predicate != _OBJECT or wrong.kind == RULE):
                    yield line.triple, wrong
                elif ahead and line.predicate in _HAPPENED:
                    yield line.triple, ahead
            for line in _ending_in(_UNREADABLE, block):
                if not line.literal.endswith(b'"') or line.predicate in _NAMES:
                    yield line.triple, _NOTHING_TO_READ

    def _of_typed(self, term: bytes) -> tuple[Verdict | None, Verdict | None]:
        """Say what is wrong with a literal wherever it stands, and what is where it tells the date of an event."""
        literal = _literal(term)
        if wrong := fault(literal):
            return Verdict(RULE, wrong), None
        if not is_known(literal.datatype.value):
            message = both("has a datatype that nobody knows here, so nothing is checked; take one of XML Schema")
            return Verdict("datatypes", message, Severity.WARNING), None
        if (kept := kept_by_store(literal)) != literal:
            return Verdict(
                "stored", both("would be answered as {kept}; write it so", kept=compact(kept, self._register))
            ), None
        length = _LENGTHS.get(literal.datatype.value, 0)
        year = literal.value.partition("-")[0]
        if length and year and (len(year) > 4 or literal.value[:length] > self._today[:length]):
            return None, Verdict("future", both("lies in the future; check the year"), Severity.WARNING)
        return None, None


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
            for line in _ending_in(_TYPED, block):
                if given := self._given(line.literal):
                    pieces += [block[end : line.start], str(given).encode()]
                    end = line.start + len(line.literal)
                    for subject in (line.triple.subject, None):
                        self._originals.setdefault((subject, given), _literal(line.literal))
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
    literal = _literal(term)
    # The store makes integers of all kinds plain ones; shapes may ask for the kind.
    kept = literal if fault(literal) else Literal(kept_by_store(literal).value, datatype=literal.datatype)
    given = stand_in(kept)
    return None if given == literal else given


def _literal(term: bytes) -> Literal:
    return cast("Literal", _parsed(b"<a:s> <a:p> " + term).object)


def _parsed(line: bytes) -> Triple:
    triple: Triple = next(parse(line + b" .", RdfFormat.N_TRIPLES)).triple
    return triple
