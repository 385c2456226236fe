"""What the system has to say about a register: findings, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from vertragsgraph.texts import Language


class Severity(StrEnum):
    """How much a finding weighs (SHACL 1.0, section 2.1.4). Violations keep a release from being built."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, order=True)
class Place:
    """A place in a file; lines and columns count from 1, 0 where they are not known."""

    file: Path
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Return `file:line:column`, as editors and terminals understand it; nothing for what is not known."""
        return ":".join([str(self.file), *(str(n) for n in (self.line, self.column) if n)])


@dataclass(frozen=True)
class Finding:
    """One complaint: what is wrong, where, and what to do.

    `message` holds the text in each language; `rule` names the shape (IRI) or check that found it; `focus` is the
    focus node (N-Triples syntax), where there is one.
    """

    message: Mapping[Language, str]
    place: Place | None
    severity: Severity = Severity.VIOLATION
    rule: str = ""
    focus: str = ""

    def text(self, language: Language) -> str:
        """Return the finding as one line: `file:line:column: severity: message`."""
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.severity}: {self.message[language]}"


class FindingsError(Exception):
    """Something can't go on because of what was found; `findings` is never empty."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(finding.text("en") for finding in self.findings))
