"""Lists of resources, narrowed down by facets: which there are, how many, and which values the facets can take.

They lie in a file of the release (`vertragsgraph.release.contents.lists`), of which only that is read which somebody asks for;
of a release that has no such file they are worked out when the first one asks, and kept in memory.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from heapq import nlargest
from itertools import islice
from typing import Any, Final, overload

from pyoxigraph import NamedNode, QuerySolution
from pyroaring import BitMap

from vertragsgraph.linked_data.in_force import Period, Status
from vertragsgraph.linked_data.names import LABEL
from vertragsgraph.rdf.asking import Ask, solutions
from vertragsgraph.rdf.curie import local_name
from vertragsgraph.rdf.labels import LABEL_PROPERTIES
from vertragsgraph.register.kinds import Facet, Listing
from vertragsgraph.release import Release
from vertragsgraph.release.contents import lists
from vertragsgraph.texts import LANGUAGES, Language

NONE: Final = "none"
"""The value of a facet that stands for: no source says anything."""
OPTIONS: Final = 500
"""At most so many values of a facet are offered, the most frequent ones."""
_RANK: Final = LABEL_PROPERTIES.index(LABEL)
_DAYS: Final = 8
"""Days of which it is kept what is in force on them."""


@dataclass(frozen=True)
class Option:
    """A value of a facet, as URLs have it, with its IRI (`""` for texts) and the number of items that have it."""

    token: str
    iri: str
    count: int


@dataclass(frozen=True)
class Cell:
    """What stands in a column for an item: a text, or values, of which some may be texts with blanks in them."""

    values: Sequence[str]
    is_text: bool = False


async def opened(release: Release, ask: Ask, languages: Iterable[Language] = LANGUAGES) -> sqlite3.Connection:
    """Return the lists of a release, to be read in some languages; `ask` asks it, where it has no file of them."""
    if lists.FILE_NAME in release.manifest.files:
        uri = f"{(release.folder / lists.FILE_NAME).absolute().as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(uri, uri=True, check_same_thread=False)
    loop, file = asyncio.get_running_loop(), sqlite3.connect(":memory:", check_same_thread=False)

    def select(query: str) -> Iterator[QuerySolution]:
        async def answered() -> bytes:
            return await ask(query)

        return solutions(asyncio.run_coroutine_threadsafe(answered(), loop).result())

    await asyncio.to_thread(lists.write, file, release.kinds, languages, select)
    return file


class Items(Sequence[str]):
    """Items of a list (IRIs) in order: all, or those of some numbers; an item is looked up when it is asked for."""

    def __init__(self, index: Index, order: Sequence[int], selected: BitMap | None) -> None:
        self._index = index
        self._order = order
        self._selected = selected

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self._order) if self._selected is None else len(self._selected)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        """Return one of them, or a part."""
        if isinstance(index, int):
            return self[index : index + 1 or None][0]
        start, stop, step = index.indices(len(self))
        selected = self._selected
        if selected is None:
            return [self._index.iri(number) for number in self._order[start:stop:step]]
        numbers = (number for number in self._order if number in selected)
        return [self._index.iri(number) for number in islice(numbers, start, stop, step)]


class Index:
    """A list: its items in order, the values of its facets with their labels, and who has which value."""

    def __init__(self, file: sqlite3.Connection, listing: Listing, base: str) -> None:
        """`file` has the lists of the release (`opened`), `base` is the base IRI of the register."""
        self.listing = listing
        self.day = next((facet.period.day for facet in listing.facets if facet.period), "")
        self._file = file
        self._base = base
        self._order = cache(self._read_order)
        self._having = cache(self._read_having)
        self._on = lru_cache(_DAYS)(self._statuses_on)

    def items(self, chosen: Mapping[str, str], on: date, language: Language) -> Sequence[str]:
        """Return the IRIs of the items that have the chosen values of facets on a day, in order.

        Raises `ValueError` for a value that can't be one.
        """
        having = [*self._chosen(chosen, on).values()]
        return Items(self, self._order(language), BitMap.intersection(*having) if having else None)

    def options(self, chosen: Mapping[str, str], on: date) -> dict[str, tuple[Option, ...]]:
        """Return the values of each facet on a day, counted among the items that have the values chosen of the others.

        Raises `ValueError` for a value that can't be one.
        """
        having = self._chosen(chosen, on)
        found = {}
        for facet in self.listing.facets:
            others = [items for key, items in having.items() if key != facet.key]
            found[facet.key] = self._options(facet, on, BitMap.intersection(*others) if others else None)
        return found

    def statuses(self, item: str, on: date) -> dict[str, Status]:
        """Return by facet whether an item is in force on a day, where the list has such facets."""
        facets = [facet.key for facet in self.listing.facets if facet.period]
        number = int(self._one("SELECT number FROM item WHERE list = ? AND iri = ?", item)) if facets else 0
        return {
            key: next(
                (Status(status) for status, items in self._on(key, on).items() if number in items), Status.UNKNOWN
            )
            for key in facets
        }

    def count(self, key: str, value: str) -> int:
        """Return how many items have a value (an IRI, a text) of a facet."""
        return self._one("SELECT count FROM value WHERE list = ? AND facet = ? AND value = ?", key, value) or 0

    def cells(self, item: str) -> dict[str, Cell]:
        """Return what stands in each column for an item (an IRI), sorted as N-Triples are."""
        query = "SELECT name, value, is_text FROM cell JOIN item USING (list, number) WHERE list = ? AND iri = ?"
        rows = self._file.execute(query, (self.listing.path, item))
        found = {name: Cell(json.loads(value), bool(is_text)) for name, value, is_text in rows}
        return {
            column.name: found.get(column.name, Cell("" if column.form == "name" else ()))
            for column in self.listing.columns
        }

    @cached_property
    def strokes(self) -> str:
        """Return those of the strokes that may stand between texts which stand in a text, in any list."""
        return str(self._file.execute("SELECT value FROM about WHERE key = 'strokes'").fetchone()[0])

    def labels(self, iris: Iterable[str]) -> dict[str, dict[tuple[int, str], str]]:
        """Return the labels of items or values of facets, as `Labels.found` has them."""
        found: dict[str, dict[tuple[int, str], str]] = {}
        for iri in iris:
            for language, text in self._file.execute("SELECT language, text FROM label WHERE iri = ?", (iri,)):
                found.setdefault(iri, {})[_RANK, language] = text
        return found

    def iri(self, number: int) -> str:
        """Return the IRI of the item with a number."""
        return str(self._one("SELECT iri FROM item WHERE list = ? AND number = ?", number))

    def _one(self, query: str, *values: str | int) -> Any:
        row = self._file.execute(query, (self.listing.path, *values)).fetchone()
        return row and row[0]

    @cached_property
    def _all(self) -> BitMap:
        return BitMap(range(self._one("SELECT COUNT(*) FROM item WHERE list = ?")))

    def _read_order(self, language: Language) -> Sequence[int]:
        return lists.unpacked(self._one("SELECT numbers FROM ordering WHERE list = ? AND language = ?", language))

    def _read_having(self, key: str) -> dict[str, BitMap]:
        """Return the items that have each value of a facet, as the file has them."""
        rows = self._file.execute(
            "SELECT value, items FROM value WHERE list = ? AND facet = ?", (self.listing.path, key)
        )
        return {value: BitMap.deserialize(items) for value, items in rows}

    def _any(self, key: str) -> BitMap:
        """Return the items that have a value of a facet."""
        return BitMap.deserialize(self._one("SELECT items FROM facet WHERE list = ? AND key = ?", key))

    def _has_iris(self, key: str) -> bool:
        return bool(self._one("SELECT has_iris FROM facet WHERE list = ? AND key = ?", key))

    def _statuses_on(self, key: str, on: date) -> dict[str, BitMap]:
        """Return the items with each status on a day; none where there is nothing that is in force at any time."""
        found = defaultdict[str, BitMap](BitMap)
        for period, items in self._having(key).items():
            begins, ends, indefinitely = json.loads(period)
            found[Period.of(begins, ends, indefinitely="true" in indefinitely).status(on)] |= items
        found.pop(Status.UNKNOWN, None)
        known = self._having(key)
        return {**found, Status.UNKNOWN: self._all - BitMap.union(BitMap(), *found.values())} if known else {}

    def _chosen(self, chosen: Mapping[str, str], on: date) -> dict[str, BitMap]:
        having = {}
        for facet in self.listing.facets:
            token = chosen.get(facet.key)
            if token is None:
                continue
            if facet.period:
                having[facet.key] = BitMap() if token == NONE else self._on(facet.key, on).get(token, BitMap())
            elif token == NONE:
                having[facet.key] = self._all - self._any(facet.key)
            else:
                value = self._value(facet, token)
                items = self._one(
                    "SELECT items FROM value WHERE list = ? AND facet = ? AND value = ?", facet.key, value
                )
                having[facet.key] = BitMap.deserialize(items) if items else BitMap()
        return having

    def _value(self, facet: Facet, token: str) -> str:
        """Return the value that stands as `token` in a URL; raises `ValueError` where it can't be one."""
        if not self._has_iris(facet.key) or token in _own(facet):
            return token
        iri = NamedNode(token if "://" in token else self._namespace(facet) + token).value
        return (
            next((value for value in self._having(facet.key) if local_name(value) == token), iri)
            if facet.form == "name"
            else iri
        )

    def _token(self, facet: Facet, value: str) -> str:
        """Return a value as URLs have it: the name of a resource or term, else the whole IRI."""
        return local_name(value) if facet.form == "name" else value.removeprefix(self._namespace(facet))

    def _namespace(self, facet: Facet) -> str:
        return f"{self._base}id/{facet.kind}/" if facet.kind else "x:" if facet.form == "name" else ""

    def _options(self, facet: Facet, on: date, among: BitMap | None) -> tuple[Option, ...]:
        if facet.period:
            having = self._on(facet.key, on)
            counted = [(len(items if among is None else items & among), status) for status, items in having.items()]
            return tuple(Option(status, "", count) for count, status in sorted(counted, reverse=True) if count)
        own, has_iris = _own(facet), self._has_iris(facet.key)
        options = [
            Option(self._token(facet, value), value, count)
            if has_iris and value not in own
            else Option(value, "", count)
            for count, value in self._counted(facet.key, among)
            if count
        ]
        # Who has no value: all less those who have one. To ask who has none would look at each item anew.
        if silent := len((self._all if among is None else among) - self._any(facet.key)):
            options.append(Option(NONE, "", silent))
        return tuple(options)

    def _counted(self, key: str, among: BitMap | None) -> list[tuple[int, str]]:
        """Return the most frequent values of a facet, and how often each is."""
        if among is None:
            query = (
                "SELECT count, value FROM value WHERE list = ? AND facet = ? ORDER BY count DESC, value DESC LIMIT ?"
            )
            return self._file.execute(query, (self.listing.path, key, OPTIONS)).fetchall()
        counted = ((items.intersection_cardinality(among), value) for value, items in self._having(key).items())
        return nlargest(OPTIONS, counted)


def _own(facet: Facet) -> frozenset[str]:
    """Return the values that a facet has beside the ends of its path."""
    return frozenset(each.key for each in facet.values)
