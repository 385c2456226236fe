"""What stands around a quotation in its text: the prefix and suffix of a text quote selector (Web Annotation, 4.2.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

LENGTH: Final = 32
"""Characters that a prefix or a suffix has at most, unless one word is longer, or the quotation stands there twice."""
_LONGER: Final = (LENGTH, 2 * LENGTH, 4 * LENGTH)
_FAR: Final = 8
"""Times the length within which words are looked for: longer ones are none."""
_WORDS: Final = re.compile(r"\S+")
_LINE_ENDS: Final = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True)
class Surroundings:
    """The text right before and right after a quotation, blanks included; `""` where nothing is told."""

    prefix: str
    suffix: str


def surroundings(text: str, start: int, end: int) -> Surroundings:
    r"""Return what tells the quotation `text[start:end]` apart: whole words right before and after it, in the same line.

    They stay in the line, because a line may be a block of its own on the page, and a link by text doesn't match across
    blocks. Only where the same words would stand in the text again they go on into the lines around, and become longer.

    >>> surroundings("Sie schloss am 3. Juni zwei Verträge ab.\n", 15, 22)
    Surroundings(prefix='Sie schloss am ', suffix=' zwei Verträge ab.')
    """
    reach = _FAR * _LONGER[-1]  # a text may be long and have many quotations, and a line as long as the text
    first_seen, last_seen = max(0, start - reach), min(len(text), end + reach)
    line_start = max((match.end() for match in _LINE_ENDS.finditer(text, first_seen, start)), default=first_seen)
    line_end = match.start() if (match := _LINE_ENDS.search(text, end, last_seen)) else last_seen
    found = Surroundings("", "")
    for length in _LONGER:
        for first, last in ((line_start, line_end), (0, len(text))):
            found = Surroundings(_before(text, first, start, length), _after(text, end, last, length))
            if _is_unique(text, found.prefix + text[start:end] + found.suffix):
                return found
    return found


def _before(text: str, first: int, start: int, length: int) -> str:
    """Return the last words of `text[first:start]`, from one with a letter or digit on, with the blanks between them."""
    words = list(_WORDS.finditer(text, max(first, start - _FAR * length), start))
    near = [word for word in words if start - word.start() <= length] or words[-1:]
    told = next(filter(_says, near), None)
    return text[told.start() : start] if told else ""


def _after(text: str, end: int, last: int, length: int) -> str:
    """Return the first words of `text[end:last]` with the blanks between them, unless they are nothing but marks."""
    words = list(_WORDS.finditer(text, end, min(last, end + _FAR * length)))
    near = [word for word in words if word.end() - end <= length] or words[:1]
    return text[end : near[-1].end()] if any(map(_says, near)) else ""


def _says(word: re.Match[str]) -> bool:
    return any(map(str.isalnum, word[0]))


def _is_unique(text: str, words: str) -> bool:
    """Return whether a text has some words once, whatever their case, as browsers compare."""
    text, words = _folded(text), words.casefold()
    return text.find(words, text.find(words) + 1) < 0


@lru_cache(maxsize=8)
def _folded(text: str) -> str:
    return text.casefold()
