"""From when until when contracts are in force, and which of what is said about their end counts."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from vertragsgraph.graph.reasoning.bounds import days
from vertragsgraph.graph.reasoning.entailment import entail
from vertragsgraph.graph.reasoning.in_force import last_day
from vertragsgraph.graph.reasoning.ontology import Logic, logic_of
from vertragsgraph.rdf.namespaces import VG, XSD
from vertragsgraph.rdf.syntax.ntriples import canonical
from vertragsgraph.register import load_register

ROOT = Path(__file__).parents[3]
BASE = "https://example.org/"
PREFIXES = f"""@prefix : <{BASE}> . @prefix vg: <{VG}> . @prefix schema: <https://schema.org/> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix xsd: <{XSD}> ."""
YEAR, MONTH, DAY = "gYear", "gYearMonth", "date"


@pytest.fixture(scope="module")
def logic() -> Logic:
    ontology = parse(path=ROOT / "ontology/vertragsgraph.ttl", format=RdfFormat.TURTLE)
    return logic_of([quad.triple for quad in ontology], load_register(ROOT))


def in_force(logic: Logic, folder: Path, data: str) -> dict[str, str]:
    """Return what follows for `:c`, an invented contract: the names after `inForce`, with the lexical values."""
    source, target = folder / "data.nt", folder / "entailed.nt"
    source.write_bytes(canonical(quad.triple for quad in parse(PREFIXES + data, format=RdfFormat.TURTLE)))
    entail([source], logic.rules, BASE, target)
    start = f"<{BASE}c> <{VG}inForce"
    lines = {line for line in target.read_text("utf-8").splitlines() if line.startswith(start)}
    found = dict(line.removeprefix(start).split("> ", 1) for line in lines)
    assert len(found) == len(lines)
    return {name: value.split('"')[1] for name, value in found.items()}


CONTRACT = ':c a vg:IntegrationContract ; schema:startDate "2020-02-01"^^xsd:date'
BEGUN = {"From": "2020-02-01", "FromEarliest": "2020-02-01", "FromLatest": "2020-02-01"}
ONE = ':e1 a vg:Extension ; vg:concerns :c ; vg:effectiveUntil "2023"^^xsd:gYear .'
TWO = ':e2 a vg:Extension ; vg:concerns :c ; vg:effectiveUntil "2023-06-30"^^xsd:date .'
OPEN = ":e3 a vg:Extension ; vg:concerns :c ; vg:indefinite true ."
ENDED = ':t a vg:Termination ; vg:concerns :c ; vg:effectiveUntil "2022-03"^^xsd:gYearMonth .'


def until(value: str, earliest: str = "", latest: str = "") -> dict[str, str]:
    return {**BEGUN, "Until": value, "UntilEarliest": earliest or value, "UntilLatest": latest or value}


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (":c a vg:Contract .", {}),
        (f"{CONTRACT} .", BEGUN),
        (f'{CONTRACT} ; schema:endDate "2021"^^xsd:gYear .', until("2021", "2021-01-01", "2021-12-31")),
        (f'{CONTRACT} ; schema:duration "P2Y"^^xsd:duration .', until("2022-01-31")),
        # what is agreed as the end goes before what follows from the duration
        (f'{CONTRACT} ; schema:endDate "2022-02-01"^^xsd:date ; schema:duration "P2Y"^^xsd:duration .', until("2022-02-01")),
        # no day, no end by duration
        (
            ':c a vg:Contract ; schema:startDate "2020-02"^^xsd:gYearMonth ; schema:duration "P2Y"^^xsd:duration .',
            {"From": "2020-02", "FromEarliest": "2020-02-01", "FromLatest": "2020-02-29"},
        ),
        (f'{CONTRACT} ; schema:endDate "2021"^^xsd:gYear . {TWO}', until("2023-06-30")),
        # of several extensions the one that leads furthest
        (f"{CONTRACT} . {ONE} {TWO}", until("2023", "2023-01-01", "2023-12-31")),
        (f"{CONTRACT} . {ONE} {TWO} {ENDED}", until("2022-03", "2022-03-01", "2022-03-31")),
        # ended, but nobody knows when: neither the extension nor the term tells
        (f'{CONTRACT} ; schema:endDate "2021"^^xsd:gYear . {ONE} :t a vg:Termination ; vg:concerns :c .', BEGUN),
        # prolonged, but nobody knows until when
        (f'{CONTRACT} ; schema:endDate "2021"^^xsd:gYear . :e a vg:Extension ; vg:concerns :c .', BEGUN),
        (f"{CONTRACT} . {ONE} :e a vg:Extension ; vg:concerns :c .", BEGUN),
        (f"{CONTRACT} . {OPEN} :e a vg:Extension ; vg:concerns :c .", BEGUN),
        (f"{CONTRACT} ; vg:indefinite true .", {**BEGUN, "Indefinitely": "true"}),
        (f"{CONTRACT} ; vg:indefinite false .", BEGUN),
        (f"{CONTRACT} ; vg:indefinite true . {ENDED}", until("2022-03", "2022-03-01", "2022-03-31")),
        (f'{CONTRACT} ; schema:endDate "2021"^^xsd:gYear . {ONE} {OPEN}', {**BEGUN, "Indefinitely": "true"}),
        # what concerns another contract is none of its business
        (f'{CONTRACT} . :t a vg:Termination ; vg:concerns :d ; vg:effectiveUntil "2022"^^xsd:gYear .', BEGUN),
    ],
)  # fmt: skip
def test_what_follows(logic: Logic, tmp_path: Path, data: str, found: dict[str, str]) -> None:
    assert in_force(logic, tmp_path, data) == found


def test_a_contract_that_is_replaced_says_so(logic: Logic, tmp_path: Path) -> None:
    in_force(logic, tmp_path, ":c a vg:Contract ; dcterms:replaces :b . :n a vg:Topic ; dcterms:replaces :o .")
    replaced = [line for line in (tmp_path / "entailed.nt").read_text("utf-8").splitlines() if "isReplacedBy" in line]
    assert replaced == [f"<{BASE}b> <http://purl.org/dc/terms/isReplacedBy> <{BASE}c> ."]


def test_an_ontology_that_does_not_declare_it_lets_nothing_follow(tmp_path: Path) -> None:
    logic = logic_of([], load_register(ROOT))
    assert in_force(logic, tmp_path, f"{CONTRACT} .") == {}


def lasting(start: str, duration: str) -> date | None:
    found = last_day(f'"{start}"^^<{XSD}date>'.encode(), f'"{duration}"^^<{XSD}duration>'.encode())
    return date(*found) if found else None


@pytest.mark.parametrize(
    ("start", "duration", "last"),
    [
        ("2020-01-01", "P3Y", date(2022, 12, 31)),
        ("2020-03-15", "P18M", date(2021, 9, 14)),
        ("2020-01-01", "P1M", date(2020, 1, 31)),
        # there is no 31st, no 30th and no 29th: the month ends, and so does the time
        ("2020-01-31", "P1M", date(2020, 2, 29)),
        ("2021-01-30", "P1M", date(2021, 2, 28)),
        ("2020-02-29", "P1Y", date(2021, 2, 28)),
        ("2020-02-29", "P4Y", date(2024, 2, 28)),
        ("2020-01-01", "P1Y1M10D", date(2021, 2, 10)),
        ("2020-12-31", "P1D", date(2020, 12, 31)),
        ("2020-01-01", "PT12H", None),
        ("9999-01-01", "P2Y", None),
        ("9999-12-31", "P9D", None),
        ("2020-01-01", "P99999999999999D", None),
    ],
)
def test_when_a_duration_ends(start: str, duration: str, last: date | None) -> None:
    assert lasting(start, duration) == last


@given(st.dates(date(1900, 1, 1), date(2300, 1, 1)), st.integers(1, 5000))
def test_a_time_in_days_has_that_many(start: date, count: int) -> None:
    assert lasting(start.isoformat(), f"P{count}D") == start + timedelta(days=count - 1)


@given(st.dates(date(1900, 1, 1), date(2300, 1, 1)), st.integers(1, 60), st.integers(1, 60))
def test_times_in_months_follow_each_other_without_a_gap(start: date, first: int, second: int) -> None:
    start = start.replace(day=min(start.day, 28))
    between = lasting(start.isoformat(), f"P{first}M")
    assert between is not None
    following = between + timedelta(days=1)
    assert lasting(following.isoformat(), f"P{second}M") == lasting(start.isoformat(), f"P{first + second}M")


def test_what_is_no_day_is_no_beginning_of_a_duration() -> None:
    for kind, text in ((YEAR, "2020"), (MONTH, "2020-02")):
        literal = f'"{text}"^^<{XSD}{kind}>'.encode()
        assert days(literal)
        assert last_day(literal, f'"P1Y"^^<{XSD}duration>'.encode()) is None
