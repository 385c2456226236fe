"""By what a release is proved, and how well it is linked, in numbers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.linked_data.names import LABEL, PROLOGUE
from vertragsgraph.linked_data.terms import Labels
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.asking import Ask, solutions
from vertragsgraph.rdf.namespaces import WD

_LINKS: Final = ", ".join(map(str, terms.LINKS))
_LINKED: Final = """{prologue}
SELECT ?kind (COUNT(DISTINCT ?s) AS ?n) (COUNT(DISTINCT ?any) AS ?linked) (COUNT(DISTINCT ?item) AS ?wikidata) WHERE {{
  VALUES ?kind {{ {classes} }} ?s rdf:type ?kind .
  OPTIONAL {{
    ?s ?p ?target FILTER (?p IN ({links})) BIND (?s AS ?any)
    BIND (IF(STRSTARTS(STR(?target), "{wikidata}"), ?s, ?nothing) AS ?item)
  }}
}} GROUP BY ?kind"""
_BY_KIND: Final = f"""{PROLOGUE}
SELECT ?kind (COUNT(DISTINCT ?evidence) AS ?n) WHERE {{ ?evidence vg:supportKind ?kind }} GROUP BY ?kind"""
_BY_SOURCE: Final = f"""{PROLOGUE}
SELECT ?source ?label ?n WHERE {{
  {{ SELECT ?source (COUNT(DISTINCT ?evidence) AS ?n) WHERE {{ ?evidence oa:hasSource ?source }} GROUP BY ?source }}
  OPTIONAL {{ ?source rdfs:label ?label }}
}} ORDER BY DESC(?n) LIMIT 100"""


@dataclass(frozen=True)
class Linked:
    """How many resources of a class there are, how many have a link to any other register, how many one to Wikidata."""

    kind: str
    total: int
    linked: int
    wikidata: int


@dataclass(frozen=True)
class Coverage:
    """The numbers: evidence by kind and by source; links."""

    by_kind: dict[str, int]
    by_source: dict[str, int]
    linked: tuple[Linked, ...]
    labels: Labels


async def coverage(ask: Ask, classes: Sequence[str]) -> Coverage:
    """Return the numbers of a release; `classes` are the IRIs of the classes of resources that may have links.

    How many statements are proved, and how, is not among them: the manifest of the release says so.
    """
    kinds, sources, links = await asyncio.gather(
        ask(_BY_KIND),
        ask(_BY_SOURCE),
        ask(_LINKED.format(prologue=PROLOGUE, classes=_iris(classes), links=_LINKS, wikidata=WD)),
    )
    labels = Labels()
    for row in solutions(sources):
        source, label = row["source"], row["label"]
        if isinstance(source, NamedNode) and isinstance(label, Literal):
            labels.add(source.value, LABEL, label)
    return Coverage(
        by_kind=_counts(kinds, "kind"),
        by_source=_counts(sources, "source"),
        linked=tuple(sorted(_linked(links), key=lambda row: classes.index(row.kind))),
        labels=labels,
    )


def _linked(results: bytes) -> Iterator[Linked]:
    for row in solutions(results):
        if isinstance(row["kind"], NamedNode):
            yield Linked(row["kind"].value, _number(row["n"]), _number(row["linked"]), _number(row["wikidata"]))


def _iris(iris: Iterable[str]) -> str:
    return " ".join(str(NamedNode(iri)) for iri in iris)


def _counts(results: bytes, variable: str) -> dict[str, int]:
    return {
        row[variable].value: _number(row["n"]) for row in solutions(results) if isinstance(row[variable], NamedNode)
    }


def _number(term: object) -> int:
    return int(term.value) if isinstance(term, Literal) else 0
