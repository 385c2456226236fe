"""The lists of a release, written when it is built: their items in order, the values of their facets, and who has which.

Who narrows a list down then needs neither the store nor all items in memory: who has a value is a set of numbers, a roaring
bitmap (Lemire et al., 2018), of which hundreds are intersected within a millisecond, whatever the list's length.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, QuerySolution
from pyroaring import BitMap

from vertragsgraph.collation import SortKey, sort_key
from vertragsgraph.rdf import edtf, terms
from vertragsgraph.rdf.curie import local_name
from vertragsgraph.rdf.labels import Labels
from vertragsgraph.rdf.namespaces import RDF, XSD
from vertragsgraph.register.kinds import Column, Facet, InForce, Kind, Kinds, Listing
from vertragsgraph.spreadsheet import STROKES
from vertragsgraph.texts import Language

FILE_NAME: Final = "lists.sqlite"
Select: TypeAlias = Callable[[str], Iterable[QuerySolution]]
"""Answers a query (SELECT)."""
Term: TypeAlias = NamedNode | Literal

_TEXTS: Final = frozenset({XSD + "string", RDF + "langString"})
_AT_ONCE: Final = 1_000
"""Resources whose labels are asked for in one query."""
_TABLES: Final = """
CREATE TABLE item (list TEXT, number INTEGER, iri TEXT, PRIMARY KEY (list, number)) WITHOUT ROWID;
CREATE UNIQUE INDEX item_iri ON item (list, iri);
CREATE TABLE ordering (list TEXT, language TEXT, numbers BLOB, PRIMARY KEY (list, language));
CREATE TABLE facet (list TEXT, key TEXT, has_iris INTEGER, items BLOB, PRIMARY KEY (list, key));
CREATE TABLE value (list TEXT, facet TEXT, value TEXT, count INTEGER, items BLOB);
CREATE TABLE cell (list TEXT, number INTEGER, name TEXT, is_text INTEGER, value TEXT,
  PRIMARY KEY (list, number, name)) WITHOUT ROWID;
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE label (iri TEXT, language TEXT, text TEXT, PRIMARY KEY (iri, language, text)) WITHOUT ROWID;
"""
_INDEXES: Final = """
CREATE UNIQUE INDEX value_value ON value (list, facet, value);
CREATE INDEX value_count ON value (list, facet, count DESC, value DESC);
"""


def write(file: sqlite3.Connection, kinds: Kinds, languages: Iterable[Language], select: Select) -> None:
    """Write the lists that a table of kinds has into an empty file; `select` asks the release, `languages` are its readers'."""
    file.executescript(_TABLES)
    labels, strokes = Labels(), set[str]()
    for path, kind in kinds.listed.items():
        if kind.list:
            written = _List(file, select, labels, path, kind, kind.list)
            numbers = written.items(languages)
            written.facets(numbers)
            strokes |= written.cells(numbers)
    file.execute("INSERT INTO about VALUES ('strokes', ?)", ("".join(sorted(strokes)),))
    file.executemany(
        "INSERT INTO label VALUES (?, ?, ?)",
        (
            (iri, language, text)
            for iri, found in sorted(labels.found.items())
            for (_, language), text in sorted(found.items())
        ),
    )
    file.executescript(_INDEXES)
    file.commit()


@dataclass(frozen=True)
class _List:
    """A list on its way into the file: its path, its kind; `labels` are those that are known by now."""

    file: sqlite3.Connection
    select: Select
    labels: Labels
    path: str
    kind: Kind
    listing: Listing

    def items(self, languages: Iterable[Language]) -> dict[str, int]:
        """Write the items, in the order of each language; return their numbers."""
        order: dict[str, str] = {}
        for row in self.select(_every(self.kind, self.listing)):
            if isinstance(item := row["item"], NamedNode):
                order[item.value] = max(order.get(item.value, ""), _sorted_by(row["order"]))
        add_labels(self.labels, order, self.select)
        orders = {language: _ordered(order, self.labels, language) for language in languages}
        numbers = {iri: number for number, iri in enumerate(next(iter(orders.values())))}
        self.file.executemany(
            "INSERT INTO item VALUES (?, ?, ?)", ((self.path, number, iri) for iri, number in numbers.items())
        )
        for language, iris in orders.items():
            self.file.execute(
                "INSERT INTO ordering VALUES (?, ?, ?)", (self.path, language, packed(numbers[iri] for iri in iris))
            )
        return numbers

    def facets(self, numbers: Mapping[str, int]) -> None:
        """Write who has which value of the facets."""
        for facet in self.listing.facets:
            rows = self.select(_pairs(self.kind, facet))
            having, resources = _periods(rows, numbers) if facet.period else _values(rows, numbers)
            any_of_them = BitMap.union(BitMap(), *having.values()).serialize()
            self.file.execute(
                "INSERT INTO facet VALUES (?, ?, ?, ?)", (self.path, facet.key, bool(resources), any_of_them)
            )
            self.file.executemany(
                "INSERT INTO value VALUES (?, ?, ?, ?, ?)",
                (
                    (self.path, facet.key, value, len(items), items.serialize())
                    for value, items in sorted(having.items())
                ),
            )
            add_labels(self.labels, resources, self.select)

    def cells(self, numbers: Mapping[str, int]) -> set[str]:
        """Write what stands in the columns, sorted as N-Triples are; return the strokes that stand in texts.

        In a column of names it is one text, the names with blanks between them, else a list of texts.
        """
        strokes = set[str]()
        for column in self.listing.columns:
            pattern = column.path.pattern(
                "?item", "?value", f"?item a <{self.kind.iri}> .", years=column.form == "year"
            )
            found = defaultdict[int, set[Term]](set)
            for row in self.select(f"SELECT ?item ?value WHERE {{ {pattern} }}"):
                item, value = row["item"], row["value"]
                if isinstance(item, NamedNode) and isinstance(value, NamedNode | Literal) and item.value in numbers:
                    found[numbers[item.value]].add(value)
                    strokes.update(set(STROKES).intersection(value.value) if isinstance(value, Literal) else ())
            self.file.executemany(
                "INSERT INTO cell VALUES (?, ?, ?, ?, ?)",
                ((self.path, number, column.name, *_cell(column, values)) for number, values in sorted(found.items())),
            )
        return strokes


def _cell(column: Column, of: Iterable[Term]) -> tuple[bool, str]:
    """Return whether some of the values in a cell are texts, in which there may be blanks; and the values as JSON."""
    values = sorted(of, key=str)
    if column.form == "name":
        return False, json.dumps(" ".join(local_name(value.value) for value in values), ensure_ascii=False)
    is_text = any(isinstance(value, Literal) and value.datatype.value in _TEXTS for value in values)
    return is_text, json.dumps([value.value for value in values], ensure_ascii=False)


def packed(numbers: Iterable[int]) -> bytes:
    """Return numbers as the file has them: four bytes each, the lowest first."""
    return _little(array("I", numbers)).tobytes()


def unpacked(data: bytes) -> Sequence[int]:
    """Return the numbers that were packed."""
    return _little(array("I", data))


def _little(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def add_labels(labels: Labels, iris: Iterable[str], select: Select) -> None:
    """Add the labels of some resources (IRIs) to those that are known."""
    missing = sorted(iri for iri in iris if iri not in labels.found)
    for start in range(0, len(missing), _AT_ONCE):
        these = " ".join(str(NamedNode(iri)) for iri in missing[start : start + _AT_ONCE])
        for row in select(f"SELECT ?s ?o WHERE {{ VALUES ?s {{ {these} }} ?s {terms.LABEL} ?o }}"):
            if isinstance(row["s"], NamedNode) and isinstance(row["o"], Literal):
                labels.add(row["s"].value, terms.LABEL.value, row["o"])


def _values(rows: Iterable[QuerySolution], numbers: Mapping[str, int]) -> tuple[dict[str, BitMap], set[str]]:
    """Return the items that have each value, and which values are IRIs."""
    having, iris = defaultdict[str, BitMap](BitMap), set[str]()
    for row in rows:
        item, value = row["item"], row["value"]
        if isinstance(item, NamedNode) and isinstance(value, NamedNode | Literal) and item.value in numbers:
            having[value.value].add(numbers[item.value])
            if isinstance(value, NamedNode):
                iris.add(value.value)
    return having, iris


def _periods(rows: Iterable[QuerySolution], numbers: Mapping[str, int]) -> tuple[dict[str, BitMap], set[str]]:
    """Return the items that are in force in each period: a JSON list of what `role` says that the values are."""
    told = defaultdict[str, tuple[set[str], ...]](lambda: tuple(set() for _ in _ROLES))
    for row in rows:
        item, role, value = row["item"], row["role"], row["value"]
        if isinstance(item, NamedNode) and isinstance(role, Literal) and isinstance(value, Literal):
            told[item.value][_ROLES.index(role.value)].add(value.value)
    having = defaultdict[str, BitMap](BitMap)
    for iri, parts in told.items():
        if iri in numbers:
            having[json.dumps([sorted(part) for part in parts])].add(numbers[iri])
    return having, set()


_ROLES: Final = ("begins", "ends", "indefinitely")
"""What a period is told by, as it stands in the file."""


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
