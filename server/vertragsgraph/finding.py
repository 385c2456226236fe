"""What the system has to say about a register: findings, each with its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from vertragsgraph.texts import ENGLISH, Language, both, marked, translate

MOST_ALIKE: Final = 20
"""How many findings that say the same of a file are told; the others are counted."""


class Severity(StrEnum):
    """How much a finding weighs (SHACL 1.0, section 2.1.4). Violations keep a release from being built."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


_WORDS: Final = {
    Severity.VIOLATION: marked("violation"),
    Severity.WARNING: marked("warning"),
    Severity.INFO: marked("info"),
}


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
        return f"{where}{translate(_WORDS[self.severity], language)}: {self.message[language]}"


class FindingsError(Exception):
    """Something can't go on because of what was found; `findings` is never empty."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(finding.text(ENGLISH) for finding in self.findings))


class Complaints:
    """Findings that were gathered in the course of a work that goes on in spite of them."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def extend(self, findings: Iterable[Finding]) -> None:
        """Note findings."""
        self.findings += findings

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Note the findings of a `FindingsError` raised inside, and go on after the block."""
        try:
            yield
        except FindingsError as error:
            self.findings += error.findings

    def raise_any(self) -> None:
        """Raise `FindingsError` with the findings in the order of their places, if there are any.

        Of those that say the same of a file there are the first `MOST_ALIKE`, and one that counts the others.
        """
        if self.findings:
            ordered = sorted(self.findings, key=lambda finding: finding.place or Place(Path()))
            raise FindingsError(_bounded(ordered))


def _bounded(findings: Iterable[Finding]) -> Iterator[Finding]:
    seen: Counter[tuple[Path | None, str]] = Counter()
    last: dict[tuple[Path | None, str], Finding] = {}
    for finding in findings:
        kind = finding.place.file if finding.place else None, finding.message[ENGLISH]
        seen[kind] += 1
        last[kind] = finding
        if seen[kind] <= MOST_ALIKE:
            yield finding
    for kind, finding in last.items():
        if (more := seen[kind] - MOST_ALIKE) > 0:
            message = both(
                "there is more of this kind: the same is wrong {count} times more, here the last", count=more
            )
            yield replace(finding, message=message)
