"""Dates that are known only roughly: a subset of the Extended Date/Time Format (ISO 8601-2:2019; Library of Congress, 2019).

Taken are, of level 0, dates and intervals and, of level 1, qualifiers (`2015~` around, `2015?` presumably, `2015%` both),
digits that aren't specified from the right (`201X`, `2015-XX`), and open ends (`../2018`, `2019/..`). What happened once
lies somewhere in an interval. Not taken are times of day, seasons, years of other than four digits, unknown ends (an empty
text before or after the slash), and level 2.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

from vertragsgraph.rdf.namespaces import EDTF

DATATYPE: Final = f"{EDTF}EDTF"
OPEN: Final = ".."

Day: TypeAlias = tuple[int, int, int]
"""Year, month and day, by the proleptic Gregorian calendar."""

_DATE: Final = (
    r"((?P<digits>[0-9]{3}X|[0-9]{2}XX)|(?P<year>[0-9]{4})(-XX(-XX)?|-(?P<month>[0-9]{2})(-((?P<day>[0-9]{2})|XX))?)?)"
    r"(?P<qualifier>[?~%]?)"
)
_ANY: Final = re.sub(r"\?P<\w+>", "", _DATE)
PATTERN: Final = rf"((\.\./|{_ANY}/)?{_ANY}|{_ANY}/\.\.)"
"""The form as a regular expression that all engines understand alike."""
DATE: Final = re.compile(_DATE)
"""The form of a date, or of one end of an interval."""


@dataclass(frozen=True)
class End:
    """A date as it is written but for its `qualifier`, and the first and the last day that it can mean."""

    text: str
    qualifier: str
    first: Day
    last: Day


@dataclass(frozen=True)
class RoughDate:
    """Both ends of an interval, of which one may be open; those of any other date are one and the same."""

    start: End | None
    end: End | None

    @property
    def bounds(self) -> tuple[Day | None, Day | None]:
        """The first and the last day that it can fall on, where there is one: what is approximate or uncertain has none."""
        start, end = self.start, self.end
        return start.first if start and not start.qualifier else None, end.last if end and not end.qualifier else None

    @cached_property
    def span(self) -> tuple[Day, Day]:
        """The first and the last day that are said, whatever qualifies them; open ends reach as far as years do."""
        return self.start.first if self.start else (0, 1, 1), self.end.last if self.end else (9999, 12, 31)


def read(text: str) -> RoughDate | None:
    """Return the date that a text is; None where it is none, or an interval that ends before it begins.

    >>> read("201X").bounds, read("../2018-02").bounds, read("2015~").bounds
    (((2010, 1, 1), (2019, 12, 31)), (None, (2018, 2, 28)), (None, None))
    """
    start, slash, end = text.partition("/")
    if not slash:
        only = _end(text)
        return RoughDate(only, only) if only else None
    first, last = _end(start), _end(end)
    if (first is None and start != OPEN) or (last is None and end != OPEN) or not (first or last):
        return None
    found = RoughDate(first, last)
    return found if found.span[0] <= found.span[1] else None


def _end(text: str) -> End | None:
    found = DATE.fullmatch(text)
    if found is None:
        return None
    digits, qualifier = found["digits"] or found["year"], found["qualifier"]
    first_year, last_year = (int(digits.replace("X", digit)) for digit in "09")
    month = int(found["month"] or 12)
    # Years are alike after four hundred, and the year 0 that Python's calendar doesn't have is one, too.
    length = monthrange(last_year % 400 + 2000, month)[1] if 1 <= month <= 12 else 0
    day = int(found["day"] or length)
    if not 1 <= day <= length:
        return None
    first = first_year, int(found["month"] or 1), int(found["day"] or 1)
    return End(text.removesuffix(qualifier), qualifier, first, (last_year, month, day))


_YEAR: Final = r"^[0-9]{4}($|[-?~%Z+])"


def year_of(text: str) -> str:
    """Return the year in which a date (of XML Schema or EDTF) lies, or around it; "" where it may be one of several.

    >>> year_of("2019-06-03"), year_of("2015~"), year_of("2015-03/2015-05"), year_of("201X"), year_of("2014/2016")
    ('2019', '2015', '2015', '', '')
    """
    year, end = text[:4], text.partition("/")[2][:4]
    return year if re.match(_YEAR, text) and end in {"", year} else ""


def year_pattern(date: str, year: str) -> str:
    """Return the graph pattern that binds a variable to the year of a date, as `year_of` has it, and else drops the date."""
    text = f"STR({date})"
    first, end = f"SUBSTR({text}, 1, 4)", f"SUBSTR(STRAFTER({text}, '/'), 1, 4)"
    return f"FILTER (REGEX({text}, '{_YEAR}') && {end} IN ('', {first})) BIND ({first} AS {year})"


_NOT_SORTED_BY: Final = r"^[.][.]/|[?~%]"


def order_of(text: str) -> str:
    """Return what dates (of XML Schema or EDTF) are sorted by, as a text: where the interval begins or, if that is open, ends.

    >>> sorted(["2015-12", "2015~", "201X", "../2018", "2014-05/2016", "2014"], key=order_of)
    ['201X', '2014', '2014-05/2016', '2015~', '2015-12', '../2018']
    """
    return re.sub(_NOT_SORTED_BY, "", text).replace("X", "0")


def order_expression(date: str) -> str:
    """Return `order_of` as an expression of SPARQL about a variable."""
    return f"REPLACE(REPLACE(STR({date}), '{_NOT_SORTED_BY}', ''), 'X', '0')"
