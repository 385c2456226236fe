"""Dates that are known only roughly, by themselves: form, bounds, year and order, in Python and in SPARQL alike."""

from __future__ import annotations

import re

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertragsgraph.rdf import edtf

DATES = {
    "2015": ((2015, 1, 1), (2015, 12, 31)),
    "2016-02": ((2016, 2, 1), (2016, 2, 29)),
    "2019-06-03": ((2019, 6, 3), (2019, 6, 3)),
    "2015-XX": ((2015, 1, 1), (2015, 12, 31)),
    "2015-XX-XX": ((2015, 1, 1), (2015, 12, 31)),
    "2015-06-XX": ((2015, 6, 1), (2015, 6, 30)),
    "201X": ((2010, 1, 1), (2019, 12, 31)),
    "20XX": ((2000, 1, 1), (2099, 12, 31)),
    "../2018": (None, (2018, 12, 31)),
    "2019-06/..": ((2019, 6, 1), None),
    "2014/2016": ((2014, 1, 1), (2016, 12, 31)),
    "201X/2021-03-04": ((2010, 1, 1), (2021, 3, 4)),
    # what is approximate or uncertain can lie elsewhere
    "2015~": (None, None),
    "2015-06?": (None, None),
    "201X%": (None, None),
    "2014~/2016": (None, (2016, 12, 31)),
    "2014/2016?": ((2014, 1, 1), None),
}
NONE = [
    "", "15", "20155", "2015-13", "2019-02-29", "2015-00", "2015-1X", "2015-XX-04", "XXXX", "2XXX", "2015~~", "~2015", "2015-~06",
    "/2018", "2018/", "..", "../..", "2014/2015/2016", "2016/2014", "2014-06/2014-05", "Y17000", "-0044", "2015-21", "2015Z",
    "[2014,2016]", "{2014,2016}", "2015-06-03T12:00:00", " 2015", "2015\n", "２０１５", "201x", "2015/open",
]  # fmt: skip


@pytest.mark.parametrize(("text", "bounds"), DATES.items())
def test_bounds(text: str, bounds: tuple[edtf.Day | None, edtf.Day | None]) -> None:
    found = edtf.read(text)
    assert found
    assert found.bounds == bounds
    assert re.fullmatch(edtf.PATTERN, text)


@pytest.mark.parametrize("text", NONE)
def test_what_is_none(text: str) -> None:
    assert edtf.read(text) is None


@given(st.one_of(st.from_regex(edtf.PATTERN, fullmatch=True), st.text("0123456789X-/.?~%", max_size=24)))
def test_whatever_has_the_form_is_read_unless_the_calendar_is_against_it(text: str) -> None:
    found = edtf.read(text)
    if found:
        assert re.fullmatch(edtf.PATTERN, text)
        assert found.span[0] <= found.span[1]
    elif re.fullmatch(edtf.PATTERN, text):
        months = {int(month) for month in re.findall(r"\d{4}-(\d\d)", text)}
        days = {int(day) for day in re.findall(r"\d{4}-\d\d-(\d\d)", text)}
        assert "/" in text or months - {*range(1, 13)} or days - {*range(1, 29)}


YEARS = {
    "2019-06-03": "2019", "2018": "2018", "2018Z": "2018", "2018-05:00": "2018", "2015~": "2015", "2015?": "2015",
    "2015-XX": "2015", "2015-03/2015-05": "2015", "201X": "", "20XX": "", "2014/2016": "", "../2018": "", "2019/..": "",
    "12019": "", "-0044": "", "": "",
}  # fmt: skip


def asked(expression: str, text: str) -> list[str]:
    query = f"SELECT ?value WHERE {{ VALUES ?date {{ {pyoxigraph.Literal(text)} }} {expression} }}"
    return [row["value"].value for row in pyoxigraph.Store().query(query)]  # type: ignore[union-attr]


@pytest.mark.parametrize(("text", "year"), YEARS.items())
def test_the_year_is_the_same_in_sparql(text: str, year: str) -> None:
    assert edtf.year_of(text) == year
    assert asked(edtf.year_pattern("?date", "?value"), text) == ([year] if year else [])


@pytest.mark.parametrize("text", [*DATES, *YEARS])
def test_the_order_is_the_same_in_sparql(text: str) -> None:
    assert asked(f"BIND ({edtf.order_expression('?date')} AS ?value)", text) == [edtf.order_of(text)]
