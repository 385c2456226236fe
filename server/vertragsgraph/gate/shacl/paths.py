"""SHACL property paths (SHACL, section 2.3.1): read from a graph, written to one, shown as SPARQL writes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, NamedNode, Triple

from vertragsgraph.rdf.namespaces import RDF, SH
from vertragsgraph.rdf.terms import Node

FIRST, REST, NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
MARKS: Final = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
KINDS: Final = ("inversePath", "alternativePath", *MARKS)

Index: TypeAlias = Mapping[Node, Mapping[NamedNode, Sequence[Node]]]
"""Triples by subject and predicate."""


def index_of(triples: Iterable[Triple]) -> Index:
    """Return triples by subject and predicate."""
    index: defaultdict[Node, defaultdict[NamedNode, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, target in triples:
        index[subject][predicate].append(target)
    return index


@dataclass(frozen=True)
class PathExpression:
    """A path that is more than one property: `kind` is the local name of its SHACL property, or `sequence`."""

    kind: str
    parts: tuple[PropertyPath, ...]


PropertyPath: TypeAlias = "NamedNode | PathExpression"


def read_path(node: Node, index: Index) -> PropertyPath | None:
    """Return the path that a node of a graph stands for; `None` where it is none."""
    if isinstance(node, NamedNode):
        return node
    about = index.get(node, {})
    if FIRST in about:
        return _expression("sequence", _list(node, index), index)
    for kind in KINDS:
        if inner := about.get(NamedNode(SH + kind)):
            return _expression(kind, _list(inner[0], index) if kind == "alternativePath" else [inner[0]], index)
    return None


def _expression(kind: str, nodes: list[Node], index: Index) -> PathExpression | None:
    parts = [part for node in nodes if (part := read_path(node, index)) is not None]
    return PathExpression(kind, tuple(parts)) if parts and len(parts) == len(nodes) else None


def _list(node: Node, index: Index) -> list[Node]:
    """Return the members of an RDF list; those before its end where it has none."""
    members: list[Node] = []
    seen: set[Node] = set()
    while node != NIL and node in index and node not in seen:
        seen.add(node)
        members += index[node].get(FIRST, ())[:1]
        node = next(iter(index[node].get(REST, ())), NIL)
    return members


def path_triples(path: PropertyPath, fresh: Callable[[], BlankNode]) -> tuple[NamedNode | BlankNode, list[Triple]]:
    """Return the node that stands for a path in a graph, and the triples about it; `fresh` makes blank nodes."""
    if isinstance(path, NamedNode):
        return path, []
    if path.kind == "sequence":
        return _list_triples(path.parts, fresh)
    node = fresh()
    inner, triples = (
        _list_triples(path.parts, fresh) if path.kind == "alternativePath" else path_triples(path.parts[0], fresh)
    )
    return node, [Triple(node, NamedNode(SH + path.kind), inner), *triples]


def _list_triples(
    parts: Sequence[PropertyPath], fresh: Callable[[], BlankNode]
) -> tuple[NamedNode | BlankNode, list[Triple]]:
    cells = [fresh() for _ in parts]
    following: list[NamedNode | BlankNode] = [*cells[1:], NIL]
    triples: list[Triple] = []
    for cell, part, rest in zip(cells, parts, following, strict=True):
        member, about = path_triples(part, fresh)
        triples += [Triple(cell, FIRST, member), Triple(cell, REST, rest), *about]
    return cells[0], triples


def shown(path: PropertyPath, name: Callable[[NamedNode], str]) -> str:
    """Return a path in the syntax of SPARQL property paths; `name` writes the properties."""
    if isinstance(path, NamedNode):
        return name(path)
    inner = [
        f"({shown(part, name)})" if isinstance(part, PathExpression) and len(part.parts) > 1 else shown(part, name)
        for part in path.parts
    ]
    if path.kind == "inversePath":
        return f"^{inner[0]}"
    if path.kind in MARKS:
        return inner[0] + MARKS[path.kind]
    return ("/" if path.kind == "sequence" else "|").join(inner)


def steps(path: PropertyPath, *, inverse: bool = False) -> Iterator[tuple[NamedNode, bool]]:
    """Yield the properties with which a path may begin, each with whether it is followed backwards."""
    if isinstance(path, NamedNode):
        yield path, inverse
        return
    for part in path.parts if path.kind == "alternativePath" else path.parts[:1]:
        yield from steps(part, inverse=inverse != (path.kind == "inversePath"))
