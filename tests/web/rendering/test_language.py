"""The language of a page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertragsgraph.http.language import from_accept_language
from vertragsgraph.texts import spoken

SPOKEN = spoken(["de", "en"])


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "de"),
        ("*", "de"),
        ("en", "en"),
        ("EN-gb", "en"),
        ("de-AT,en;q=0.9", "de"),
        ("de;q=0.2, en;q=0.7", "en"),
        ("fr, it", "de"),
        ("fr, en;q=0.1", "en"),
        ("en;q=0", "de"),
        ("en;q=nonsense, de;q=0.1", "en"),
        ("de;q=.5,en;q=0.9999", "en"),
    ],
)
def test_the_best_language_wins(header: str, language: str) -> None:
    assert from_accept_language(header, SPOKEN) == language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "fr"),
        ("nl-BE, de;q=0.9", "fr"),
        ("fr-CH;q=0.2, en;q=0.1", "fr"),
        ("en-US, de;q=0.9", "en"),
        ("de-AT", "fr"),
    ],
)
def test_the_register_says_which_there_are_and_which_comes_first(header: str, language: str) -> None:
    assert from_accept_language(header, spoken(["fr-BE", "nl", "en-GB"])) == language


@given(st.text())
def test_any_header_gives_a_language(header: str) -> None:
    assert from_accept_language(header, SPOKEN) in SPOKEN
