"""The lexical and value spaces of the datatypes of XML Schema (XSD 1.1, part 2, section 3), and of dates known only roughly.

The engines that validate shapes know them in part only, and each another part; so this table decides, and they are given
nothing that it refuses (`stand_in`).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final, TypeAlias

from pyoxigraph import Literal

from vertragsgraph.rdf import edtf
from vertragsgraph.rdf.curie import shorten
from vertragsgraph.rdf.namespaces import GEOSPARQL, RDF, XSD
from vertragsgraph.sources.term_names import like
from vertragsgraph.texts import Language, both, marked

Message: TypeAlias = dict[Language, str]
Values: TypeAlias = Callable[[re.Match[str]], Message | None]
"""Takes a literal of the right form, and says why there is no such value."""


def _all(_: re.Match[str]) -> None:
    """Every literal of the form has a value."""


@dataclass(frozen=True)
class Datatype:
    """The form of the literals, an example of it, and what the form alone does not tell.

    `held` is the form of what all engines can hold; `least` and `most` are what they are given for what lies outside of it.
    """

    form: re.Pattern[str]
    example: str
    values: Values = _all
    held: re.Pattern[str] | None = None
    least: str = ""
    most: str = ""


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def _calendar(found: re.Match[str]) -> Message | None:
    """Hold the parts of a date and time against the calendar and the clock (section 3.3.7 and appendix D.2.1)."""
    part = {
        name: int(text) for name, text in found.groupdict().items() if name != "fraction" and (text or "").isdigit()
    }
    month, day = part.get("month", 1), part.get("day", 1)
    if not 1 <= month <= 12:
        return both("there is no month {month}", month=f"{month:02}")
    # Years are alike after four hundred; a day without a year may be that of a leap year.
    days = monthrange(part.get("year", 0) % 400 + 2000, month)[1] if "month" in part else 31
    if not 1 <= day <= days:
        month_of = found[0][: found.start("day") - 1] if "month" in part else "---"
        return both("{month} has {days} days, so there is no {day}", month=month_of, days=days, day=f"{day:02}")
    hour, minute, second = (part.get(name, 0) for name in ("hour", "minute", "second"))
    midnight = hour == 24 and not minute and not second and not re.search("[1-9]", found["fraction"] or "")
    if (hour > 23 and not midnight) or minute > 59 or second > 59:
        return both("hours go up to 23, minutes and seconds up to 59")
    return None


def _rough(found: re.Match[str]) -> Message | None:
    """Hold both ends of a date that is known only roughly against the calendar, and against each other."""
    for end in filter(None, map(edtf.DATE.fullmatch, found[0].split("/"))):
        if wrong := _calendar(end):
            return wrong
    return None if edtf.read(found[0]) else both("it ends before it begins")


def _between(least: int | None, most: int | None, found: re.Match[str]) -> Message | None:
    value = Decimal(found[0])
    if least is not None and value < least:
        return both("the least there is of it is {value}", value=least)
    if most is not None and value > most:
        return both("the most there is of it is {value}", value=most)
    return None


MOST_FRACTION: Final = 18
_YEARS_HELD: Final = _form(r"(?!0000)\d{4}-.*")
_DECIMAL_HELD: Final = _form(rf"[+-]?\d{{1,20}}(?:\.\d{{0,{MOST_FRACTION}}})?")
_YEAR: Final = r"(?P<year>-?(?:[1-9]\d{3,15}|0\d{3}))"
_MONTH, _DAY = r"(?P<month>\d\d)", r"(?P<day>\d\d)"
_CLOCK: Final = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d+))?"
_ZONED: Final = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"
_DAYS: Final = r"-?P(?=.)(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
_FLOAT: Final = Datatype(_form(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN"), "1.5")


def _calendar_type(pattern: str, example: str, least: str = "", most: str = "", zone: str = f"{_ZONED}?") -> Datatype:
    return Datatype(_form(pattern + zone), example, _calendar, _YEARS_HELD if most else None, least, most)


def _integer_type(least: int | None = None, most: int | None = None) -> Datatype:
    bounds = [str(bound) for bound in (least, most) if bound is not None]
    example = "1" if (least is None or least <= 1) and (most is None or most >= 1) else bounds[0]
    return Datatype(_form(r"[+-]?\d+"), example, partial(_between, least, most))


_DATE_TIME: Final = partial(
    _calendar_type,
    f"{_YEAR}-{_MONTH}-{_DAY}T{_CLOCK}",
    least="0001-01-01T00:00:00Z",
    most="9999-12-31T23:59:59Z",
)

_SIZES: Final = {"long": 64, "int": 32, "short": 16, "byte": 8}
DATATYPES: Final[Mapping[str, Datatype]] = {
    "date": _calendar_type(f"{_YEAR}-{_MONTH}-{_DAY}", "2019-06-03", "0001-01-01", "9999-12-31"),
    "gYearMonth": _calendar_type(f"{_YEAR}-{_MONTH}", "2019-06"),
    "gYear": _calendar_type(_YEAR, "2019"),
    "dateTime": _DATE_TIME("2019-06-03T12:00:00Z"),
    "dateTimeStamp": _DATE_TIME("2019-06-03T12:00:00Z", zone=_ZONED),
    "time": _calendar_type(_CLOCK, "12:00:00"),
    "gMonth": _calendar_type(f"--{_MONTH}", "--06"),
    "gDay": _calendar_type(f"---{_DAY}", "---03"),
    "gMonthDay": _calendar_type(f"--{_MONTH}-{_DAY}", "--06-03"),
    "decimal": Datatype(
        _form(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"),
        "1234.5",
        held=_DECIMAL_HELD,
        least="-99999999999999999999",
        most="99999999999999999999",
    ),
    **{name: _integer_type(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for name, bits in _SIZES.items()},
    **{f"unsigned{name.capitalize()}": _integer_type(0, 2**bits - 1) for name, bits in _SIZES.items()},
    "integer": _integer_type(),
    "nonNegativeInteger": _integer_type(0),
    "positiveInteger": _integer_type(1),
    "nonPositiveInteger": _integer_type(None, 0),
    "negativeInteger": _integer_type(None, -1),
    "double": _FLOAT,
    "float": _FLOAT,
    "boolean": Datatype(_form("true|false|1|0"), "true"),
    "duration": Datatype(_form(rf"-?P(?=.)(?:\d+Y)?(?:\d+M)?{_DAYS.removeprefix('-?P(?=.)')}"), "P1Y6M"),
    "dayTimeDuration": Datatype(_form(_DAYS), "P10D"),
    "yearMonthDuration": Datatype(_form(r"-?P(?=.)(?:\d+Y)?(?:\d+M)?"), "P1Y6M"),
    "hexBinary": Datatype(_form("(?:[0-9a-fA-F]{2})*"), "0fb7"),
    "base64Binary": Datatype(
        _form("(?:(?:[A-Za-z0-9+/] ?){4})*(?:(?:[A-Za-z0-9+/] ?){2}(?:[A-Za-z0-9+/]|=) ?=)?"), "Zm9v"
    ),
    "anyURI": Datatype(re.compile(r"(?s:.*)"), "https://example.org/"),  # any text at all (section 3.3.17)
    "string": Datatype(re.compile(r"(?s:.*)"), "text"),
    "normalizedString": Datatype(_form(r"[^\t\n\r]*"), "text"),
    "token": Datatype(re.compile(r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?"), "text"),
    "language": Datatype(_form("[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*"), "de"),
    "NMTOKEN": Datatype(re.compile(r"[\w.:-]+"), "name"),
    "Name": Datatype(re.compile(r"(?:[^\W\d]|:)[\w.:-]*"), "name"),
    "NCName": Datatype(re.compile(r"[^\W\d][\w.-]*"), "name"),
}
"""The datatypes that RDF takes from XML Schema (RDF 1.1 Concepts, section 5.1)."""

ROUGH: Final = Datatype(_form(edtf.PATTERN), "2015~", _rough)
"""A date that is known only roughly: what is taken of EDTF (`vertragsgraph.rdf.edtf`)."""

OTHERS: Final = frozenset(
    [
        *(RDF + name for name in ("langString", "dirLangString", "HTML", "XMLLiteral", "JSON")),
        *(GEOSPARQL + name for name in ("wktLiteral", "gmlLiteral", "geoJSONLiteral")),
    ]
)
"""Datatypes from elsewhere, whose literals are taken as they are."""

_DATES: Final = ("date", "gYearMonth", "gYear", "dateTime")
_GERMAN_DAY: Final = _form(r"(\d\d?)\.(\d\d?)\.(\d{4})")


def is_known(datatype: str) -> bool:
    """Tell whether a datatype (IRI) is one whose literals can be judged, or that is known to need no judgement."""
    return datatype in {*OTHERS, edtf.DATATYPE} or datatype.startswith(XSD)


def fault(literal: Literal) -> Message | None:
    """Say what is wrong with a literal and what would be right; nothing for one that is in its datatype's lexical space.

    >>> from pyoxigraph import NamedNode
    >>> fault(Literal("2019-02-31", datatype=NamedNode(XSD + "date")))["en"]
    'is no xsd:date: 2019-02 has 28 days, so there is no 31; it is written like "2019-06-03"^^xsd:date'
    """
    iri = literal.datatype.value
    datatype, name = _datatype(iri), iri.removeprefix(XSD)
    if literal.language or (datatype is None and name == iri):
        return None
    if datatype is None:
        if meant := like(name, DATATYPES):
            return both("has a datatype that does not exist; did you mean {near}?", near=f"xsd:{meant}")
        return both("has a datatype that does not exist in XML Schema")
    found = datatype.form.fullmatch(literal.value)
    wrong = datatype.values(found) if found else None
    if found and not wrong:
        return None
    example = _meant(name, literal.value) or f'"{datatype.example}"^^{shorten(iri)}'
    reason = wrong or both("it does not have the form")
    text = marked("is no {datatype}: {reason}; it is written like {example}")
    return both(text, datatype=shorten(iri), reason=reason, example=example)


def _datatype(iri: str) -> Datatype | None:
    return ROUGH if iri == edtf.DATATYPE else DATATYPES.get(iri.removeprefix(XSD))


def _meant(name: str, value: str) -> str:
    """Return the literal that was probably meant, as files write it; nothing where there is no guessing it."""
    if day := _GERMAN_DAY.fullmatch(value.strip()):
        name, value = "date", f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    a_date = name in {*_DATES, edtf.DATATYPE}
    for other in _DATES if a_date else (name,):
        found = DATATYPES[other].form.fullmatch(value.strip())
        if found and not DATATYPES[other].values(found):
            return f'"{value.strip()}"^^xsd:{other}'
    rough = value.strip().upper()
    rough = f"..{rough}" if rough.startswith("/") else f"{rough}.." if rough.endswith("/") else rough
    return f'"{rough}"^^edtf:EDTF' if a_date and edtf.read(rough) else ""


def stand_in(literal: Literal) -> Literal:
    """Return what engines are given in place of a literal: another one where they can't hold it or don't agree about it.

    In place of one that is no literal of its datatype they get one that is, so that nothing else is found wrong with it.
    """
    name = literal.datatype.value.removeprefix(XSD)
    datatype = _datatype(literal.datatype.value)
    if datatype is None or literal.language:
        return literal
    if fault(literal):
        return Literal(datatype.example, datatype=literal.datatype)
    if datatype.held is None or datatype.held.fullmatch(literal.value):
        return literal
    if name == "decimal" and abs(Decimal(literal.value)) <= Decimal(datatype.most):
        whole, _, fraction = literal.value.partition(".")
        return Literal(f"{whole}.{fraction[:MOST_FRACTION]}", datatype=literal.datatype)
    low = literal.value.startswith(("-", "0000"))
    return Literal(datatype.least if low else datatype.most, datatype=literal.datatype)
