"""Words of a text that a quotation spells otherwise are found, and what differs is named."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertragsgraph.gate.checks.spelling import difference, elsewhere

TEXT = "Anfang. Das Land – und „seine“ Verträge – gilt\u00a0am 4.\u00a0Mai, Fach\u00adkräfte. Ende"


@pytest.mark.parametrize(
    ("exact", "there", "said"),
    [
        ("am 4. Mai", "am 4.\u00a0Mai", "the text has U+00A0 where the quotation has U+0020"),
        ("Land - und", "Land – und", "“–” (U+2013) where the quotation has “-” (U+002D)"),
        ('"seine"', "„seine“", '“„” (U+201E) where the quotation has “"” (U+0022)'),
        ("Fachkräfte", "Fach\u00adkräfte", "U+00AD where the quotation has “k” (U+006B)"),
        ("das land", "Das Land", "“D” (U+0044) where the quotation has “d” (U+0064)"),
        (unicodedata.normalize("NFD", "Verträge"), "Verträge", "save its file in Unicode's normal form NFC"),
    ],
)
def test_what_differs_is_named(exact: str, there: str, said: str) -> None:
    place = elsewhere(TEXT, exact, 0)
    assert place
    assert TEXT[slice(*place)] == there
    assert said in difference(there, exact)["en"]


def test_a_decomposed_text() -> None:
    text = unicodedata.normalize("NFD", "Über Verträge über Teilhabe")
    place = elsewhere(text, "über", 10)
    assert place
    assert text[slice(*place)] == unicodedata.normalize("NFD", "über")
    assert "normal form NFD); quote it as it is" in difference(text[slice(*place)], "über")["en"]


def test_other_words_are_not_found() -> None:
    assert elsewhere(TEXT, "am 5. Mai", 0) is None
    assert elsewhere(TEXT, "\u00ad", 0) is None


@given(st.text(max_size=12), st.text(min_size=1, max_size=6), st.text(max_size=12))
def test_what_is_there_is_found_and_named_in_any_normal_form(before: str, words: str, after: str) -> None:
    for form in ("NFC", "NFD"):
        there = unicodedata.normalize(form, words)
        place = elsewhere(f"{before}{there}{after}", words, len(before))
        if place and there != words:
            assert difference(there, words)["en"]
