"""Literals held against their datatypes, and what else can be told of a literal by itself, whichever engine validates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.finding import Finding, Place, Severity
from vertragsgraph.gate.checks.evidence import statements_named
from vertragsgraph.gate.datatypes import fault, is_known
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.report import first_of_kinds, more_of
from vertragsgraph.gate.shacl.literals import REMEMBERED, TYPED, ending_in, kept_by_store
from vertragsgraph.graph import Graphs
from vertragsgraph.rdf import edtf, terms
from vertragsgraph.rdf.curie import expand
from vertragsgraph.rdf.namespaces import XSD
from vertragsgraph.rdf.sorted_files import blocks
from vertragsgraph.rdf.syntax.ntriples import literal_of
from vertragsgraph.register import ASSERTED_ROLES, Register
from vertragsgraph.sources.term_names import compact
from vertragsgraph.texts import LANGUAGES, Language, both

RULE: Final = "literals"


_UNSEEN: Final = (
    "\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b\u180c\u180d\u180e\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u202f"
    "\u2800\u3000\u3164\ufeff\uffa0"
    + "".join(map(chr, (*range(0x2000, 0x2010), *range(0x205F, 0x2070), *range(0xFE00, 0xFE10))))
)
"""Blanks, and characters that Unicode gives no look (Default_Ignorable_Code_Point)."""
_NOTHING: Final = "|".join([r"[ .?–—-]", r"\\[tnrbf]", r"\\u00[01][0-9A-F]", *_UNSEEN, "…"])
_UNREADABLE: Final = re.compile(rf' "(?:{_NOTHING})*"(?:@[a-zA-Z0-9-]+)?(?= \.\n)'.encode())
"""A literal, with the blank before it, in which there is nothing to read."""
_NAMES: Final = frozenset(f"<{expand(name)}>".encode() for name in ("rdfs:label", "skos:prefLabel", "skos:altLabel"))
_HAPPENED: Final = frozenset(
    f"<{expand(name)}>".encode()
    for name in (
        "vg:date", "vg:heldOn", "vg:seenOn", "schema:startDate", "as:deleted",
        "dcterms:date", "dcterms:created", "dcterms:issued", "dcterms:modified",
        "fabio:hasAccessDate",
    )
)  # fmt: skip
"""Properties whose dates tell what has happened."""
_LENGTHS: Final = {XSD + "gYear": 4, XSD + "gYearMonth": 7, XSD + "date": 10, XSD + "dateTime": 10}
_OBJECT: Final = str(terms.OBJECT).encode()


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
    wrong, more = first_of_kinds(
        ((verdict.kind, verdict.severity), (triple, verdict))
        for path in graphs.paths(ASSERTED_ROLES)
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
            for line in ending_in(TYPED, block):
                wrong, ahead = self._typed(line.literal)
                if wrong and (line.predicate != _OBJECT or wrong.kind == RULE):
                    yield line.triple, wrong
                elif ahead and line.predicate in _HAPPENED:
                    yield line.triple, ahead
            for line in ending_in(_UNREADABLE, block):
                if not line.literal.endswith(b'"') or line.predicate in _NAMES:
                    yield line.triple, _NOTHING_TO_READ

    def _of_typed(self, term: bytes) -> tuple[Verdict | None, Verdict | None]:
        """Say what is wrong with a literal wherever it stands, and what is where it tells the date of an event."""
        literal = literal_of(term)
        if wrong := fault(literal):
            return Verdict(RULE, wrong), None
        if not is_known(literal.datatype.value):
            message = both("has a datatype that nobody knows here, so nothing is checked; take one of XML Schema")
            return Verdict("datatypes", message, Severity.WARNING), None
        if (kept := kept_by_store(literal)) != literal:
            return Verdict(
                "stored", both("would be answered as {kept}; write it so", kept=compact(kept, self._register))
            ), None
        if self._lies_ahead(literal):
            return None, Verdict("future", both("lies in the future; check the year"), Severity.WARNING)
        return None, None

    def _lies_ahead(self, literal: Literal) -> bool:
        """Tell whether a literal is a date that is wholly in the future, as far as it says when it was at the earliest."""
        if rough := edtf.read(literal.value) if literal.datatype.value == edtf.DATATYPE else None:
            return rough.start is not None and rough.start.first > tuple(map(int, self._today.split("-")))
        length = _LENGTHS.get(literal.datatype.value, 0)
        year = literal.value.partition("-")[0]
        return bool(length and year) and (len(year) > 4 or literal.value[:length] > self._today[:length])
