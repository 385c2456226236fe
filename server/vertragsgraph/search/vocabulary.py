"""The words of an index, in memory: how common each is, and which are near to one that isn't there."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping
from functools import lru_cache
from itertools import chain
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

FEWEST_LETTERS: Final = 4
LONG_WORD: Final = 8
_KEPT: Final = 100_000


def tolerance(word: str) -> int:
    """Return how many letters of a word may be wrong: none in short words and numbers, two in long ones.

    >>> tolerance("drk"), tolerance("hessisch"), tolerance("1885")
    (0, 2, 0)
    """
    if len(word) < FEWEST_LETTERS or not word.isalpha():
        return 0
    return 2 if len(word) >= LONG_WORD else 1


class Vocabulary:
    """Words and the number of resources that have each; `total` is the number of all resources."""

    def __init__(self, counts: Mapping[str, int], total: int) -> None:
        self._counts = counts
        self._total = max(total, 1)
        self._sorted = sorted(counts)
        self._by_length: dict[int, list[str]] = {}
        for word in self._sorted:
            self._by_length.setdefault(len(word), []).append(word)
        self.near = lru_cache(_KEPT)(self._near)
        """Return the words that a misspelt one may mean, the nearest first, with their distance (see `tolerance`)."""

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def count(self, word: str) -> int:
        """Return how many resources have a word."""
        return self._counts.get(word, 0)

    def weight(self, word: str) -> float:
        """Return how much a word tells, from little above 0 (every resource has it) to 1 (none or one has it)."""
        share = math.log((self._total + 1) / max(self.count(word), 1)) / math.log(self._total + 1)
        return max(share, 0.05)

    def starting(self, prefix: str, limit: int) -> list[str]:
        """Return the most common words that begin with `prefix`."""
        first = bisect_left(self._sorted, prefix)
        last = bisect_left(self._sorted, prefix + "\U0010ffff")
        return sorted(self._sorted[first:last], key=lambda word: (-self._counts[word], word))[:limit]

    def containing(self, part: str, limit: int) -> list[str]:
        """Return the most common words with `part` within them, such as a part of a German compound."""
        found = [word for word in self._sorted if part in word[1:]]
        return sorted(found, key=lambda word: (-self._counts[word], word))[:limit]

    def beginning_near(self, prefix: str, limit: int) -> list[str]:
        """Return words whose beginning is near to a misspelt beginning."""
        allowed = tolerance(prefix)
        if not allowed:
            return []
        beginnings = {word[: len(prefix)] for word in self._sorted if len(word) > len(prefix)}
        near = process.extract(prefix, beginnings, scorer=OSA.distance, score_cutoff=allowed, limit=limit)
        best = sorted((distance, beginning) for beginning, distance, _ in near)
        return list(chain.from_iterable(self.starting(beginning, limit) for _, beginning in best))[:limit]

    def _near(self, word: str) -> tuple[tuple[str, int], ...]:
        allowed = tolerance(word)
        if not allowed:
            return ()
        lengths = range(len(word) - allowed, len(word) + allowed + 1)
        choices = list(chain.from_iterable(self._by_length.get(length, ()) for length in lengths))
        near = process.extract(word, choices, scorer=OSA.distance, score_cutoff=allowed, limit=12)
        return tuple(
            sorted(((found, int(distance)) for found, distance, _ in near), key=lambda pair: (pair[1], pair[0]))
        )
