"""The columns of lists: what a release says of some items, by the paths that the table of kinds gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.linked_data.gathering import construct, properties, values
from vertragsgraph.linked_data.names import LABEL
from vertragsgraph.linked_data.neighbourhood import Fact, Neighbourhood, Term
from vertragsgraph.rdf.asking import Ask, solutions
from vertragsgraph.rdf.curie import local_name
from vertragsgraph.rdf.namespaces import RDF, XSD
from vertragsgraph.register.kinds import Column, Kind
from vertragsgraph.spreadsheet import STROKES

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


def cell(found: Neighbourhood, column: Column, item: str) -> list[Term] | str:
    """Return what a file has in a column for an item: the values or, in a column of names, their names with blanks between."""
    values_of = cells(found, column, item)
    if column.form != "name":
        return values_of
    return " ".join(local_name(value.value) for value in values_of if isinstance(value, NamedNode | Literal))


def is_text(term: object) -> bool:
    """Tell whether a value is a text, in which there may be blanks."""
    return isinstance(term, Literal) and term.datatype.value in {XSD + "string", RDF + "langString"}


async def texts_with_strokes(ask: Ask, kinds: Iterable[Kind]) -> str:
    """Return the texts in the columns of lists that hold a sign which may stand between two of them, put together."""
    patterns = [
        f"{{ {column.path.pattern('?item', '?text', f'?item a <{kind.iri}> .')} }}"
        for kind in kinds
        for column in (kind.list.columns if kind.list else ())
    ]
    if not patterns:
        return ""
    some = f'FILTER (ISLITERAL(?text) && REGEX(STR(?text), "[{STROKES}]"))'
    rows = solutions(await ask(f"SELECT DISTINCT ?text WHERE {{ {' UNION '.join(patterns)} {some} }}"))
    return "".join(row["text"].value for row in rows if isinstance(row["text"], Literal))
