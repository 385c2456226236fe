"""Ontology and shapes as one readable Turtle document each; their blank nodes are nested, their lists written as lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pyoxigraph

from vertragsgraph.rdf.namespaces import OWL, RDF
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.rdf.syntax import turtle

_FIRST: Final = f"<{RDF}first>"
_REST: Final = f"<{RDF}rest>"
_NIL: Final = f"<{RDF}nil>"
_ONTOLOGY: Final = f"<{OWL}Ontology>"


def read(path: Path) -> Iterator[pyoxigraph.Triple]:
    """Yield the triples of a document of a release."""
    return (quad.triple for quad in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE))


def lines(triples: Iterable[pyoxigraph.Triple]) -> list[str]:
    """Return the triples of a small document (held in memory) as sorted lines; blank nodes are named by RDFC-1.0."""
    return [f"{line}\n" for line in nt.canonical(triples).decode().split("\n")[:-1]]


def text(triples: Iterable[pyoxigraph.Triple], prefixes: Mapping[str, str]) -> str:
    """Return a small document as Turtle with nested blank nodes."""
    document = _Document(lines(triples), prefixes)
    body = "".join(document.block(subject) for subject in document.roots())
    used = {name: namespace for name, namespace in prefixes.items() if name in document.terms.used}
    return turtle.declarations(used) + body


class _Document:
    def __init__(self, lines: Iterable[str], prefixes: Mapping[str, str]) -> None:
        self.terms = turtle.Terms(prefixes)
        self._groups = dict(nt.grouped(lines))
        objects = [value for group in self._groups.values() for _, value in group]
        mentions = Counter(value for value in objects if value.startswith("_:"))
        once = {node for node, number in mentions.items() if number == 1}
        # What hangs in a circle of blank nodes is reached from no root; it keeps its labels.
        self._nested = once & self._reached(once)

    def roots(self) -> list[str]:
        """Return the subjects that stand for themselves: the ontology, other IRIs, blank nodes that need a label."""
        return sorted((subject for subject in self._groups if subject not in self._nested), key=self._rank)

    def _rank(self, subject: str) -> tuple[bool, bool, str]:
        is_ontology = (nt.RDF_TYPE, _ONTOLOGY) in self._groups[subject]
        return subject.startswith("_:"), not is_ontology, subject

    def block(self, subject: str) -> str:
        """Return the text of one subject."""
        return f"\n{self.terms.iri(subject)}\n    {self._properties(subject, '    ')} .\n"

    def _reached(self, nested: set[str]) -> set[str]:
        open_nodes = [subject for subject in self._groups if subject not in nested]
        reached: set[str] = set()
        while open_nodes:
            for _, value in self._groups.get(open_nodes.pop(), []):
                if value in nested and value not in reached:
                    reached.add(value)
                    open_nodes.append(value)
        return reached

    def _properties(self, subject: str, indent: str) -> str:
        group = self._groups.get(subject, [])
        return turtle.properties(group, self.terms, lambda value: self._object(value, indent), indent)

    def _object(self, term: str, indent: str) -> str:
        if term not in self._nested:
            return self.terms.object(term)
        items = self._items(term)
        if items is not None:
            values = [self._object(item, indent + "    ") for item in items]
            if turtle.fit_a_line(values):
                return f"( {' '.join(values)} )"
            between = f"\n{indent}    "
            return f"({between}{between.join(values)}\n{indent})"
        inner = self._properties(term, indent + "    ")
        return f"[\n{indent}    {inner}\n{indent}]" if inner else "[]"

    def _items(self, node: str) -> list[str] | None:
        """Return the items of a list that begins in a node; None where it is no list, or one with a label somewhere."""
        items = []
        while node != _NIL:
            group = dict(self._groups.get(node, []))
            if node not in self._nested or len(self._groups.get(node, [])) != 2 or group.keys() != {_FIRST, _REST}:
                return None
            items.append(group[_FIRST])
            node = group[_REST]
        return items
