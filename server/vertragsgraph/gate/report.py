"""What the gate has to say about a register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeVar

from vertragsgraph.finding import Finding, Severity
from vertragsgraph.texts import ENGLISH, both

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

SEVERITIES: Final = list(Severity)
MOST: Final = 1000
"""How many findings of a kind are told; the others are counted."""


@dataclass(frozen=True)
class Coverage:
    """How far the evidence goes.

    Of the asserted statements that demand it so many have a quotation, so many a reference only (a source that is named and
    not quoted), so many neither. Of those with a quotation, `comparable` have one that says where it stands in a text, so
    that it can be compared with that; releases of earlier versions don't tell.
    """

    quoted: int
    cited: int
    unproved: int
    comparable: int | None = None

    @property
    def statements(self) -> int:
        """How many statements demand evidence."""
        return self.quoted + self.cited + self.unproved


@dataclass(frozen=True)
class Report:
    """The findings of the gate, sorted by place, and the results of SHACL among them as a sh:ValidationReport in Turtle.

    `coverage` is how far the evidence goes.
    """

    findings: tuple[Finding, ...]
    turtle: str
    coverage: Coverage = Coverage(0, 0, 0)

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


def first_of_kinds(items: Iterable[tuple[K, T]], most: int = MOST) -> tuple[list[T], Counter[K]]:
    """Return of each kind the first items, and how many more there are of which kinds; each item comes with its kind.

    >>> first_of_kinds([("a", 1), ("b", 2), ("a", 3)], 1)
    ([1, 2], Counter({'a': 1}))
    """
    kept: list[T] = []
    seen: Counter[K] = Counter()
    for kind, item in items:
        seen[kind] += 1
        if seen[kind] <= most:
            kept.append(item)
    return kept, Counter({kind: count - most for kind, count in seen.items() if count > most})


def more_of(rule: str, count: int, severity: Severity = Severity.VIOLATION) -> Finding:
    """Return the finding that there are more findings than are told."""
    message = both("there is more of this kind: {count} findings of {rule} are not listed", count=count, rule=rule)
    return Finding(message, None, severity, rule)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings sorted by place, those without one first; of equal ones, one."""
    unique = {(finding.place, finding.message[ENGLISH], finding.severity): finding for finding in findings}
    return tuple(sorted(unique.values(), key=_order))


def _order(finding: Finding) -> tuple[str, int, int, int, str, str]:
    place = finding.place
    where = (str(place.file), place.line, place.column) if place else ("", 0, 0)
    return (*where, SEVERITIES.index(finding.severity), finding.rule, finding.message[ENGLISH])
