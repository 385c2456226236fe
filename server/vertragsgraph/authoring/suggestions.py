"""What a text may tell: names that the register knows, dates, amounts. Never facts: each is for a keeper to confirm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vertragsgraph.authoring.amounts import amounts
from vertragsgraph.authoring.dates import dates
from vertragsgraph.authoring.names import Named, Names

DATE: Final = "date"
AMOUNT: Final = "amount"
_SURE: Final = 90  # of an amount whose words a property has; of any other it isn't said
_UNSURE: Final = 70


@dataclass(frozen=True, order=True)
class Suggestion:
    """A passage, `text[start:end]`, and what it may mean, as surely as `score` says (0 to 100).

    `kind` is that of a resource, whose IRI is `iri` and which is called `label`; or `date`, whose `value` is EDTF; or `amount`:
    then `value` is the number, `currency` its code (ISO 4217), `property` that by which a grant has such an amount ("" where
    none says what the text does, as around 40,000), and `per` the duration for which it is paid, or "".
    """

    start: int
    end: int
    kind: str
    iri: str = ""
    value: str = ""
    label: str = ""
    score: int = 0
    currency: str = ""
    property: str = ""
    per: str = ""


def suggestions(text: str, names: Names, languages: Sequence[str]) -> list[Suggestion]:
    """Return what a text in some languages (BCP 47) may tell, in its order; labels are in the first of them that there is.

    A passage may have several suggestions, if several resources have one name. Takes time in proportion to the text.
    """
    found = [
        Suggestion(start, end, named.kind, named.iri, label=_label(named, languages), score=score)
        for start, end, named, score in names.mentions(text)
    ]
    money = [
        Suggestion(
            said.start,
            said.end,
            AMOUNT,
            value=f"{said.number:f}",
            label=text[said.start : said.end],
            score=_SURE if said.property else _UNSURE,
            currency=said.currency,
            property=said.property,
            per=said.per,
        )
        for said in amounts(text, languages)
    ]
    paid = bytearray(len(text))
    for each in money:
        paid[each.start : each.end] = b"\1" * (each.end - each.start)
    days = [
        Suggestion(start, end, DATE, value=value, label=text[start:end], score=score)
        for start, end, value, score in dates(text, languages)
        if not any(paid[start:end])  # 2019 Euro are no year
    ]
    return sorted((*found, *money, *days), key=lambda each: (each.start, -each.end, -each.score, each.iri))


def _label(named: Named, languages: Sequence[str]) -> str:
    """Return what a resource is called in the first of some languages in which it has a name, else its first name."""
    in_language = dict(reversed([(language, name) for name, language in named.names]))
    return next((in_language[tag] for tag in languages if tag in in_language), named.names[0][0])
