"""Dates and numbers, as people write them, and the literals that they mean."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.authoring.dates import date_literal, dates
from vertragsgraph.rdf.namespaces import XSD
from vertragsgraph.texts import ENGLISH, LANGUAGES

DATE: Final = XSD + "date"
DECIMAL: Final = XSD + "decimal"
_FORMS: Final = (tuple(language for language in LANGUAGES if language != ENGLISH), (ENGLISH,))
"""In which languages a date is read: 3/6/2019 as where the day comes first, and what remains as in English."""


def date_of(text: str) -> Literal | None:
    """Return the date that is meant, at the precision at which it is written; None where it is none.

    >>> date_of("3. Juni 2019").value, date_of("juin 2019").value, date_of("June 3, 2019").value, date_of("3/6/2019").value
    ('2019-06-03', '2019-06', '2019-06-03', '2019-06-03')
    >>> date_of("31.2.2019")
    """
    text = " ".join(text.split())
    found = (
        said for languages in _FORMS for said in dates(text, languages) if (said.start, said.end) == (0, len(text))
    )
    return date_literal(text) or next((date_literal(said.value) for said in found), None)


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
