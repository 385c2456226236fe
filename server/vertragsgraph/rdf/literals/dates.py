"""Dates in words: to the day, month or year (XML Schema), and those that are known only roughly (EDTF)."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from typing import Final

from babel.dates import format_date

from vertragsgraph.rdf import edtf
from vertragsgraph.rdf.edtf import End
from vertragsgraph.texts import Language, locale_of, marked, translate

# ISO 8601 with the precision that the three datatypes of XML Schema allow; time zones are not used for contracts.
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_YEAR: Final = 4  # digits of one
_AROUND: Final = frozenset("~%")
_PRESUMABLY: Final = frozenset("?%")
_AROUND_DATE: Final = marked("around {date}")
_PRESUMED: Final = marked("presumably {date}")


def date_text(value: str, language: Language) -> str:
    """Return a day, month or year (XML Schema) in the form of a language; what is none of these as it is written.

    >>> date_text("2019-06-03", "de"), date_text("2018-10", "de"), date_text("2018", "en"), date_text("2018-09-01", "fr")
    ('3. Juni 2019', 'Oktober 2018', '2018', '1er septembre 2018')
    """
    found = _DATE.fullmatch(value)
    if not found:
        return value
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        date = datetime.date(year, month or 1, day or 1)
    except ValueError:
        return value
    if day:
        text = format_date(date, "long", locale=locale_of(language))
        # The first of a month has an ordinal number in French, of which CLDR knows nothing.
        return re.sub("^1 ", "1er ", text) if locale_of(language).language == "fr" else text
    return format_date(date, "MMMM y", locale=locale_of(language)) if month else str(year)


def rough_date_text(value: str, language: Language) -> str:
    """Return a date of EDTF in words; what is none as it is written.

    >>> [rough_date_text(date, "de") for date in ("2015~", "2015?", "201X", "../2018")]
    ['um 2015', 'vermutlich 2015', 'in den 2010er-Jahren', 'vor 2019']
    >>> [rough_date_text(date, "en") for date in ("2019-06/..", "2014/2016", "../2018-06~")]
    ['June 2019 or later', 'between 2014 and 2016', 'about June 2018 or earlier']
    """
    found = edtf.read(value)
    if found is None:
        return value
    start, end = found.start, found.end
    if start and start is end:
        return _single(start, language)
    if start and end:
        return _between(start, end, language)
    if start:
        return translate("{date} or later", language, date=_name(start, language))
    if end and len(end.text) == _YEAR and not end.qualifier:
        return translate("before {year}", language, year=end.last[0] + 1)
    return translate("{date} or earlier", language, date=_name(end, language, last=True)) if end else value


def _single(date: End, language: Language) -> str:
    """Return one date that may lack digits; of a century they are told as its first and last year."""
    decade = len(date.text) == _YEAR and date.text[-1] == "X"
    certain = replace(date, qualifier="")
    if decade and date.text[-2] == "X":
        text = _between(certain, certain, language)
    elif date.qualifier in _AROUND:
        form = marked("around the {date}s") if decade else marked("around {day}") if _is_day(date) else _AROUND_DATE
        text = translate(form, language, date=(name := _name(certain, language)), day=name)
    else:
        name = _name(certain, language)
        text = translate("in the {date}s", language, date=name) if decade else name
    return translate(_PRESUMED, language, date=text) if date.qualifier in _PRESUMABLY else text


def _between(start: End, end: End, language: Language) -> str:
    first, last = _name(start, language), _name(end, language, last=True)
    if _is_day(start) and _is_day(end):
        return translate("between {first_day} and {last_day}", language, first_day=first, last_day=last)
    return translate("between {first} and {last}", language, first=first, last=last)


def _name(date: End, language: Language, *, last: bool = False) -> str:
    """Return a date as it stands within words; where digits of its year are missing, the first or the last year it can be."""
    year = len(date.text) == _YEAR
    text = (
        f"{(date.last if last else date.first)[0]:04}" if year else date_text(date.text.partition("-XX")[0], language)
    )
    if date.qualifier in _AROUND:
        text = translate("about {date}", language, date=text)
    return translate(_PRESUMED, language, date=text) if date.qualifier in _PRESUMABLY else text


def _is_day(date: End) -> bool:
    return date.first == date.last
