"""What the gate has to say about a register."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeVar

from vertragsgraph.finding import Finding, Severity
from vertragsgraph.texts import both

T = TypeVar("T")

SEVERITIES: Final = list(Severity)
MOST: Final = 1000
"""How many findings of a kind are told; the others are counted."""


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


def first(items: Iterable[T], most: int = MOST) -> tuple[list[T], int]:
    """Return the first items, and how many more there are.

    >>> first("abcde", 2)
    (['a', 'b'], 3)
    """
    rest = iter(items)
    return list(islice(rest, most)), sum(1 for _ in rest)


def more_of(rule: str, count: int, severity: Severity = Severity.VIOLATION) -> Finding:
    """Return the finding that there are more findings than are told."""
    message = both("there is more of this kind: {count} findings of {rule} are not listed", count=count, rule=rule)
    return Finding(message, None, severity, rule)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings sorted by place, those without one first; of equal ones, one."""
    unique = {(finding.place, finding.message["en"], finding.severity): finding for finding in findings}
    return tuple(sorted(unique.values(), key=_order))


def _order(finding: Finding) -> tuple[str, int, int, int, str, str]:
    place = finding.place
    where = (str(place.file), place.line, place.column) if place else ("", 0, 0)
    return (*where, SEVERITIES.index(finding.severity), finding.rule, finding.message["en"])
