"""What a grant comes to in all: bounds that follow from its amounts, its period and its term."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertragsgraph.graph.reasoning.rules import TYPE
from vertragsgraph.graph.reasoning.totals import periods, totals
from vertragsgraph.rdf.namespaces import SCHEMA, VG, XSD

GRANT = {f"{TYPE} <{VG}Grant>": f"<{VG}Grant>"}
OF_SCHEMA = ("amount", "minValue", "maxValue", "startDate", "endDate")


def literal(text: str) -> bytes:
    value, _, kind = text.partition("^^")
    return f'"{value}"^^<{XSD}{kind or "decimal"}>'.encode()


def total(**said: str | list[str]) -> tuple[str | None, str | None]:
    """Return the bounds of a grant of which this is said: the least and the most that it comes to."""
    values = {name.encode(): [value.encode()] for name, value in GRANT.items()}
    for name, texts in said.items():
        iri = f"<{SCHEMA if name in OF_SCHEMA else VG}{name}>".encode()
        values[iri] = [literal(text) for text in ([texts] if isinstance(texts, str) else texts)]
    lines = [line.decode() for line in totals(b"<urn:g>", values)]
    assert all(line.endswith(f"^^<{XSD}decimal> .\n") for line in lines)
    found = {line.split()[1]: line.split('"')[1] for line in lines}
    return found.get(f"<{VG}totalAtLeast>"), found.get(f"<{VG}totalAtMost>")


@pytest.mark.parametrize(
    ("said", "least", "most"),
    [
        ({"amount": "40000"}, "40000", "40000"),
        ({"amountJustUnder": "40000"}, None, "40000"),
        ({"minValue": "5000"}, "5000", None),
        ({"maxValue": "9000.50"}, None, "9000.5"),
        ({"minValue": "5000", "maxValue": "9000"}, "5000", "9000"),
        ({}, None, None),
        ({"startDate": "2021^^gYear"}, None, None),
        # per period, only with a term
        ({"amount": "40000", "amountPer": "P1Y^^duration"}, None, None),
        ({"amount": "40000", "amountPer": "P1Y^^duration", "startDate": "2021^^gYear"}, None, None),
        # sources that differ: all that they say lies between
        ({"amount": ["40000", "45000"]}, "40000", "45000"),
        # twenty digits, which binary numbers don't hold
        ({"amount": "12345678901234567890.01"}, "12345678901234567890.01", "12345678901234567890.01"),
    ],
)
def test_bounds(said: dict[str, str | list[str]], least: str | None, most: str | None) -> None:
    assert total(**said) == (least, most)


@pytest.mark.parametrize(
    ("per", "start", "end", "times"),
    [
        ("P1Y", "2021^^gYear", "2023^^gYear", 3),
        ("P1Y", "2021-07-01^^date", "2023-06-30^^date", 2),
        ("P1Y", "2020-02-29^^date", "2021-02-28^^date", 0),  # a year and no more, but no day after it is a 29th
        ("P1Y", "2021-07^^gYearMonth", "2022-06^^gYearMonth", 1),
        ("P6M", "2021-01-01^^date", "2022-06-30^^date", 3),
        ("P1M", "2021-01^^gYearMonth", "2021-12^^gYearMonth", 12),
        ("P1Y6M", "2021-01^^gYearMonth", "2023-12^^gYearMonth", 2),
        ("P7D", "2021-02-01^^date", "2021-02-28^^date", 4),
        ("P1Y", "2021-01-01^^date", "2023^^gYear", 3),
        # what doesn't divide, or isn't known for certain
        ("P1Y", "2021-07-01^^date", "2023^^gYear", 0),
        ("P1Y", "2021-01-01^^date", "2022-06-30^^date", 0),
        ("P1Y", "2021-01-01^^date", "2021-12-30^^date", 0),
        ("P1M", "2021^^gYear", "2023^^gYear", 0),
        ("P7D", "2021-02^^gYearMonth", "2021-02^^gYearMonth", 0),
        ("P7D", "2021-02-01^^date", "2021-02-20^^date", 0),
        ("P1Y", "2023^^gYear", "2021^^gYear", 0),
        ("P0Y", "2021^^gYear", "2023^^gYear", 0),
        ("P1Y1D", "2021^^gYear", "2023^^gYear", 0),
        ("PT1H", "2021^^gYear", "2023^^gYear", 0),
        ("P", "2021^^gYear", "2023^^gYear", 0),
        ("P1Y", "about 2021^^string", "2023^^gYear", 0),
        ("P1Y", "12021^^gYear", "12023^^gYear", 0),
        ("P1D", "2021-02-30^^date", "2021-03-01^^date", 0),
        ("P1D", "9999-12-30^^date", "9999-12-31^^date", 0),
    ],
)
def test_periods_of_a_term(per: str, start: str, end: str, times: int) -> None:
    assert periods(literal(f"{per}^^duration"), literal(start), literal(end)) == times
    said = {"amount": "40000.5", "amountPer": f"{per}^^duration", "startDate": start, "endDate": end}
    assert total(**said) == ((str(Decimal("40000.5") * times).removesuffix(".0"),) * 2 if times else (None, None))


def test_a_term_that_isnt_known_for_certain_gives_no_total() -> None:
    term = {"startDate": ["2021^^gYear", "2022^^gYear"], "endDate": "2023^^gYear"}
    assert total(amount="40000", amountPer="P1Y^^duration", **term) == (None, None)
    assert total(amount="40000", **term) == ("40000", "40000")


def test_only_a_grant_has_a_total() -> None:
    assert list(totals(b"<urn:g>", {f"<{SCHEMA}amount>".encode(): [literal("1")]})) == []


AMOUNTS = st.decimals("0.01", "99999999999999999999", places=2)


@given(AMOUNTS, st.integers(1, 40), st.integers(1900, 2100), st.integers(1, 400))
def test_as_many_times_as_there_are_whole_periods(amount: Decimal, years: int, first: int, weeks: int) -> None:
    start = date(first, 3, 15)
    for per, end, times in (
        ("P1Y", date(first + years, 3, 14), years),
        ("P1M", date(first + years, 3, 14), 12 * years),
        ("P7D", start + timedelta(7 * weeks - 1), weeks),
    ):
        said = {"amountPer": f"{per}^^duration", "startDate": f"{start}^^date", "endDate": f"{end}^^date"}
        least, most = total(amount=str(amount), **said)
        assert least == most is not None
        assert Decimal(least) == amount * times
        assert f"{Decimal(least).normalize():f}" == least
        assert total(amount=str(amount), **said | {"endDate": f"{end + timedelta(1)}^^date"}) == (None, None)


@given(st.lists(AMOUNTS, min_size=2, max_size=2, unique=True).map(sorted))
def test_the_least_is_never_above_the_most(limits: list[Decimal]) -> None:
    least, most = total(minValue=str(limits[0]), maxValue=str(limits[1]))
    assert least is not None
    assert most is not None
    assert Decimal(least) < Decimal(most)
