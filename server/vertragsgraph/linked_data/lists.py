"""Lists of resources, narrowed down by facets: which there are, how many, and which values the facets can take.

A release never changes, so what its lists rest on is asked once, by queries that go through it from one end to the other, and
kept in memory: the items in order, and for each value of a facet the items that have it. Whatever is chosen afterwards is a
matter of sets.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from heapq import nlargest
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from vertragsgraph.collation import SortKey, sort_key
from vertragsgraph.linked_data.gathering import labelled
from vertragsgraph.linked_data.in_force import Period, Status
from vertragsgraph.linked_data.terms import Labels
from vertragsgraph.rdf import edtf
from vertragsgraph.rdf.asking import Ask, solutions
from vertragsgraph.rdf.curie import local_name
from vertragsgraph.register.kinds import Facet, InForce, Kind, Listing
from vertragsgraph.texts import LANGUAGES, Language

NONE: Final = "none"
"""The value of a facet that stands for: no source says anything."""
OPTIONS: Final = 500
"""At most so many values of a facet are offered, the most frequent ones."""
_AT_ONCE: Final = 1_000
"""Labels that are asked for in one query."""
_DAYS: Final = 8
"""Days of which it is kept what is in force on them."""

Having: TypeAlias = Mapping[str, frozenset[str]]
"""The items that have each value of a facet."""


@dataclass(frozen=True)
class Option:
    """A value of a facet, as URLs have it, with its IRI (`""` for texts) and the number of items that have it."""

    token: str
    iri: str
    count: int


class Index:
    """A list in memory: its items in order, the values of its facets with their labels, and who has which value."""

    def __init__(
        self,
        listing: Listing,
        base: str,
        items: Mapping[str, str],
        labels: Labels,
        values: Mapping[str, Having],
        periods: Mapping[str, Mapping[str, Period]],
        iris: frozenset[str],
        languages: Iterable[Language],
    ) -> None:
        """`items` are IRIs with what they are ordered by; `values` has, by facet and value, the items that have it.

        `periods` has, by facet, from when until when items are in force, on the `day` that addresses name by that name ("" where
        the list tells nothing of it); `iris` are the facets whose values are IRIs, `languages` those in which it is ordered.
        """
        self.listing = listing
        self.day = next((facet.period.day for facet in listing.facets if facet.period), "")
        self._base = base
        self._items = frozenset(items)
        self._values = values
        self._periods = periods
        self._iris = iris
        self._on = lru_cache(_DAYS)(self._values_on)
        self._orders = {language: _ordered(items, labels, language) for language in languages}
        self.labels = Labels(labels.of(_resources(listing, values, iris)))

    def items(self, chosen: Mapping[str, str], on: date, language: Language) -> Sequence[str]:
        """Return the IRIs of the items that have the chosen values of facets on a day, in order.

        Raises `ValueError` for a value that can't be one.
        """
        order = self._orders[language]
        if not chosen:
            return order
        selected = self._items.intersection(*self._having(chosen, on).values())
        return [iri for iri in order if iri in selected]

    def options(self, chosen: Mapping[str, str], on: date) -> dict[str, tuple[Option, ...]]:
        """Return the values of each facet on a day, counted among the items that have the values chosen of the others.

        Raises `ValueError` for a value that can't be one.
        """
        having = self._having(chosen, on)
        found = {}
        for facet in self.listing.facets:
            others = [items for key, items in having.items() if key != facet.key]
            among = self._items.intersection(*others) if others else self._items
            found[facet.key] = self._options(facet, self._on(on)[facet.key], among)
        return found

    def statuses(self, item: str, on: date) -> dict[str, Status]:
        """Return by facet whether an item is in force on a day, where the list has such facets."""
        return {key: of.get(item, Period()).status(on) for key, of in self._periods.items()}

    def count(self, key: str, value: str) -> int:
        """Return how many items have a value (an IRI, a text) of a facet."""
        return len(self._values[key].get(value, ()))

    def _values_on(self, on: date) -> dict[str, tuple[Having, frozenset[str]]]:
        """Return by facet the items that have each value on a day, and those that have any."""
        found = {key: (having, frozenset().union(*having.values())) for key, having in self._values.items()}
        for key, of in self._periods.items():
            by_status = defaultdict[str, set[str]](set)
            for item, period in of.items():
                by_status[period.status(on)].add(item)
            by_status.pop(Status.UNKNOWN, None)
            if of:  # of nothing that is in force at any time the facet has nothing to offer
                by_status[Status.UNKNOWN] = {*self._items.difference(*by_status.values())}
            found[key] = ({status: frozenset(items) for status, items in by_status.items()}, self._items)
        return found

    def _having(self, chosen: Mapping[str, str], on: date) -> dict[str, frozenset[str]]:
        having = {}
        for facet in self.listing.facets:
            token, (values, any_of_them) = chosen.get(facet.key), self._on(on)[facet.key]
            if token == NONE:
                having[facet.key] = self._items - any_of_them
            elif token is not None:
                having[facet.key] = values.get(self._value(facet, token), frozenset())
        return having

    def _value(self, facet: Facet, token: str) -> str:
        """Return the value that stands as `token` in a URL; raises `ValueError` where it can't be one."""
        if facet.key not in self._iris or token in _own(facet):
            return token
        iri = NamedNode(token if "://" in token else self._namespace(facet) + token).value
        return (
            next((value for value in self._values[facet.key] if local_name(value) == token), iri)
            if facet.form == "name"
            else iri
        )

    def _token(self, facet: Facet, value: str) -> str:
        """Return a value as URLs have it: the name of a resource or term, else the whole IRI."""
        return local_name(value) if facet.form == "name" else value.removeprefix(self._namespace(facet))

    def _namespace(self, facet: Facet) -> str:
        return f"{self._base}id/{facet.kind}/" if facet.kind else "x:" if facet.form == "name" else ""

    def _options(self, facet: Facet, found: tuple[Having, frozenset[str]], among: frozenset[str]) -> tuple[Option, ...]:
        whole, own, (values, any_of_them) = among is self._items, _own(facet), found
        counted = [(len(items) if whole else len(items & among), value) for value, items in values.items()]
        options = [
            Option(self._token(facet, value), value, count)
            if facet.key in self._iris and value not in own
            else Option(value, "", count)
            for count, value in nlargest(OPTIONS, counted)
            if count
        ]
        # Who has no value: all less those who have one. To ask who has none would look at each item anew.
        if silent := len(among - any_of_them):
            options.append(Option(NONE, "", silent))
        return tuple(options)


async def index(ask: Ask, kind: Kind, base: str, languages: Iterable[Language] = LANGUAGES) -> Index:
    """Return the list of a kind in a release, to be read in some languages; raises `KeyError` where the kind has no list.

    `base` is the base IRI of the register.
    """
    listing = kind.list
    if listing is None:
        raise KeyError(kind.name)
    found = await asyncio.gather(ask(_every(kind, listing)), *(ask(_pairs(kind, facet)) for facet in listing.facets))
    items, values, periods, iris = await asyncio.to_thread(_read, listing, found)
    named = [*items, *_resources(listing, values, iris)]
    labels = Labels()
    for start in range(0, len(named), _AT_ONCE):
        await labelled(ask, named[start : start + _AT_ONCE], labels)
    return await asyncio.to_thread(Index, listing, base, items, labels, values, periods, iris, languages)


def _read(
    listing: Listing, found: Sequence[bytes]
) -> tuple[dict[str, str], dict[str, Having], dict[str, dict[str, Period]], frozenset[str]]:
    """Return the items with what they are ordered by, what is known of them by facet (see `Index`), which facets have IRIs."""
    items: dict[str, str] = {}
    for row in solutions(found[0]):
        item, order = row["item"], row["order"]
        if isinstance(item, NamedNode):
            items[item.value] = max(items.get(item.value, ""), _sorted_by(order))
    own = {iri: iri for iri in items}  # each IRI is held once, however many values it has
    values, periods, iris = dict[str, Having](), {}, set()
    for facet, results in zip(listing.facets, found[1:], strict=True):
        if facet.period:
            periods[facet.key] = _periods(results)
            continue
        having = defaultdict[str, set[str]](set)
        for row in solutions(results):
            item, value = row["item"], row["value"]
            if isinstance(item, NamedNode) and isinstance(value, NamedNode | Literal) and item.value in own:
                having[value.value].add(own[item.value])
                if isinstance(value, NamedNode):
                    iris.add(facet.key)
        values[facet.key] = {value: frozenset(items) for value, items in having.items()}
    return items, values, periods, frozenset(iris)


def _periods(results: bytes) -> dict[str, Period]:
    """Return from when until when items are in force; of each row `role` says what the value is."""
    told = defaultdict[str, dict[str, list[str]]](lambda: {"begins": [], "ends": [], "indefinitely": []})
    for row in solutions(results):
        item, role, value = row["item"], row["role"], row["value"]
        if isinstance(item, NamedNode) and isinstance(role, Literal) and isinstance(value, Literal):
            told[item.value][role.value].append(value.value)
    return {
        item: Period.of(of["begins"], of["ends"], indefinitely="true" in of["indefinitely"])
        for item, of in told.items()
    }


def _sorted_by(order: object) -> str:
    """Return what an item is sorted by, given what it is ordered by."""
    if isinstance(order, Literal):
        return edtf.order_of(order.value) if order.datatype.value == edtf.DATATYPE else order.value
    return order.value if isinstance(order, NamedNode) else ""


def _ordered(items: Mapping[str, str], labels: Labels, language: Language) -> tuple[str, ...]:
    def name(iri: str) -> tuple[SortKey, str]:
        label = labels.get(iri, language)
        return sort_key(label.text if label else ""), iri

    return tuple(sorted(sorted(items, key=name), key=items.__getitem__, reverse=True))


def _own(facet: Facet) -> frozenset[str]:
    """Return the values that a facet has beside the ends of its path."""
    return frozenset(each.key for each in facet.values)


def _resources(
    listing: Listing, values: Mapping[str, Mapping[str, frozenset[str]]], iris: Collection[str]
) -> list[str]:
    """Return the values of facets that are IRIs."""
    return [value for facet in listing.facets if facet.key in iris for value in values[facet.key].keys() - _own(facet)]


def _every(kind: Kind, listing: Listing) -> str:
    order = f"OPTIONAL {{ {listing.order.pattern('?item', '?order')} }}" if listing.order else ""
    return f"SELECT ?item ?order WHERE {{ ?item a <{kind.iri}> . {order} }}"


def _pairs(kind: Kind, facet: Facet) -> str:
    role = "?role " if facet.period else ""
    return f"SELECT DISTINCT ?item {role}?value WHERE {{ {_pattern(facet, f'?item a <{kind.iri}> .')} }}"


def _pattern(facet: Facet, given: str) -> str:
    """Return the pattern that binds ?value for ?item."""
    if facet.period:
        return _pattern_in_force(facet.period, given)
    choices = [
        f"{{ {each.path.pattern('?item', '?end', given)} BIND ({Literal(each.key)} AS ?value) }}"
        for each in facet.values
    ]
    if facet.path:
        choices.append(f"{{ {facet.path.pattern('?item', '?value', given, years=facet.form == 'year')} }}")
    return " UNION ".join(choices)


def _pattern_in_force(told: InForce, given: str) -> str:
    """Return the pattern that binds ?value for ?item, and ?role to what it is."""
    paths = [("begins", path) for path in told.begins] + [("ends", path) for path in told.ends]
    paths += [("indefinitely", told.indefinitely)] if told.indefinitely else []
    return " UNION ".join(
        f"{{ {path.pattern('?item', '?value', given)} BIND ({Literal(role)} AS ?role) }}" for role, path in paths
    )
