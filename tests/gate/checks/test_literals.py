"""Literals in a register: one finding for each that is wrong, at its place, whichever engine validates."""

from __future__ import annotations

import logging

import pytest

from vertragsgraph.finding import Finding, Place, Severity
from vertragsgraph.gate import check
from vertragsgraph.gate.checks.literals import check_literals
from vertragsgraph.gate.places import Places

pytest.importorskip("shacl", reason="there is no wheel of shacl for this platform")

BOTH_ENGINES = pytest.mark.parametrize("fast", [False, True], ids=["pyshacl", "shacl"])


def told(copy) -> list[Finding]:
    register = copy.register
    return check_literals(register, copy.collect(), Places(register))


def new(copy, fast: bool) -> list[Finding]:
    findings = check(copy.register, copy.collect(), fast=fast).findings
    return [finding for finding in findings if finding.severity is not Severity.INFO]


def replace(copy, old: str, text: str, files: str = "**/*.ttl") -> None:
    for path in copy.folder.glob(f"data/{files}"):
        path.write_text(path.read_text("utf-8").replace(old, text), "utf-8")


def test_the_shipped_register_has_nothing_to_complain_about(copy) -> None:
    assert told(copy) == []


DATE = '"2019-06-03"^^xsd:date'
SIGNING = ("contracts/drk-hessen.ttl", "evidence/drk-hessen.ttl")


@BOTH_ENGINES
@pytest.mark.parametrize(
    ("literal", "said"),
    [
        ('"2019-02-31"^^xsd:date', "2019-02 has 28 days, so there is no 31"),
        ('"demnächst"^^xsd:gYear', "is no xsd:gYear"),
        ('"2019-W23-1"^^xsd:date', "is no xsd:date"),
        ('"2019-06-03T24:00:00"^^xsd:date', "is no xsd:date"),
    ],
)
def test_a_wrong_date_is_one_finding(
    copy, caplog: pytest.LogCaptureFixture, fast: bool, literal: str, said: str
) -> None:
    for file in SIGNING:
        replace(copy, f"vg:date {DATE}", f"vg:date {literal}", file)
        replace(copy, f"rdf:object {DATE}", f"rdf:object {literal}", file)
    with caplog.at_level(logging.DEBUG):
        found = new(copy, fast)
    path = copy.folder / "data/contracts/drk-hessen.ttl"
    assert {finding.place.file for finding in found if finding.place} == {path}
    assert len({finding.focus for finding in found}) == len(found) == path.read_text("utf-8").count(literal)
    assert Place(path, copy.line(path, literal)) in [finding.place for finding in found]
    assert all(said in finding.message["en"] for finding in found)
    assert caplog.records == []


@BOTH_ENGINES
@pytest.mark.parametrize("right", ["-0044-03-15", "12019-06-03"])
def test_a_year_that_only_one_engine_knows(copy, fast: bool, right: str) -> None:
    for file in SIGNING:
        replace(copy, DATE, f'"{right}"^^xsd:date', file)
    assert [f for f in new(copy, fast) if f.severity is Severity.VIOLATION] == []


@BOTH_ENGINES
@pytest.mark.parametrize("side", SIGNING)
def test_a_date_that_is_wrong_on_one_side_only(copy, fast: bool, side: str) -> None:
    replace(copy, DATE, '"2019-06-31"^^xsd:date', side)
    found = new(copy, fast)
    assert {finding.place.file for finding in found if finding.place} == {copy.folder / "data" / side}
    assert {finding.rule for finding in found} == {"literals"}


@BOTH_ENGINES
@pytest.mark.parametrize("amount", ["INF", "1e400", "NaN", "٥", "1_000"])
def test_an_amount_that_is_no_number(copy, fast: bool, amount: str) -> None:
    copy.change("grant:bildungsstaette-anne-frank-erstes-projekt", add=f'schema:amount "{amount}"^^xsd:decimal')
    rules = [finding.rule for finding in new(copy, fast)]
    assert rules.count("literals") == 1
    assert {rule.rpartition("#")[2] for rule in rules} == {"literals", "one-amount"}


@BOTH_ENGINES
def test_an_amount_of_thirty_digits(copy, fast: bool) -> None:
    amount = '"123456789012345678901234567890"^^xsd:decimal'
    copy.change("grant:landesfachstelle-hessen", add=f"schema:amount {amount} ; schema:currency 'EUR'")
    assert "amount-is-decimal" not in {finding.rule.rpartition("#")[2] for finding in new(copy, fast)}
    copy.change(
        "grant:landesfachstelle-hessen", drop="schema:amount", add=f"schema:amount {amount.replace('1', '-1', 1)}"
    )
    found = [finding for finding in new(copy, fast) if finding.rule.endswith("#amount-is-decimal")]
    assert ['"-123456789012345678901234567890"' in finding.message["en"] for finding in found] == [True]


@pytest.mark.parametrize(
    ("literal", "said"),
    [
        ("40000.00", '"40000.00"^^xsd:decimal would be answered as "40000"^^xsd:decimal; write it so'),
        ('"04"^^xsd:integer', '"04"^^xsd:integer would be answered as "4"^^xsd:integer; write it so'),
        ('"1"^^xsd:boolean', '"1"^^xsd:boolean would be answered as "true"^^xsd:boolean; write it so'),
        ('"x"^^<https://example.org/own>', '"x"^^<https://example.org/own> has a datatype that nobody knows here'),
        ('"x"^^xsd:dat', '"x"^^xsd:dat has a datatype that does not exist; did you mean xsd:date?'),
        ('""@de', '""@de has nothing in it that can be read'),
        ('" \\u00A0\\u200B\\t"@de-AT', "has nothing in it that can be read"),
        ('"…"@en', '"…"@en has nothing in it that can be read'),
        ('"..."@en', '"..."@en has nothing in it that can be read'),
    ],
)
def test_a_literal_that_is_told(copy, literal: str, said: str) -> None:
    copy.change("contract:iaf", add=f"dcterms:extent {literal}")
    (finding,) = told(copy)
    path = copy.file("contract:iaf")
    assert finding.place == Place(path, copy.line(path, literal))
    assert said in finding.message["en"]
    assert finding.message["en"].startswith("contract:iaf: dcterms:extent ")
    assert finding.severity is (Severity.WARNING if "nobody knows" in said else Severity.VIOLATION)


@pytest.mark.parametrize("literal", ['"a\\"^^<https://example.org/>"', '"\\" \\"@de"@de', '"…"', '"x…"@de'])
def test_texts_that_are_left_alone(copy, literal: str) -> None:
    copy.change("contract:iaf", add=f"dcterms:extent {literal}")
    assert told(copy) == []


def test_the_reason_of_a_withdrawal_is_written(copy) -> None:
    copy.append(
        "tombstones.ttl",
        """@prefix as: <https://www.w3.org/ns/activitystreams#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<id/organisation/a> a as:Tombstone ; as:deleted "2026-11-26T12:00:00Z"^^xsd:dateTime ;
    skos:changeNote "…"@de ,
        "Recorded twice."@en .
""",
    )
    assert [finding.place for finding in told(copy)] == [Place(copy.folder / "data/tombstones.ttl", 4)]


def test_a_name_needs_something_to_read_even_without_a_language(copy) -> None:
    copy.change("contract:iaf", add='rdfs:label ""')
    assert [finding.rule for finding in told(copy)] == ["texts"]


@pytest.mark.parametrize("date", ['"2109-06-03"^^xsd:date', '"2109"^^xsd:gYear', '"2109-06"^^xsd:gYearMonth'])
def test_a_date_in_the_future(copy, date: str) -> None:
    copy.change("signing:iaf", drop="vg:date", add=f"vg:date {date}")
    (finding,) = told(copy)
    assert finding.severity is Severity.WARNING
    assert "lies in the future" in finding.message["en"]


def test_a_thousand_wrong_ones_do_not_hide_another_kind(copy) -> None:
    values = " , ".join(f'"{number}"^^xsd:dat' for number in range(1005))
    copy.change("contract:iaf", add=f'dcterms:extent {values} , "…"@de')
    found = told(copy)
    assert len(found) == 1002
    assert found[-1].message["en"] == "there is more of this kind: 5 findings of literals are not listed"
    assert "texts" in {finding.rule for finding in found}
