"""Lists of resources, narrowed down by facets: which there are, how many, and which values the facets can take."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.linked_data.names import PROLOGUE, VG
from vertragsgraph.linked_data.resources import Ask, solutions
from vertragsgraph.texts import Language

NONE: Final = "none"
"""The value of a facet that stands for: no source says anything."""
OPTIONS: Final = 500
"""At most so many values of a facet are offered, the most frequent ones."""


@dataclass(frozen=True)
class Facet:
    """A facet: `pattern` is a graph pattern that binds `?value` for `?item`; its other variables occur nowhere else.

    `namespace` is what the IRIs of its values begin with (`{base}` stands for the register's); empty for texts.
    """

    key: str
    pattern: str
    namespace: str = ""

    def condition(self, value: str, base: str) -> str:
        """Return the pattern that an item with this value fulfils; raises `ValueError` where it can't be one."""
        if value == NONE:
            return f"FILTER NOT EXISTS {{ {self.pattern} }}"
        if self.namespace:
            return self.pattern.replace("?value", str(NamedNode(self.iri(value, base))))
        own = f"?{self.key}_value"
        return f"{self.pattern.replace('?value', own)} FILTER ({own} = {Literal(value)})"

    def iri(self, value: str, base: str) -> str:
        """Return the IRI that a value in a URL stands for."""
        return value if "://" in value else self.namespace.replace("{base}", base) + value

    def token(self, value: NamedNode | Literal, base: str) -> str:
        """Return a value as URLs have it: what follows the namespace, else the whole IRI."""
        return value.value.removeprefix(self.namespace.replace("{base}", base)) if self.namespace else value.value


@dataclass(frozen=True)
class Listing:
    """A kind of list: the class of its items, its facets, and `order`, a pattern that binds `?order` for `?item`."""

    name: str
    kind: str
    facets: tuple[Facet, ...]
    order: str = ""
    descending: bool = False


@dataclass(frozen=True)
class Option:
    """A value of a facet, as URLs have it, with its IRI (`""` for texts) and the number of items that have it."""

    token: str
    iri: str
    count: int


@dataclass(frozen=True)
class Found:
    """A part of a list: the IRIs of its items, how many there are in all, and the options of each facet."""

    items: tuple[str, ...]
    total: int
    options: Mapping[str, tuple[Option, ...]]


_ACT: Final = "FILTER (?kind IN (vg:Signing, vg:Presentation))"
CONTRACTS: Final = Listing(
    "contracts",
    "vg:Contract",
    (
        Facet(
            "year",
            "?year_act vg:concerns ?item ; rdf:type vg:Signing ; vg:date ?year_date "
            "BIND (SUBSTR(STR(?year_date), 1, 4) AS ?value)",
        ),
        Facet("topic", "?item vg:topic/skos:broader* ?value .", "{base}id/topic/"),
        Facet("partner", "?item vg:partner ?value .", "{base}id/organisation/"),
        Facet("funding", "?item vg:fundingStatus ?value .", VG),
        Facet(
            "office",
            f"?office_act vg:concerns ?item ; rdf:type ?kind ; vg:actedAs/vg:inOffice ?value . {_ACT}",
            "{base}id/office/",
        ),
    ),
    "OPTIONAL { ?order_act vg:concerns ?item ; rdf:type vg:Signing ; vg:date ?order_date } BIND (STR(?order_date) AS ?order)",
    descending=True,
)
ORGANISATIONS: Final = Listing(
    "organisations",
    "vg:Organisation",
    (
        Facet(
            "role",
            '{ ?role_contract vg:partner ?item BIND ("partner" AS ?value) } '
            'UNION { ?role_contract vg:contractingParty ?item BIND ("party" AS ?value) }',
        ),
        Facet("form", "?item org:classification ?value .", "{base}id/form/"),
        Facet("part-of", "?item org:subOrganizationOf ?value .", "{base}id/organisation/"),
    ),
)
PEOPLE: Final = Listing(
    "people",
    "vg:Person",
    (
        Facet("office", "?office_tenure org:member ?item ; vg:inOffice ?value .", "{base}id/office/"),
        Facet(
            "organisation",
            "?organisation_tenure org:member ?item ; vg:inOffice/org:postIn ?value .",
            "{base}id/organisation/",
        ),
    ),
)
LISTINGS: Final = {listing.name: listing for listing in (CONTRACTS, ORGANISATIONS, PEOPLE)}


async def find(
    ask: Ask,
    listing: Listing,
    chosen: Mapping[str, str],
    base: str,
    language: Language,
    limit: int,
    offset: int = 0,
    *,
    options: bool = True,
) -> Found:
    """Return a part of a list: the items that have the chosen values of facets, in order.

    Options are counted among the items that fulfil the other facets' conditions. Raises `ValueError` for a value that
    can't be one.
    """
    conditions = {
        facet.key: facet.condition(chosen[facet.key], base) for facet in listing.facets if facet.key in chosen
    }
    selection = _selection(listing, list(conditions.values()), language, limit, offset)
    counted, selected = await asyncio.gather(ask(_counts(listing, conditions, options=options)), ask(selection))
    total, found = 0, {facet.key: list[Option]() for facet in listing.facets}
    facets = {facet.key: facet for facet in listing.facets}
    for row in solutions(counted):
        key, value, count = row["facet"], row["value"], row["n"]
        number = int(count.value) if isinstance(count, Literal) else 0
        if not isinstance(key, Literal) or not key.value:
            total = number
        elif number and (value is None or isinstance(value, NamedNode | Literal)):
            token = facets[key.value].token(value, base) if value else NONE
            found[key.value].append(Option(token, value.value if isinstance(value, NamedNode) else "", number))
    items = [row["item"] for row in solutions(selected)]
    return Found(
        tuple(dict.fromkeys(item.value for item in items if isinstance(item, NamedNode))),
        total,
        {key: tuple(values) for key, values in found.items()},
    )


def _selection(listing: Listing, conditions: Sequence[str], language: Language, limit: int, offset: int) -> str:
    order = "DESC(MAX(?order))" if listing.descending else ""
    return f"""{PROLOGUE}
SELECT ?item WHERE {{
  ?item rdf:type {listing.kind} . {" ".join(conditions)}
  {listing.order}
  OPTIONAL {{ ?item rdfs:label ?label FILTER (LANG(?label) = "{language}") }}
}} GROUP BY ?item ORDER BY {order} LCASE(MIN(?label)) ?item LIMIT {limit} OFFSET {offset}"""


def _counts(listing: Listing, conditions: Mapping[str, str], *, options: bool) -> str:
    every = f"?item rdf:type {listing.kind} . {' '.join(conditions.values())}"
    parts = [f'{{ SELECT ("" AS ?facet) (COUNT(DISTINCT ?item) AS ?n) WHERE {{ {every} }} }}']
    for facet in listing.facets if options else ():
        others = " ".join(condition for key, condition in conditions.items() if key != facet.key)
        items = f"?item rdf:type {listing.kind} . {others}"
        count = f'("{facet.key}" AS ?facet) (COUNT(DISTINCT ?item) AS ?n)'
        parts.append(
            f"{{ SELECT ?value {count} WHERE {{ {items} {facet.pattern} }} "
            f"GROUP BY ?value ORDER BY DESC(COUNT(DISTINCT ?item)) LIMIT {OPTIONS} }}"
        )
        parts.append(f"{{ SELECT {count} WHERE {{ {items} FILTER NOT EXISTS {{ {facet.pattern} }} }} }}")
    return f"{PROLOGUE}\nSELECT ?facet ?value ?n WHERE {{\n  {' UNION '.join(parts)}\n}}"
