"""Gathering what a page about a resource is made from: a few waves of queries, each about nodes that are known by then.

Whatever a register holds, a page asks for a bounded number of nodes, and each query begins at them: VALUES, then one index
look-up after the other. A node is asked for properties by name where others may say much about it (some have a million
triples by entailment). Joins of subqueries, or of two VALUES, would lead the planner astray.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, parse

from vertragsgraph.linked_data.names import LINKS, OA, PROLOGUE, RDF, TYPE, VG
from vertragsgraph.linked_data.neighbourhood import Fact, Neighbourhood
from vertragsgraph.linked_data.resources import Ask, solutions

LIMIT: Final = 100
"""At most so many contracts, offices, passages … are named on the page of a resource; there are lists for more of them."""

_TYPES: Final = "?s rdf:type ?o BIND (rdf:type AS ?p)"
_STATEMENTS: Final = "?s ?p ?o FILTER (?p IN (rdf:subject, rdf:predicate, rdf:object, vg:evidence))"
_DISAGREEMENTS: Final = "?s ?p ?o FILTER (?p IN (rdf:type, rdfs:label, rdfs:comment, vg:between))"
_PASSAGES: Final = "?s ?p ?o FILTER (?p IN (vg:supportKind, oa:hasSource, oa:hasSelector, rdfs:comment))"
_SELECTORS: Final = "?f oa:hasSelector ?s . ?s ?p ?o FILTER (?p IN (oa:exact, oa:start, oa:end))"
_OF_SOURCES: Final = ("rdfs:label", "dcterms:identifier", "schema:url", "schema:inLanguage")
_OF_CONTRACTS: Final = (
    "?s rdf:type vg:Contract BIND (vg:Contract AS ?o) BIND (rdf:type AS ?p)",
    *(
        f"?s {name} ?o BIND ({name} AS ?p)"
        for name in ("rdfs:label", "vg:fundingStatus", "vg:partner", "vg:contractingParty", "vg:topic")
    ),
    "?act vg:concerns ?s ; rdf:type vg:Signing ; vg:date ?o BIND (dcterms:date AS ?p)",
)
_NAMES: Final = ("rdfs:label",)
_NAMES_AND_LINKS: Final = (*_NAMES, *(f"<{link}>" for link in LINKS))


@dataclass(frozen=True)
class Wanted:
    """What a page shows beside the statements of its own node, as graph patterns (SPARQL 1.1, section 5).

    In them `{node}` stands for the node, `{asserted}` for the named graphs that hold what is asserted.
    `focus`, `contracts` and `passages` bind `?f`: nodes whose statements are shown with their evidence, contracts that are
    listed, and evidence that is shown in full; with `supported`, along with the statements that it supports. `extra` bind
    `?s ?p ?o`. With `links`, the links of everything that is mentioned come along.
    """

    focus: Sequence[str] = ()
    contracts: Sequence[str] = ()
    passages: Sequence[str] = ()
    extra: Sequence[str] = ()
    supported: bool = False
    links: bool = False

    def of(self, node: str, asserted: Iterable[str]) -> Wanted:
        """Return what is wanted for one node (an IRI); `asserted` are the named graphs that hold what is asserted."""
        graphs = " ".join(str(NamedNode(graph)) for graph in asserted)

        def put(patterns: Sequence[str]) -> tuple[str, ...]:
            return tuple(
                each.replace("{node}", str(NamedNode(node))).replace("{asserted}", graphs) for each in patterns
            )

        return replace(
            self,
            focus=put(self.focus),
            contracts=put(self.contracts),
            passages=put(self.passages),
            extra=put(self.extra),
        )


async def gather(ask: Ask, node: str, wanted: Wanted, asserted: Sequence[str]) -> Neighbourhood:
    """Return a node (an IRI) and what surrounds it, as far as it is wanted.

    `asserted` are the IRIs of the named graphs that hold what is asserted.
    """
    wanted = wanted.of(node, asserted)
    focus, contracts, passages = await asyncio.gather(
        _found(ask, wanted.focus), _found(ask, wanted.contracts), _found(ask, wanted.passages)
    )
    nodes = [node, *(iri for iri in focus if iri != node)]
    parts = await asyncio.gather(
        _statements(ask, nodes, wanted, asserted),
        _proofs(ask, nodes),
        contract_lines(ask, contracts),
        _passages(ask, passages),
        _supported(ask, passages if wanted.supported else ()),
    )
    return Neighbourhood(fact for part in parts for fact in part)


async def contract_lines(ask: Ask, contracts: Sequence[str]) -> list[Fact]:
    """Return what a list of contracts (IRIs) shows of each; the date of its signing as `dcterms:date`."""
    if not contracts:
        return []
    these = values("s", contracts)
    found = await _construct(ask, [f"{these} {part}" for part in _OF_CONTRACTS])
    return [*found, *(await properties(ask, _objects(found, VG + "partner"), _NAMES))]


async def properties(ask: Ask, nodes: Sequence[str], names: Sequence[str]) -> list[Fact]:
    """Return the triples with some properties (as SPARQL writes them, with the usual prefixes) of some nodes (IRIs)."""
    these = values("s", nodes)
    return await _construct(ask, [f"{these} ?s {name} ?o BIND ({name} AS ?p)" for name in names] if nodes else [])


def values(variable: str, nodes: Iterable[str]) -> str:
    """Return the pattern that binds a variable to each of some nodes (IRIs)."""
    return f"VALUES ?{variable} {{ {' '.join(str(NamedNode(node)) for node in nodes)} }}"


async def _found(ask: Ask, patterns: Sequence[str]) -> list[str]:
    if not patterns:
        return []
    parts = " UNION ".join(f"{{ SELECT DISTINCT ?f WHERE {{ {pattern} }} LIMIT {LIMIT} }}" for pattern in patterns)
    rows = solutions(await ask(f"{PROLOGUE}\nSELECT DISTINCT ?f WHERE {{ {parts} }}"))
    return sorted(row["f"].value for row in rows if isinstance(row["f"], NamedNode))


async def _construct(ask: Ask, patterns: Sequence[str]) -> list[Fact]:
    """Return all `?s ?p ?o` that one of the patterns binds."""
    if not patterns:
        return []
    branches = "\n  UNION ".join(f"{{ {pattern} }}" for pattern in patterns)
    answer = await ask(f"{PROLOGUE}\nCONSTRUCT {{ ?s ?p ?o }} WHERE {{\n  {branches}\n}}")
    return list(parse(answer, format=RdfFormat.N_TRIPLES))


async def _statements(ask: Ask, nodes: Sequence[str], wanted: Wanted, graphs: Iterable[str]) -> list[Fact]:
    """Return what is asserted about nodes, their classes, what else is wanted, and the names of all that is mentioned."""
    these = values("s", nodes)
    asserted = " UNION ".join(f"{{ GRAPH {NamedNode(graph)} {{ ?s ?p ?o }} }}" for graph in graphs)
    found = await _construct(ask, [f"{these} {{ {asserted} }}", f"{these} {_TYPES}", *wanted.extra])
    mentioned = {
        end.value
        for fact in found
        for end in (fact.subject, fact.object)
        if isinstance(end, NamedNode) and (fact.predicate.value != TYPE or end is fact.subject)
    }
    return [*found, *(await properties(ask, sorted(mentioned), _NAMES_AND_LINKS if wanted.links else _NAMES))]


async def _proofs(ask: Ask, nodes: Sequence[str]) -> list[Fact]:
    """Return the statements about nodes that have evidence, the evidence, and how sources differ on them."""
    these = values("f", nodes)
    about = f"{these} ?s rdf:subject ?f . {_STATEMENTS}"
    differing = f"{these} ?statement rdf:subject ?f . ?s vg:between ?statement . {_DISAGREEMENTS}"
    found = await _construct(ask, [about, differing])
    return [*found, *(await _passages(ask, _objects(found, VG + "evidence")))]


async def _passages(ask: Ask, evidence: Sequence[str]) -> list[Fact]:
    """Return what is shown of evidence: how it supports, the quotation and its place, and the source."""
    if not evidence:
        return []
    found = await _construct(ask, [f"{values('s', evidence)} {_PASSAGES}", f"{values('f', evidence)} {_SELECTORS}"])
    return [*found, *(await properties(ask, _objects(found, OA + "hasSource"), _OF_SOURCES))]


async def _supported(ask: Ask, evidence: Sequence[str]) -> list[Fact]:
    """Return the statements that evidence supports, with the names of their subjects and values."""
    if not evidence:
        return []
    found = await _construct(ask, [f"{values('f', evidence)} ?s vg:evidence ?f . {_STATEMENTS}"])
    named = {*_objects(found, RDF + "subject"), *_objects(found, RDF + "object")}
    return [*found, *(await properties(ask, sorted(named), _NAMES))]


def _objects(facts: Iterable[Fact], predicate: str) -> list[str]:
    return sorted(
        {
            fact.object.value
            for fact in facts
            if fact.predicate.value == predicate and isinstance(fact.object, NamedNode)
        }
    )
