"""Where in the sources a complaint about the graphs belongs.

Nothing is kept about lines while a register is read, since nearly all registers that are read are right: when there is a
complaint, the files are read again, in one pass for all complaints together. The graphs hold more than what files say
word for word: evidence is expanded, and what follows is added. A complaint about such a triple leads to what it was made
from, else to the node that it is about.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, Triple

from vertragsgraph.finding import Complaints, Finding, Place
from vertragsgraph.gate.shacl.paths import steps
from vertragsgraph.gate.shacl.results import Result
from vertragsgraph.graph.entries import Annotation, Entry, read_entries
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.terms import Node
from vertragsgraph.register import EXAMPLE, Register
from vertragsgraph.register.names import mapping_iri, statement_iri
from vertragsgraph.sources import SourceError, SourceFile, read_mappings, read_statements, source_files
from vertragsgraph.sources.folder import SSSOM, TABLES
from vertragsgraph.sources.tables import table_statements
from vertragsgraph.texts import both

LAST: Final = frozenset({"MaxCount", "UniqueLang", "QualifiedMaxCount"})
"""Components whose results name no value: there is one too many, and that is taken to be the last."""


class Pattern(NamedTuple):
    """A triple pattern: `None` stands for any term; at least one term is given."""

    subject: Node | None = None
    predicate: Node | None = None
    object: Node | None = None

    def matches(self, triple: Triple) -> bool:
        """Tell whether a triple fits."""
        return all(mine is None or mine == its for mine, its in zip(self, triple, strict=True))


@dataclass(frozen=True)
class Found:
    """Where triples that fit a pattern stand: the first, the last, and the subject of the first."""

    first: Place
    last: Place
    subject: Place


class Places:
    """Finds the places of results, triples and nodes in a register's sources: Turtle, and mapping files for links.

    Each look-up reads the sources once; what is needed together is announced together (`look_up`).
    """

    def __init__(self, register: Register) -> None:
        self._register = register
        self._found: dict[Pattern, Found | None] = {}
        self._made: dict[NamedNode, Place | None] = {}  # nodes that the build makes of statements
        self._below = (register.iri("id/statement/"), register.iri("id/mapping/"))
        self._selector = re.compile(re.escape(register.iri("id/evidence/")) + "[^/]+(?=/(?:quote|position|row)$)")

    def look_up(
        self, results: Iterable[Result] = (), triples: Iterable[Triple] = (), nodes: Iterable[NamedNode] = ()
    ) -> None:
        """Look for the places of results, triples and nodes in one pass through the sources, or two.

        Where something is only mentioned is looked for in a second pass, for what no file describes: as long as all is looked for
        by its subject, statements of other subjects need no look.
        """
        results, triples, nodes = list(results), list(triples), list(nodes)
        meant = [[*self._patterns(result)] for result in results]
        meant += [[*_described(node), Pattern(None, None, node)] for node in nodes]
        patterns = [pattern for likely in meant for pattern in likely[:-1]] + [Pattern(*triple) for triple in triples]
        self._find(patterns, [*nodes, *(result.focus for result in results), *(triple.subject for triple in triples)])
        self._find(likely[-1] for likely in meant if not any(self._found[pattern] for pattern in likely[:-1]))

    def at(self, pattern: Pattern) -> Found | None:
        """Return where triples that fit a pattern stand; nothing where the sources have none."""
        self._find([pattern])
        return self._found[pattern]

    def of_result(self, result: Result) -> Place | None:
        """Return the place of the offending triple; of the focus node where a triple is missing or was never written."""
        if place := self.of_statement(result.focus):
            return place
        for pattern in self._patterns(result):
            if found := self.at(pattern):
                if pattern in _described(self._written(result.focus)):
                    return found.subject
                return found.last if result.component in LAST else found.first
        return None

    def of_triple(self, triple: Triple) -> Place | None:
        """Return the first place of a triple, else of the row or entry that it was made from; nothing where no file says it."""
        found = self.at(Pattern(*triple))
        return found.first if found else self.of_statement(triple.subject)

    def of_node(self, node: Node) -> Place | None:
        """Return where a node is described, best where its type is told, else where it is mentioned."""
        if place := self.of_statement(node) or self.of_subject(node):
            return place
        mentions = Pattern(object=node), Pattern(predicate=node)
        self._find(mentions)
        return next((found.first for pattern in mentions if (found := self._found[pattern])), None)

    def of_subject(self, node: Node) -> Place | None:
        """Return the line on which a node stands as subject, best where its type is told."""
        self._find(_described(node))
        return next((found.subject for pattern in _described(node) if (found := self._found[pattern])), None)

    def types_of(self, node: NamedNode) -> Found | None:
        """Return where it is said what a node is, in the first file and in the last."""
        return self.at(_described(node)[0])

    def is_described(self, node: NamedNode) -> bool:
        """Tell whether a file says anything about a node; a mapping file only links it."""
        found = self.at(_described(node)[1])
        return found is not None and any(not place.file.name.endswith(SSSOM) for place in (found.first, found.last))

    def of_statement(self, node: Node) -> Place | None:
        """Return where a node that stands for a statement comes from: an evidence entry, or a row of a mapping file."""
        self._find((), [node])
        return self._made.get(node) if isinstance(node, NamedNode) else None

    def _find(self, patterns: Iterable[Pattern], nodes: Iterable[Node] = ()) -> None:
        """Read the sources, if there is anything that has not been looked for; of a file with a syntax error, up to it."""
        new = {pattern for pattern in patterns if pattern not in self._found}
        made = {node for node in nodes if isinstance(node, NamedNode) and node.value.startswith(self._below)}
        made -= self._made.keys()
        if not new and not made:
            return
        wanted = _Wanted(new)
        found: dict[Pattern, Found] = {}
        places: dict[NamedNode, Place] = {}
        for file in source_files(self._register):
            for node, line in _made_of(file, self._register.base) if made else ():
                if node in made:
                    places.setdefault(node, Place(file.path, line))
            for triple, here, of_subject in _statements(file, self._register, wanted) if new else ():
                for pattern in wanted.met_by(triple):
                    earlier = found.get(pattern) or Found(here, here, of_subject)
                    found[pattern] = replace(earlier, last=here)
        self._found |= {pattern: found.get(pattern) for pattern in new}
        self._made |= {node: places.get(node) for node in made}

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
        yield from (*_described(focus), Pattern(None, None, focus))

    def _written(self, node: Node) -> Node:
        """Return the node that a file describes in place of one that the build makes: of a selector, the evidence."""
        found = self._selector.match(node.value) if isinstance(node, NamedNode) else None
        return NamedNode(found[0]) if found else node


def left_of_example(register: Register) -> list[Finding]:
    """Return a finding for each resource that a register still describes of the example with which it was started."""
    places = Places(register)
    nodes = {path: NamedNode(register.iri(f"id/{path}")) for path in EXAMPLE}
    findings = []
    with suppress(SourceError):  # a release can be served whatever has become of the sources
        places.look_up(nodes=nodes.values())
        for path, node in nodes.items():
            if place := places.of_subject(node):
                name = path.replace("/", ":")
                message = both("{resource} is part of the example; put your own in its place", resource=name)
                findings.append(Finding(message, place, rule="register"))
    return findings


def _described(node: Node) -> tuple[Pattern, Pattern]:
    """Return the patterns that lead to where a node is described, the better first."""
    return Pattern(node, terms.TYPE), Pattern(node)


class _Wanted:
    """Patterns, arranged by the first term that each of them gives."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._by_term: dict[tuple[int, Node], list[Pattern]] = defaultdict(list)
        for pattern in patterns:
            key = next((position, term) for position, term in enumerate(pattern) if term is not None)
            self._by_term[key].append(pattern)
        subjects = {term for position, term in self._by_term if position == 0}
        self.subjects = subjects if all(position == 0 for position, _ in self._by_term) else None

    def met_by(self, triple: Triple) -> list[Pattern]:
        """Return the patterns that a triple fits."""
        keys = [key for key in enumerate(triple) if key in self._by_term]
        return [pattern for key in keys for pattern in self._by_term[key] if pattern.matches(triple)]


def _statements(file: SourceFile, register: Register, wanted: _Wanted) -> Iterator[tuple[Triple, Place, Place]]:
    """Yield the statements of a file that may be wanted, each with its place and that of its subject."""
    with suppress(SourceError):
        if file.role == TABLES:
            for triple, row, column in table_statements(file.path, register, wanted.subjects):
                yield triple, Place(file.path, row, column), Place(file.path, row)
        elif file.role == "links":
            for link in read_mappings(file.path, register.base):
                yield link.triple, Place(file.path, link.line), Place(file.path, link.line)
        else:
            for triple, line, subject_line in read_statements(file.path, register.base, file.prefixes, wanted.subjects):
                yield triple, Place(file.path, line), Place(file.path, subject_line)
    for entry in read_entries(file, register.base, Complaints()):
        for triple, line, subject_line in entry.asserted if isinstance(entry, Entry) else ():
            yield triple, Place(file.path, line), Place(file.path, subject_line)


def _made_of(file: SourceFile, base: str) -> Iterator[tuple[NamedNode, int]]:
    """Yield the nodes that the build makes of each bracket of an evidence entry and each row of a mapping file; with lines."""
    if file.role == "links":
        with suppress(SourceError):
            yield from ((mapping_iri(link.triple, base), link.line) for link in read_mappings(file.path, base))
    for entry in read_entries(file, base, Complaints()):
        statements = [entry.statement] if isinstance(entry, Annotation) else entry.statements
        yield from ((statement_iri(triple, base), line) for triple, line, _ in statements)
