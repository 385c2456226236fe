"""A resource with what surrounds it: its own statements, those of what belongs to it, and the evidence for them.

A page needs a few hundred triples at most. They are fetched by two queries (facts and evidence) and looked up in memory.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from vertragsgraph.linked_data.names import LINKS, OA, PROLOGUE, RDF, TYPE, VG
from vertragsgraph.linked_data.resources import Ask, solutions
from vertragsgraph.linked_data.terms import LABEL_PROPERTIES, Labels

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple

LIMIT: Final = 200
"""At most so many contracts, offices … are named on the page of a resource; there are lists for more of them."""

_LINKS: Final = ", ".join(f"<{link}>" for link in LINKS)
# Parts of the two queries: what is asked about each node of the focus, which is bound to ?f. Each is a chain that the
# planner follows from the node; VALUES for the properties would make it begin with all labels there are. Whatever has a
# skos:prefLabel has the same rdfs:label by entailment.
_FACTS: Final = (
    "GRAPH ?graph {{ ?f ?p ?o }} FILTER (?graph != <{entailed}>) BIND (?f AS ?s)",
    "?f rdf:type ?o BIND (rdf:type AS ?p) BIND (?f AS ?s)",
    "?f ?any ?s . ?s rdfs:label ?o BIND (rdfs:label AS ?p)",
)
_MATCHES: Final = "?f ?any ?s . ?s ?p ?o FILTER (?p IN (" + _LINKS + "))"
_OF_STATEMENTS: Final = "rdf:subject, rdf:predicate, rdf:object, vg:evidence"
_OF_EVIDENCE: Final = "vg:supportKind, oa:hasSource, oa:hasSelector, rdfs:comment"
_OF_SELECTORS: Final = "oa:exact, oa:start, oa:end"
_OF_SOURCES: Final = "rdfs:label, dcterms:identifier, schema:url, schema:inLanguage"
_OF_DISAGREEMENTS: Final = "rdf:type, rdfs:label, rdfs:comment, vg:between"
_EVIDENCE: Final = (
    f"?s rdf:subject ?f . ?s ?p ?o FILTER (?p IN ({_OF_STATEMENTS}))",
    f"?statement rdf:subject ?f ; vg:evidence ?s . ?s ?p ?o FILTER (?p IN ({_OF_EVIDENCE}))",
    "?statement rdf:subject ?f ; vg:evidence ?evidence . ?evidence oa:hasSelector ?s . ?s ?p ?o "
    f"FILTER (?p IN ({_OF_SELECTORS}))",
    "?statement rdf:subject ?f ; vg:evidence ?evidence . ?evidence oa:hasSource ?s . ?s ?p ?o "
    f"FILTER (?p IN ({_OF_SOURCES}))",
    f"?statement rdf:subject ?f . ?s vg:between ?statement . ?s ?p ?o FILTER (?p IN ({_OF_DISAGREEMENTS}))",
)


class Neighbourhood:
    """Triples in memory, looked up in both directions; the order of what is returned never depends on that of the triples."""

    def __init__(self, triples: Iterable[Triple]) -> None:
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

    def _add(self, triple: Triple) -> None:
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
    ask: Ask, focus: Sequence[str], entailed: str, *, matches: bool = False, extra: Sequence[str] = ()
) -> Neighbourhood:
    """Return what the release says about the nodes of a focus, with labels of all they mention and their evidence.

    `focus` are graph patterns (SPARQL 1.1, section 5), each of which binds `?f`; `extra` are further patterns, each of
    which binds `?s ?p ?o`. `entailed` is the graph whose triples don't count as the nodes' own. With `matches`, the links of
    everything that the nodes mention come along.
    """
    parts = [part.format(entailed=entailed) for part in (*_FACTS, *((_MATCHES,) if matches else ()))]
    facts = [f"{node} {part}" for node in focus for part in parts]
    proofs = [f"{node} {part}" for node in focus for part in _EVIDENCE]
    answers = await asyncio.gather(ask(union([*facts, *extra])), ask(union(proofs)))
    return Neighbourhood(triple for answer in answers for triple in triples(answer))


def union(patterns: Iterable[str]) -> str:
    """Return the query for all `?s ?p ?o` that one of the patterns binds."""
    branches = "\n  UNION ".join(f"{{ {pattern} }}" for pattern in patterns)
    return f"{PROLOGUE}\nSELECT DISTINCT ?s ?p ?o WHERE {{\n  {branches}\n}}"


def triples(results: bytes) -> Iterator[Triple]:
    """Yield the triples that a query of the form that `union` returns found."""
    for row in solutions(results):
        subject, predicate, value = row["s"], row["p"], row["o"]
        if isinstance(subject, NamedNode | BlankNode) and isinstance(predicate, NamedNode) and value is not None:
            yield Triple(subject, predicate, value)
