"""Dates in a text, as EDTF: days, months and years, and what is said of them (around, before, after, between)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import zip_longest
from typing import Final, NamedTuple

from babel import Locale, UnknownLocaleError
from babel.dates import get_month_names
from pyoxigraph import Literal, NamedNode

from vertragsgraph.rdf import edtf
from vertragsgraph.rdf.namespaces import XSD


class DateSaid(NamedTuple):
    """A date in a text: `text[start:end]`, its value as EDTF, how surely it is one (0 to 100)."""

    start: int
    end: int
    value: str
    score: int


_DAY: Final = r"(?<![\w.,/–-])(?P<day>0?[1-9]|[12]\d|3[01])"
_YEAR: Final = r"(?P<year>1[5-9]\d\d|20\d\d)(?![\w/]|[.,–-]\d)"
_DAY_SCORE, _MONTH_SCORE, _YEAR_SCORE = 95, 90, 70

# What stands before a date, by language: the words, and the years, decades and so on that may stand between.
_ABOUT: Final = {
    "de": r"um|etwa|ungefähr|circa|ca\.|gegen|schätzungsweise",
    "en": r"around|about|circa|ca?\.|approximately",
    "fr": r"vers|environ|autour\s+d[eu]|aux\s+alentours\s+d[eu]",
}
_BEFORE: Final = {"de": "vor", "en": r"before|prior\s+to", "fr": "avant"}
_AFTER: Final = {"de": "nach", "en": "after", "fr": "après"}
_BETWEEN: Final = {"de": "zwischen", "en": "between", "fr": "entre"}
_AND: Final = {"de": "und", "en": "and", "fr": "et"}
_ARTICLES: Final = {
    "de": r"(?:dem|den|das)\s+(?:Jahr\w*\s+)?",
    "en": r"the\s+(?:years?\s+)?",
    "fr": r"(?:le\s+|l['’])(?:année\s+)?",
}
_DECADES: Final = {
    "de": r"(?<![\w.,/–-])(?P<decade>1[5-9]\d|20\d)0er(?:n)?(?:[\s-]*Jahren?)?\b",
    "en": r"(?<=\bthe\s)(?P<decade>1[5-9]\d|20\d)0['’]?s\b",
    "fr": r"(?<=\bannées\s)(?P<decade>1[5-9]\d|20\d)0\b",
}
_LOOKED_BACK: Final = 40
_BY_LENGTH: Final = {4: "gYear", 7: "gYearMonth", 10: "date"}


def dates(text: str, languages: Sequence[str]) -> list[DateSaid]:
    """Return the dates in a text, in their order, in the forms of some languages (BCP 47); none where no language is known.

    What has no year is left out, and so is what may be one of two days (02/03/2019 in English).

    >>> [(said.value, said.start) for said in dates("Am 3. Juni 2019, um 2015 und vor Mai 2018", ["de"])]
    [('2019-06-03', 3), ('2015~', 17), ('../2018-04', 29)]
    """
    forms = _forms(tuple(dict.fromkeys(tag.partition("-")[0].lower() for tag in languages)), tuple(languages))
    found: list[DateSaid] = []
    covered = bytearray(len(text))
    for pattern in forms.patterns:
        for match in pattern.finditer(text):
            said = _said(match, forms)
            if said and not any(covered[said.start : said.end]):
                covered[said.start : said.end] = b"\1" * (said.end - said.start)
                found.append(said)
    return list(_joined(text, [_qualified(text, said, forms) for said in sorted(found)], forms))


def date_literal(text: str) -> Literal | None:
    """Return a date as data have it: a day, month or year of XML Schema, or EDTF; None where it is no date."""
    if not edtf.read(text):
        return None
    is_plain = re.fullmatch(r"[\d-]+", text) and len(text) in _BY_LENGTH
    return Literal(text, datatype=NamedNode(XSD + _BY_LENGTH[len(text)] if is_plain else edtf.DATATYPE))


class _Forms(NamedTuple):
    """The patterns of some languages: dates, most precise first; what stands before them; between which two dates."""

    months: dict[str, int]
    patterns: tuple[re.Pattern[str], ...]
    before: re.Pattern[str]
    between: re.Pattern[str]
    both: re.Pattern[str]


@lru_cache(32)
def _forms(languages: tuple[str, ...], tags: tuple[str, ...]) -> _Forms:
    months = {name: number for tag in (*languages, *tags) for name, number in _months(tag)}
    month = f"(?P<month>{_either(map(re.escape, months))})\\.?" if months else "(?!)"
    ordinal = r"(?:\.|er|st|nd|rd|th)?"
    # In English, the month may come first.
    slashed = _DAY if "en" not in languages else r"(?<![\w.,/–-])(?P<day>1[3-9]|2\d|3[01])"
    patterns = [
        rf"{_DAY}{ordinal}\s{{0,3}}(?:of\s+)?(?<![^\W\d_]){month},?\s{{1,3}}{_YEAR}",
        rf"(?<![\w]){month}\s+(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?,?\s+{_YEAR}"
        if "en" in languages
        else "(?!)",
        rf"{_DAY}\.\s?(?P<number>0?[1-9]|1[0-2])\.\s?{_YEAR}",
        rf"{slashed}/(?P<number>0?[1-9]|1[0-2])/{_YEAR}",
        r"(?<![\w.,/–-])(?P<year>1[5-9]\d\d|20\d\d)-(?P<number>0[1-9]|1[0-2])(?:-(?P<day>0[1-9]|[12]\d|3[01]))?(?![\w/]|[.,–-]\d)",
        rf"(?<!\w){month},?\s{{1,3}}{_YEAR}",
        *(_DECADES[language] for language in languages if language in _DECADES),
        rf"(?<![\w.,/–§-])(?<!n°\s)(?<!Nr\.\s){_YEAR}",
    ]
    article = f"(?:{_of(_ARTICLES, languages)})?"
    said = (f"(?P<{name}>{_of(words, languages)})" for name, words in _WORDS.items())
    return _Forms(
        months,
        tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns),
        re.compile(rf"(?<!\w)(?:{'|'.join(said)})\s+{article}$", re.IGNORECASE),
        re.compile(rf"(?<!\w)(?:{_of(_BETWEEN, languages)})\s+{article}$", re.IGNORECASE),
        re.compile(rf"\s+(?:{_of(_AND, languages)})\s+{article}", re.IGNORECASE),
    )


_WORDS: Final = {"about": _ABOUT, "before": _BEFORE, "after": _AFTER}


def _months(tag: str) -> Iterator[tuple[str, int]]:
    """Yield the names of the months in a language, also the short ones, in small letters without a full stop."""
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return
    for width in ("abbreviated", "wide"):
        for context in ("stand-alone", "format"):
            for number, name in get_month_names(width, context, locale).items():
                yield str(name).casefold().rstrip("."), number


def _of(words: dict[str, str], languages: Sequence[str]) -> str:
    return "|".join(words[language] for language in languages if language in words) or "(?!)"


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def _said(match: re.Match[str], forms: _Forms) -> DateSaid | None:
    """Return the date that a pattern has found; None where the calendar has no such day."""
    parts = match.groupdict()
    if decade := parts.get("decade"):
        return DateSaid(match.start(), match.end(), f"{decade}X", _MONTH_SCORE)
    name = parts.get("month")
    month = forms.months[name.casefold()] if name else int(parts.get("number") or 0)
    value = parts["year"] + (f"-{month:02}" if month else "") + (f"-{int(day):02}" if (day := parts.get("day")) else "")
    score = (_YEAR_SCORE, _MONTH_SCORE, _DAY_SCORE)[value.count("-")]
    return DateSaid(match.start(), match.end(), value, score) if edtf.read(value) else None


def _qualified(text: str, said: DateSaid, forms: _Forms) -> DateSaid:
    """Return a date with what stands before it: around, before, after."""
    back = max(0, said.start - _LOOKED_BACK)
    match = forms.before.search(text[back : said.start])
    if not match or "X" in said.value:
        return said
    start = back + match.start()
    if match["about"]:
        return DateSaid(start, said.end, f"{said.value}~", said.score)
    value = f"../{_beside(said.value, -1)}" if match["before"] else f"{_beside(said.value, 1)}/.."
    return DateSaid(start, said.end, value, said.score)


def _beside(value: str, step: int) -> str:
    """Return the day, month or year before or after another.

    >>> _beside("2019", -1), _beside("2019-01", -1), _beside("2019-12-31", 1)
    ('2018', '2018-12', '2020-01-01')
    """
    numbers = [int(part) for part in value.split("-")]
    if len(numbers) == 1:
        return f"{numbers[0] + step:04}"
    if len(numbers) == 2:
        year, month = divmod(numbers[0] * 12 + numbers[1] - 1 + step, 12)
        return f"{year:04}-{month + 1:02}"
    return (date(*numbers) + timedelta(step)).isoformat()


def _joined(text: str, found: list[DateSaid], forms: _Forms) -> Iterator[DateSaid]:
    """Yield dates; of two between which something happened, the interval."""
    pairs = zip_longest(found, found[1:])
    for said, other in pairs:
        back = max(0, said.start - _LOOKED_BACK)
        match = forms.between.search(text[back : said.start])
        if match and other and forms.both.fullmatch(text[said.end : other.start]):
            value = f"{said.value}/{other.value}"
            if edtf.read(value):
                yield DateSaid(back + match.start(), other.end, value, min(said.score, other.score))
                next(pairs, None)
                continue
        yield said
