"""Triples that can be looked up in both directions while their number grows beyond memory: a passing SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Final

REMEMBERED: Final = 20_000


class Facts:
    """Triples by subject and by object; all terms are in N-Triples syntax."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        # The same few resources (topics, organisations) are asked for again and again.
        self._terms = lru_cache(maxsize=REMEMBERED)(self._asked)

    def objects(self, subject: str, predicate: str) -> tuple[str, ...]:
        """Return the objects of a subject's property, sorted."""
        return self._terms("SELECT o FROM t WHERE s = ? AND p = ? ORDER BY o", subject, predicate)

    def subjects(self, predicate: str, value: str) -> tuple[str, ...]:
        """Return the subjects that have a value for a property, sorted."""
        return self._terms("SELECT s FROM t WHERE p = ? AND o = ? ORDER BY s", predicate, value)

    def is_in_a_literal(self, text: str) -> bool:
        """Tell whether a text without characters that N-Triples escapes stands in any literal."""
        found = self._connection.execute("SELECT 1 FROM t WHERE o LIKE '\"%' AND instr(o, ?) LIMIT 1", (text,))
        return found.fetchone() is not None

    def _asked(self, query: str, *terms: str) -> tuple[str, ...]:
        return tuple(row[0] for row in self._connection.execute(query, terms))


@contextmanager
def facts(lines: Iterable[str], predicates: Collection[str], path: Path) -> Iterator[Facts]:
    """Keep those of the N-Triples lines that have one of the predicates, in the file `path`, which goes in the end."""
    connection = sqlite3.connect(path)
    try:
        # The file is of no use after a crash, so nothing is done to survive one.
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        connection.execute("CREATE TABLE t (s TEXT, p TEXT, o TEXT, PRIMARY KEY (s, p, o)) WITHOUT ROWID")
        triples = (line[:-3].split(" ", 2) for line in lines)
        connection.executemany("INSERT OR IGNORE INTO t VALUES (?, ?, ?)", (t for t in triples if t[1] in predicates))
        connection.execute("CREATE INDEX by_object ON t (p, o, s)")
        yield Facts(connection)
    finally:
        connection.close()
        path.unlink(missing_ok=True)
