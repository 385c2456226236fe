"""What a release says about one resource: asserted, entailed, and by others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from vertragsgraph.linked_data.terms import LABEL_PROPERTIES, Labels

INCOMING_LIMIT: Final = 200

# One round trip: the resource's own statements, those that point to it, and the labels of all they mention.
# The IRI stands in place (a FILTER or BIND leads the planner astray), and each branch is bounded by it. The properties that
# name things stand in a FILTER: as VALUES they would be joined first, with all labels of the release.
_QUERY: Final = """
SELECT ?graph ?s ?p ?o WHERE {{
  {{ GRAPH ?graph {{ <{iri}> ?p ?o }} BIND(<{iri}> AS ?s) }}
  UNION {{ SELECT ?graph ?s ?p ?o WHERE {{ GRAPH ?graph {{ ?s ?p <{iri}> }} BIND(<{iri}> AS ?o) }} LIMIT {incoming} }}
  UNION {{ SELECT DISTINCT ?s ?p ?o WHERE {{ <{iri}> ?any ?s . ?s ?p ?o FILTER (?p IN ({labels})) }} }}
  UNION {{
    SELECT DISTINCT ?s ?p ?o WHERE {{
      {{ SELECT DISTINCT ?s WHERE {{ ?s ?any <{iri}> }} LIMIT {incoming} }} ?s ?p ?o FILTER (?p IN ({labels}))
    }}
  }}
}}"""


class Ask(Protocol):
    """Asks the engine of the served release: SPARQL in; `application/sparql-results+json` out, or N-Triples for CONSTRUCT."""

    async def __call__(self, query: str, /) -> bytes:
        """Return the whole result."""
        ...


@dataclass(frozen=True)
class Description:
    """A resource and what the release says about it; triples are sorted as N-Triples lines are."""

    iri: str
    asserted: tuple[Triple, ...]
    entailed: tuple[Triple, ...]
    incoming: tuple[Triple, ...]
    incoming_cut: bool
    label_triples: tuple[Triple, ...]
    labels: Labels

    def triples(self) -> list[Triple]:
        """Return all triples, each once, sorted."""
        return _sorted({*self.asserted, *self.entailed, *self.incoming, *self.label_triples})


async def describe(iri: str, entailed_graph: str, ask: Ask) -> Description | None:
    """Return the description of a resource, None where the release says nothing about it.

    `iri` must be a valid IRIREF. Of triples that point to the resource at most `INCOMING_LIMIT` are given;
    `incoming_cut` tells whether there may be more.
    """
    labels = ", ".join(f"<{label}>" for label in LABEL_PROPERTIES)
    rows = list(_rows(await ask(_QUERY.format(iri=iri, incoming=INCOMING_LIMIT, labels=labels))))
    about = NamedNode(iri)
    outgoing = [(graph, triple) for graph, triple in rows if graph and triple.subject == about]
    incoming = {triple for graph, triple in rows if graph and triple.object == about and triple.subject != about}
    if not outgoing and not incoming:
        return None
    known = Labels()
    label_triples = {triple for graph, triple in rows if not graph}
    own = {triple for _, triple in outgoing}
    for triple in label_triples | own:
        if isinstance(triple.object, Literal) and triple.predicate.value in LABEL_PROPERTIES:
            known.add(str(getattr(triple.subject, "value", "")), triple.predicate.value, triple.object)
    return Description(
        iri=iri,
        asserted=tuple(_sorted({triple for graph, triple in outgoing if graph != entailed_graph})),
        entailed=tuple(_sorted({triple for graph, triple in outgoing if graph == entailed_graph})),
        incoming=tuple(_sorted(incoming)),
        incoming_cut=len([1 for graph, triple in rows if graph and triple.object == about]) >= INCOMING_LIMIT,
        label_triples=tuple(_sorted(label_triples)),
        labels=known,
    )


def solutions(results: bytes) -> Iterator[QuerySolution]:
    """Yield the solutions of a SELECT from its results in JSON."""
    found = parse_query_results(results, format=QueryResultsFormat.JSON)
    if isinstance(found, QuerySolutions):
        yield from found


def _rows(results: bytes) -> Iterator[tuple[str, Triple]]:
    for row in solutions(results):
        graph = row["graph"]
        yield (graph.value if isinstance(graph, NamedNode) else ""), Triple(row["s"], row["p"], row["o"])


def _sorted(triples: set[Triple]) -> list[Triple]:
    return sorted(triples, key=str)
