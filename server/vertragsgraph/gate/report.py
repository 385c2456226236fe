"""What the gate has to say about a register."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vertragsgraph.finding import Finding, Severity

SEVERITIES = list(Severity)


@dataclass(frozen=True)
class Report:
    """The findings of the gate, sorted by place, and the results of SHACL among them as a sh:ValidationReport in Turtle.

    `statements` counts the asserted statements that demand evidence, `with_evidence` those that have it.
    """

    findings: tuple[Finding, ...]
    turtle: str
    statements: int = 0
    with_evidence: int = 0

    @property
    def conforms(self) -> bool:
        """Whether there is no violation; warnings and infos keep nothing from being released."""
        return not any(finding.severity is Severity.VIOLATION for finding in self.findings)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings sorted by place, those without one first; of equal ones, one."""
    unique = {(finding.place, finding.message["en"], finding.severity): finding for finding in findings}
    return tuple(sorted(unique.values(), key=_order))


def _order(finding: Finding) -> tuple[str, int, int, int, str, str]:
    place = finding.place
    where = (str(place.file), place.line, place.column) if place else ("", 0, 0)
    return (*where, SEVERITIES.index(finding.severity), finding.rule, finding.message["en"])
