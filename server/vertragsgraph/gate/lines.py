"""Sorted files of lines, compared without being held in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from vertragsgraph.graph.sorting import side_by_side


def only_in_first(first: Path, second: Path) -> Iterator[str]:
    """Yield in their order the lines that stand in the first file, but not in the second; both are sorted, each line once."""
    for lines, others in side_by_side([first, second]):
        missing = set(lines).difference(others)
        yield from (line.decode().removesuffix("\n") for line in lines if line in missing)


def in_both(first: Path, second: Path) -> Iterator[str]:
    """Yield in their order the lines that stand in both of two sorted files, each line once in each."""
    for lines, others in side_by_side([first, second]):
        both = set(lines).intersection(others)
        yield from (line.decode().removesuffix("\n") for line in lines if line in both)
