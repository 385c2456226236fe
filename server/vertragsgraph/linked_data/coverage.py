"""How well a release is proved and linked, in numbers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.linked_data.names import LABEL, PROLOGUE
from vertragsgraph.linked_data.resources import Ask, solutions
from vertragsgraph.linked_data.terms import Labels
from vertragsgraph.release.linking import CLASSES, PROPERTIES

WIKIDATA: Final = "http://www.wikidata.org/entity/"
_LINKS: Final = ", ".join(PROPERTIES)
_CLASSES: Final = " ".join((*CLASSES, "dcterms:Location"))
_LINKED: Final = f"""{PROLOGUE}
SELECT ?kind (COUNT(DISTINCT ?s) AS ?n) (COUNT(DISTINCT ?any) AS ?linked) (COUNT(DISTINCT ?item) AS ?wikidata) WHERE {{
  VALUES ?kind {{ {_CLASSES} }} ?s rdf:type ?kind .
  OPTIONAL {{
    ?s ?p ?target FILTER (?p IN ({_LINKS})) BIND (?s AS ?any)
    BIND (IF(STRSTARTS(STR(?target), "{WIKIDATA}"), ?s, ?nothing) AS ?item)
  }}
}} GROUP BY ?kind"""
_BY_KIND: Final = f"""{PROLOGUE}
SELECT ?kind (COUNT(DISTINCT ?evidence) AS ?n) WHERE {{ ?evidence vg:supportKind ?kind }} GROUP BY ?kind"""
_BY_SOURCE: Final = f"""{PROLOGUE}
SELECT ?source ?label ?n WHERE {{
  {{ SELECT ?source (COUNT(DISTINCT ?evidence) AS ?n) WHERE {{ ?evidence oa:hasSource ?source }} GROUP BY ?source }}
  OPTIONAL {{ ?source rdfs:label ?label }}
}} ORDER BY DESC(?n) LIMIT 100"""
# Every property by itself, so that the index serves; whether a statement has a node with evidence is looked up for each.
_PROVED: Final = """{prologue}
SELECT ?proved (COUNT(*) AS ?n) WHERE {{
  VALUES ?p {{ {predicates} }}
  VALUES ?graph {{ {graphs} }}
  GRAPH ?graph {{ ?s ?p ?o }}
  BIND (EXISTS {{ ?node rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; vg:evidence ?evidence }} AS ?proved)
}} GROUP BY ?proved"""


@dataclass(frozen=True)
class Linked:
    """How many resources of a class there are, how many have a link to any other register, how many one to Wikidata."""

    kind: str
    total: int
    linked: int
    wikidata: int


@dataclass(frozen=True)
class Coverage:
    """The numbers: statements that demand evidence and those that have it; evidence by kind and by source; links."""

    demanding: int
    proved: int
    by_kind: dict[str, int]
    by_source: dict[str, int]
    linked: tuple[Linked, ...]
    labels: Labels


async def coverage(ask: Ask, predicates: Iterable[str], graphs: Iterable[str]) -> Coverage:
    """Return the numbers of a release.

    `predicates` are the IRIs of the properties whose statements demand evidence where they stand in one of `graphs`.
    """
    proved = _PROVED.format(
        prologue=PROLOGUE,
        predicates=" ".join(str(NamedNode(iri)) for iri in predicates),
        graphs=" ".join(str(NamedNode(iri)) for iri in graphs),
    )
    statements, kinds, sources, links = await asyncio.gather(ask(proved), ask(_BY_KIND), ask(_BY_SOURCE), ask(_LINKED))
    labels = Labels()
    for row in solutions(sources):
        source, label = row["source"], row["label"]
        if isinstance(source, NamedNode) and isinstance(label, Literal):
            labels.add(source.value, LABEL, label)
    counts = {row["proved"].value: _number(row["n"]) for row in solutions(statements) if row["proved"] is not None}
    return Coverage(
        demanding=sum(counts.values()),
        proved=counts.get("true", 0),
        by_kind=_counts(kinds, "kind"),
        by_source=_counts(sources, "source"),
        linked=tuple(
            Linked(row["kind"].value, _number(row["n"]), _number(row["linked"]), _number(row["wikidata"]))
            for row in solutions(links)
            if isinstance(row["kind"], NamedNode)
        ),
        labels=labels,
    )


def _counts(results: bytes, variable: str) -> dict[str, int]:
    return {
        row[variable].value: _number(row["n"]) for row in solutions(results) if isinstance(row[variable], NamedNode)
    }


def _number(term: object) -> int:
    return int(term.value) if isinstance(term, Literal) else 0
