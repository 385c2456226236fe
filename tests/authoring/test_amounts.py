from __future__ import annotations

import pytest

from vertragsgraph.authoring.amounts import amounts


def said(text: str, *languages: str) -> list[tuple[str, str, str, str, str]]:
    return [
        (text[each.start : each.end], f"{each.number:f}", each.currency, each.property.partition(":")[2], each.per)
        for each in amounts(text, languages)
    ]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("mit 40.000 Euro", "de", ("40.000 Euro", "40000", "EUR", "amount", "")),
        ("mit knapp 40.000 Euro", "de", ("knapp 40.000 Euro", "40000", "EUR", "amountJustUnder", "")),
        ("1,2 Mio. € im Jahr", "de", ("1,2 Mio. € im Jahr", "1200000", "EUR", "amount", "P1Y")),
        ("3 Milliarden Euro", "de", ("3 Milliarden Euro", "3000000000", "EUR", "amount", "")),
        ("EUR 1.234,50 monatlich", "de", ("EUR 1.234,50 monatlich", "1234.50", "EUR", "amount", "P1M")),
        ("500,- €", "de", ("500,- €", "500", "EUR", "amount", "")),
        ("bis zu 5'000 Schweizer Franken", "de", ("bis zu 5'000 Schweizer Franken", "5000", "CHF", "maxValue", "")),
        ("mindestens 5.000 Euro", "de", ("mindestens 5.000 Euro", "5000", "EUR", "minValue", "")),
        ("rund 5.000 Euro", "de", ("rund 5.000 Euro", "5000", "EUR", "", "")),
        ("12 500,50 euros", "fr", ("12 500,50 euros", "12500.50", "EUR", "amount", "")),
        ("2,5 millions d'euros par an", "fr", ("2,5 millions d'euros par an", "2500000", "EUR", "amount", "P1Y")),
        ("jusqu'à 40 000 €", "fr", ("jusqu'à 40 000 €", "40000", "EUR", "maxValue", "")),
        ("près de 40 000 euros", "fr", ("près de 40 000 euros", "40000", "EUR", "amountJustUnder", "")),
        ("just under £40,000 a year", "en", ("just under £40,000 a year", "40000", "GBP", "amountJustUnder", "P1Y")),
        ("1.5 million US dollars", "en", ("1.5 million US dollars", "1500000", "USD", "amount", "")),
        ("25.000 euro", "nl", ("25.000 euro", "25000", "EUR", "amount", "")),
    ],
)
def test_an_amount(text: str, language: str, found: tuple[str, str, str, str, str]) -> None:
    assert said(text, language) == [found]


@pytest.mark.parametrize(
    ("text", "language", "first", "second"),
    [
        ("zwischen 5.000 und 8.000 Euro", "de", "zwischen 5.000", "8.000 Euro"),
        ("von 5.000 bis 8.000 Euro", "de", "von 5.000", "8.000 Euro"),
        ("entre 5 000 et 8 000 euros", "fr", "entre 5 000", "8 000 euros"),
        ("between €5,000 and €8,000", "en", None, "€8,000"),
    ],
)
def test_from_one_to_another(text: str, language: str, first: str | None, second: str) -> None:
    found = said(text, language)
    assert (second, "8000", "EUR") in [each[:3] for each in found]
    if first:
        assert found == [(first, "5000", "EUR", "minValue", ""), (second, "8000", "EUR", "maxValue", "")]


@pytest.mark.parametrize(
    "text", ["40.000 Menschen", "40.000", "0 Euro", "S1-2019 Euro", "Euro", "40 eur.opäische", f"{'1' * 40} Euro"]
)
def test_what_is_no_amount(text: str) -> None:
    assert said(text, "de") == []


def test_a_code_stands_in_capitals_and_is_known_in_every_language() -> None:
    assert said("1 500 000 UAH", "fr") == [("1 500 000 UAH", "1500000", "UAH", "amount", "")]
    assert said("3 all", "en") == []
