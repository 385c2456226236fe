"""The shapes graph, with a name for every shape that may find something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from vertragsgraph.gate.shacl.paths import Index, PropertyPath, index_of, read_path
from vertragsgraph.rdf.namespaces import SH, XSD
from vertragsgraph.rdf.terms import Node, renamed
from vertragsgraph.texts import Language

BOOLEAN: Final = NamedNode(XSD + "boolean")
BOOLEANS: Final = {
    Literal("1", datatype=BOOLEAN): Literal("true", datatype=BOOLEAN),
    Literal("0", datatype=BOOLEAN): Literal("false", datatype=BOOLEAN),
}
"""The other way to write a truth value, which not every engine knows."""


class Shapes:
    """Shapes as triples and by subject.

    Property shapes without an IRI are given one, since engines name blank nodes as they please; `rule` leads from it
    back to the shape that has them.
    """

    def __init__(self, triples: Sequence[Triple]) -> None:
        names = _names(triples)
        self._owner = dict(names.values())
        own = {node: name for node, (name, _) in names.items()}
        self.triples = [_renamed(triple, own) for triple in triples]
        self.index: Index = index_of(self.triples)
        self._paths: dict[Node, PropertyPath | None] = {}

    def path(self, shape: NamedNode) -> PropertyPath | None:
        """Return the path of a property shape; `None` for a node shape."""
        if shape not in self._paths:
            nodes = self.index.get(shape, {}).get(NamedNode(SH + "path"), ())
            self._paths[shape] = read_path(nodes[0], self.index) if nodes else None
        return self._paths[shape]

    def messages(self, shape: NamedNode, language: Language) -> list[str]:
        """Return the messages in a language of a shape and of its constraints in SPARQL."""
        constraints = self.index.get(shape, {}).get(NamedNode(SH + "sparql"), ())
        return [
            text.value
            for node in (shape, *constraints)
            for text in self.index.get(node, {}).get(NamedNode(SH + "message"), ())
            if isinstance(text, Literal) and text.language == language
        ]

    def rule(self, shape: NamedNode) -> NamedNode:
        """Return the shape that has an IRI of its own: this one, else the nearest around it."""
        return self._owner.get(shape, shape)


def _names(triples: Sequence[Triple]) -> dict[BlankNode, tuple[NamedNode, NamedNode]]:
    """Return for each property shape that is a blank node a name, and the shape around it that has one."""
    around = {
        t.object: t.subject for t in triples if t.predicate.value == SH + "property" and isinstance(t.object, BlankNode)
    }
    names: dict[BlankNode, tuple[NamedNode, NamedNode]] = {}
    for number, node in enumerate(around, 1):
        owner: Node = node
        while isinstance(owner, BlankNode) and owner in around:
            owner = around[owner]
        if isinstance(node, BlankNode) and isinstance(owner, NamedNode):
            names[node] = NamedNode(f"{owner.value}/property/{number}"), owner
    return names


def _renamed(triple: Triple, names: dict[BlankNode, NamedNode]) -> Triple:
    subject, predicate, target = renamed(triple, lambda node: names.get(node, node))
    return Triple(subject, predicate, BOOLEANS.get(target, target) if isinstance(target, Literal) else target)
