"""What changed between two releases, statement by statement: as text and as RDF Patch. In sentences `changes` tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from vertragsgraph.rdf.sorted_files import side_by_side
from vertragsgraph.release.manifest import Manifest
from vertragsgraph.release.release import Release

Sign: TypeAlias = Literal["+", "-"]
MEDIA_TYPE = "application/rdf-patch"


@dataclass(frozen=True)
class Change:
    """A statement that was added ("+") or removed ("-"), as a line of N-Quads with its line feed."""

    sign: Sign
    quad: str

    @property
    def graph(self) -> str:
        """The IRI of the named graph."""
        return self.quad[:-3].rpartition(" ")[2][1:-1]


def compare(before: Release, after: Release, *, entailed: bool = True) -> Iterator[Change]:
    """Yield what was removed from one release and added in another, in the order of the statements.

    Without what is `entailed`, two releases that were built from the same by different versions of the software are the
    same.
    """
    endings = () if entailed else tuple(release.entailed.encode() for release in (before, after))
    return changed_lines(before.dump("nq"), after.dump("nq"), endings)


def changed_lines(before: Path, after: Path, left_out: tuple[bytes, ...] = ()) -> Iterator[Change]:
    """Yield what differs in two files of sorted N-Quads but lines that end so: side by side, in memory that doesn't grow."""
    for old, new in side_by_side([before, after]):
        if old == new:
            continue
        removed, added = set(old).difference(new), set(new).difference(old)
        for line in sorted(removed | added):
            if not line.endswith(left_out):
                yield Change("-" if line in removed else "+", line.decode())


def as_text(changes: Iterable[Change]) -> Iterator[str]:
    """Yield lines such as `+ <s> <p> <o> <g> .`, each with its line feed."""
    return (f"{change.sign} {change.quad}" for change in changes)


def as_rdf_patch(changes: Iterable[Change], before: Manifest, after: Manifest) -> Iterator[str]:
    """Yield the lines of an RDF Patch that turns the data of one release into those of the other."""
    yield f"H id <{after.base}releases/{after.id}> .\n"
    yield f"H prev <{before.base}releases/{before.id}> .\n"
    yield "TX .\n"
    for change in changes:
        yield f"{'A' if change.sign == '+' else 'D'} {change.quad}"
    yield "TC .\n"
