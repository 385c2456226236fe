"""What a document tells beside the description of its resource: a concise bounded description (W3C submission, 2005).

Such a description goes on through blank nodes, which nobody could ask for, and includes reifications. Here every node has an
IRI; in the place of blank nodes stand those that are parts of what they are connected with, as the table of kinds has it: acts,
terms of office, grants, changes. However much is connected, a document has at most `LIMIT` parts.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from pyoxigraph import NamedNode

from vertragsgraph.linked_data.gathering import LIMIT, STATEMENTS, construct, objects, passages, proofs, values
from vertragsgraph.linked_data.neighbourhood import Fact, iri_of
from vertragsgraph.linked_data.resources import FEW, Description, Surveyed, triples_of
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.asking import Ask

MANY: Final = 20
"""What follows from the ontology about a part is left out where it has more values: they belong to its own document."""
TRIPLES: Final = 5_000
"""At most so many are asked for at a time: `LIMIT` parts have far fewer, unless one is a list of everything."""
HUBS: Final = 10
"""Of so many parts about which much more follows, all properties are looked for."""
_BASES: Final = (terms.HAS_SOURCE, terms.DERIVED_FROM)
"""What leads from evidence to what it rests on: a source, the premises of an inference."""
_AT_ONCE: Final = 25
"""Parts that one query is about: the engine plans longer ones for longer than it answers them."""


async def surroundings(ask: Ask, about: Description, release: Surveyed) -> list[Fact]:
    """Return the parts of a resource, the statements on it and them, and their evidence."""
    parts, found = await _parts(ask, about, release)
    evidence = _evidence(about)
    others = await asyncio.gather(
        proofs(ask, [about.iri, *parts]),
        passages(ask, evidence),
        _statements(ask, [*about.triples, *found], evidence),
        *(_entailed(ask, parts[start : start + _AT_ONCE], release) for start in range(0, len(parts), _AT_ONCE)),
    )
    return [*found, *(fact for each in others for fact in each)]


async def _parts(ask: Ask, about: Description, release: Surveyed) -> tuple[list[str], list[Fact]]:
    """Return the parts of a resource and what is asserted about them.

    They are found along what is asserted: what leads to the resource, what leads to that …, and where all these lead.
    """
    back = {iri_of(fact.subject) for fact in about.leading}
    ahead = {iri_of(fact.object) for fact in about.asserted}
    parts, facts = list[str](), list[Fact]()
    graphs = " UNION ".join(f"{{ GRAPH {NamedNode(graph)} {{ ?s ?p ?o }} }}" for graph in release.asserted)
    while True:
        new = sorted(iri for iri in back | ahead if iri not in (*parts, about.iri) and release.is_part(iri))
        new = new[: LIMIT - len(parts)]
        if not new:
            return parts, facts
        parts += new
        leading = sorted(back.intersection(new))
        patterns = [values("s", new), f"{values('o', leading)} FILTER (?p NOT IN (rdf:subject, rdf:object))"]
        found = await construct(
            ask, [f"{{ SELECT ?s ?p ?o WHERE {{ {each} {{ {graphs} }} }} LIMIT {TRIPLES} }}" for each in patterns]
        )
        facts += found
        back = {iri_of(fact.subject) for fact in found if iri_of(fact.object) in leading}
        ahead = {iri_of(fact.object) for fact in found if iri_of(fact.subject) in new}


async def _entailed(ask: Ask, parts: Sequence[str], release: Surveyed) -> list[Fact]:
    """Return what follows about parts, but for properties with more than `MANY` values."""
    graph = NamedNode(release.entailed)
    found = await construct(
        ask,
        [
            f"{{ SELECT ?s ?p ?o WHERE {{ GRAPH {graph} {{ {node} ?p ?o }} BIND ({node} AS ?s) }} LIMIT {LIMIT + 1} }}"
            for node in map(NamedNode, parts)
        ],
    )
    by_part = defaultdict[str, list[Fact]](list)
    for fact in found:
        by_part[iri_of(fact.subject)].append(fact)
    hubs = [part for part, facts in by_part.items() if len(facts) > LIMIT][:HUBS]
    whole = await asyncio.gather(*(triples_of(part, release, ask) for part in hubs))
    by_part |= {part: [q for q in quads if q.graph_name == graph] for part, (quads, _) in zip(hubs, whole, strict=True)}
    number = Counter((part, fact.predicate) for part, facts in by_part.items() for fact in facts)
    return [fact for part, facts in by_part.items() for fact in facts if number[part, fact.predicate] <= MANY]


async def _statements(ask: Ask, facts: Sequence[Fact], evidence: Sequence[str]) -> list[Fact]:
    """Return the four parts of the statements that facts name, and of those that evidence supports."""
    of = {fact.subject for fact in facts if fact.predicate in (terms.OBJECT, terms.HAS_EVIDENCE)}
    to = {fact.object for fact in facts if fact.predicate in (terms.BETWEEN, terms.SUPPORTS)}
    named = sorted(end.value for end in of | to if isinstance(end, NamedNode))
    supported = f"{{ SELECT DISTINCT ?s WHERE {{ {values('f', evidence)} ?s vg:evidence ?f }} LIMIT {FEW} }}"
    return await construct(
        ask,
        [f"{values('s', named)} {STATEMENTS}"] * bool(named) + [f"{supported} {STATEMENTS}"] * bool(evidence),
    )


def _evidence(about: Description) -> list[str]:
    """Return the evidence (IRIs) that a document is about: the resource itself, that of a statement, that from it."""
    of_statement = objects(about.asserted, terms.HAS_EVIDENCE.value)
    resting = [iri_of(f.subject) for f in about.leading if f.predicate in _BASES]
    itself = [about.iri] if any(objects(about.asserted, basis.value) for basis in _BASES) else []
    return sorted({*of_statement, *resting, *itself})[:LIMIT]
