"""An entry of evidence as a file has it, and an annotation that names one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from pyoxigraph import NamedNode

from vertragsgraph.rdf.terms import Node
from vertragsgraph.sources import SourceFile, Statement

KINDS: Final = ("evidence", "disagreement")
"""The kinds of IRIs by which entries are known in files that hold resources, too."""


@dataclass
class Entry:
    """What a file says about one node: each property with its values and their lines; `line` is where it begins.

    `statements` are those that it supports (or, as a disagreement, sets against each other); `asserted` are those that stand in no
    other place, because the entry says them (`vg:states` and its like): what it asserts, it supports.
    """

    node: NamedNode
    line: int
    values: dict[NamedNode, list[tuple[Node, int]]] = field(default_factory=lambda: defaultdict(list))
    statements: list[Statement] = field(default_factory=list)
    asserted: Sequence[Statement] = ()

    def one(self, predicate: NamedNode) -> Node | None:
        """Return the first value of a property; `None` where there is none."""
        return next((value for value, _ in self.values.get(predicate, ())), None)


@dataclass(frozen=True)
class Annotation:
    """A statement to which an annotation gives an entry of evidence: `s p o {| vg:evidence entry |}` (RDF 1.2 Turtle, 2.10)."""

    entry: NamedNode
    statement: Statement


def is_entry(iri: str, base: str) -> bool:
    """Tell whether an IRI is that of an entry.

    >>> is_entry("https://example.org/id/evidence/a", "https://example.org/"), is_entry("x:", "https://example.org/")
    (True, False)
    """
    return iri.startswith(_starts(base))


@lru_cache(maxsize=8)
def _starts(base: str) -> tuple[str, ...]:
    return tuple(f"{base}id/{kind}/" for kind in KINDS)


def is_of_entry(subject: Node, file: SourceFile, base: str) -> bool:
    """Tell whether a triple of a file is one of an entry of evidence, of brackets or of an annotation, by its subject."""
    return file.may_prove and (
        file.role == "evidence" or not isinstance(subject, NamedNode) or is_entry(subject.value, base)
    )
