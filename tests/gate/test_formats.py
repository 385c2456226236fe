"""Findings for machines: JSON as documented, SARIF by its structure, annotations that end where they should."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from vertragsgraph.finding import Finding, Place, Severity
from vertragsgraph.gate.formats import FORMATS, as_annotations, as_json, as_sarif
from vertragsgraph.texts import ENGLISH, both

ROOT = Path(__file__).parents[2]
RULE = "https://w3id.org/vertragsgraph/shapes#contract-has-partner"
FINDINGS = (
    Finding(
        both("50% are wrong:\na, b"),
        Place(Path("data/a, b:c.ttl"), 3, 7),
        rule=RULE,
        focus="<https://example.org/id/contract/ä>",
    ),
    Finding(both("no line"), Place(Path("data/Ämter 1.ttl")), Severity.WARNING, "names"),
    Finding(both("nowhere"), None, Severity.INFO),
)


def test_json_has_the_keys_that_are_documented() -> None:
    document = json.loads(as_json(FINDINGS, ENGLISH))
    assert document["conforms"] is False
    assert document["counts"] == {"violation": 1, "warning": 1, "info": 1}
    first, second, third = document["findings"]
    assert first == {
        "severity": "violation",
        "rule": RULE,
        "message": "50% are wrong:\na, b",
        "file": "data/a, b:c.ttl",
        "line": 3,
        "column": 7,
        "focus": "https://example.org/id/contract/ä",
    }
    assert [second[key] for key in ("severity", "rule", "file")] == ["warning", "names", "data/Ämter 1.ttl"]
    assert [second[key] for key in ("line", "column", "focus")] == [None] * 3
    assert (third["rule"], third["file"], third["line"]) == ("", None, None)
    documented = re.findall(r"^\| `([\w.\[\]]+)` \|", (ROOT / "docs/commands.md").read_text("utf-8"), re.MULTILINE)
    keys = {*document, *(f"findings[].{key}" for key in first)} - {"findings"}
    assert keys == {key for key in documented if key in {"conforms", "counts"} or key.startswith("findings")}


def test_sarif_names_rules_places_and_levels() -> None:
    document = json.loads(as_sarif(FINDINGS, ENGLISH))
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "vertragsgraph"
    assert driver["rules"] == [{"id": RULE, "helpUri": RULE}, {"id": "names"}]
    first, second, third = run["results"]
    assert [each["level"] for each in run["results"]] == ["error", "warning", "note"]
    assert all(driver["rules"][each["ruleIndex"]]["id"] == each["ruleId"] for each in (first, second))
    assert place(first)["artifactLocation"]["uri"] == "data/a%2C%20b%3Ac.ttl"
    assert place(first)["region"] == {"startLine": 3, "startColumn": 7}
    (logical,) = first["locations"][0]["logicalLocations"]
    assert logical == {"fullyQualifiedName": "https://example.org/id/contract/ä"}
    assert place(second) == {"artifactLocation": {"uri": "data/%C3%84mter%201.ttl"}}
    assert third == {"level": "note", "message": {"text": "nowhere"}}


def place(result: dict[str, Any]) -> dict[str, Any]:
    (location,) = result["locations"]
    return location["physicalLocation"]


def test_a_path_outside_of_the_folder_is_an_address() -> None:
    finding = Finding(both("x"), Place(Path("/tmp/a b.ttl"), 1))
    (result,) = json.loads(as_sarif([finding], ENGLISH))["runs"][0]["results"]
    assert place(result)["artifactLocation"]["uri"] == "file:///tmp/a%20b.ttl"


def test_annotations_are_one_line_each_and_escaped() -> None:
    assert as_annotations(FINDINGS, ENGLISH).split("\n") == [
        "::error file=data/a%2C b%3Ac.ttl,line=3,col=7,title=contract-has-partner::50%25 are wrong:%0Aa, b",
        "::warning file=data/Ämter 1.ttl,title=names::no line",
        "::notice ::nowhere",
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_where_nothing_is_found_the_document_is_whole(form: str) -> None:
    written = FORMATS[form]((), ENGLISH)
    assert written == "" if form == "github" else json.loads(written)
