"""Lists of resources, narrowed down by facets: which there are, how many, and which values the facets can take.

A release never changes, so what its lists rest on is asked once, by queries that go through it from one end to the other, and
kept in memory: the items in order, and for each value of a facet the items that have it. Whatever is chosen afterwards is a
matter of sets.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.collation import SortKey, sort_key
from vertragsgraph.linked_data.gathering import properties
from vertragsgraph.linked_data.names import LABEL, PROLOGUE, VG
from vertragsgraph.linked_data.resources import Ask, solutions
from vertragsgraph.linked_data.terms import Labels
from vertragsgraph.texts import LANGUAGES, Language

NONE: Final = "none"
"""The value of a facet that stands for: no source says anything."""
OPTIONS: Final = 500
"""At most so many values of a facet are offered, the most frequent ones."""
_AT_ONCE: Final = 1_000
"""Labels that are asked for in one query."""


@dataclass(frozen=True)
class Facet:
    """A facet: `pattern` is a graph pattern that binds `?value` for `?item`.

    `namespace` is what the IRIs of its values begin with (`{base}` stands for the register's); empty for texts.
    """

    key: str
    pattern: str
    namespace: str = ""

    def value(self, token: str, base: str) -> str:
        """Return the value (an IRI, a text) that stands as `token` in a URL; raises `ValueError` where it can't be one."""
        if not self.namespace:
            return token
        return NamedNode(token if "://" in token else self.namespace.replace("{base}", base) + token).value

    def token(self, value: str, base: str) -> str:
        """Return a value as URLs have it: what follows the namespace, else the whole IRI."""
        return value.removeprefix(self.namespace.replace("{base}", base)) if self.namespace else value


@dataclass(frozen=True)
class Listing:
    """A kind of list: the class of its items, its facets, and `order`, a pattern that binds `?order` for `?item`.

    Items with a greater value of `?order` come first, those without one last; beyond that they go by their labels.
    """

    name: str
    kind: str
    facets: tuple[Facet, ...]
    order: str = ""


@dataclass(frozen=True)
class Option:
    """A value of a facet, as URLs have it, with its IRI (`""` for texts) and the number of items that have it."""

    token: str
    iri: str
    count: int


_ACT: Final = "FILTER (?kind IN (vg:Signing, vg:Presentation))"
CONTRACTS: Final = Listing(
    "contracts",
    "vg:Contract",
    (
        Facet(
            "year",
            "?act vg:concerns ?item ; rdf:type vg:Signing ; vg:date ?date BIND (SUBSTR(STR(?date), 1, 4) AS ?value)",
        ),
        Facet("topic", "?item vg:topic/skos:broader* ?value .", "{base}id/topic/"),
        Facet("partner", "?item vg:partner ?value .", "{base}id/organisation/"),
        Facet("party", "?item vg:contractingParty ?value .", "{base}id/organisation/"),
        Facet("funding", "?item vg:fundingStatus ?value .", VG),
        Facet(
            "office",
            f"?act vg:concerns ?item ; rdf:type ?kind ; vg:actedAs/vg:inOffice ?value . {_ACT}",
            "{base}id/office/",
        ),
    ),
    "OPTIONAL { ?act vg:concerns ?item ; rdf:type vg:Signing ; vg:date ?date } BIND (STR(?date) AS ?order)",
)
ORGANISATIONS: Final = Listing(
    "organisations",
    "vg:Organisation",
    (
        Facet(
            "role",
            '{ ?contract vg:partner ?item BIND ("partner" AS ?value) } '
            'UNION { ?contract vg:contractingParty ?item BIND ("party" AS ?value) }',
        ),
        Facet("form", "?item org:classification ?value .", "{base}id/form/"),
        Facet("part-of", "?item org:subOrganizationOf ?value .", "{base}id/organisation/"),
    ),
)
PEOPLE: Final = Listing(
    "people",
    "vg:Person",
    (
        Facet("office", "?tenure org:member ?item ; vg:inOffice ?value .", "{base}id/office/"),
        Facet(
            "organisation",
            "?tenure org:member ?item ; vg:inOffice/org:postIn ?value .",
            "{base}id/organisation/",
        ),
    ),
)
LISTINGS: Final = {listing.name: listing for listing in (CONTRACTS, ORGANISATIONS, PEOPLE)}


class Index:
    """A list in memory: its items in order, the values of its facets with their labels, and who has which value."""

    def __init__(
        self,
        listing: Listing,
        base: str,
        items: Iterable[str],
        labels: Labels,
        values: Mapping[str, Mapping[str, frozenset[str]]],
        rank: Mapping[str, str],
    ) -> None:
        """`values` has, by facet and value, the IRIs of the items that have it; `rank` is what `Listing.order` says of items."""
        self.listing = listing
        self._base = base
        self._items = frozenset(items)
        self._values = values
        self._any = {key: frozenset().union(*having.values()) for key, having in values.items()}
        self._orders = {language: _ordered(self._items, labels, rank, language) for language in LANGUAGES}
        named = (value for facet in listing.facets if facet.namespace for value in values[facet.key])
        self.labels = Labels(labels.of(named))

    def items(self, chosen: Mapping[str, str], language: Language) -> Sequence[str]:
        """Return the IRIs of the items that have the chosen values of facets, in order.

        Raises `ValueError` for a value that can't be one.
        """
        order = self._orders[language]
        if not chosen:
            return order
        selected = self._items.intersection(*self._having(chosen).values())
        return [iri for iri in order if iri in selected]

    def options(self, chosen: Mapping[str, str]) -> dict[str, tuple[Option, ...]]:
        """Return the values of each facet, counted among the items that have the values chosen of the others.

        Raises `ValueError` for a value that can't be one.
        """
        having = self._having(chosen)
        found = {}
        for facet in self.listing.facets:
            others = [items for key, items in having.items() if key != facet.key]
            found[facet.key] = self._options(facet, self._items.intersection(*others) if others else self._items)
        return found

    def count(self, key: str, value: str) -> int:
        """Return how many items have a value (an IRI, a text) of a facet."""
        return len(self._values[key].get(value, ()))

    def _having(self, chosen: Mapping[str, str]) -> dict[str, frozenset[str]]:
        having = {}
        for facet in self.listing.facets:
            token = chosen.get(facet.key)
            if token == NONE:
                having[facet.key] = self._items - self._any[facet.key]
            elif token is not None:
                having[facet.key] = self._values[facet.key].get(facet.value(token, self._base), frozenset())
        return having

    def _options(self, facet: Facet, among: frozenset[str]) -> tuple[Option, ...]:
        whole = among is self._items
        counted = [
            (len(items) if whole else len(items & among), value) for value, items in self._values[facet.key].items()
        ]
        options = [
            Option(facet.token(value, self._base), value if facet.namespace else "", count)
            for count, value in nlargest(OPTIONS, counted)
            if count
        ]
        # Who has no value: all less those who have one. To ask who has none would look at each item anew.
        if silent := len(among - self._any[facet.key]):
            options.append(Option(NONE, "", silent))
        return tuple(options)


async def index(ask: Ask, listing: Listing, base: str) -> Index:
    """Return a list of a release, `base` being its base IRI."""
    found = await asyncio.gather(
        ask(_every(listing)), *(ask(_pairs(listing, facet.pattern)) for facet in listing.facets)
    )
    items, rank, values = await asyncio.to_thread(_read, listing, found)
    labels = Labels()
    named = [*items, *(value for facet in listing.facets if facet.namespace for value in values[facet.key])]
    for start in range(0, len(named), _AT_ONCE):
        for fact in await properties(ask, named[start : start + _AT_ONCE], ("rdfs:label",)):
            if isinstance(fact.subject, NamedNode) and isinstance(fact.object, Literal):
                labels.add(fact.subject.value, LABEL, fact.object)
    return await asyncio.to_thread(Index, listing, base, items, labels, values, rank)


def _read(
    listing: Listing, found: Sequence[bytes]
) -> tuple[list[str], dict[str, str], dict[str, dict[str, frozenset[str]]]]:
    """Return the items, what `Listing.order` says of them, and who has which value of each facet."""
    known: dict[str, str] = {}
    for row in solutions(found[0]):
        item, order = row["item"], row["order"]
        if isinstance(item, NamedNode):
            known[item.value] = max(known.get(item.value, ""), order.value if isinstance(order, Literal) else "")
    own = {iri: iri for iri in known}  # each IRI is held once, however many values it has
    values = {}
    for facet, results in zip(listing.facets, found[1:], strict=True):
        having = defaultdict[str, set[str]](set)
        for row in solutions(results):
            item, value = row["item"], row["value"]
            if isinstance(item, NamedNode) and isinstance(value, NamedNode | Literal) and item.value in own:
                having[value.value].add(own[item.value])
        values[facet.key] = {value: frozenset(items) for value, items in having.items()}
    return list(own), known, values


def _ordered(items: Iterable[str], labels: Labels, rank: Mapping[str, str], language: Language) -> tuple[str, ...]:
    def name(iri: str) -> tuple[SortKey, str]:
        label = labels.get(iri, language)
        return sort_key(label.text if label else ""), iri

    return tuple(sorted(sorted(items, key=name), key=lambda iri: rank[iri], reverse=True))


def _every(listing: Listing) -> str:
    return f"{PROLOGUE}\nSELECT ?item ?order WHERE {{ ?item rdf:type {listing.kind} . {listing.order} }}"


def _pairs(listing: Listing, pattern: str) -> str:
    return f"{PROLOGUE}\nSELECT DISTINCT ?item ?value WHERE {{ ?item rdf:type {listing.kind} . {pattern} }}"
