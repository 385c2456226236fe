"""The columns of lists: what a release says of some items, by the paths that the table of kinds gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pyoxigraph import NamedNode

from vertragsgraph.linked_data.gathering import construct, properties, values
from vertragsgraph.linked_data.names import LABEL
from vertragsgraph.linked_data.neighbourhood import Fact, Neighbourhood, Term
from vertragsgraph.rdf.asking import Ask
from vertragsgraph.register.kinds import Column

_COLUMN: Final = "urn:column:"
"""What the properties begin with that stand for columns, as paths have no IRI."""


async def named_with_columns(ask: Ask, columns: Sequence[Column], items: Sequence[str]) -> list[Fact]:
    """Return the names of some items (IRIs) and what stands in their columns (see `cells`)."""
    these = values("s", items)
    patterns = [
        f"{column.path.pattern('?s', '?o', these, years=column.form == 'year')} BIND (<{_COLUMN}{column.name}> AS ?p)"
        for column in columns
    ]
    named = f"{these} ?s <{LABEL}> ?o BIND (<{LABEL}> AS ?p)"
    return await construct(ask, [named, *patterns]) if items else []


async def shown(ask: Ask, columns: Sequence[Column], items: Sequence[str]) -> Neighbourhood:
    """Return what the lines of a list show: the names of items, what stands in their columns, and its names."""
    found = await named_with_columns(ask, columns, items)
    mentioned = {fact.object.value for fact in found if isinstance(fact.object, NamedNode)}
    return Neighbourhood([*found, *(await properties(ask, sorted(mentioned), ("rdfs:label",)))])


def cells(found: Neighbourhood, column: Column, item: str) -> list[Term]:
    """Return what stands in a column for an item, sorted as N-Triples are."""
    return found.objects(item, _COLUMN + column.name)
