"""Where a text has the words that somebody gives of it, be they spelt otherwise, or with something left out."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final, TypeAlias

from vertragsgraph.gate.checks import spelling

Span: TypeAlias = tuple[int, int]
"""From where to where something stands in a text, in code points: `text[start:end]`."""

_LEFT_OUT: Final = re.compile(r"\[\s*(?:…|\.{3})\s*\]|…|\.{3}")


def passages(text: str, words: str) -> list[Span]:
    r"""Return all passages of a text that have some words, in their order.

    Marks of quotation, hyphens, blanks, capitals and composed letters may be others. What is left out is marked with […], or
    … by itself where the text has none there; of the passages that begin and end with the same parts these are the shortest.

    >>> passages("Wir alle helfen: „wir helfen hier\N{NO-BREAK SPACE}gern“.", 'wir […] hier gern')
    [(18, 38)]
    """
    if found := spelling.occurrences(text, words):
        return found
    parts = [spelling.occurrences(text, part) for part in _LEFT_OUT.split(words) if spelling.folded(part)[0]]
    return _with_parts(parts) if parts else []


def nearest(text: str, words: str) -> Span | None:
    """Return the passage of a text that is most like some words; None where none is like them."""
    return spelling.nearest(text, _LEFT_OUT.sub(" ", words))


def says_something(words: str) -> bool:
    """Tell whether there is anything to look for: a letter or a digit."""
    return any(map(str.isalnum, words))


def _with_parts(parts: list[list[Span]]) -> list[Span]:
    """Return from where to where all parts stand one after the other; of those that end together, the one that begins last."""
    found: dict[int, int] = {}
    for start, end in parts[0]:
        last = end
        for places in parts[1:]:
            following = bisect_left(places, (last, last))
            if following == len(places):
                return [(first, last) for last, first in found.items()]
            last = places[following][1]
        found[last] = start
    return [(first, last) for last, first in found.items()]
