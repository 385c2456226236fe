"""The words of a quotation in a text that spells them otherwise: another normal form, other blanks, hyphens, marks, case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import Final

from rapidfuzz import fuzz

from vertragsgraph.texts import Language, both

SHOWN: Final = 60
"""Characters of a text that a message shows."""
NEAR: Final = 60
"""How like (0 to 100) the words of a passage must be to those of a quotation to be named as the nearest."""
_WORD: Final = re.compile(r"\S+")
_MARKS: Final = dict.fromkeys("„“”«»‹›‚‘’'`´", '"')


def elsewhere(text: str, exact: str, near: int) -> tuple[int, int] | None:
    r"""Return where a text has the words of a quotation, whatever the spelling; the place nearest to a position.

    >>> elsewhere("am 4.\N{NO-BREAK SPACE}Mai", "4. Mai", 0)
    (3, 9)
    """
    return min(occurrences(text, exact), key=lambda place: abs(place[0] - near), default=None)


def occurrences(text: str, exact: str) -> list[tuple[int, int]]:
    """Return all places at which a text has the words of a quotation, whatever the spelling, in their order."""
    words, _ = folded(exact)
    whole, positions = folded(text)
    found: list[tuple[int, int]] = []
    at = whole.find(words) if words else -1
    while at >= 0:
        end = at + len(words)
        if _is_boundary(whole, positions, at) and _is_boundary(whole, positions, end):
            found.append((positions[at], positions[end - 1] + 1))
        at = whole.find(words, at + 1)
    return found


def _is_boundary(whole: str, positions: Sequence[int], at: int) -> bool:
    """Tell whether a place in a folded text is between two letters and not within one, as between ü and its dots."""
    within = 0 < at < len(whole)
    return not within or (positions[at - 1] != positions[at] and not unicodedata.combining(whole[at]))


def nearest(text: str, exact: str) -> tuple[int, int] | None:
    """Return where a text has the words that are most like those of a quotation, whole ones; None where none are like them.

    >>> nearest("Sie schlossen Verträge mit Partnern.", "Verträge mit dem Partner")
    (14, 36)
    """
    whole, positions = folded(text)
    found = fuzz.partial_ratio_alignment(folded(exact)[0], whole, score_cutoff=NEAR)
    if found is None or found.dest_start == found.dest_end:
        return None
    first, last = positions[found.dest_start], positions[found.dest_end - 1] + 1
    words = [match for match in _WORD.finditer(text) if match.end() > first and match.start() < last]
    return words[0].start(), words[-1].end()


def difference(there: str, exact: str) -> dict[Language, str]:
    """Say in what the words of a text differ from those of a quotation, which are spelt otherwise."""
    if unicodedata.normalize("NFC", there) == unicodedata.normalize("NFC", exact):
        if not unicodedata.is_normalized("NFC", exact):
            return both(
                "the quotation has its umlauts as two characters each; save its file in Unicode's normal form NFC"
            )
        return both("the text has its umlauts as two characters each (Unicode's normal form NFD); quote it as it is")
    pairs = zip_longest(unicodedata.normalize("NFC", there), unicodedata.normalize("NFC", exact), fillvalue="")
    theirs, ours = next(pair for pair in pairs if pair[0] != pair[1])
    return both("the text has {theirs} where the quotation has {ours}", theirs=_named(theirs), ours=_named(ours))


@lru_cache(maxsize=8)
def folded(text: str) -> tuple[str, list[int]]:
    """Return a text without what is a matter of spelling, and where each of its characters comes from."""
    characters: list[str] = []
    positions: list[int] = []
    for position, character in enumerate(text):
        for part in unicodedata.normalize("NFD", character).casefold():
            if plain := _fold(part):
                characters.append(plain)
                positions.append(position)
    return "".join(characters), positions


def _fold(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or character.isspace():
        return ""
    return "-" if category == "Pd" else _MARKS.get(character, character)


def _named(character: str) -> str:
    """Return a character as messages name it, which may be one that can't be seen."""
    if not character:
        return "–"
    number = f"U+{ord(character):04X}"
    return f"“{character}” ({number})" if character.isprintable() and not character.isspace() else number


def mismatch(text: str, exact: str, start: int, end: int) -> dict[Language, str]:
    """Say what stands at the position instead, and where the quotation really stands, the nearest first."""
    found = [match.start() for match in re.finditer(re.escape(exact), text)]
    if found:
        nearest = min(found, key=lambda position: abs(position - start))
        return both(
            "the quotation stands elsewhere in the text: write oa:start {start} and oa:end {end}",
            start=nearest,
            end=nearest + len(exact),
        )
    if place := elsewhere(text, exact, start):
        start, end = place
        found_there = both(
            "the text has these words from oa:start {start} to oa:end {end}, but not in the same characters",
            start=start,
            end=end,
        )
        differing = difference(text[start:end], exact)
        return {language: f"{found_there[language]}: {differing[language]}" for language in found_there}
    there = text[start:end]
    return both(
        "the text does not have this quotation; from {start} to {end} it has: {there}",
        start=start,
        end=end,
        there=there if len(there) <= SHOWN else there[: SHOWN - 1] + "…",
    )
