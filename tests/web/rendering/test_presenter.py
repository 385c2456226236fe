"""Numbers and amounts as pages show them: every digit, in the form of the language."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertragsgraph.texts import Language
from vertragsgraph.web.rendering.presenter import Presenter, number_text

LONG = "123456789012345678901234567890"


def presenter(language: Language) -> Presenter:
    return Presenter(cast(Any, SimpleNamespace()), cast(Any, None), language, cast(Any, str))


@pytest.mark.parametrize(
    ("amount", "german", "english"),
    [
        ("40000", "40.000 EUR", "EUR 40,000"),
        ("40000.00", "40.000 EUR", "EUR 40,000"),
        ("12500.5", "12.500,50 EUR", "EUR 12,500.50"),
        ("12500.505", "12.500,505 EUR", "EUR 12,500.505"),
        (LONG, "123.456.789.012.345.678.901.234.567.890 EUR", "EUR 123,456,789,012,345,678,901,234,567,890"),
        ("INF", "INF EUR", "INF EUR"),
    ],
)
def test_an_amount_keeps_all_its_digits(amount: str, german: str, english: str) -> None:
    said = [presenter(language).money(amount, "EUR").replace("\N{NO-BREAK SPACE}", " ") for language in ("de", "en")]
    assert said == [german, english]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=5), st.sampled_from(["de", "en"]))
def test_no_number_is_rounded(number: Decimal, language: Language) -> None:
    text = number_text(f"{number:f}", language)
    plain = text.replace(".", "").replace(",", ".") if language == "de" else text.replace(",", "")
    assert Decimal(plain) == number
