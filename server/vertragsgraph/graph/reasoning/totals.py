"""What a grant comes to in all, as bounds that add up: an amount per period, times the periods from beginning to end.

SPARQL 1.1 can add numbers but neither parse durations nor count the years between two dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Context, Decimal
from typing import Final, NamedTuple

from vertragsgraph.graph.reasoning.bounds import days
from vertragsgraph.graph.reasoning.rules import TYPE
from vertragsgraph.rdf.edtf import Day
from vertragsgraph.rdf.namespaces import SCHEMA, VG, XSD

_GRANT: Final = f"{TYPE} <{VG}Grant>".encode()
_AMOUNT, _LEAST, _MOST, _START, _END = (
    f"<{SCHEMA}{name}>".encode() for name in ("amount", "minValue", "maxValue", "startDate", "endDate")
)
_JUST_UNDER, _PER, _TOTAL_LEAST, _TOTAL_MOST = (
    f"<{VG}{name}>".encode() for name in ("amountJustUnder", "amountPer", "totalAtLeast", "totalAtMost")
)
OF_GRANTS: Final = frozenset({_GRANT, _AMOUNT, _LEAST, _MOST, _START, _END, _JUST_UNDER, _PER})
"""What must be known of a grant: predicates, and its class."""

_EXACT: Final = Context(prec=1000, Emax=999_999, Emin=-999_999)  # more digits than a literal of the register has
_DECIMAL: Final = re.compile(rb'"([+-]?(?:\d+(?:\.\d*)?|\.\d+))"\^\^<%s(?:decimal|integer)>' % re.escape(XSD.encode()))
_PERIOD: Final = re.compile(rb'"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?"\^\^<%sduration>' % re.escape(XSD.encode()))
_DATE: Final = re.compile(rb'".*"\^\^<%s(date|gYearMonth|gYear)>' % re.escape(XSD.encode()))
_MONTHS: Final = {b"date": 0, b"gYearMonth": 1, b"gYear": 12}


class _Period(NamedTuple):
    months: int
    days: int


def totals(subject: bytes, values: Mapping[bytes, Sequence[bytes]]) -> Iterator[bytes]:
    """Yield what follows for a grant from its amounts, as lines of N-Triples; nothing for what is no grant.

    `values` are those of each predicate, in N-Triples syntax; for a class, `rdf:type` and its IRI are the key.
    """
    if _GRANT not in values:
        return
    times = 1 if _PER not in values else _times(values)
    if not times:
        return
    for total, several, choose in (
        (_TOTAL_LEAST, (_AMOUNT, _LEAST), min),
        (_TOTAL_MOST, (_AMOUNT, _MOST, _JUST_UNDER), max),
    ):
        if numbers := [number for name in several for number in _numbers(values.get(name, ()))]:
            text = _written(_EXACT.multiply(choose(numbers), times))
            yield b'%s %s "%s"^^<%sdecimal> .\n' % (subject, total, text.encode(), XSD.encode())


def _times(values: Mapping[bytes, Sequence[bytes]]) -> int:
    """Return how many periods there are between beginning and end; 0 where that isn't known for certain."""
    found = [values.get(name, ()) for name in (_PER, _START, _END)]
    if any(len(terms) != 1 for terms in found):
        return 0
    (per,), (start,), (end,) = found
    return periods(per, start, end)


def periods(per: bytes, start: bytes, end: bytes) -> int:
    """Return how many periods the days from beginning to end make, both included; 0 where they don't make whole ones.

    All three are literals in N-Triples syntax. A date must be as precise as the period: of a grant from 2021 to 2023,
    the years are known and the months are not.

    >>> year = b'"%d"^^<http://www.w3.org/2001/XMLSchema#gYear>'
    >>> periods(b'"P1Y"^^<http://www.w3.org/2001/XMLSchema#duration>', year % 2021, year % 2023)
    3
    """
    length, dates = _PERIOD.fullmatch(per), [_DATE.fullmatch(start), _DATE.fullmatch(end)]
    (first, _), (_, last) = days(start) or (None, None), days(end) or (None, None)
    if length is None or not all(dates) or first is None or last is None:
        return 0
    years, months, whole_days = (int(part or 0) for part in length.groups())
    period = _Period(12 * years + months, whole_days)
    if max(_MONTHS[found[1]] for found in dates if found) > period.months or bool(period.months) == bool(period.days):
        return 0
    whole, part = _measured(first, last, period)
    return whole // part if whole > 0 and not whole % part else 0


def _measured(first: Day, last: Day, period: _Period) -> tuple[int, int]:
    """Return how long it is from the first day to the last, and how long a period: both in months, or both in days."""
    try:
        begin, end = date(*first), date(*last) + timedelta(1)
    except (ValueError, OverflowError):  # years that Python's calendar doesn't have, days that no month has
        return 0, 1
    if period.days:
        return (end - begin).days, period.days
    months = 12 * (end.year - begin.year) + end.month - begin.month
    return (months if begin.day == end.day else 0), period.months


def _numbers(terms: Sequence[bytes]) -> list[Decimal]:
    return [Decimal(found[1].decode()) for term in terms if (found := _DECIMAL.fullmatch(term))]


def _written(number: Decimal) -> str:
    """Return a number in the one form that the store keeps.

    >>> _written(Decimal("120000.50")), _written(Decimal("1E+3"))
    ('120000.5', '1000')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
