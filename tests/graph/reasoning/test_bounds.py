from __future__ import annotations

import pytest

from vertragsgraph.graph.reasoning.bounds import bounds
from vertragsgraph.rdf.edtf import DATATYPE
from vertragsgraph.rdf.namespaces import VG, XSD


def span(*dates: str) -> list[str]:
    """Return the bounds of a subject with these dates, each written as `value^^type`."""
    terms = (f'"{value}"^^<{XSD}{kind}>' for value, _, kind in (date.partition("^^") for date in dates))
    lines = list(bounds(f"<urn:s> <urn:p> {term} .\n".encode() for term in terms))
    assert [line.split()[1].decode() for line in lines] == [f"<{VG}earliest>", f"<{VG}latest>"][: len(lines)]
    assert all(line.endswith(f"^^<{XSD}date> .\n".encode()) for line in lines)
    return [line.split(b'"')[1].decode() for line in lines]


@pytest.mark.parametrize(
    ("date", "earliest", "latest"),
    [
        ("2018^^gYear", "2018-01-01", "2018-12-31"),
        ("2019-04^^gYearMonth", "2019-04-01", "2019-04-30"),
        ("2019-02^^gYearMonth", "2019-02-01", "2019-02-28"),
        ("2020-02^^gYearMonth", "2020-02-01", "2020-02-29"),
        ("1900-02^^gYearMonth", "1900-02-01", "1900-02-28"),
        ("2000-02^^gYearMonth", "2000-02-01", "2000-02-29"),
        ("2019-06-03^^date", "2019-06-03", "2019-06-03"),
        # of a time the day, as it is written where it comes from
        ("2019-06-03T23:30:00^^dateTime", "2019-06-03", "2019-06-03"),
        ("2019-06-03T23:30:00.5-08:00^^dateTime", "2019-06-03", "2019-06-03"),
        ("2019-06-03T00:30:00Z^^dateTimeStamp", "2019-06-03", "2019-06-03"),
        ("2019-06-03+02:00^^date", "2019-06-03", "2019-06-03"),
        ("2018Z^^gYear", "2018-01-01", "2018-12-31"),
        ("2018-05:00^^gYear", "2018-01-01", "2018-12-31"),
        ("2018-05-05:00^^gYearMonth", "2018-05-01", "2018-05-31"),
        # years that no calendar of Python has
        ("12024-02^^gYearMonth", "12024-02-01", "12024-02-29"),
        ("-0044-03^^gYearMonth", "-0044-03-01", "-0044-03-31"),
        ("0000-02^^gYearMonth", "0000-02-01", "0000-02-29"),
    ],
)
def test_a_date_lies_between_days(date: str, earliest: str, latest: str) -> None:
    assert span(date) == [earliest, latest]


@pytest.mark.parametrize(
    "text",
    ["2018-13^^gYearMonth", "about 2018^^date", "2018^^string", "--06^^gMonth", "18^^gYear", "٢٠١٨^^gYear", "^^date"],
)
def test_what_is_no_date_has_no_bounds(text: str) -> None:
    assert span(text) == []


def test_several_dates_lie_all_between_the_bounds() -> None:
    assert span("2018^^gYear", "2018-05-09^^date") == ["2018-01-01", "2018-12-31"]
    assert span("2019-06-03^^date", "2018-10^^gYearMonth") == ["2018-10-01", "2019-06-03"]
    assert span("0999^^gYear", "12024^^gYear", "-0044^^gYear", "unknown^^string") == ["-0044-01-01", "12024-12-31"]


def test_each_subject_has_its_own() -> None:
    year = '"{}"^^<http://www.w3.org/2001/XMLSchema#gYear> .\n'
    lines = [f"<urn:{name}> <urn:p> {year.format(of)}".encode() for name, of in (("a", 2018), ("a", 2019), ("b", 2020))]
    assert [line.split(b" ")[0] for line in bounds(lines)] == [b"<urn:a>", b"<urn:a>", b"<urn:b>", b"<urn:b>"]


ROUGH = {
    ("../2018",): {"latest": "2018-12-31"},
    ("2019/..",): {"earliest": "2019-01-01"},
    ("201X",): {"earliest": "2010-01-01", "latest": "2019-12-31"},
    ("2015~",): {},
    ("no date",): {},
    ("2014", "2016-02"): {"earliest": "2014-01-01", "latest": "2016-02-29"},
    ("2014", "2019/.."): {"earliest": "2014-01-01"},
    ("2014", "2019~"): {},
}


@pytest.mark.parametrize(("dates", "expected"), ROUGH.items())
def test_dates_that_are_known_only_roughly_have_the_bounds_that_they_say(
    dates: tuple[str, ...], expected: dict[str, str]
) -> None:
    lines = [line.decode() for line in bounds(f'<urn:s> <urn:p> "{date}"^^<{DATATYPE}> .\n'.encode() for date in dates)]
    found = {line.split("#")[1].split(">")[0]: line.split('"')[1] for line in lines}
    assert found == expected
