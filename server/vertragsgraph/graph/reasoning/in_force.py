"""From when until when a contract is in force: from its term as agreed, and from what prolonged or ended it.

Both ends follow at the precision known, and the days between which each lies: from those the status on a day is known, or
known to be unknown. It is never stored, since tomorrow it may be another.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from vertragsgraph.graph.reasoning.bounds import day_literal, days
from vertragsgraph.graph.reasoning.rules import ANONYMOUS, TYPE, Rule
from vertragsgraph.rdf.edtf import Day
from vertragsgraph.rdf.namespaces import DCTERMS, SCHEMA, VG, XSD

FROM: Final = f"{VG}inForceFrom"
"""Whose declaration in an ontology lets the others follow, too."""
UNTIL: Final = f"{VG}inForceUntil"
INDEFINITELY: Final = f"{VG}inForceIndefinitely"

_BEGINS, _ENDS, _LASTS, _OPEN, _EXTENDED, _EXTENDED_OPEN, _EXTENSION, _WITH_END, _TERMINATED, _TERMINATED_ON = FACTS = (
    tuple(f"<{ANONYMOUS}in-force-{number}>" for number in range(10))
)
"""What is found about a contract, whoever says it, as predicates; of extensions themselves, too, and those that state an end."""

_TRUE: Final = f'"true"^^<{XSD}boolean>'
_DURATION: Final = re.compile(rb'"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?"\^\^<%sduration>' % re.escape(XSD.encode()))

_NEVER: Final[Day] = (10_000, 1, 1)

Facts = Mapping[str, Collection[bytes]]


def in_force_rules() -> Iterator[Rule]:
    """Yield the rules that bring together what is said about a contract and in the acts that concern it."""
    for fact, name in ((_BEGINS, "startDate"), (_ENDS, "endDate"), (_LASTS, "duration")):
        yield Rule((_is_a("Contract"), ("?x", f"<{SCHEMA}{name}>", "?value")), ("?x", fact, "?value"))
    yield Rule((_is_a("Contract"), ("?x", f"<{VG}indefinite>", "?value")), ("?x", _OPEN, "?value"))
    for act, name, fact in (
        ("Extension", "effectiveUntil", _EXTENDED),
        ("Extension", "indefinite", _EXTENDED_OPEN),
        ("Termination", "effectiveUntil", _TERMINATED_ON),
    ):
        concerns = ("?x", f"<{VG}concerns>", "?y")
        body = (_is_a(act), concerns, ("?x", f"<{VG}{name}>", "?value"))
        yield Rule(body, ("?y", fact, "?value"))
        if act == "Extension":
            yield Rule(body, ("?y", _WITH_END, "?x"))
    for act, fact in (("Extension", _EXTENSION), ("Termination", _TERMINATED)):
        yield Rule((_is_a(act), ("?x", f"<{VG}concerns>", "?y")), ("?y", fact, "?x"))
    replaces = ("?x", f"<{DCTERMS}replaces>", "?y")
    yield Rule((_is_a("Contract"), replaces), ("?y", f"<{DCTERMS}isReplacedBy>", "?x"))


def in_force(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield from when until when subjects are in force, as lines of N-Triples, from their facts, subject by subject."""
    for subject, group in groupby((line.split(b" ", 2) for line in lines), key=lambda parts: parts[0]):
        facts = defaultdict[str, set[bytes]](set)
        for _, fact, rest in group:
            facts[fact.decode()].add(rest[:-3])
        yield from _limit(subject, FROM, facts[_BEGINS])
        yield from _limit(subject, UNTIL, _ends(facts))
        if _is_open(facts):
            yield b"%s <%s> %s .\n" % (subject, INDEFINITELY.encode(), _TRUE.encode())


def _ends(facts: Facts) -> Collection[bytes]:
    """Return when a contract ends: what ended it goes before what prolonged it, and that before what was agreed first.

    Nothing follows where it was ended or prolonged and no source says until when.
    """
    if facts[_TERMINATED]:
        return facts[_TERMINATED_ON]
    if _is_open(facts) or _is_unsettled(facts):
        return ()
    if facts[_EXTENDED]:
        dated = [term for term in facts[_EXTENDED] if days(term)]
        return [max(dated, key=_latest)] if dated else facts[_EXTENDED]
    return facts[_ENDS] or [
        day_literal(last) for start in facts[_BEGINS] for time in facts[_LASTS] if (last := last_day(start, time))
    ]


def _is_open(facts: Facts) -> bool:
    agreed = _TRUE.encode() in facts[_OPEN] and not facts[_EXTENSION]
    prolonged = _TRUE.encode() in facts[_EXTENDED_OPEN] and not _is_unsettled(facts)
    return not facts[_TERMINATED] and (agreed or prolonged)


def _is_unsettled(facts: Facts) -> bool:
    return not set(facts[_EXTENSION]) <= set(facts[_WITH_END])


def last_day(start: bytes, duration: bytes) -> Day | None:
    """Return the last day of a time that begins with a day, both as literals in N-Triples syntax; nothing without a day.

    It is the day before the one of the same number, or the last of the month where that has no such day (section 188 of
    the German Civil Code; article 3 of Regulation (EEC, Euratom) No 1182/71).

    >>> last_day(b'"2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date>', b'"P3Y"^^<http://www.w3.org/2001/XMLSchema#duration>')
    (2022, 12, 31)
    """
    lasting, span = _DURATION.fullmatch(duration), days(start)
    if lasting is None or span is None or span[0] is None or span[0] != span[1]:
        return None
    years, months, number = (int(part or 0) for part in lasting.groups())
    year, month, day = span[0]
    year, month = year + years + (month - 1 + months) // 12, (month - 1 + months) % 12 + 1
    if not 1 <= year <= date.max.year:
        return None
    there = monthrange(year, month)[1]
    try:
        end = date(year, month, min(day, there)) + timedelta(days=number - (day <= there))
    except OverflowError:
        return None
    return end.year, end.month, end.day


def _limit(subject: bytes, name: str, terms: Collection[bytes]) -> Iterator[bytes]:
    """Yield a beginning or an end, and the days between which it lies."""
    yield from (b"%s <%s> %s .\n" % (subject, name.encode(), term) for term in sorted(terms))
    if spans := [span for term in terms if (span := days(term))]:
        for bound, days_known, chosen in zip(("Earliest", "Latest"), zip(*spans, strict=True), (min, max), strict=True):
            if all(days_known):
                yield b"%s <%s> %s .\n" % (
                    subject,
                    (name + bound).encode(),
                    day_literal(chosen(filter(None, days_known))),
                )


def _latest(term: bytes) -> tuple[Day, Day]:
    """Return by what ends are compared: of one that is known only roughly an open side is beyond all days."""
    first, last = days(term) or (None, None)
    return last or _NEVER, first or _NEVER


def _is_a(name: str) -> tuple[str, str, str]:
    return ("?x", TYPE, f"<{VG}{name}>")
