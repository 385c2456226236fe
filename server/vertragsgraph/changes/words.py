"""Names, values and properties in the words of a language, as pieces of sentences that may lead to resources."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

from babel.lists import format_list

from vertragsgraph.changes.properties import Fact, Row
from vertragsgraph.changes.record import Changes
from vertragsgraph.collation import sort_key
from vertragsgraph.linked_data.terms import Label, short_name
from vertragsgraph.rdf.literals.forms import literal_text
from vertragsgraph.rdf.namespaces import WELL_KNOWN, XSD
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.rdf.term_labels import WORDS
from vertragsgraph.texts import (
    Language,
    distance,
    language_name,
    locale_of,
    marked,
    own_or_translated,
    translate,
)

T = TypeVar("T")

LONGEST: Final = 200
"""Characters of a text that are shown."""
VALUES: Final = 6
"""Values of a property that are shown."""
FACTS: Final = 8
"""Properties of a new resource that are shown."""
_PLACES: Final = 0xF0000  # the first private sign of Unicode's plane 15


@dataclass(frozen=True)
class Piece:
    """A piece of a sentence: its text, the resource or page to which it leads, its language where it isn't the sentence's."""

    text: str
    iri: str = ""
    language: str = ""


Sentence: TypeAlias = tuple[Piece, ...]


def text_of(sentence: Sequence[Piece]) -> str:
    """Return a sentence as text."""
    return "".join(piece.text for piece in sentence)


def capitalised(text: str) -> str:
    """Return a text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


class Words:
    """The words of a language for what changes name."""

    def __init__(self, changes: Changes, language: Language) -> None:
        self.language = language
        self._changes = changes

    def say(self, key: str, /, **parts: str | Sequence[Piece]) -> Sentence:
        """Return a text of the interface as a sentence, with pieces in its `{places}`.

        They are kept by signs that no text has until the text is whole: then they stand wherever the language puts them.
        """
        kept: dict[str, Sequence[Piece]] = {}

        def sign(part: str | Sequence[Piece]) -> str:
            if isinstance(part, str):
                return part
            kept[place := chr(_PLACES + len(kept))] = part
            return place

        text = translate(key, self.language, **{name: sign(part) for name, part in parts.items()})
        found: list[Piece] = []
        for piece in filter(None, re.split(f"([{''.join(kept)}])", text) if kept else [text]):
            found += kept.get(piece) or [Piece(piece)]
        return tuple(found)

    def listed(self, sentences: Sequence[Sentence]) -> Sentence:
        """Return sentences as a list within another one: `a, b and c`."""
        places = [chr(_PLACES + number) for number in range(len(sentences))]
        text = format_list(places, locale=locale_of(self.language)) if places else ""
        pieces = filter(None, re.split(f"([{chr(_PLACES)}-{chr(_PLACES + len(places))}])", text))
        kept = dict(zip(places, sentences, strict=True))
        return tuple(each for piece in pieces for each in kept.get(piece) or [Piece(piece)])

    def name(self, iri: str) -> Sentence:
        """Return the name of a resource, which leads to it."""
        label = self._label(iri)
        return (Piece(_cut(label.text), iri, self._foreign(label.language)),)

    def one(self, kind: str) -> str:
        """Return what one resource of a kind is called."""
        found = self._changes.kinds[kind]
        return own_or_translated(found.title, self.language) if found.title else self._label(found.iri).text

    def several(self, kind: str) -> str:
        """Return the heading for resources of a kind: that of their list, where they have one."""
        listed = self._changes.kinds[kind].list
        return own_or_translated(listed.title, self.language) if listed and listed.title else self.one(kind)

    def ordered(self, items: Iterable[T], iri: Callable[[T], str]) -> list[T]:
        """Return items in the order of the names of their resources."""
        return sorted(items, key=lambda item: (sort_key(self._label(iri(item)).text), iri(item)))

    def facts(self, facts: Iterable[Fact]) -> Sentence:
        """Return what tells of a new resource, the first properties of it."""
        told = []
        for fact in facts:
            title = own_or_translated(fact.title, self.language) if fact.title else self._label(fact.property).text
            if values := self._values(self._own(fact.values)):
                told.append(self.say(marked("{name}: {value}"), name=title, value=values))
        return self._joined(told)

    def said(self, rows: Iterable[Row]) -> Sentence:
        """Return what is said of a new part."""
        return self.facts([Fact(row.added, row.property) for row in rows if self._is_own(row.language)])

    def rows(self, kind: str, rows: Iterable[Row]) -> list[Sentence]:
        """Return what is said otherwise of a resource of a kind: a sentence for each property, those in other languages last."""
        named = [(self._property(kind, row.property), row) for row in rows]
        ordered = sorted(named, key=lambda item: (not self._is_own(item[1].language), sort_key(item[0])))
        return [sentence for name, row in ordered for sentence in self._row(name, row)]

    def prose(self, terms: Sequence[str]) -> Sentence:
        """Return the text among literals that is best for the language, without its full stop; none where there is none."""
        literals = [nt.literal(term) for term in terms if term[0] == '"']
        best = min(literals, key=lambda literal: distance(literal.language, self.language), default=None)
        if best is None:
            return ()
        return (Piece(_cut(nt.unescaped(best.escaped)).removesuffix("."), "", self._foreign(best.language)),)

    def _property(self, kind: str, iri: str) -> str:
        """Return what a property of a kind is called: by the column of the kind's table that shows it, else by its label."""
        title = next((column.title for column in self._changes.kinds[kind].table if column.shows(iri)), None)
        return own_or_translated(title, self.language) if title else self._label(iri).text

    def _row(self, name: str, row: Row) -> list[Sentence]:
        if not self._is_own(row.language):
            language = language_name(row.language, self.language)
            name = text_of(self.say(marked("{property} ({language})"), property=name, language=language))
        added, removed = self._values(row.added), self._values(row.removed)
        if row.replaced:
            key = marked("{property}: {values}, before: {former}")
            return [self.say(key, property=name, values=added, former=removed)]
        told = []
        if added:
            told.append(self.say(marked("{property} added: {values}"), property=name, values=added))
        if removed:
            told.append(self.say(marked("{property} removed: {values}"), property=name, values=removed))
        return told

    def _values(self, terms: Sequence[str]) -> Sentence:
        sentences = sorted(map(self._value, terms), key=lambda sentence: sort_key(text_of(sentence)))
        if len(sentences) <= VALUES:
            return self.listed(sentences)
        more = str(len(sentences) - VALUES)
        shown = tuple(piece for each in sentences[:VALUES] for piece in (*each, Piece(", ")))[:-1]
        return self.say(marked("{values} and {count} more"), values=shown, count=more)

    def _value(self, term: str) -> Sentence:
        if term[0] == "<":
            return self.name(term[1:-1])
        literal = nt.literal(term)
        text = nt.unescaped(literal.escaped)
        if literal.datatype not in {"", XSD + "string"}:
            return (Piece(_cut(literal_text(text, literal.datatype, self.language))),)
        return self.say(marked("“{text}”"), text=(Piece(_cut(text), "", self._foreign(literal.language)),))

    def _label(self, iri: str) -> Label:
        """Return the label of a resource or term, else our own words for it, else its short name."""
        found = self._changes.labels.get(iri, self.language) or self._changes.vocabulary.get(iri, self.language)
        if not found and iri in WORDS:
            return Label(translate(WORDS[iri], self.language), "")
        return found or Label(short_name(iri, WELL_KNOWN).removeprefix(f"{self._changes.base}id/"), "")

    def _own(self, terms: Sequence[str]) -> Sequence[str]:
        """Return the values in the language, or in none; all of them where there are none such."""
        own = [term for term in terms if term[0] == "<" or self._is_own(nt.literal(term).language)]
        return own or terms

    def _is_own(self, language: str) -> bool:
        return not language or distance(language, self.language) < 2

    def _foreign(self, language: str) -> str:
        return "" if self._is_own(language) else language

    def _joined(self, told: Sequence[Sentence]) -> Sentence:
        pieces: list[Piece] = []
        for sentence in told[:FACTS]:
            pieces += [Piece("; "), *sentence] if pieces else sentence
        return tuple(pieces)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
