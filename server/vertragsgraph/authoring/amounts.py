"""Amounts of money in a text: the number, the currency, and what is said of it (just under, at least, up to, a year)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_name, get_currency_symbol, list_currencies

AMOUNT: Final = "schema:amount"
AT_LEAST: Final = "schema:minValue"
AT_MOST: Final = "schema:maxValue"
JUST_UNDER: Final = "vg:amountJustUnder"


class AmountSaid(NamedTuple):
    """An amount in a text: `text[start:end]`, the number, the currency (ISO 4217), and by which property a grant has it.

    `property` is "" where the words (around 40,000) say what no property does. `per` is a duration (`P1Y`) or "".
    """

    start: int
    end: int
    number: Decimal
    currency: str
    property: str = AMOUNT
    per: str = ""


_NUMBER: Final = r"\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,3})?(?!\d)"
_NOT_WITHIN: Final = r"(?<![\w.,/-])"
_MULTIPLES: Final = {
    "de": {r"Tsd\.?|Tausend": 10**3, r"Mio\.?|Mill\.|Million(?:en)?": 10**6, r"Mrd\.?|Milliarden?": 10**9},
    "en": {"thousand": 10**3, r"million|mn\.?|m": 10**6, r"billion|bn\.?": 10**9},
    "fr": {"mille": 10**3, "millions?": 10**6, "milliards?": 10**9},
}
_SAID: Final = {
    JUST_UNDER: {
        "de": "knapp|fast|beinahe|nahezu",
        "en": r"just\s+under|nearly|almost|close\s+to",
        "fr": r"presque|près\s+de|un\s+peu\s+moins\s+de",
    },
    AT_LEAST: {
        "de": r"mindestens|wenigstens|mehr\s+als|über|nicht\s+weniger\s+als",
        "en": r"at\s+least|more\s+than|over|no\s+less\s+than",
        "fr": r"au\s+moins|au\s+minimum|plus\s+de",
    },
    AT_MOST: {
        "de": r"höchstens|bis\s+zu|maximal|nicht\s+mehr\s+als",
        "en": r"up\s+to|at\s+most|no\s+more\s+than|a\s+maximum\s+of",
        "fr": r"jusqu['’]à|au\s+plus|au\s+maximum|maximum",
    },
    "": {
        "de": r"rund|etwa|circa|zirka|ca\.|ungefähr",
        "en": r"around|about|approximately|roughly|some",
        "fr": r"environ|autour\s+de|quelque|à\s+peu\s+près",
    },
}
_FROM: Final = {"de": "zwischen|von", "en": "between|from", "fr": "entre|de"}
_TO: Final = {"de": "und|bis(?:\\s+zu)?", "en": "and|to", "fr": "et|à"}
_PER: Final = {
    "P1Y": {
        "de": r"im\s+Jahr|pro\s+Jahr|je\s+Jahr|jährlich",
        "en": r"(?:a|per|each|every)\s+year|annually|yearly",
        "fr": r"par\s+an(?:née)?|chaque\s+année",
    },
    "P1M": {
        "de": r"im\s+Monat|pro\s+Monat|je\s+Monat|monatlich",
        "en": r"(?:a|per|each|every)\s+month|monthly",
        "fr": r"par\s+mois|chaque\s+mois",
    },
}
_MORE: Final = {"de": {"euros": "EUR", "d-mark": "DEM", "dm": "DEM"}, "en": {"sterling": "GBP"}}
_LOOKED_BACK: Final = 60
_MOST_DIGITS: Final = 15


def amounts(text: str, languages: Sequence[str]) -> list[AmountSaid]:
    """Return the amounts in a text that have a currency, in their order, in the words of some languages (BCP 47).

    >>> said = amounts("knapp 40.000 Euro, 1,2 Mio. € im Jahr", ["de"])
    >>> [(str(each.number), each.currency, each.property, each.per) for each in said]
    [('40000', 'EUR', 'vg:amountJustUnder', ''), ('1200000', 'EUR', 'schema:amount', 'P1Y')]
    """
    forms = _forms(tuple(dict.fromkeys(languages)))
    found = [said for match in forms.amount.finditer(text) for said in _said(text, match, forms)]
    return sorted(found)


class _Forms(NamedTuple):
    """The patterns of some languages: an amount, what stands before and behind it, a first number from which it goes on."""

    currencies: dict[str, str]
    multiples: dict[str, int]
    amount: re.Pattern[str]
    before: tuple[tuple[str, re.Pattern[str]], ...]
    first: re.Pattern[str]
    behind: tuple[tuple[str, re.Pattern[str]], ...]


@lru_cache(32)
def _forms(tags: tuple[str, ...]) -> _Forms:
    languages = tuple(dict.fromkeys(tag.partition("-")[0].lower() for tag in tags))
    currencies = {word: code for tag in (*languages, *tags) for word, code in _currencies(tag)}
    codes = "|".join(sorted(code for code in set(currencies.values())))
    words = "|".join(re.escape(word) for word in sorted(currencies, key=len, reverse=True)) or "(?!)"
    money = rf"(?:(?-i:{codes or '(?!)'})|{words})"
    multiples = {words: value for language in languages for words, value in _MULTIPLES.get(language, {}).items()}
    many = "|".join(multiples) or "(?!)"
    blank = r"[\s\u00a0\u202f]{0,2}"
    amount = (
        rf"{_NOT_WITHIN}(?:(?P<first>{money})[ \u00a0\u202f]?(?P<number1>{_NUMBER})(?:{blank}(?P<many1>{many})\b)?"
        rf"|(?P<number>{_NUMBER})(?:,[-–—]{{1,2}})?(?:{blank}(?P<many>{many}))?{blank}(?:d['’]|de\s|di\s)?(?P<money>{money})(?!\w))"
    )
    return _Forms(
        currencies,
        multiples,
        re.compile(amount, re.IGNORECASE),
        tuple((name, _pattern(rf"(?<!\w)(?:{_of(said, languages)})\s+$")) for name, said in _SAID.items()),
        _pattern(
            rf"(?<!\w)(?:{_of(_FROM, languages)})\s+(?P<number>{_NUMBER}){blank}{money}?\s+(?:{_of(_TO, languages)})\s+$"
        ),
        tuple((name, _pattern(rf"\s+(?:{_of(said, languages)})(?!\w)")) for name, said in _PER.items()),
    )


def _currencies(tag: str) -> Iterator[tuple[str, str]]:
    """Yield what currencies are called in a language, in small letters, and their signs, with their codes."""
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return
    for code in sorted(list_currencies(locale), key=lambda code: code != "EUR"):
        for count in (1, 2):
            yield get_currency_name(code, count, locale).casefold(), code
        symbol = get_currency_symbol(code, locale)
        if not symbol.isalpha() and symbol != "¤":
            yield symbol.casefold(), code
    yield from _MORE.get(locale.language, {}).items()


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _of(words: dict[str, str], languages: Sequence[str]) -> str:
    return "|".join(words[language] for language in languages if language in words) or "(?!)"


def _said(text: str, match: re.Match[str], forms: _Forms) -> Iterator[AmountSaid]:
    """Yield the amount that was found, with what is said of it, and the one from which it goes on, where there is one."""
    money = match["money"] or match["first"]
    currency = forms.currencies.get(money.casefold(), money.upper())
    many = match["many"] or match["many1"]
    multiple = next((value for words, value in forms.multiples.items() if many and _pattern(words).fullmatch(many)), 1)
    number = _number(match["number"] or match["number1"], multiple)
    if not number:
        return
    start, end, per, named = match.start(), match.end(), "", AMOUNT
    if behind := next(((name, found) for name, each in forms.behind if (found := each.match(text, end))), None):
        per, end = behind[0], behind[1].end()
    back = max(0, start - _LOOKED_BACK)
    before = text[back:start]
    if first := forms.first.search(before):
        least = _number(first["number"], multiple)
        if 0 < least < number:
            yield AmountSaid(back + first.start(), back + first.end("number"), least, currency, AT_LEAST, per)
            named = AT_MOST
    elif said := next(((name, found) for name, each in forms.before if (found := each.search(before))), None):
        named, start = said[0], back + said[1].start()
    yield AmountSaid(start, end, number, currency, named, per)


def _number(written: str, multiple: int) -> Decimal:
    """Return the number that is written, whichever of full stop and comma separates the thousands; 0 for what is no amount.

    >>> [str(_number(written, 1)) for written in ("40.000", "40,000.50", "12 500,50", "1.5")], str(_number("1,234", 10**6))
    (['40000', '40000.50', '12500.50', '1.5'], '1234000')
    """
    *groups, last = re.split("[.,]", re.sub(r"[\s\u00a0\u202f'’]", "", written))
    if len(last) + sum(map(len, groups)) > _MOST_DIGITS:
        return Decimal(0)
    whole = not groups or (len(last) == 3 and (len(groups) > 1 or multiple == 1))
    number = Decimal("".join((*groups, last)) if whole else f"{''.join(groups)}.{last}") * multiple
    return number.quantize(Decimal(1)) if number == number.to_integral() else number
