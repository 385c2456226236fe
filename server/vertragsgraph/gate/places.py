"""Where in the sources a complaint about the graphs belongs.

The graphs hold more than what files say word for word: evidence is expanded, and what follows is added. A complaint
about such a triple leads to what it was made from, else to the node that it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, Triple

from vertragsgraph.finding import Place
from vertragsgraph.gate.paths import steps
from vertragsgraph.gate.results import Result
from vertragsgraph.graph import terms
from vertragsgraph.graph.complaints import Complaints
from vertragsgraph.graph.entries import read_entries
from vertragsgraph.graph.names import mapping_iri, statement_iri
from vertragsgraph.register import Register
from vertragsgraph.sources import Found, Locator, Pattern, read_mappings, source_files
from vertragsgraph.sources.folder import SSSOM
from vertragsgraph.sources.locate import Node, patterns_of

LAST: Final = frozenset({"MaxCount", "UniqueLang", "QualifiedMaxCount"})
"""Components whose results name no value: there is one too many, and that is taken to be the last."""


class Places:
    """Finds the places of results and triples; what is needed together is announced together (`look_up`)."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._locator = Locator(register)
        self._statements: dict[NamedNode, Place | None] = {}
        self._selector = re.compile(re.escape(register.iri("id/evidence/")) + "[^/]+(?=/(?:quote|position)$)")

    def look_up(
        self, results: Iterable[Result] = (), triples: Iterable[Triple] = (), nodes: Iterable[NamedNode] = ()
    ) -> None:
        """Look for the places of results, triples and nodes in one pass through the sources."""
        results, triples, nodes = list(results), list(triples), list(nodes)
        subjects = [*(result.focus for result in results), *(triple.subject for triple in triples)]
        self._find_statements([*nodes, *(node for node in subjects if isinstance(node, NamedNode))])
        patterns = [pattern for result in results for pattern in self._patterns(result)]
        patterns += [Pattern(*triple) for triple in triples]
        patterns += [pattern for node in nodes for pattern in (*patterns_of(node), Pattern(None, None, node))]
        self._locator.find(patterns)

    def of_result(self, result: Result) -> Place | None:
        """Return the place of the offending triple; of the focus node where a triple is missing or was never written."""
        if isinstance(result.focus, NamedNode) and (place := self.of_statement(result.focus)):
            return place
        for pattern in self._patterns(result):
            if found := self._locator.at(pattern):
                if pattern in patterns_of(self._written(result.focus)):
                    return found.subject
                return found.last if result.component in LAST else found.first
        return None

    def of_triple(self, triple: Triple) -> Place | None:
        """Return the first place of a triple, else of the row or entry that it was made from; nothing where no file says it."""
        if place := self._locator.triple(*triple):
            return place
        return self.of_statement(triple.subject) if isinstance(triple.subject, NamedNode) else None

    def of_node(self, node: NamedNode) -> Place | None:
        """Return where a node is described, else where it is mentioned."""
        return self.of_statement(node) or self._locator.subject(node) or self._locator.mention(node)

    def types_of(self, node: NamedNode) -> Found | None:
        """Return where it is said what a node is, in the first file and in the last."""
        return self._locator.at(patterns_of(node)[0])

    def is_described(self, node: NamedNode) -> bool:
        """Tell whether a file says anything about a node; a mapping file only links it."""
        found = self._locator.at(patterns_of(node)[1])
        return found is not None and any(not place.file.name.endswith(SSSOM) for place in (found.first, found.last))

    def of_statement(self, node: NamedNode) -> Place | None:
        """Return where a node that stands for a statement comes from: an evidence entry, or a row of a mapping file."""
        self._find_statements([node])
        return self._statements.get(node)

    def _find_statements(self, nodes: Iterable[NamedNode]) -> None:
        below = (self._register.iri("id/statement/"), self._register.iri("id/mapping/"))
        new = {node for node in nodes if node.value.startswith(below)} - self._statements.keys()
        if new:
            self._statements |= dict.fromkeys(new)
            for node, place in _named_statements(self._register):
                if node in new and not self._statements[node]:
                    self._statements[node] = place

    def _patterns(self, result: Result) -> Iterator[Pattern]:
        """Yield what may be meant by a result, the best first."""
        focus = self._written(result.focus)
        begins = list(steps(result.path)) if result.path else []
        if result.value is not None:
            for predicate, inverse in begins:
                yield Pattern(result.value, predicate, focus) if inverse else Pattern(focus, predicate, result.value)
            if result.path is None and result.value != result.focus:
                yield Pattern(focus, None, result.value)
        if result.value is not None or result.component in LAST:
            for predicate, inverse in begins:
                yield Pattern(None, predicate, focus) if inverse else Pattern(focus, predicate)
        yield from patterns_of(focus)
        yield Pattern(None, None, focus)

    def _written(self, node: Node) -> Node:
        """Return the node that a file describes in place of one that the build makes: of a selector, the evidence."""
        found = self._selector.match(node.value) if isinstance(node, NamedNode) else None
        return NamedNode(found[0]) if found else node


def _named_statements(register: Register) -> Iterator[tuple[NamedNode, Place]]:
    """Yield the nodes that stand for statements with the places that they come from.

    An evidence entry gives rise to a node for each of its brackets, a mapping file to one for each of its rows.
    """
    for file in source_files(register):
        if file.role == "evidence":
            for entry in read_entries(file.path, register.base, Complaints()):
                brackets = [*entry.values.get(terms.SUPPORTS, ()), *entry.values.get(terms.BETWEEN, ())]
                for triple, (_, line) in zip(entry.statements, brackets, strict=True):
                    yield statement_iri(triple, register.base), Place(file.path, line)
        elif file.role == "links":
            for link in read_mappings(file.path, register.base):
                yield mapping_iri(link.triple, register.base), Place(file.path, link.line)
