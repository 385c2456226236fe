"""Gathering what is wrong, so that somebody who has three mistakes hears of all three."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from vertragsgraph.finding import Finding, FindingsError, Place
from vertragsgraph.texts import both

MOST: Final = 20


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

        Of those that say the same of a file there are the first `MOST`, and one that counts the others.
        """
        if self.findings:
            ordered = sorted(self.findings, key=lambda finding: finding.place or Place(Path()))
            raise FindingsError(_bounded(ordered))


def _bounded(findings: Iterable[Finding]) -> Iterator[Finding]:
    seen: Counter[tuple[Path | None, str]] = Counter()
    last: dict[tuple[Path | None, str], Finding] = {}
    for finding in findings:
        kind = finding.place.file if finding.place else None, finding.message["en"]
        seen[kind] += 1
        last[kind] = finding
        if seen[kind] <= MOST:
            yield finding
    for kind, finding in last.items():
        if (more := seen[kind] - MOST) > 0:
            message = both(
                "there is more of this kind: the same is wrong {count} times more, here the last", count=more
            )
            yield replace(finding, message=message)
