"""Mistakes that make a hundred others are one finding each, and nothing else is told beside them."""

from __future__ import annotations

import pytest

from vertragsgraph.finding import Place
from vertragsgraph.gate import check
from vertragsgraph.gate.report import Report


def replaced(copy, file: str, old: str, new: str) -> Report:
    path = copy.folder / "data" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return check(copy.register, copy.collect())


@pytest.mark.parametrize("file", ["contracts/iaf.ttl", "topics/topics.ttl", "people.ttl"])
def test_a_misspelt_namespace(copy, file: str) -> None:
    report = replaced(copy, file, "vertragsgraph/ontology#", "vertragsgraph/ontologie#")
    (finding,) = report.findings
    assert finding.message["en"].startswith(
        "unknown namespace https://w3id.org/vertragsgraph/ontologie#; did you mean https://w3id.org/vertragsgraph/ontology#? (and "
    )
    assert finding.place
    assert finding.place.file == copy.folder / "data" / file


@pytest.mark.parametrize(
    ("namespace", "meant"),
    [
        ("http://schema.org/", "https://schema.org/"),
        ("https://schema.org/", ""),
        ("http://www.w3.org/2004/02/skos/Core#", "http://www.w3.org/2004/02/skos/core#"),
        ("http://www.w3.org/ns/ssn#", ""),
        ("http://www.w3.org/ns/ma#", ""),
        ("https://example.org/", ""),
        ("https://w3id.org/vertragsgraph/ontology/own#", ""),
    ],
)
def test_namespaces_that_are_like_known_ones(copy, namespace: str, meant: str) -> None:
    copy.change("organisation:iaf", add=f'<{namespace}thing> "x"')
    found = [finding.message["en"] for finding in check(copy.register, copy.collect()).findings]
    assert [text for text in found if "unknown namespace" in text] == (
        [f"unknown namespace {namespace}; did you mean {meant}?"] if meant else []
    )


@pytest.mark.parametrize(
    ("file", "wrong", "right"),
    [("contracts/iaf.ttl", "contrat", "contract"), ("organisations.ttl", "organization", "organisation")],
)
def test_a_misspelt_kind(copy, file: str, wrong: str, right: str) -> None:
    report = replaced(copy, file, f"<id/{right}/>", f"<id/{wrong}/>")
    (finding,) = report.findings
    kinds = (
        (wrong, right) if wrong == "contrat" else (right, wrong)
    )  # where nothing is of a kind, there is no such kind
    assert "there is no kind {}; did you mean {}?".format(*kinds) in finding.message["en"]
    assert finding.place


def test_a_misspelt_kind_of_which_only_evidence_speaks_rightly(copy) -> None:
    for path in copy.folder.glob("data/contracts/*.ttl"):
        path.write_text(path.read_text("utf-8").replace("<id/contract/>", "<id/contrat/>"), "utf-8")
    for path in copy.folder.glob("data/utterances.ttl"):
        path.write_text(path.read_text("utf-8").replace("<id/contract/>", "<id/contrat/>"), "utf-8")
    (finding,) = check(copy.register, copy.collect()).findings
    assert "there is no kind contrat; did you mean contract? (and " in finding.message["en"]


def test_another_base(copy) -> None:
    path = copy.folder / "data/people.ttl"
    path.write_text("@base <https://example.org/> .\n" + path.read_text("utf-8"), "utf-8")
    (finding,) = check(copy.register, copy.collect()).findings
    assert finding.message["en"].startswith("<https://example.org/id/person/")
    assert "lies outside of the register's base https://w3id.org/vertragsgraph/hessen/" in finding.message["en"]
    assert finding.message["en"].endswith("more)")
    assert finding.place == Place(path, copy.line(path, " a vg:Person"))
