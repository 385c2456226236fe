"""Gathering what is wrong, so that somebody who has three mistakes hears of all three."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from vertragsgraph.finding import Finding, FindingsError, Place


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
        """Raise `FindingsError` with all findings in the order of their places, if there are any."""
        if self.findings:
            raise FindingsError(sorted(self.findings, key=lambda finding: finding.place or Place(Path())))
