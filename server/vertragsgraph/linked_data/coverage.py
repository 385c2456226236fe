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
_DEMANDING: Final = """{prologue}
SELECT (COUNT(*) AS ?n) WHERE {{
  VALUES ?p {{ {predicates} }}
  VALUES ?graph {{ {graphs} }}
  GRAPH ?graph {{ ?s ?p ?o }}
}}"""
# The gate sees to it that nodes with evidence stand for statements that are made; to ask for each of these statements whether
# it has such a node takes the planner through all nodes of its property each time.
_PROVED: Final = """{prologue}
SELECT (COUNT(DISTINCT ?node) AS ?n) WHERE {{
  VALUES ?p {{ {predicates} }}
  ?node rdf:predicate ?p ; vg:evidence ?evidence .
}}"""


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
    these = " ".join(str(NamedNode(iri)) for iri in predicates)
    where = " ".join(str(NamedNode(iri)) for iri in graphs)
    demanding, proved, kinds, sources, links = await asyncio.gather(
        ask(_DEMANDING.format(prologue=PROLOGUE, predicates=these, graphs=where)),
        ask(_PROVED.format(prologue=PROLOGUE, predicates=these)),
        ask(_BY_KIND),
        ask(_BY_SOURCE),
        ask(_LINKED),
    )
    labels = Labels()
    for row in solutions(sources):
        source, label = row["source"], row["label"]
        if isinstance(source, NamedNode) and isinstance(label, Literal):
            labels.add(source.value, LABEL, label)
    return Coverage(
        demanding=_total(demanding),
        proved=_total(proved),
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


def _total(results: bytes) -> int:
    return sum(_number(row["n"]) for row in solutions(results))


def _number(term: object) -> int:
    return int(term.value) if isinstance(term, Literal) else 0
