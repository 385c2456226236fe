"""Findings for machines: JSON, SARIF 2.1.0 (OASIS), annotations of GitHub's workflows. `docs/commands.md` explains the keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from vertragsgraph import __version__
from vertragsgraph.finding import Finding, Place, Severity
from vertragsgraph.texts import Language

SARIF: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_COMMANDS: Final = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def as_json(findings: Sequence[Finding], language: Language) -> str:
    """Return findings as a JSON object: how many of each severity there are, and each with its place."""
    document = {
        "conforms": all(finding.severity is not Severity.VIOLATION for finding in findings),
        "counts": {each: sum(finding.severity is each for finding in findings) for each in Severity},
        "findings": [_object(finding, language) for finding in findings],
    }
    return _dumped(document)


def _object(finding: Finding, language: Language) -> dict[str, Any]:
    place = finding.place
    return {
        "severity": finding.severity,
        "rule": finding.rule,
        "message": finding.message[language],
        "file": place.file.as_posix() if place else None,
        "line": place.line or None if place else None,
        "column": place.column or None if place else None,
        "focus": _iri(finding.focus) or None,
    }


def _iri(focus: str) -> str:
    """Return the IRI of a focus node in N-Triples syntax; anything else as it is."""
    return focus[1:-1] if focus.startswith("<") else focus


def as_sarif(findings: Sequence[Finding], language: Language) -> str:
    """Return findings as a SARIF log of one run; paths are relative to the folder in which the command runs."""
    rules = sorted({finding.rule for finding in findings if finding.rule})
    document = {
        "$schema": SARIF,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "vertragsgraph",
                        "semanticVersion": __version__,
                        "rules": [_rule(rule) for rule in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, language, rules) for finding in findings],
            }
        ],
    }
    return _dumped(document)


def _rule(rule: str) -> dict[str, Any]:
    """Return a rule as SARIF describes it: a shape has an address, a check of the gate only its name."""
    return {"id": rule, "helpUri": rule} if "://" in rule else {"id": rule}


def _result(finding: Finding, language: Language, rules: Sequence[str]) -> dict[str, Any]:
    result: dict[str, Any] = {"level": _LEVELS[finding.severity], "message": {"text": finding.message[language]}}
    if finding.rule:
        result |= {"ruleId": finding.rule, "ruleIndex": rules.index(finding.rule)}
    location: dict[str, Any] = {"physicalLocation": _physical(finding.place)} if finding.place else {}
    if finding.focus:
        location["logicalLocations"] = [{"fullyQualifiedName": _iri(finding.focus)}]
    return result | ({"locations": [location]} if location else {})


def _physical(place: Place) -> dict[str, Any]:
    path = place.file
    uri = path.as_uri() if path.is_absolute() else quote(path.as_posix())
    region = {"startLine": place.line, **({"startColumn": place.column} if place.column else {})}
    return {"artifactLocation": {"uri": uri}, **({"region": region} if place.line else {})}


def as_annotations(findings: Sequence[Finding], language: Language) -> str:
    """Return findings as commands of GitHub's workflows, one a line, which the host shows beside the lines of the files."""
    return "\n".join(_annotation(finding, language) for finding in findings)


def _annotation(finding: Finding, language: Language) -> str:
    place = finding.place
    where = {"file": place.file.as_posix(), "line": place.line, "col": place.column} if place else {}
    given = {**where, "title": finding.rule.rpartition("#")[2]}
    properties = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in given.items() if value)
    return f"::{_COMMANDS[finding.severity]} {properties}::{_escaped(finding.message[language])}"


def _escaped(text: str, further: str = "") -> str:
    """Return a text in which what would end a command is escaped, as the host undoes it."""
    for character in "%\r\n" + further:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _dumped(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


FORMATS: Final[Mapping[str, Callable[[Sequence[Finding], Language], str]]] = MappingProxyType(
    {"json": as_json, "sarif": as_sarif, "github": as_annotations}
)
"""How findings are written for machines, by the name of the form."""
