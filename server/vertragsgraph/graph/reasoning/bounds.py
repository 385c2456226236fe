"""Between which days a date lies: of a year its first and its last day, of a month likewise, of a day that day.

A date that is known only roughly (`vertragsgraph.rdf.edtf`) has the bounds that it says, one of the two, or none.

Dates of different precision can't be compared in SPARQL 1.1 (section 17.3 knows neither years nor months), days can.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from vertragsgraph.rdf import edtf
from vertragsgraph.rdf.edtf import Day
from vertragsgraph.rdf.namespaces import VG, XSD

EARLIEST: Final = f"<{VG}earliest>".encode()
LATEST: Final = f"<{VG}latest>".encode()

_FORM: Final = re.compile(
    rb'"(-?\d{4,})(?:-(\d\d))?(?:-(\d\d)(?:T[\d:.]+)?)?(?:Z|[+-]\d\d:\d\d)?"'
    rb"\^\^<%s(?:date|gYearMonth|gYear|dateTime|dateTimeStamp)>" % re.escape(XSD.encode())
)
_ROUGH: Final = f'"^^<{edtf.DATATYPE}>'.encode()


def bounds(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the bounds of subjects from their dates, as lines of N-Triples that stand subject by subject.

    Where there are several dates, all of them lie between the bounds, so nothing is decided where they disagree; where one
    of them has no bound on a side, there is none.
    """
    for subject, group in groupby((line.split(b" ", 2) for line in lines), key=lambda parts: parts[0]):
        if spans := [span for _, _, rest in group if (span := days(rest[:-3]))]:
            firsts, lasts = ([day for day in side if day] for side in zip(*spans, strict=True))
            if len(firsts) == len(spans):
                yield b"%s %s %s .\n" % (subject, EARLIEST, day_literal(min(firsts)))
            if len(lasts) == len(spans):
                yield b"%s %s %s .\n" % (subject, LATEST, day_literal(max(lasts)))


def days(term: bytes) -> tuple[Day | None, Day | None] | None:
    """Return the first and the last day that a literal in N-Triples syntax can mean; nothing where it is no date.

    One that is known only roughly may have no first or no last day. Of others the day is the one that is written, by the
    calendar of the place that the date comes from: a time zone moves nothing.

    >>> days(b'"2020-02"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>')
    ((2020, 2, 1), (2020, 2, 29))
    """
    if term.endswith(_ROUGH):
        rough = edtf.read(term[1 : -len(_ROUGH)].decode())
        return rough.bounds if rough else None
    found = _FORM.fullmatch(term)
    if found is None:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    last = month or 12
    if last > 12:
        return None
    # Years are alike after four hundred, and those that Python's calendar doesn't have are years, too.
    return (year, month or 1, day or 1), (year, last, day or monthrange(year % 400 + 2000, last)[1])


def day_literal(day: Day) -> bytes:
    """Return a day as a literal in N-Triples syntax."""
    year, month, number = day
    text = f"{'-' if year < 0 else ''}{abs(year):04}-{month:02}-{number:02}"
    return f'"{text}"^^<{XSD}date>'.encode()
