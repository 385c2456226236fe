"""A resource with what surrounds it: its own statements, those of what belongs to it, and the evidence for them.

A page needs a few hundred triples, which are looked up in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from vertragsgraph.linked_data.names import TYPE
from vertragsgraph.linked_data.terms import LABEL_PROPERTIES, Labels
from vertragsgraph.rdf.namespaces import OA, RDF, VG

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Fact: TypeAlias = Triple | Quad


@dataclass(frozen=True)
class Cut:
    """A list that was cut: how many there are in all, and the query (SPARQL) that gives them all with their labels."""

    total: int
    query: str


class Neighbourhood:
    """Triples in memory, looked up in both directions; the order of what is returned never depends on that of the triples.

    `cuts` says of which lists there are only the first members, by what was asked for. `asserted` are those of the triples
    that somebody asserts about the resource in the middle: not what follows from others, nor what others say of it.
    """

    def __init__(
        self, triples: Iterable[Fact], cuts: Mapping[str, Cut] | None = None, asserted: Iterable[Fact] = ()
    ) -> None:
        self.labels = Labels()
        self.cuts = cuts or {}
        self.asserted = tuple(asserted)
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

    def _add(self, triple: Fact) -> None:
        subject, predicate, value = iri_of(triple.subject), triple.predicate.value, triple.object
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
        return next(iter(self._told(evidence, "exact")), None)

    def around(self, evidence: str) -> tuple[str, str]:
        """Return the words right before and right after the quotation, `""` where they are not told."""
        before, after = (next(iter(self._told(evidence, part)), None) for part in ("prefix", "suffix"))
        return before.value if before else "", after.value if after else ""

    def _told(self, evidence: str, part: str) -> list[Literal]:
        """Return what the selectors of a piece of evidence say of a quotation."""
        return [
            text for selector in self.iris(evidence, OA + "hasSelector") for text in self.literals(selector, OA + part)
        ]

    def position(self, evidence: str) -> tuple[int, int] | None:
        """Return where the quotation stands in the text of its source: code points, the end exclusive."""
        for selector in self.iris(evidence, OA + "hasSelector"):
            start, end = self.text(selector, OA + "start"), self.text(selector, OA + "end")
            if start.isdigit() and end.isdigit():
                return int(start), int(end)
        return None


def iri_of(node: object) -> str:
    """Return an IRI as a text; of any other term what N-Triples write, which is no IRI."""
    return node.value if isinstance(node, NamedNode) else str(node)
