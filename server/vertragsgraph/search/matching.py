"""Whether two names may mean the same: typing errors, endings, word order and split compounds are forgiven."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA

from vertragsgraph.search.analysis import Name
from vertragsgraph.search.vocabulary import Vocabulary, tolerance

BEST: Final = 100.0
OTHER_FORM: Final = 12.0
FORM_MISSING: Final = 1.0
OTHER_ORDER: Final = 0.5
_TYPO: Final = 0.5
_SHORTENED: Final = 0.95
_SIMILAR: Final = 0.75
_LEFT_OVER: Final = 0.1
_SURE_LETTERS: Final = 6
_LINKING: Final = 2


@dataclass(frozen=True)
class Likeness:
    """How alike two names are, from 0 to 100, and whether nothing differs that would tell two things apart."""

    score: float
    certain: bool


def likeness(query: Name, name: Name, vocabulary: Vocabulary) -> Likeness:
    """Compare a name that somebody wrote with one of the register.

    Words count by how rare they are in `vocabulary`. A word that isn't in it may be misspelt; one that is, is meant as it
    stands: Friedberg is not Friedburg. Numbers are never misspelt. Different legal forms tell two things apart, a
    missing one doesn't; one that isn't in the name may be recorded of what bears it.
    """
    if query.tokens == name.tokens or query.flat == name.flat:
        matched, certain = 1.0, True
    else:
        comparison = _Comparison(query, name, vocabulary)
        matched, certain = comparison.share, comparison.certain
    score = BEST * matched
    if query.form != name.form and query.form not in name.recorded:
        other = bool(query.form and (name.form or name.recorded))
        score -= OTHER_FORM if other else FORM_MISSING
        certain = certain and not other
    if query.tokens != name.tokens:
        score -= OTHER_ORDER
    return Likeness(max(score, 0.0), certain)


class _Comparison:
    """Pairs the words of two names, the surest pairs first; `share` is the share of their weight that is paired."""

    def __init__(self, query: Name, name: Name, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._query = dict(enumerate(query.tokens))
        self._name = dict(enumerate(name.tokens))
        self._paired = self._whole = 0.0
        self._sure = True
        self._pair_equal()
        self._pair_joined(self._query, self._name)
        self._pair_joined(self._name, self._query)
        self._pair_shortened(query)
        self._pair_misspelt()
        left = [sum(map(vocabulary.weight, rest.values())) for rest in (self._query, self._name)]
        self._whole += sum(left)
        self.share = self._paired / self._whole if self._whole else 0.0
        self.certain = self._sure and all(part <= _LEFT_OVER * self._whole / 2 for part in left)

    def _take(self, of_query: int, of_name: int, worth: float, *, sure: bool = True) -> None:
        del self._query[of_query]
        weight = 2 * self._vocabulary.weight(self._name.pop(of_name))
        self._whole += weight
        self._paired += weight * worth
        self._sure = self._sure and sure

    def _pair_equal(self) -> None:
        for position, token in list(self._query.items()):
            equal = next((place for place, other in self._name.items() if other == token), None)
            if equal is not None:
                self._take(position, equal, 1.0)

    def _pair_joined(self, parts: dict[int, str], wholes: dict[int, str]) -> None:
        """Pair two neighbouring words with one that is both together: "Jugend Ring" is "Jugendring"."""
        for first in list(parts):
            if first not in parts or first + 1 not in parts:
                continue
            pair = parts[first], parts[first + 1]
            place = next((place for place, whole in wholes.items() if is_compound(whole, *pair)), None)
            if place is not None:
                weight = 2 * self._vocabulary.weight(wholes.pop(place))
                del parts[first], parts[first + 1]
                self._whole += weight
                self._paired += weight

    def _pair_shortened(self, query: Name) -> None:
        for position in query.short & self._query.keys():
            token = self._query[position]
            whole = next((place for place, other in self._name.items() if other.startswith(token)), None)
            if whole is not None:
                self._take(position, whole, _SHORTENED, sure=len(token) > 1)

    def _pair_misspelt(self) -> None:
        for position, token in list(self._query.items()):
            if not self._name or not token.isalpha():
                continue
            distances = {place: OSA.distance(token, other) for place, other in self._name.items() if other.isalpha()}
            place = min(distances, key=lambda p: distances[p], default=None)
            if place is None:
                continue
            other, distance = self._name[place], distances[place]
            alike = 1 - distance / max(len(token), len(other))
            if token not in self._vocabulary and distance <= tolerance(token):
                self._take(position, place, 1 - (1 - alike) * _TYPO, sure=_is_slip(token, other, distance))
            elif alike >= _SIMILAR:
                self._take(position, place, alike / 2, sure=False)


def is_compound(whole: str, first: str, second: str) -> bool:
    """Return whether a word is a German compound of two, with or without letters that link them.

    >>> is_compound("bildungsstatt", "bildung", "statt"), is_compound("jugendring", "jugend", "ring")
    (True, True)
    """
    linking = len(whole) - len(first) - len(second)
    return 0 <= linking <= _LINKING and whole.startswith(first) and whole.endswith(second)


def _is_slip(token: str, other: str, distance: int) -> bool:
    """Return whether a difference is surely a slip: one letter too many, too few or in the wrong place.

    Another letter in a letter's place may make another name of it.
    """
    swapped = len(token) == len(other) and sorted(token) == sorted(other)
    return distance == 1 and len(token) >= _SURE_LETTERS and (len(token) != len(other) or swapped)
