"""Dates and numbers, as people write them, and the literals that they mean."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.rdf import edtf
from vertragsgraph.rdf.namespaces import EDTF, XSD
from vertragsgraph.texts import LANGUAGES, locale_of

DATE: Final = XSD + "date"
DECIMAL: Final = XSD + "decimal"
_YEAR, _MONTH, _DAY = (NamedNode(XSD + name) for name in ("gYear", "gYearMonth", "date"))
_NUMERIC: Final = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_WRITTEN: Final = re.compile(r"(?:(\d{1,2})(?:\.|er|st|nd|rd|th)?\s+)?([^\W\d]+)\.?\s+(\d{4})")
_ISO: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def date_of(text: str) -> Literal | None:
    """Return the date that is meant, at the precision at which it is written; None where it is none.

    >>> date_of("3. Juni 2019").value, date_of("juin 2019").value
    ('2019-06-03', '2019-06')
    >>> date_of("31.2.2019")
    """
    text = " ".join(text.split())
    if found := _ISO.fullmatch(text):
        year, month, day = found[1], found[2], found[3]
    elif found := _NUMERIC.fullmatch(text):
        year, month, day = found[3], found[2], found[1]
    elif (found := _WRITTEN.fullmatch(text)) and (number := _months().get(found[2].casefold())):
        year, month, day = found[3], str(number), found[1]
    else:
        return Literal(text, datatype=NamedNode(EDTF + "EDTF")) if edtf.read(text) else None
    with suppress(ValueError):
        whole = date(int(year), int(month or 1), int(day or 1)).isoformat()
        return Literal(whole[: 10 if day else 7 if month else 4], datatype=_DAY if day else _MONTH if month else _YEAR)
    return None


@cache
def _months() -> dict[str, int]:
    """Return the numbers of the months by their names, whole and short, in every language of the interface."""
    return {
        name.casefold().rstrip("."): number
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for number, name in locale_of(language).months["format"][width].items()
    }


def decimal_of(text: str) -> Literal | None:
    """Return the number that is meant, whatever marks thousands and decimals; None where it is none.

    >>> [decimal_of(text).value for text in ("40.000,00", "40,000.5", "40 000", "1.500", "7,25")]
    ['40000', '40000.5', '40000', '1500', '7.25']
    >>> decimal_of("forty"), decimal_of("1.2.3")
    (None, None)
    """
    plain = re.sub(r"[\s'’]", "", text)
    if not re.fullmatch(r"\d{1,3}([.,]\d{3})*([.,]\d{1,2})?|\d+([.,]\d+)?", plain):
        return None
    whole, mark, part = re.fullmatch(r"(.*?)(?:([.,])(\d+))?", plain).groups()  # type: ignore[union-attr]
    if mark and len(part) == 3 and re.fullmatch(r"\d{1,3}([.,]\d{3})*", plain):
        whole, part = whole + part, ""
    digits, rest = re.sub(r"[.,]", "", whole).lstrip("0") or "0", (part or "").rstrip("0")
    return Literal(f"{digits}.{rest}" if rest else digits, datatype=NamedNode(DECIMAL))
