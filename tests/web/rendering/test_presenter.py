"""Numbers and amounts as pages show them: every digit, in the form of the language."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertragsgraph.linked_data.terms import Label
from vertragsgraph.rdf.literals.forms import number_text
from vertragsgraph.texts import Language
from vertragsgraph.web.rendering.presenter import Presenter, Value

LONG = "123456789012345678901234567890"


def presenter(language: Language) -> Presenter:
    return Presenter(cast(Any, SimpleNamespace()), cast(Any, None), language, cast(Any, str))


@pytest.mark.parametrize(
    ("amount", "german", "english"),
    [
        ("40000", "40.000 Euro", "40,000 euros"),
        ("40000.00", "40.000 Euro", "40,000 euros"),
        ("12500.5", "12.500,50 Euro", "12,500.50 euros"),
        ("12500.505", "12.500,505 Euro", "12,500.505 euros"),
        (LONG, "123.456.789.012.345.678.901.234.567.890 Euro", "123,456,789,012,345,678,901,234,567,890 euros"),
        ("INF", "INF EUR", "INF EUR"),
    ],
)
def test_an_amount_keeps_all_its_digits(amount: str, german: str, english: str) -> None:
    said = [presenter(language).money(amount, "EUR").replace("\N{NO-BREAK SPACE}", " ") for language in ("de", "en")]
    assert said == [german, english]


def test_currencies_have_their_names() -> None:
    said = [
        presenter("de").money(amount, currency)
        for amount, currency in (("1", "EUR"), ("2", "UAH"), ("3", "XXQ"), ("4", ""))
    ]
    assert said == ["1 Euro", "2 Ukrainische Hrywen", "3 XXQ", "4"]


def test_a_sentence_has_its_links_where_the_language_puts_them() -> None:
    rowers, canoes = (Value(Label(name, ""), f"#{name}") for name in ("Rowers", "Canoes"))
    pieces = presenter("de").sentence("Mit {b} ist {a} weg.".format, a=[rowers, canoes], b="Recht")
    assert [piece.label.text for piece in pieces] == ["Mit Recht ist ", "Rowers", " und ", "Canoes", " weg."]
    assert [piece.href for piece in pieces] == ["", "#Rowers", "", "#Canoes", ""]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=5), st.sampled_from(["de", "en"]))
def test_no_number_is_rounded(number: Decimal, language: Language) -> None:
    text = number_text(f"{number:f}", language)
    plain = text.replace(".", "").replace(",", ".") if language == "de" else text.replace(",", "")
    assert Decimal(plain) == number
