"""Whether something is in force on a day: known only where it is so whatever the dates mean exactly."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertragsgraph.graph.reasoning.bounds import days
from vertragsgraph.linked_data.in_force import Period, Status
from vertragsgraph.rdf.namespaces import XSD

START, LAST = date(2015, 1, 1), date(2024, 12, 31)
TYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}
DAYS = st.dates(START, LAST)


def between(text: str) -> list[str]:
    """Return the days between which a date lies that is as precise as it is long, as the data have them."""
    found = days(f'"{text}"^^<{XSD}{TYPES[len(text)]}>'.encode()) if text else None
    return ["{:04}-{:02}-{:02}".format(*day) for day in found] if found else []


def period(begin: str, end: str, *, indefinitely: bool = False) -> Period:
    return Period.of(between(begin), between(end), indefinitely=indefinitely)


@pytest.mark.parametrize(
    ("begin", "end", "on", "status"),
    [
        ("2020-01-01", "2022-12-31", "2019-12-31", Status.NOT_YET),
        ("2020-01-01", "2022-12-31", "2020-01-01", Status.IN_FORCE),
        ("2020-01-01", "2022-12-31", "2022-12-31", Status.IN_FORCE),
        ("2020-01-01", "2022-12-31", "2023-01-01", Status.ENDED),
        # of the year, the month in which it began or ended nobody knows on which day
        ("2020", "2022-06", "2019-12-31", Status.NOT_YET),
        ("2020", "2022-06", "2020-07-01", Status.UNKNOWN),
        ("2020", "2022-06", "2020-12-31", Status.IN_FORCE),
        ("2020", "2022-06", "2022-06-01", Status.IN_FORCE),
        ("2020", "2022-06", "2022-06-02", Status.UNKNOWN),
        ("2020", "2022-06", "2022-07-01", Status.ENDED),
        # where no source says anything, nothing is known
        ("2020-01-01", "", "2024-01-01", Status.UNKNOWN),
        ("2020-01-01", "", "2019-01-01", Status.NOT_YET),
        ("", "2022-12-31", "2021-01-01", Status.UNKNOWN),
        ("", "2022-12-31", "2023-01-01", Status.ENDED),
        ("", "", "2023-01-01", Status.UNKNOWN),
    ],
)
def test_the_status_on_a_day(begin: str, end: str, on: str, status: Status) -> None:
    assert period(begin, end).status(date.fromisoformat(on)) is status


def test_what_is_for_an_indefinite_term_goes_on() -> None:
    assert period("2020", "", indefinitely=True).status(date(2099, 1, 1)) is Status.IN_FORCE
    assert period("2020", "", indefinitely=True).status(date(2020, 6, 1)) is Status.UNKNOWN
    assert period("2020", "", indefinitely=True).status(date(2019, 6, 1)) is Status.NOT_YET
    assert period("", "", indefinitely=True).status(date(2099, 1, 1)) is Status.UNKNOWN


def test_years_of_more_digits_and_before_our_time_are_compared_as_numbers() -> None:
    assert Period.of(["-0044-03-15"], ["12024-01-01"]).status(date(2020, 1, 1)) is Status.IN_FORCE
    assert Period.of(["some day"], ["2020"]) == Period()


@given(DAYS, st.sampled_from([*TYPES]), DAYS, st.sampled_from([*TYPES]), DAYS)
def test_a_status_is_known_where_all_that_the_dates_can_mean_agree(
    begin: date, begin_length: int, end: date, end_length: int, on: date
) -> None:
    begin, end = min(begin, end), max(begin, end)
    begins, ends = begin.isoformat()[:begin_length], end.isoformat()[:end_length]

    def status(first: date, last: date) -> Status:
        return Status.NOT_YET if on < first else Status.ENDED if on > last else Status.IN_FORCE

    pairs = [(first, last) for first in _days_in(begins) for last in _days_in(ends)]
    found, free = period(begins, ends).status(on), {status(*pair) for pair in pairs}
    if found is not Status.UNKNOWN:
        assert {status(first, last) for first, last in pairs if first <= last} == {found}
    elif len(free) == 1:
        pytest.fail(f"on {on}, {begins} to {ends} can only be {free}")


def _days_in(text: str) -> list[date]:
    """Return days that a date can be, among them the first and the last; not all of a year, which takes long."""
    first, last = (date.fromisoformat(day) for day in between(text))
    span = (last - first).days
    return [first + timedelta(days=step) for step in sorted({0, 1, span // 2, span - 1, span}) if 0 <= step <= span]
