"""Full-text search: from what somebody types to hits with marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from vertragsgraph.search.analysis import fold, stem, stems, telling_words
from vertragsgraph.search.index import Entry, SearchIndex
from vertragsgraph.search.writing import ALTERNATIVE, DOCUMENTARY, FURTHER, LABEL
from vertragsgraph.texts import distance

EXPANSIONS: Final = 48
RANKED: Final = 200
RANKABLE: Final = 30_000
"""Hits beyond which ranking all of them would take too long; the first ones are ranked then."""
LONGEST_QUERY: Final = 300
MOST_WORDS: Final = 12
SNIPPET: Final = 160
_HEAD_START: Final = 2.5
_WITHIN: Final = 4

_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Mark:
    """A part of a text, and whether it was searched for."""

    text: str
    hit: bool


@dataclass(frozen=True)
class Hit:
    """A resource that was found: path below the base IRI, kind, its label, and the passage that was hit.

    `title` and `passage` are in parts; `passage` is empty where the hit is in the label, `role` says what it is.
    """

    path: str
    kind: str
    language: str
    title: tuple[Mark, ...]
    role: str
    passage_language: str
    passage: tuple[Mark, ...]


@dataclass(frozen=True)
class Found:
    """Hits, the number of all there are, and that number by kind (whatever kinds were asked for)."""

    hits: tuple[Hit, ...]
    total: int
    kinds: dict[str, int]


@dataclass(frozen=True)
class _Query:
    """The words searched for: of each, the alternatives that count as found."""

    words: tuple[str, ...]
    alternatives: tuple[tuple[str, ...], ...]

    @property
    def match(self) -> str:
        return " AND ".join("(" + " OR ".join(f'"{word}"' for word in words) + ")" for words in self.alternatives)

    def hits(self, word: str) -> bool:
        """Return whether a word of a text was searched for."""
        folded = fold(word)
        stemmed = stems(folded)
        return any(not stemmed.isdisjoint(found) for found in self.alternatives) or any(
            folded.startswith(w) for w in self.words
        )


def find(
    index: SearchIndex,
    text: str,
    language: str = "",
    kinds: Sequence[str] = (),
    limit: int = 20,
    offset: int = 0,
) -> Found:
    """Return the resources that a text finds, the best first: words by stem, by prefix, within compounds, misspelt.

    Each hit has its label in `language`, where there is one, and the passage that was hit, with marks. `kinds` are
    those of the IRIs (`contract`, `organisation` …); none means all. A text without words finds nothing.
    """
    if identified := [number for number, _ in index.identified(text)]:
        return _identified(index, list(dict.fromkeys(identified)), language, kinds)
    query = _query(index, text)
    if query is None:
        return Found((), 0, {})
    by_kind = dict(
        index.rows(
            "SELECT kind, COUNT(*) FROM words CROSS JOIN resource ON resource.id = words.rowid WHERE words MATCH ? "
            "GROUP BY kind ORDER BY 2 DESC, 1",
            query.match,
        )
    )
    total = sum(count for kind, count in by_kind.items() if not kinds or kind in kinds)
    numbers = _ranked(index, query, text, kinds, total, max(RANKED, offset + limit))[offset : offset + limit]
    resources = index.resources(numbers)
    hits = []
    for number, entries in index.entries(numbers).items():
        resource = resources[number]
        hits.append(_hit(resource.path, resource.kind, entries, query, language))
    return Found(tuple(hits), total, by_kind)


def _query(index: SearchIndex, text: str) -> _Query | None:
    folded = telling_words(text[:LONGEST_QUERY], index.forms)[:MOST_WORDS]
    alternatives = tuple(_alternatives(index, word) for word in folded)
    if not folded or not all(alternatives):
        return None
    return _Query(tuple(folded), alternatives)


def _alternatives(index: SearchIndex, word: str) -> tuple[str, ...]:
    """Return the words of the index that count as a word searched for; misspelt ones only where nothing else is found."""
    vocabulary = index.words
    stemmed = stem(word)
    found = dict.fromkeys(vocabulary.starting(stemmed, EXPANSIONS))
    if len(stemmed) >= _WITHIN:
        found.update(dict.fromkeys(vocabulary.containing(stemmed, EXPANSIONS)))
    if not found:
        found = dict.fromkeys([near for near, _ in vocabulary.near(stemmed)])
    if not found:
        found = dict.fromkeys(vocabulary.beginning_near(stemmed, EXPANSIONS))
    return tuple(found)


def _ranked(index: SearchIndex, query: _Query, text: str, kinds: Sequence[str], total: int, most: int) -> list[int]:
    """Return the numbers of the resources found: by full-text rank, the first of them by how well their names fit."""
    places = ", ".join("?" * len(kinds))
    joined = f"CROSS JOIN resource ON resource.id = words.rowid AND resource.kind IN ({places})" if kinds else ""
    order = "ORDER BY bm25(words, 8.0, 5.0, 1.0), words.rowid" if total <= RANKABLE else ""
    sql = f"SELECT words.rowid FROM words {joined} WHERE words MATCH ? {order} LIMIT ?"  # noqa: S608
    numbers = [row[0] for row in index.rows(sql, *kinds, query.match, most)]
    first = numbers[:RANKED]
    entries, resources = index.entries(first), index.resources(first)
    wanted = fold(text).strip()
    rank = {number: place for place, number in enumerate(first)}

    def fitness(number: int) -> tuple[float, int]:
        head_start = _HEAD_START if resources[number].kind in index.main else 0
        return _fit(entries[number], wanted, query.words) - head_start, rank[number]

    return sorted(first, key=fitness) + numbers[RANKED:]


def _fit(entries: Iterable[Entry], wanted: str, words: Sequence[str]) -> int:
    """Return how well names fit: 0 is the whole name, 1 its beginning, 2 beginnings of its words, 3 parts of them, 4 no.

    What is no name, an identifier say, fits as a whole only.
    """
    best = 4
    for entry in entries:
        if entry.role not in {LABEL, ALTERNATIVE, FURTHER}:
            continue
        name = fold(entry.text)
        if name == wanted:
            return 0
        if entry.role == FURTHER:
            continue
        if name.startswith(wanted):
            best = min(best, 1)
        elif best > 2 and all(stem(word) in name for word in words):
            parts = _WORD.findall(name)
            begin = all(any(part.startswith(stem(word)) for part in parts) for word in words)
            best = min(best, 2 if begin else 3)
    return best


def _identified(index: SearchIndex, numbers: Sequence[int], language: str, kinds: Sequence[str]) -> Found:
    """Return the resources that an identifier names as hits."""
    resources, nothing = index.resources(numbers), _Query((), ())
    by_kind = dict(Counter(resource.kind for resource in resources.values()))
    hits = [
        _hit(resources[number].path, resources[number].kind, entries, nothing, language)
        for number, entries in index.entries(numbers).items()
        if not kinds or resources[number].kind in kinds
    ]
    return Found(tuple(hits), len(hits), by_kind)


def _hit(path: str, kind: str, entries: Sequence[Entry], query: _Query, language: str) -> Hit:
    label = min(entries, key=lambda entry: (entry.role != LABEL, distance(entry.language, language)), default=None)
    title = _marks(label.text, query) if label else (Mark(path.rsplit("/", 1)[-1], hit=False),)
    hits_of_title = _count(title)
    best, best_count = None, hits_of_title
    for entry in entries:
        # Another language's label says the same as the title; it is shown only where the title has no hit at all.
        if entry is label or (entry.role == LABEL and (hits_of_title or kind in DOCUMENTARY)):
            continue
        count = _count(_marks(entry.text, query))
        nearer = distance(entry.language, language) < (distance(best.language, language) if best else 2)
        if count and (count > best_count or (count == best_count and nearer)):
            best, best_count = entry, count
    if best is None:
        return Hit(path, kind, label.language if label else "", title, LABEL, "", ())
    passage = _marks(_snippet(best.text, query), query)
    return Hit(path, kind, label.language if label else "", title, best.role, best.language, passage)


def _count(marks: Iterable[Mark]) -> int:
    return len({fold(mark.text) for mark in marks if mark.hit})


def _marks(text: str, query: _Query) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    end = 0
    for match in _WORD.finditer(text):
        if query.hits(match[0]):
            if match.start() > end:
                marks.append(Mark(text[end : match.start()], hit=False))
            marks.append(Mark(match[0], hit=True))
            end = match.end()
    if end < len(text):
        marks.append(Mark(text[end:], hit=False))
    return tuple(marks)


def _snippet(text: str, query: _Query) -> str:
    """Return the part of a long text around the first hit, cut at words."""
    if len(text) <= SNIPPET:
        return text
    first = next((match.start() for match in _WORD.finditer(text) if query.hits(match[0])), 0)
    start = max(0, first - SNIPPET // 3)
    if start:
        start = text.find(" ", start, first) + 1 or first
    end = text.rfind(" ", start, start + SNIPPET) if start + SNIPPET < len(text) else len(text)
    end = end if end > first else min(len(text), start + SNIPPET)
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")
