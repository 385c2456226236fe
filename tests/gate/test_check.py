from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from vertragsgraph.finding import Finding, Place, Severity
from vertragsgraph.gate import check
from vertragsgraph.gate.report import Report, in_order
from vertragsgraph.graph import collect
from vertragsgraph.register import load_register
from vertragsgraph.texts import both


def test_the_shipped_register_passes(copy) -> None:
    stages: list[str] = []
    report = check(copy.register, copy.collect(), progress=stages.append)
    assert report.conforms
    assert [finding.text("en") for finding in report.findings if finding.severity is Severity.VIOLATION] == []
    assert report.coverage.unproved == 0
    assert report.coverage.statements > 100
    assert len(stages) >= 3


def test_ontology_and_shapes_are_read_once(register_copy: Path) -> None:
    """What the gate holds the graphs against is what they were made with, whatever has become of the files since."""
    register = load_register(register_copy)
    graphs = collect(register, register_copy / "graphs")
    for path in (*register.ontology.rglob("*.ttl"), *register.shapes.rglob("*.ttl")):
        assert path.is_relative_to(register_copy)
        path.write_text("no Turtle", "utf-8")
    assert check(register, graphs).conforms


def test_findings_are_sorted_and_name_file_and_line(copy) -> None:
    copy.change("contract:iaf", drop="vg:partner")
    copy.change("organisation:iaf", add="vg:partnr <id/organisation/none>")
    report = check(copy.register, copy.collect())
    assert not report.conforms
    places = [finding.place for finding in report.findings]
    assert all(place and place.line for place in places)
    assert places == sorted(place for place in places if place)
    assert {"graph", "https://w3id.org/vertragsgraph/shapes#contract-has-partner", "evidence"} <= {
        f.rule for f in report.findings
    }


def test_the_report_is_a_validation_report_and_always_the_same(copy) -> None:
    pytest.importorskip("shacl", reason="there is no wheel of shacl for this platform")
    copy.change("contract:iaf", drop="vg:partner")
    graphs = copy.collect()
    one, other = (check(copy.register, graphs, fast=fast) for fast in (False, True))
    assert one == other
    triples = list(pyoxigraph.parse(one.turtle, RdfFormat.TURTLE))
    sh = "http://www.w3.org/ns/shacl#"
    kinds = [t.object.value for t in triples if t.predicate.value.endswith("#type")]
    assert kinds.count(f"{sh}ValidationReport") == 1
    shacl = [f for f in one.findings if f.rule.startswith("https://w3id.org/vertragsgraph/shapes#")]
    assert kinds.count(f"{sh}ValidationResult") == len(shacl)
    assert [t.object.value for t in triples if t.predicate.value == f"{sh}conforms"] == ["false"]
    languages = {t.object.language for t in triples if t.predicate.value == f"{sh}resultMessage"}
    assert languages == {"de", "en"}


def test_a_name_is_complained_about_once(copy) -> None:
    copy.append("people.ttl", '\nperson:Kim a vg:Person ; rdfs:label "Kim"@de , "Kim"@en .\n')
    report = check(copy.register, copy.collect())
    assert [
        finding.rule.rpartition("#")[2] for finding in report.findings if "person:Kim" in finding.message["en"]
    ] == ["Slug"]


@pytest.mark.parametrize(("severity", "conforms"), [("VIOLATION", False), ("WARNING", True), ("INFO", True)])
def test_only_violations_keep_a_register_from_being_released(severity: str, conforms: bool) -> None:
    assert Report((Finding(both("x"), None, Severity[severity]),), "").conforms is conforms


def test_the_order_of_findings(tmp_path) -> None:
    a, b = (Place(tmp_path / "a.ttl", line) for line in (1, 2))
    message = {"de": "b", "en": "b"}
    findings = [
        Finding(message, b),
        Finding(message, a, Severity.INFO),
        Finding(message, a),
        Finding(message, None),
        Finding(message, a),
    ]
    assert [(f.place, f.severity.value) for f in in_order(findings)] == [
        (None, "violation"),
        (a, "violation"),
        (a, "info"),
        (b, "violation"),
    ]
