"""What a register calls its resources, and where a text has such names: inflected, shortened, or slightly misspelt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from vertragsgraph.graph import Graphs
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.sorted_files import lines_of
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.register.names import kind_of
from vertragsgraph.search import NAMING, legal_forms
from vertragsgraph.search.analysis import NO_FORMS, LegalForms, Token, analyse, fold, tokens
from vertragsgraph.search.vocabulary import Vocabulary, tolerance

LONGEST: Final = 12
"""Words that a name in a text may have between others, which are compared one by one."""
COMMON: Final = 30
"""A word of more names than this leads to none of them; they are found by their other words, or as a whole."""
ENOUGH: Final = 0.5
"""The share of a name, its words weighed by how rare they are, that a text must have more of; of a person's name half will do."""
WHOLE: Final = 100
_LABELS: Final = frozenset(map(str, terms.LABELS))
_FEWEST_LETTERS: Final = 4  # of a word that stands for a whole name
_CLOSE: Final = 10  # how much less a name may be like a passage than the best one is
_LEFT_OUT: Final = 2  # words that may stand between two of a name
_ACRONYM: Final = 4  # letters of a name that is looked for in capitals only, if it is written so: EU is not eu


@dataclass(frozen=True)
class Named:
    """A resource: its IRI, its kind, and all its names with their languages, the one that is shown first."""

    iri: str
    kind: str
    names: tuple[tuple[str, str], ...]


class Mention(NamedTuple):
    """A passage that may mean a resource, and how like its name it is, from 0 to 100."""

    start: int
    end: int
    resource: Named
    score: int


class _Name(NamedTuple):
    resource: Named
    text: str
    words: tuple[str, ...]


class Names:
    """The names of a register's resources, arranged for being looked for in texts.

    Names are compared without their legal `forms`. Of kinds in `people`, whose names begin with what many are called, no
    first word stands for the whole.
    """

    def __init__(
        self, resources: Iterable[Named], forms: LegalForms = NO_FORMS, people: Collection[str] = ("person",)
    ) -> None:
        self._people = frozenset(people)
        self._forms = sorted({name for names in forms.names.values() for name in names}, key=len, reverse=True)
        self._whole: defaultdict[tuple[str, ...], list[_Name]] = defaultdict(list)
        self._by_word: defaultdict[str, list[_Name]] = defaultdict(list)
        counts: defaultdict[str, int] = defaultdict(int)
        total = 0
        for resource in resources:
            total += 1
            seen: set[tuple[str, ...]] = set()
            for text, _ in resource.names:
                words = analyse(text, forms).tokens
                if words and words not in seen:
                    seen.add(words)
                    self._whole[words].append(_Name(resource, text, words))
            for word in {word for words in seen for word in words}:
                counts[word] += 1
        for names in self._whole.values():
            for name in names:
                for word in set(name.words):
                    if counts[word] <= COMMON:
                        self._by_word[word].append(name)
        self._vocabulary = Vocabulary(counts, total)
        self._beginning: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._by_word:
            self._beginning[word[:2]].append(word)
        self._longest = min(LONGEST, max(map(len, self._whole), default=0))

    def mentions(self, text: str) -> list[Mention]:
        """Return the passages of a text that may mean a resource, in their order; of those within others the longer ones.

        Of one passage may be meant as many resources as have that name. Takes time in proportion to the text.
        """
        paragraphs = list(_paragraphs(text))
        found = [mention for words in paragraphs for mention in self._exact(text, words)]
        covered = bytearray(len(text))
        for mention in found:
            covered[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
        found += [mention for words in paragraphs for mention in self._partial(text, words, covered)]
        return _apart(found, len(text))

    def _exact(self, text: str, words: list[Token]) -> Iterator[Mention]:
        """Yield the passages that have all words of a name, in their order and nothing between."""
        stems = [word.stem for word in words]
        for first, word in enumerate(words):
            for length in range(1, self._longest + 1):
                if first + length > len(words):
                    break
                for name in self._whole.get(tuple(stems[first : first + length]), ()):
                    start, end = word.start, words[first + length - 1].end
                    if _may_be(name.text, text[start:end]):
                        score = WHOLE if fold(text[start:end]) == fold(name.text) else WHOLE - 2
                        yield Mention(start, self._with_form(text, end), name.resource, score)

    def _partial(self, text: str, words: list[Token], covered: bytearray) -> Iterator[Mention]:
        """Yield the passages that have enough of a name: its rarest words, be they misspelt."""
        meant = {stem: self._meant(stem) for stem in {word.stem for word in words if not covered[word.start]}}
        for place, word in enumerate(words):
            for stem in meant.get(word.stem, ()) if not covered[word.start] else ():
                for name in self._by_word[stem]:
                    if mention := self._aligned(text, words, place, name, name.words.index(stem)):
                        yield mention

    def _meant(self, stem: str) -> list[str]:
        """Return the words of names that a word of a text is, or is nearly."""
        if stem in self._vocabulary:
            return [stem] if stem in self._by_word else []
        allowed = min(1, tolerance(stem)) if len(stem) < 8 else tolerance(stem)
        if not allowed:
            return []
        near = process.extract(stem, self._beginning.get(stem[:2], ()), scorer=OSA.distance, score_cutoff=allowed)
        return [word for word, _, _ in near]

    def _aligned(self, text: str, words: list[Token], place: int, name: _Name, part: int) -> Mention | None:
        """Return what a text has of a name, one word of which stands at a place; None where that isn't enough."""
        taken = {part: place}
        for step, parts in ((1, range(part + 1, len(name.words))), (-1, range(part - 1, -1, -1))):
            at = place
            for other in parts:
                for further in range(1, _LEFT_OUT + 2):
                    there = at + step * further
                    if 0 <= there < len(words) and _alike(words[there].stem, name.words[other]):
                        at = taken[other] = there
                        break
        while len(taken) > 1 and (loose := _loose_end(text, words, taken)) is not None:
            del taken[loose]
        weights = [self._vocabulary.weight(word) for word in name.words]
        alike = [fuzz.ratio(words[there].stem, name.words[other]) / 100 for other, there in taken.items()]
        share = sum(weights[other] * like for other, like in zip(taken, alike, strict=True)) / sum(weights)
        start, end = words[min(taken.values())].start, words[max(taken.values())].end
        enough = share > ENOUGH or (share == ENOUGH and name.resource.kind in self._people)
        if enough and len(taken) == 1 < len(name.words):
            enough = self._stands_for(name, part, text[start:end])
        if not enough or not _may_be(name.text, text[start:end]):
            return None
        return Mention(start, self._with_form(text, end), name.resource, round((WHOLE - 5) * share))

    def _stands_for(self, name: _Name, part: int, there: str) -> bool:
        """Tell whether a single word may stand for a whole name: no first name, and in capitals where the name has it so."""
        if len(there) < _FEWEST_LETTERS or (part == 0 and name.resource.kind in self._people):
            return False
        of_name = (token for token in tokens(name.text) if token.stem == name.words[part])
        return there[0].isupper() or not any(name.text[token.start].isupper() for token in of_name)

    def _with_form(self, text: str, end: int) -> int:
        """Return where a name ends if the legal form behind it is taken in."""
        behind = text[end : end + 60]
        bare = behind.lstrip(" \u00a0\u202f,")
        form = next((form for form in self._forms if bare.casefold().startswith(form.casefold())), "")
        reached = end + len(behind) - len(bare) + len(form)
        ends = form.endswith(".") or not text[reached : reached + 1].isalnum()
        return reached if form and ends else end


def read_names(graphs: Graphs, base: str) -> Names:
    """Return the names of the resources in graphs that contracts name: partners, persons, topics … (`links` in kinds.toml).

    The kind that has the register's table is none of them: its names are made of those of others.
    """

    def lines() -> Iterator[str]:
        return (line.decode() for line in lines_of(*graphs.paths()))

    kinds = graphs.kinds
    labels: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    others: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in lines():
        subject, predicate, value = nt.parts(line)
        if predicate in NAMING and value.startswith('"'):
            literal = nt.literal(value)
            into = labels if predicate in _LABELS else others
            into[subject[1:-1]].append((nt.unescaped(literal.escaped), literal.language))
    looked_for = frozenset(kinds.linked) - {kinds.table.name}
    wanted = {iri: kind for iri in {**labels, **others} if (kind := kind_of(iri, base)) in looked_for}
    resources = (Named(iri, kind, (*labels[iri], *others[iri])) for iri, kind in wanted.items())
    return Names(resources, legal_forms(lines), [name for name in looked_for if kinds[name].page == "person"])


def _paragraphs(text: str) -> Iterator[list[Token]]:
    """Yield the words of each paragraph; an empty line ends one."""
    words: list[Token] = []
    for word in tokens(text):
        if words and text.count("\n", words[-1].end, word.start) > 1:
            yield words
            words = []
        words.append(word)
    yield words


def _alike(word: str, other: str) -> bool:
    return word == other or (len(word) > 4 and OSA.distance(word, other, score_cutoff=1) <= 1)


def _loose_end(text: str, words: list[Token], taken: dict[int, int]) -> int | None:
    """Return the part of a name that stands first or last in a text and says nothing there: an article, a preposition."""
    for part in (min(taken, key=lambda each: taken[each]), max(taken, key=lambda each: taken[each])):
        there = text[words[taken[part]].start : words[taken[part]].end]
        if len(there) < _FEWEST_LETTERS and there.islower():
            return part
    return None


def _may_be(name: str, there: str) -> bool:
    """Tell whether words can be a name: a short one in capitals must stand in capitals."""
    return len(name) > _ACRONYM or not name.isupper() or there.isupper()


def _apart(found: list[Mention], length: int) -> list[Mention]:
    """Return the mentions that don't overlap with a better one, and of the same passage the best of each resource."""
    covered = bytearray(length)
    kept: dict[tuple[int, int], dict[str, Mention]] = {}
    for mention in sorted(found, key=lambda each: (-each.score * (each.end - each.start), each.start, -each.score)):
        place = mention.start, mention.end
        if place not in kept:
            if any(covered[mention.start : mention.end]):
                continue
            covered[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
        kept.setdefault(place, {}).setdefault(mention.resource.iri, mention)
    best = {place: max(mention.score for mention in kept[place].values()) for place in kept}
    return [each for place in sorted(kept) for each in kept[place].values() if each.score >= best[place] - _CLOSE]
