"""From a name or identifier to the resources that may be meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz, process

from vertragsgraph.reconcile.model import Candidate
from vertragsgraph.search import Name, SearchIndex
from vertragsgraph.search.analysis import fold, stem
from vertragsgraph.search.matching import BEST, is_compound, likeness
from vertragsgraph.search.vocabulary import Vocabulary

LONGEST_NAME: Final = 500
READ: Final = 24
READ_WORDS: Final = 200
COMPARED: Final = 10
COMMON: Final = 500
"""Words together in more names than this are looked for only where there are no rarer ones."""
EXPANSIONS: Final = 16
NAMESAKES: Final = 50
FAINT: Final = 30.0
SHORTEST_PART: Final = 3


def find(index: SearchIndex, text: str, of_type: str = "") -> list[Candidate]:
    """Return the resources (of a type, an IRI) that a name or identifier may mean, the likeliest first."""
    text = text[:LONGEST_NAME]
    identified = index.same(text)
    own = index.resource(_own(text, index.base))
    numbers = [own.number] if own else identified
    if numbers:
        found = [number for number in numbers if not of_type or of_type in index.resources([number])[number].types]
        return [Candidate(number, BEST, certain=len(found) == 1, exact=True) for number in found]
    return find_name(index, text, of_type)


def find_name(index: SearchIndex, text: str, of_type: str = "") -> list[Candidate]:
    """Return the resources that a name may mean, the likeliest first."""
    name = _divided(index, index.analyse(text))
    numbers = _numbers(index, name, of_type)
    names = [(number, entry) for number in numbers for entry in index.names(number)]
    asked = " ".join(name.tokens)
    # Most are far off: a quick look decides which are worth a close one.
    tokens = [" ".join(entry.name.tokens) for _, entry in names]
    near = process.extract(asked, tokens, scorer=fuzz.token_sort_ratio, processor=None, limit=COMPARED)
    wanted = {place for _, _, place in near}
    wanted |= {place for _, _, place in process.extract(asked, tokens, scorer=fuzz.token_set_ratio, limit=COMPARED)}
    folded = fold(text).strip()
    best: dict[int, Candidate] = {}
    for place in sorted(wanted):
        number, entry = names[place]
        found = likeness(name, entry.name, index.name_words)
        candidate = Candidate(number, found.score, found.certain, exact=fold(entry.text) == folded)
        known = best.get(number)
        if candidate.score >= FAINT and (known is None or _better(candidate, known)):
            best[number] = candidate
    return sorted(best.values(), key=lambda candidate: (-candidate.exact, -candidate.score, candidate.number))


def compare(index: SearchIndex, texts: Sequence[str], number: int) -> Candidate:
    """Return how like the names of a resource are to any of some texts."""
    alike = [
        likeness(index.analyse(text), entry.name, index.name_words) for text in texts for entry in index.names(number)
    ]
    best = max(alike, key=lambda found: (found.score, found.certain), default=None)
    return Candidate(number, best.score, best.certain) if best else Candidate(number, 0.0, certain=False)


def _divided(index: SearchIndex, name: Name) -> Name:
    """Return a name with a space put back where leaving it out made an unknown word of two known ones."""
    vocabulary = index.name_words
    if name.short or all(token in vocabulary for token in name.tokens):
        return name
    tokens: list[str] = []
    for token in name.tokens:
        parts = _parts(vocabulary, token) if token not in vocabulary and not vocabulary.near(token) else None
        tokens.extend(parts or (token,))
    return Name(tuple(tokens), name.form)


def _parts(vocabulary: Vocabulary, token: str) -> tuple[str, str] | None:
    for place in range(SHORTEST_PART, len(token) - SHORTEST_PART + 1):
        left, right = stem(token[:place]), stem(token[place:])
        if left in vocabulary and right in vocabulary:
            return left, right
    return None


def _better(one: Candidate, other: Candidate) -> bool:
    return (one.exact, one.score, one.certain) > (other.exact, other.score, other.certain)


def _own(text: str, base: str) -> str:
    """Return the path that a text names: an IRI of the register, or its end such as `organisation/drk-hessen`."""
    text = text.strip()
    if text.startswith(base):
        return text.removeprefix(base)
    return f"id/{text.removeprefix('id/')}" if "/" in text and " " not in text else ""


def _numbers(index: SearchIndex, name: Name, of_type: str) -> list[int]:
    """Return the resources to look at: those with the rarest words of a name, or words near to them."""
    vocabulary = index.name_words
    groups: list[tuple[int, list[str]]] = []
    for position, token in enumerate(name.tokens):
        if position in name.short:
            words = vocabulary.starting(token, EXPANSIONS)
        elif token in vocabulary:
            words = [token]
        else:
            words = [near for near, _ in vocabulary.near(token)]
        if position + 1 < len(name.tokens) and (compounds := _compounds(vocabulary, token, name.tokens[position + 1])):
            groups.append((sum(map(vocabulary.count, compounds)), compounds))
        if words:
            groups.append((sum(map(vocabulary.count, words)), words))
    groups.sort()
    if not groups:
        return []
    rare: list[list[str]] = []
    names = 0
    for count, words in groups:
        if names + count > COMMON and rare:
            break
        rare.append(words)
        names += count
    if names > COMMON and len(groups) > 1:
        # Common words only: those that are together in a name.
        found = index.with_names(" AND ".join(_either(words) for _, words in groups), NAMESAKES, of_type)
        if found:
            return found
    # The rarest words decide who is looked at, all of them who is looked at first.
    either = _either([word for words in rare for word in words])
    if len(rare) < len(groups):
        either = f"{either} AND {_either([word for _, words in groups for word in words])}"
    return index.with_names(either, READ, of_type)


def _compounds(vocabulary: Vocabulary, first: str, second: str) -> list[str]:
    """Return the words that two neighbouring ones make together."""
    if len(first) < SHORTEST_PART or not (first + second).isalpha():
        return []
    return [word for word in vocabulary.starting(first, READ_WORDS) if is_compound(word, first, second)]


def _either(words: list[str]) -> str:
    return "(" + " OR ".join(f'"{word}"' for word in words) + ")"
