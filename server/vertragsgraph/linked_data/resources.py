"""What a release says about one resource: asserted, entailed, and by others.

However much that is, what is asked is bounded: beyond `FEW` triples the properties are looked up one by one, some values of
each, and they are counted up to `COUNTED`. So the time does not grow with the register.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from vertragsgraph.linked_data.gathering import LIMIT, NAMES, properties
from vertragsgraph.linked_data.names import TYPE
from vertragsgraph.linked_data.neighbourhood import Fact
from vertragsgraph.rdf.asking import Ask, solutions

FEW: Final = 1_000
"""Up to so many triples that begin at a resource, or lead to it, are simply taken."""
COUNTED: Final = 10_000


@dataclass(frozen=True)
class Cut:
    """Values of a property of which only the first are given: those that it has, or (`inverse`) what has the resource as value.

    `total` is how many there are, None where they are more than `COUNTED`.
    """

    property: str
    inverse: bool
    total: int | None

    def query(self, iri: str) -> str:
        """Return the query (SPARQL) that gives them all, for the resource with an IRI."""
        ends = ("?value", NamedNode(iri)) if self.inverse else (NamedNode(iri), "?value")
        return f"SELECT ?value WHERE {{ {ends[0]} {NamedNode(self.property)} {ends[1]} }} ORDER BY ?value"


@dataclass(frozen=True)
class Surveyed:
    """What is known of a release: its named graphs (IRIs), the properties (IRIs) it uses, and what kinds are part of others."""

    asserted: Sequence[str]
    entailed: str
    properties: Collection[str]
    is_part: Callable[[str], bool]


@dataclass(frozen=True)
class Description:
    """A resource and what the release says about it, sorted as N-Triples lines are; `cuts` say what there is more of.

    `leading` is the part of `incoming` that is asserted.
    """

    iri: str
    asserted: tuple[Triple, ...]
    entailed: tuple[Triple, ...]
    incoming: tuple[Triple, ...]
    leading: tuple[Triple, ...]
    cuts: tuple[Cut, ...]

    @property
    def triples(self) -> tuple[Triple, ...]:
        """All triples; labels of what they name are not among them."""
        return (*self.asserted, *self.entailed, *self.incoming)


async def describe(iri: str, release: Surveyed, ask: Ask) -> Description | None:
    """Return the description of a resource, None where the release says nothing about it.

    `iri` must be a valid IRIREF. Where much is said, at most `LIMIT` values of each property are given, and `cuts` tell of
    which there are more.
    """
    (outgoing, cut), (others, cut_others) = await asyncio.gather(
        triples_of(iri, release, ask), triples_of(iri, release, ask, inverse=True)
    )
    incoming = [quad for quad in others if quad.subject != quad.object]
    if not outgoing and not incoming:
        return None
    entailed = NamedNode(release.entailed)
    return Description(
        iri=iri,
        asserted=_sorted(quad for quad in outgoing if quad.graph_name != entailed),
        entailed=_sorted(quad for quad in outgoing if quad.graph_name == entailed),
        incoming=_sorted(incoming),
        leading=_sorted(quad for quad in incoming if quad.graph_name != entailed),
        cuts=(*cut, *cut_others),
    )


async def names(ask: Ask, facts: Iterable[Fact]) -> list[Fact]:
    """Return the names of everything that facts mention as subject or value."""
    ends = {end.value for fact in facts for end in (fact.subject, fact.object) if isinstance(end, NamedNode)}
    return await properties(ask, sorted(ends), NAMES)


async def triples_of(iri: str, release: Surveyed, ask: Ask, *, inverse: bool = False) -> tuple[list[Quad], list[Cut]]:
    """Return what begins at a resource or (`inverse`) leads to it, with its graphs, and what there is more of.

    Beyond `FEW` triples that are `LIMIT` values of each property. Only graphs of the data count, whatever else is stored.
    """
    node = NamedNode(iri)
    graphs = ", ".join(str(NamedNode(graph)) for graph in (*release.asserted, release.entailed))

    def some(predicate: str, limit: int, shown: str = "?graph ?s ?p ?o") -> str:
        ends = f"?s {predicate} {node}" if inverse else f"{node} {predicate} ?o"
        given = f"BIND ({node} AS {'?o' if inverse else '?s'})"
        given += f" BIND ({predicate} AS ?p)" if predicate != "?p" else ""
        pattern = f"GRAPH ?graph {{ {ends} }} FILTER (?graph IN ({graphs})) {given}"
        return f"{{ SELECT {shown} WHERE {{ {pattern} }} LIMIT {limit} }}"

    quads = await _quads(ask, [some("?p", FEW + 1)])
    if len(quads) <= FEW:
        return quads, []
    used = await _used(ask, f"?any ?p {node}" if inverse else f"{node} ?p ?any", release.properties)
    by_property = defaultdict[str, list[Quad]](list)
    for quad in await _quads(ask, [some(str(each), LIMIT + 1) for each in used]):
        by_property[quad.predicate.value].append(quad)
    many = [name for name, found in by_property.items() if len(found) > LIMIT]
    parts = " UNION ".join(some(f"<{name}>", COUNTED + 1, "?p") for name in many)
    rows = solutions(await ask(f"SELECT ?p (COUNT(*) AS ?n) WHERE {{ {parts} }} GROUP BY ?p")) if many else ()
    totals = {str(row["p"].value): int(row["n"].value) for row in rows}
    cuts = [Cut(name, inverse, totals[name] if totals[name] <= COUNTED else None) for name in sorted(many)]
    return [quad for found in by_property.values() for quad in sorted(found, key=str)[:LIMIT]], cuts


async def _used(ask: Ask, pattern: str, known: Collection[str]) -> list[NamedNode]:
    """Return those of some properties that a pattern has: each is looked up, whatever number of triples there is."""
    values = " ".join(str(NamedNode(each)) for each in sorted({TYPE, *known}))
    rows = solutions(await ask(f"SELECT ?p WHERE {{ VALUES ?p {{ {values} }} FILTER EXISTS {{ {pattern} }} }}"))
    return [row["p"] for row in rows if isinstance(row["p"], NamedNode)]


async def _quads(ask: Ask, parts: Sequence[str]) -> list[Quad]:
    rows = solutions(await ask(f"SELECT ?graph ?s ?p ?o WHERE {{ {' UNION '.join(parts)} }}"))
    return [Quad(row["s"], row["p"], row["o"], row["graph"]) for row in rows]


def _sorted(quads: Iterable[Quad]) -> tuple[Triple, ...]:
    return tuple(sorted({quad.triple for quad in quads}, key=str))
