"""A version of the vocabulary is what it was when it was released."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from vertragsgraph.finding import Finding, Severity
from vertragsgraph.gate import Released, check
from vertragsgraph.gate.checks.versions import check_versions
from vertragsgraph.graph.collect import read_document
from vertragsgraph.rdf.syntax.ntriples import canonical
from vertragsgraph.register import shipped_folder

NAME = "ontology/vertragsgraph.ttl"
VERSION = "ontology/0.2.0>"
OWN = """
@prefix own: <https://example.org/vocabulary#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
own:Concession a owl:Class ; owl:disjointWith own:Grant .
"""
HEADER = "<https://example.org/vocabulary> a owl:Ontology ; owl:versionIRI <https://example.org/vocabulary/%d> .\n"
Edit = Callable[..., None]


@pytest.fixture
def edit(copy) -> Edit:
    """The copy gets a vocabulary of its own; this changes a text in it."""
    shutil.copytree(shipped_folder() / "ontology", copy.folder / "ontology")

    def change(old: str, new: str) -> None:
        path = copy.folder / NAME
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    return change


def released(copy, name: str = "2026-11-22.1a2b3c4d") -> Released:
    """Write the vocabulary in another way than the sources do: as N-Triples, which is Turtle."""
    path = copy.folder / f"{name}.ttl"
    path.write_bytes(canonical(read_document(copy.register, copy.register.ontology)))
    (copy.folder / "nothing.nt").touch()
    return Released(name, copy.folder / "nothing.nt", path)


def found(copy, *releases: Released) -> list[Finding]:
    return check_versions(copy.register, read_document(copy.register, copy.register.ontology), releases)


@pytest.mark.usefixtures("edit")
def test_nothing_is_said_of_what_is_only_written_otherwise(copy) -> None:
    assert found(copy, released(copy)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"Ein Ziel, das das Programm nennt."@de', '"Ein Ziel."@de'),
        ("rdfs:domain vg:Programme ; rdfs:range xsd:integer ;", "rdfs:domain vg:Programme ; rdfs:range xsd:decimal ;"),
        ("owl:members ( vg:Signing vg:Presentation vg:Utterance", "owl:members ( vg:Signing vg:Utterance"),
        ("schema:funder a owl:ObjectProperty ; vg:demandsEvidence true ;", "schema:funder a owl:ObjectProperty ;"),
    ],
)
def test_a_change_needs_a_version(copy, edit: Edit, old: str, new: str) -> None:
    before = released(copy)
    edit(old, new)
    (finding,) = found(copy, before)
    assert finding.severity is Severity.VIOLATION
    path = copy.folder / NAME
    assert str(finding.place) == f"{path}:{copy.line(path, 'owl:versionIRI')}"
    assert before.id in finding.message["en"]
    assert "owl:priorVersion" in finding.message["en"]
    edit(VERSION, "ontology/0.3.0>")
    assert found(copy, before) == []


def test_each_release_is_compared(copy, edit: Edit) -> None:
    first = released(copy, "first")
    edit('"Ein Ziel, das das Programm nennt."@de', '"Ein Ziel."@de')
    edit(VERSION, "ontology/0.3.0>")
    second = released(copy, "second")
    assert found(copy, second, first) == []
    edit("ontology/0.3.0>", VERSION)
    assert "first" in found(copy, second, first)[0].message["en"]


def test_a_vocabulary_beside_it_has_versions_of_its_own(copy, edit: Edit) -> None:
    own = copy.folder / "ontology" / "own.ttl"
    own.write_text(OWN + HEADER % 1, "utf-8")
    before = released(copy)
    own.write_text(f"{OWN}own:Licence a owl:Class .\n{HEADER % 1}", "utf-8")
    assert len(found(copy, before)) == 1
    own.write_text(f"{OWN}own:Licence a owl:Class .\n{HEADER % 2}", "utf-8")
    assert found(copy, before) == []
    edit('"Ein Ziel, das das Programm nennt."@de', '"Ein Ziel."@de')
    assert "ontology#hasAim" in found(copy, before)[0].message["en"]


@pytest.mark.usefixtures("edit")
def test_a_damaged_release_and_a_vocabulary_without_versions_are_passed_over(copy) -> None:
    before = released(copy)
    Path(before.ontology).write_text("<a> <b", "utf-8")
    assert found(copy, before) == []
    assert check_versions(copy.register, [], [before]) == []


def test_the_gate_looks_at_it(copy, edit: Edit) -> None:
    before = released(copy)
    edit('"Ein Ziel, das das Programm nennt."@de', '"Ein Ziel."@de')
    findings = check(copy.register, copy.collect(), released=[before], fast=True).findings
    assert [finding.rule for finding in findings if finding.severity is Severity.VIOLATION] == ["versions"]
