"""Reading `search.sqlite`: thread-safe and read-only."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from vertragsgraph.search import identifiers
from vertragsgraph.search.analysis import LegalForms, Name, analyse
from vertragsgraph.search.vocabulary import Vocabulary
from vertragsgraph.search.writing import ALTERNATIVE, LABEL, SAME
from vertragsgraph.texts import distance

NAMES: Final = (LABEL, ALTERNATIVE)
KEPT: Final = 10_000


@dataclass(frozen=True)
class Resource:
    """A resource of the release: its number in the index, its path below the base IRI, its kind, the IRIs of its types."""

    number: int
    path: str
    kind: str
    types: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A text about a resource. `language` may be ""; `name` is for names.

    `role` is label, alternative, quotation, note, or further: an identifier, an address, any other text.
    """

    role: str
    language: str
    text: str
    name: Name


@dataclass(frozen=True)
class Linked:
    """A link from a resource (path below the base IRI) to an IRI, or to an identifier, of somebody else."""

    path: str
    predicate: str
    object: str


class SearchIndex:
    """The search index of a release.

    Threads may share it: each gets a connection of its own. Words are read into memory when they are first needed.
    """

    def __init__(self, path: Path, main: Collection[str] = ()) -> None:
        """Open the index; `main` are the kinds found first. Raises `FileNotFoundError` where there is none."""
        if not path.is_file():
            raise FileNotFoundError(path)
        self._uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._local = threading.local()
        self.main = main
        self._entries: dict[int, tuple[Entry, ...]] = {}

    @cached_property
    def base(self) -> str:
        """The register's base IRI."""
        return str(self.rows("SELECT value FROM about WHERE key = 'base'")[0][0])

    @cached_property
    def words(self) -> Vocabulary:
        """All words that can be searched."""
        total = self.rows("SELECT COUNT(*) FROM resource")[0][0]
        return Vocabulary(dict(self.rows("SELECT text, resources FROM word")), total)

    @cached_property
    def name_words(self) -> Vocabulary:
        """The words of names."""
        total = self.rows("SELECT COUNT(DISTINCT resource) FROM entry WHERE role IN ('label', 'alternative')")[0][0]
        return Vocabulary(dict(self.rows("SELECT text, names FROM word WHERE names > 0")), total)

    @cached_property
    def forms(self) -> LegalForms:
        """The legal forms that names are compared without; none in an index that is older than they are."""
        names: dict[str, list[str]] = {}
        for code, name in self.rows("SELECT code, name FROM form ORDER BY rowid") if self._has_forms else ():
            names.setdefault(code, []).append(name)
        return LegalForms(names)

    @cached_property
    def _has_forms(self) -> bool:
        return int(self.rows("SELECT value FROM about WHERE key = 'version'")[0][0]) > 1

    def analyse(self, text: str) -> Name:
        """Return a name as it is compared with those of the index."""
        return analyse(text, self.forms)

    def resources(self, numbers: Sequence[int]) -> dict[int, Resource]:
        """Return resources by their numbers; unknown numbers are left out."""
        rows = self.rows(f"SELECT id, iri, kind, typeset FROM resource WHERE id IN ({_numbers(numbers)})")  # noqa: S608
        return {number: Resource(number, path, kind, self.typesets[typeset]) for number, path, kind, typeset in rows}

    def resource(self, path: str) -> Resource | None:
        """Return the resource at a path below the base IRI (`id/contract/a`), or with such an IRI."""
        found = self.rows("SELECT id FROM resource WHERE iri = ?", path.removeprefix(self.base))
        return self.resources([found[0][0]])[found[0][0]] if found else None

    def entries(self, numbers: Iterable[int]) -> dict[int, tuple[Entry, ...]]:
        """Return the texts about resources, labels first; what was read stays in memory, up to about `KEPT` resources."""
        wanted, kept = list(numbers), self._entries
        known = {number: kept[number] for number in wanted if number in kept}
        missing = [number for number in wanted if number not in known]
        if missing:
            found: dict[int, list[Entry]] = {number: [] for number in missing}
            query = "SELECT resource, role, language, text, tokens, form FROM entry WHERE resource IN ({}) ORDER BY id"
            forms = self._recorded(missing)
            for number, role, language, text, tokens, form in self.rows(query.format(_numbers(missing))):
                recorded = frozenset(forms.get(number, ()))
                found[number].append(Entry(role, language, text, Name(tuple(tokens.split()), form, recorded=recorded)))
            read = {number: tuple(entries) for number, entries in found.items()}
            known |= read
            if len(kept) < KEPT:
                kept.update(read)
            else:  # another thread may be looking things up in the former, so that is left as it is
                self._entries = read
        return {number: known[number] for number in wanted}

    def _recorded(self, numbers: Sequence[int]) -> dict[int, list[str]]:
        """Return the legal forms that resources are said to have."""
        found: dict[int, list[str]] = {}
        query = f"SELECT resource, form FROM recorded WHERE resource IN ({_numbers(numbers)})"  # noqa: S608
        for number, form in self.rows(query) if self._has_forms else ():
            found.setdefault(number, []).append(form)
        return found

    def names(self, number: int) -> tuple[Entry, ...]:
        """Return what a resource is called: labels first, then alternative labels."""
        return tuple(entry for entry in self.entries([number])[number] if entry.role in NAMES)

    def label(self, number: int, language: str) -> str:
        """Return the label of a resource in a language, else in any; the end of its path where it has none."""
        names = self.names(number)
        best = min(names, key=lambda entry: (entry.role != LABEL, distance(entry.language, language)), default=None)
        return best.text if best else self.resources([number])[number].path.rsplit("/", 1)[-1]

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of all resources that can be searched, in alphabetical order."""
        return tuple(kind for (kind,) in self.rows("SELECT DISTINCT kind FROM resource ORDER BY kind"))

    @cached_property
    def typesets(self) -> dict[int, tuple[str, ...]]:
        """The IRIs of the types that resources have together, by number."""
        return {number: tuple(json.loads(types)) for number, types in self.rows("SELECT id, types FROM typeset")}

    def with_names(self, match: str, limit: int, of_type: str = "") -> list[int]:
        """Return the numbers of the resources whose names fit a full-text query (FTS5 syntax), the best first."""
        # The full-text index comes first: left to itself, the planner may ask it once for each resource of the type.
        joined = ""
        if of_type:
            sets = [number for number, types in self.typesets.items() if of_type in types]
            joined = f"CROSS JOIN resource ON resource.id = words.rowid AND resource.typeset IN ({_numbers(sets)})"
        query = f"SELECT words.rowid FROM words {joined} WHERE words MATCH ? ORDER BY words.rank, words.rowid LIMIT ?"  # noqa: S608
        return [row[0] for row in self.rows(query, f"{{label alternative}} : ({match})", limit)]

    def identified(self, text: str) -> list[tuple[int, str]]:
        """Return the numbers of the resources that an identifier names, each with the property that links the two.

        `text` may be an IRI, a CURIE such as `wd:Q1199`, or the identifier alone where its form tells whose it is.
        """
        keys = identifiers.keys(text)
        places = ", ".join("?" * len(keys))
        query = f"SELECT DISTINCT resource, predicate FROM link WHERE key IN ({places}) ORDER BY resource, predicate"  # noqa: S608
        return [(number, predicate) for number, predicate in self.rows(query, *keys)] if keys else []

    def same(self, text: str) -> list[int]:
        """Return the numbers of the resources that are what an identifier names (owl:sameAs, skos:exactMatch)."""
        return sorted({number for number, predicate in self.identified(text) if predicate in SAME})

    def links(self, number: int | None = None) -> list[Linked]:
        """Return the links of a resource, or of all."""
        where = "" if number is None else "WHERE resource.id = ?"
        query = (
            "SELECT iri, predicate, object FROM link JOIN resource ON resource.id = link.resource "  # noqa: S608
            f"{where} ORDER BY link.id"
        )
        return [Linked(*row) for row in self.rows(query, *([] if number is None else [number]))]

    def properties(self, of_type: str = "") -> list[tuple[str, int]]:
        """Return the properties that resources (of a type) have, the most common first, each with their number."""
        where = "WHERE type = ?" if of_type else ""
        query = f"SELECT property, MAX(subjects) AS n FROM usage {where} GROUP BY property ORDER BY n DESC, property"  # noqa: S608
        return [(iri, count) for iri, count in self.rows(query, *([of_type] if of_type else []))]

    def rows(self, query: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        """Return the rows of an SQL query."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = sqlite3.connect(self._uri, uri=True, check_same_thread=False)
        return list(connection.execute(query, values))


def _numbers(numbers: Iterable[int]) -> str:
    """Return numbers as an SQL list; they are numbers, so nothing needs quoting."""
    return ", ".join(str(int(number)) for number in numbers)
