"""The form that the text of a literal has in a language, by its datatype."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Final

from babel.dates import format_datetime
from babel.numbers import format_decimal

from vertragsgraph.rdf import edtf
from vertragsgraph.rdf.literals.dates import date_text, rough_date_text
from vertragsgraph.rdf.literals.durations import duration_text
from vertragsgraph.rdf.namespaces import XSD
from vertragsgraph.texts import Language, locale_of, translate

_NUMBERS: Final = {
    XSD + name for name in ("decimal", "double", "integer", "nonNegativeInteger", "positiveInteger", "int", "long")
}

DECIMAL: Final = re.compile(r"[+-]?([0-9]+)(?:\.[0-9]+)?")


def literal_text(value: str, datatype: str, language: Language) -> str:
    """Return a literal's text: dates, durations, numbers, yes and no in the form of a language, all else as it is written.

    >>> literal_text("2018-10", XSD + "gYearMonth", "de"), literal_text("true", XSD + "boolean", "fr")
    ('Oktober 2018', 'oui')
    """
    if form := _FORMS.get(datatype):
        return form(value, language)
    if datatype == XSD + "boolean":
        return translate("yes", language) if value in {"true", "1"} else translate("no", language)
    return value


def instant_text(value: str, language: Language) -> str:
    """Return an instant (xsd:dateTime) in the form of a language, in its own time zone; what is none as it is written.

    >>> instant_text("2026-11-26T12:00:00+01:00", "de"), instant_text("noon", "de")
    ('26. November 2026, 12:00:00 +0100', 'noon')
    """
    try:
        instant = datetime.datetime.fromisoformat(value)
    except ValueError:
        return value
    return format_datetime(instant, "long", tzinfo=instant.tzinfo, locale=locale_of(language))


def number_text(value: str, language: Language) -> str:
    """Return a number (xsd:decimal or a kind of it) in the form of a language, with all its digits.

    Thousands are set apart from five digits on, so that what may be a year is not.

    >>> number_text("3.14159", "de"), number_text("2018", "de"), number_text("40000", "de"), number_text("INF", "de")
    ('3,14159', '2018', '40.000', 'INF')
    """
    found = DECIMAL.fullmatch(value)
    if not found:
        return value
    with localcontext(prec=len(value) + 3):  # Babel computes with three decimals, whether there are any or not
        return format_decimal(
            Decimal(value), locale=locale_of(language), decimal_quantization=False, group_separator=len(found[1]) > 4
        )


_FORMS: Final[dict[str, Callable[[str, Language], str]]] = {
    **dict.fromkeys((XSD + name for name in ("date", "gYearMonth", "gYear")), date_text),
    edtf.DATATYPE: rough_date_text,
    XSD + "dateTime": instant_text,
    XSD + "duration": duration_text,
    **dict.fromkeys(_NUMBERS, number_text),
}
