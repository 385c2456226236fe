"""Values in the form of a language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertragsgraph.web.authorities import authority_of
from vertragsgraph.web.values import date_text
from vertragsgraph.web.ways import Way


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        ("2019-06-03", "3. Juni 2019", "3 June 2019"),
        ("2018-10", "Oktober 2018", "October 2018"),
        ("2018", "2018", "2018"),
        ("2019-02-30", "2019-02-30", "2019-02-30"),
        ("spring", "spring", "spring"),
        ("0000", "0000", "0000"),
    ],
)
def test_dates(value: str, german: str, english: str) -> None:
    assert date_text(value, "de") == german
    assert date_text(value, "en") == english


@given(st.text())
def test_any_text_is_a_date_or_stays(value: str) -> None:
    assert isinstance(date_text(value, "de"), str)


@given(st.text())
def test_any_text_may_be_asked_for_its_authority(iri: str) -> None:
    name, _ = authority_of(iri)
    assert isinstance(name, str)


def test_references_stay_relative() -> None:
    assert Way("../", "")("contracts", year="2018", topic="") == "../contracts?year=2018"
    assert Way("", "en")() == "./?lang=en"
