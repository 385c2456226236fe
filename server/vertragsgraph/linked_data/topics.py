"""The topics as a tree."""

from __future__ import annotations

from typing import Final

from vertragsgraph.linked_data.gathering import construct
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.rdf.asking import Ask

LIMIT: Final = 5000
_FIRST: Final = f"{{ SELECT ?s WHERE {{ ?s rdf:type vg:Topic }} ORDER BY ?s LIMIT {LIMIT} }}"


async def topics(ask: Ask) -> Neighbourhood:
    """Return all topics (at most `LIMIT`): their labels, and the topics right above each (skos:broader)."""
    return Neighbourhood(
        await construct(ask, [f"{_FIRST} ?s {name} ?o BIND ({name} AS ?p)" for name in ("rdfs:label", "skos:broader")])
    )
