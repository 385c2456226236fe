"""Resources that were withdrawn: their IRIs stay taken, and what stays of them stands in a graph of its own."""

from __future__ import annotations

from typing import Final

from vertragsgraph.linked_data.names import TYPE
from vertragsgraph.rdf.asking import Ask, solutions
from vertragsgraph.rdf.namespaces import AS

ROLE: Final = "tombstones"
"""The role of the graph in which tombstones stand."""


async def withdrawn(graph: str, ask: Ask) -> frozenset[str]:
    """Return the IRIs of the resources for which tombstones stand in the named graph of that role."""
    rows = await ask(f"SELECT ?s WHERE {{ GRAPH <{graph}> {{ ?s <{TYPE}> <{AS}Tombstone> }} }}")
    return frozenset(row["s"].value for row in solutions(rows))
