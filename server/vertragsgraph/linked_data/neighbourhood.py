"""A resource with what surrounds it: its own statements, those of what belongs to it, and the evidence for them.

A page needs a few hundred triples at most. They are fetched by a few queries, each about nodes that are
known by then, and looked up in memory.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from vertragsgraph.linked_data.names import LINKS, OA, PROLOGUE, RDF, TYPE, VG
from vertragsgraph.linked_data.resources import Ask, solutions
from vertragsgraph.linked_data.terms import LABEL_PROPERTIES, Labels

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Statement: TypeAlias = Triple | Quad

LIMIT: Final = 200
"""At most so many contracts, offices … are named on the page of a resource; there are lists for more of them."""

# What is asked about nodes that are known, which are bound to ?f, ?s or ?evidence by VALUES: chains that the planner follows from
# there. A node is asked for properties by name where others may say much about it: some have a million triples by entailment.
_OWN: Final = "VALUES ?graph {{ {graphs} }} GRAPH ?graph {{ ?f ?p ?o }} BIND (?f AS ?s)"
_TYPES: Final = "?f rdf:type ?o BIND (rdf:type AS ?p) BIND (?f AS ?s)"
_STATEMENTS: Final = "?s rdf:subject ?f . ?s ?p ?o FILTER (?p IN (rdf:subject, rdf:predicate, rdf:object, vg:evidence))"
_DISAGREEMENTS: Final = (
    "?statement rdf:subject ?f . ?s vg:between ?statement . "
    "?s ?p ?o FILTER (?p IN (rdf:type, rdfs:label, rdfs:comment, vg:between))"
)
_EVIDENCE: Final = "?s ?p ?o FILTER (?p IN (vg:supportKind, oa:hasSource, oa:hasSelector, rdfs:comment))"
_SELECTORS: Final = "?evidence oa:hasSelector ?s . ?s ?p ?o FILTER (?p IN (oa:exact, oa:start, oa:end))"
_LABELS: Final = ("rdfs:label",)
_LINKS: Final = tuple(f"<{link}>" for link in LINKS)
_OF_SOURCES: Final = ("rdfs:label", "dcterms:identifier", "schema:url", "schema:inLanguage")


class Neighbourhood:
    """Triples in memory, looked up in both directions; the order of what is returned never depends on that of the triples."""

    def __init__(self, triples: Iterable[Statement]) -> None:
        self.labels = Labels()
        self._objects: dict[tuple[str, str], set[Term]] = defaultdict(set)
        self._subjects: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._predicates: dict[str, set[str]] = defaultdict(set)
        self._statements: dict[tuple[str, str, Term], str] = {}
        for triple in triples:
            self._add(triple)
        for (subject, predicate), values in self._objects.items():
            if predicate == RDF + "object":
                about, verb = self.one(subject, RDF + "subject"), self.one(subject, RDF + "predicate")
                for value in values if about and verb else ():
                    self._statements[about, verb, value] = subject

    def _add(self, triple: Statement) -> None:
        subject, predicate, value = _key(triple.subject), triple.predicate.value, triple.object
        self._objects[subject, predicate].add(value)
        self._predicates[subject].add(predicate)
        if isinstance(value, NamedNode):
            self._subjects[predicate, value.value].add(subject)
        elif isinstance(value, Literal) and predicate in LABEL_PROPERTIES:
            self.labels.add(subject, predicate, value)

    def __contains__(self, subject: object) -> bool:
        """Return whether anything is said about a subject (an IRI)."""
        return subject in self._predicates

    def objects(self, subject: str, *predicates: str) -> list[Term]:
        """Return the values of properties, sorted as N-Triples are."""
        values = {value for predicate in predicates for value in self._objects.get((subject, predicate), ())}
        return sorted(values, key=str)

    def iris(self, subject: str, *predicates: str) -> list[str]:
        """Return the IRIs among the values of properties."""
        return [value.value for value in self.objects(subject, *predicates) if isinstance(value, NamedNode)]

    def literals(self, subject: str, *predicates: str) -> list[Literal]:
        """Return the literals among the values of properties."""
        return [value for value in self.objects(subject, *predicates) if isinstance(value, Literal)]

    def one(self, subject: str, *predicates: str) -> str:
        """Return the first IRI among the values of properties, `""` where there is none."""
        return next(iter(self.iris(subject, *predicates)), "")

    def text(self, subject: str, *predicates: str) -> str:
        """Return the first literal's text among the values of properties, `""` where there is none."""
        return next((literal.value for literal in self.literals(subject, *predicates)), "")

    def subjects(self, predicate: str, value: str) -> list[str]:
        """Return the IRIs of what has an IRI as value of a property."""
        return sorted(self._subjects.get((predicate, value), ()))

    def types(self, subject: str) -> set[str]:
        """Return the classes that a resource is in, asserted and entailed."""
        return set(self.iris(subject, TYPE))

    def predicates(self, subject: str) -> list[str]:
        """Return the properties that a resource has."""
        return sorted(self._predicates.get(subject, ()))

    def verbs_to(self, value: str) -> list[str]:
        """Return the properties that an IRI is a value of."""
        return sorted({predicate for predicate, target in self._subjects if target == value})

    def with_predicate(self, predicate: str) -> list[str]:
        """Return the subjects that have a property."""
        return sorted({subject for subject, verb in self._objects if verb == predicate})

    def of_type(self, kind: str) -> list[str]:
        """Return what is in a class."""
        return self.subjects(TYPE, kind)

    def statement(self, subject: str, predicate: str, value: Term) -> str:
        """Return the IRI of the node that stands for a statement, `""` where there is none."""
        return self._statements.get((subject, predicate, value), "")

    def evidence(self, subject: str, predicate: str, value: Term) -> list[str]:
        """Return the IRIs of the evidence for a statement."""
        node = self.statement(subject, predicate, value)
        return self.iris(node, VG + "evidence") if node else []

    def quotation(self, evidence: str) -> Literal | None:
        """Return the words that a piece of evidence quotes."""
        found = [
            text for selector in self.iris(evidence, OA + "hasSelector") for text in self.literals(selector, _EXACT)
        ]
        return next(iter(found), None)

    def position(self, evidence: str) -> tuple[int, int] | None:
        """Return where the quotation stands in the text of its source: code points, the end exclusive."""
        for selector in self.iris(evidence, OA + "hasSelector"):
            start, end = self.text(selector, OA + "start"), self.text(selector, OA + "end")
            if start.isdigit() and end.isdigit():
                return int(start), int(end)
        return None


_EXACT: Final = OA + "exact"


def _key(node: object) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)


async def neighbourhood(
    ask: Ask, node: str, focus: Sequence[str], graphs: Sequence[str], *, matches: bool = False, extra: Sequence[str] = ()
) -> Neighbourhood:
    """Return what the release says about a node and those of a focus, with labels of all they mention and their evidence.

    `focus` are graph patterns (SPARQL 1.1, section 5), each of which binds `?f`, of which at most `LIMIT` are taken; `extra`
    are further patterns, each of which binds `?s ?p ?o`. `graphs` are those whose triples count as the nodes' own. With
    `matches`, the links of everything that the nodes mention come along.
    """
    nodes = [node, *(await _found(ask, focus))] if focus else [node]
    facts, proofs = await asyncio.gather(_facts(ask, nodes, graphs, matches, extra), _proofs(ask, nodes))
    return Neighbourhood([*facts, *proofs])


async def _found(ask: Ask, focus: Sequence[str]) -> list[str]:
    parts = " UNION ".join(f"{{ SELECT DISTINCT ?f WHERE {{ {pattern} }} LIMIT {LIMIT} }}" for pattern in focus)
    rows = solutions(await ask(f"{PROLOGUE}\nSELECT DISTINCT ?f WHERE {{ {parts} }}"))
    return sorted(row["f"].value for row in rows if isinstance(row["f"], NamedNode))


async def _facts(
    ask: Ask, nodes: Sequence[str], graphs: Sequence[str], matches: bool, extra: Sequence[str]
) -> list[Statement]:
    own = _OWN.format(graphs=" ".join(f"<{graph}>" for graph in graphs))
    found = list(triples(await ask(union([f"{these('f', nodes)} {own}", f"{these('f', nodes)} {_TYPES}", *extra]))))
    about = set(nodes)
    mentioned = {
        triple.object.value
        for triple in found
        if isinstance(triple.object, NamedNode) and triple.predicate.value != TYPE and _key(triple.subject) in about
    }
    return [*found, *(await _ask_for(ask, sorted(mentioned), (*_LABELS, *(_LINKS if matches else ()))))]


async def _proofs(ask: Ask, nodes: Sequence[str]) -> list[Statement]:
    about = these("f", nodes)
    found = list(triples(await ask(union([f"{about} {_STATEMENTS}", f"{about} {_DISAGREEMENTS}"]))))
    statements = _values(found, VG + "evidence")
    if not statements:
        return found
    found += triples(await ask(union([f"{these('s', statements)} {_EVIDENCE}", f"{these('evidence', statements)} {_SELECTORS}"])))
    return [*found, *(await _ask_for(ask, _values(found, OA + "hasSource"), _OF_SOURCES))]


async def _ask_for(ask: Ask, nodes: Sequence[str], properties: Sequence[str]) -> list[Statement]:
    """Return the triples with one of some properties (as SPARQL writes them) of some nodes."""
    if not nodes:
        return []
    known = these("s", nodes)
    return list(triples(await ask(union(f"{known} ?s {name} ?o BIND ({name} AS ?p)" for name in properties))))


def _values(found: Iterable[Statement], predicate: str) -> list[str]:
    return sorted(
        {
            triple.object.value
            for triple in found
            if triple.predicate.value == predicate and isinstance(triple.object, NamedNode)
        }
    )


def these(variable: str, nodes: Iterable[str]) -> str:
    """Return the pattern that binds a variable to each of some nodes."""
    return f"VALUES ?{variable} {{ {' '.join(str(NamedNode(node)) for node in nodes)} }}"


def union(patterns: Iterable[str]) -> str:
    """Return the query for all `?s ?p ?o` that one of the patterns binds."""
    branches = "\n  UNION ".join(f"{{ {pattern} }}" for pattern in patterns)
    return f"{PROLOGUE}\nCONSTRUCT {{ ?s ?p ?o }} WHERE {{\n  {branches}\n}}"


def triples(results: bytes) -> Iterable[Statement]:
    """Return the triples that a query of the form that `union` returns found."""
    return parse(results, format=RdfFormat.N_TRIPLES)
