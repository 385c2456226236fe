"""What changed between two releases: statements added and removed, as text and as RDF Patch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from vertragsgraph.graph.sorting import side_by_side
from vertragsgraph.release.manifest import Manifest
from vertragsgraph.release.opened import Release

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


def compare(before: Release, after: Release) -> Iterator[Change]:
    """Yield what was removed from one release and added in another, in the order of the statements.

    The N-Quads of both are read side by side, in flat memory whatever their size.
    """
    for old, new in side_by_side([before.dump("nq"), after.dump("nq")]):
        if old == new:
            continue
        removed, added = set(old).difference(new), set(new).difference(old)
        for line in sorted(removed | added):
            yield Change("-" if line in removed else "+", line.decode())


def count(changes: Iterable[Change]) -> Counter[tuple[str, Sign]]:
    """Count changes by named graph (its IRI) and sign."""
    return Counter((change.graph, change.sign) for change in changes)


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
