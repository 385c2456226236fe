"""What changed, told as a person would: by kinds, in sentences of a language, the first of many and how many more there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from babel.numbers import format_decimal

from vertragsgraph.changes.properties import Part
from vertragsgraph.changes.record import Changes, Entry
from vertragsgraph.changes.signs import Sign
from vertragsgraph.changes.words import Piece, Sentence, Words, capitalised, text_of
from vertragsgraph.texts import Language, locale_of, marked

FIRST: Final = 25
"""Resources of a kind that are told of one by one, of the new, the changed and those that are gone."""
DETAILS: Final = 12
"""Changes of a resource that are told one by one."""

_COUNTS: Final = {
    Sign.NEW: marked("{count} new"),
    Sign.CHANGED: marked("{count} changed"),
    Sign.GONE: marked("{count} gone"),
}
_ORDER: Final = tuple(Sign)


@dataclass(frozen=True)
class Told:
    """A resource (its IRI): what became of it as a sentence, and for one that changed each change as one.

    `texts` are the same as texts that can stand by themselves.
    """

    iri: str
    sign: Sign
    sentence: Sentence
    texts: tuple[str, ...]
    details: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Section:
    """The resources of a kind: its title, how many there are of each sign, those that are told, and how many are not."""

    kind: str
    title: str
    counts: Mapping[Sign, int]
    told: tuple[Told, ...]
    rest: str


@dataclass(frozen=True)
class Telling:
    """What changed between two states, which are named. `summary` are sentences about what is only counted."""

    before: str
    after: str
    sections: tuple[Section, ...]
    summary: tuple[str, ...]

    @property
    def says_something(self) -> bool:
        """Whether anything that is told has changed."""
        return bool(self.sections or self.summary)

    def lines(self) -> Iterator[str]:
        """Yield it as lines of text: a heading for each kind, below it the sentences."""
        for section in self.sections:
            yield section.title
            yield from (f"  {text}" for told in section.told for text in told.texts)
            if section.rest:
                yield f"  {section.rest}"
        yield from self.summary

    def data(self) -> dict[str, Any]:
        """Return it as values that JSON can hold."""
        sections = [
            {
                "kind": section.kind,
                "title": section.title,
                "counts": {sign.value: section.counts.get(sign, 0) for sign in _ORDER},
                "resources": [
                    {"iri": told.iri, "change": told.sign.value, "sentences": [*told.texts]} for told in section.told
                ],
            }
            for section in self.sections
        ]
        return {"before": self.before, "after": self.after, "kinds": sections, "summary": list(self.summary)}


def tell(changes: Changes, language: Language, first: int = FIRST, *, only: Iterable[Entry] | None = None) -> Telling:
    """Return what changed, in a language, with at most so many resources of each kind and sign; or `only` some entries."""
    words = Words(changes, language)
    entries = changes.entries if only is None else tuple(only)
    counts = changes.counts if only is None else Counter((entry.kind, entry.sign) for entry in entries)
    rank = {kind: number for number, kind in enumerate(changes.kinds.kinds)}
    kinds = sorted({kind for kind, _ in counts}, key=lambda kind: (rank.get(kind, len(rank)), kind))
    sections = tuple(_section(words, kind, entries, counts, first) for kind in kinds)
    summary = tuple(_summary(words, changes)) if only is None else ()
    return Telling(changes.before, changes.after, sections, summary)


def _section(
    words: Words, kind: str, entries: Sequence[Entry], counts: Mapping[tuple[str, Sign], int], first: int
) -> Section:
    told: list[Told] = []
    rest: dict[Sign, int] = {}
    for sign in _ORDER:
        own = [entry for entry in entries if (entry.kind, entry.sign) == (kind, sign)]
        shown = [_told(words, entry) for entry in words.ordered(own, lambda entry: entry.iri)[:first]]
        told += shown
        rest[sign] = counts.get((kind, sign), 0) - len(shown)
    more = _counted(words, rest)
    sentence = text_of(words.say(marked("not told one by one: {counts}"), counts=more)) if more else ""
    return Section(
        kind,
        capitalised(words.several(kind)),
        {sign: counts[kind, sign] for sign in _ORDER if counts.get((kind, sign))},
        tuple(told),
        capitalised(sentence),
    )


def _told(words: Words, entry: Entry) -> Told:
    name = words.name(entry.iri)
    if entry.sign is Sign.GONE:
        sentence = _gone(words, entry)
        return Told(entry.iri, entry.sign, sentence, (capitalised(text_of(sentence)),))
    if entry.sign is Sign.NEW:
        facts = words.facts(entry.facts)
        if facts:
            sentence = words.say(
                marked("New {kind}: {name} ({facts})"), kind=words.one(entry.kind), name=name, facts=facts
            )
        else:
            sentence = words.say(marked("New {kind}: {name}"), kind=words.one(entry.kind), name=name)
        return Told(entry.iri, entry.sign, sentence, (text_of(sentence),))
    details = [
        *words.rows(entry.kind, entry.rows),
        *(detail for part in entry.parts for detail in _of_part(words, part, text_of(name))),
    ]
    further = len(details) - DETAILS + entry.further
    if further > 0:
        details = [
            *details[:DETAILS],
            words.say(marked("further changes that are not told here: {count}"), count=_number(words, further)),
        ]
    details = [(replace(first, text=capitalised(first.text)), *others) for first, *others in details]
    texts = (text_of(words.say(marked("{name}: {value}"), name=name, value=detail)) for detail in details)
    return Told(entry.iri, entry.sign, name, tuple(texts), tuple(details))


def _gone(words: Words, entry: Entry) -> Sentence:
    name, reason = words.name(entry.iri), words.prose(entry.reasons)
    others = words.listed([words.name(iri) for iri in entry.successors])
    if others and reason:
        return words.say(
            marked("{name} is no longer in the register (withdrawn: {reason}); its place is taken by {other}"),
            name=name,
            reason=reason,
            other=others,
        )
    if others:
        return words.say(
            marked("{name} is no longer in the register; its place is taken by {other}"), name=name, other=others
        )
    if reason:
        return words.say(marked("{name} is no longer in the register (withdrawn: {reason})"), name=name, reason=reason)
    return words.say(marked("{name} is no longer in the register"), name=name)


def _of_part(words: Words, part: Part, whole: str) -> list[Sentence]:
    """Return what became of a part of what is called `whole`."""
    kind, name = words.one(part.kind), words.name(part.iri)
    if part.sign is Sign.GONE:
        return [words.say(marked("{property} removed: {values}"), property=kind, values=name)]
    if part.sign is Sign.NEW:
        facts = words.said(part.rows)
        if facts:
            return [words.say(marked("{property} added: {values} ({facts})"), property=kind, values=name, facts=facts)]
        return [words.say(marked("{property} added: {values}"), property=kind, values=name)]
    subject: Sentence = (Piece(kind),)
    if not _says_nothing(text_of(name), kind, whole):
        subject = words.say(marked("{kind} {name}"), kind=kind, name=name)
    return [
        words.say(marked("{part}, {change}"), part=subject, change=change)
        for change in words.rows(part.kind, part.rows)
    ]


def _says_nothing(name: str, kind: str, whole: str) -> bool:
    """Tell whether the name of a part only repeats what it is, or what the whole is called: "Conclusion of the contract with X"."""
    end = whole[len(whole) // 2 :].casefold()
    return name.casefold().startswith(kind.casefold()) or name.casefold().endswith(end)


def _summary(words: Words, changes: Changes) -> Iterator[str]:
    if told := _counted(words, changes.evidence):
        yield text_of(words.say(marked("Evidence: {counts}"), counts=told))
    if told := _counted(words, changes.links):
        yield text_of(words.say(marked("Links to other registers: {counts}"), counts=told))
    if changes.beyond:
        yield text_of(
            words.say(
                marked("Parts of resources that changed and are not told of: {count}"),
                count=_number(words, changes.beyond),
            )
        )


def _counted(words: Words, counts: Mapping[Sign, int]) -> str:
    """Return how many there are of each sign, where there are any."""
    texts = (
        text_of(words.say(_COUNTS[sign], count=_number(words, counts[sign]))) for sign in _ORDER if counts.get(sign)
    )
    return ", ".join(texts)


def _number(words: Words, number: int) -> str:
    return str(format_decimal(number, locale=locale_of(words.language)))
