"""The types and properties that the service knows: those of the release, named by the ontology."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from vertragsgraph.rdf import terms
from vertragsgraph.rdf.curie import shorten
from vertragsgraph.rdf.namespaces import RDFS, SKOS, VG
from vertragsgraph.rdf.term_labels import WORDS
from vertragsgraph.register import Kinds
from vertragsgraph.search import SearchIndex
from vertragsgraph.search.identifiers import AUTHORITIES, Authority
from vertragsgraph.search.writing import SAME
from vertragsgraph.texts import ENGLISH, LANGUAGES, Language, both, own_or_translated

_TEXTS: Final = (f"{SKOS}definition", terms.COMMENT.value)
_NOT_NAMED: Final = frozenset({"Evidence", "Statement", "SupportKind", "FundingStatus"})
_SAME: Final = "|".join(f"<{iri}>" for iri in SAME)


@dataclass(frozen=True)
class Term:
    """A type or property: short identifier, IRI ("" where it is none of the data's own), names and descriptions.

    A property that follows from several triples has the `pattern` that binds its values, and may be of one class (`cls`) only.
    """

    id: str
    iri: str
    names: Mapping[Language, str]
    descriptions: Mapping[Language, str] = field(default_factory=dict)
    broader: tuple[str, ...] = ()
    range: str = ""
    pattern: str = ""
    cls: str = ""
    authority: Authority | None = None

    def name(self, language: Language) -> str:
        """Return the name in a language."""
        return self.names.get(language) or next(iter(self.names.values()), self.id)

    def description(self, language: Language) -> str:
        """Return what the term means, in a language where it is explained in it."""
        return self.descriptions.get(language) or next(iter(self.descriptions.values()), "")


@dataclass
class _Read:
    labels: dict[str, dict[Language, str]] = field(default_factory=dict)
    texts: dict[str, dict[Language, str]] = field(default_factory=dict)
    broader: dict[str, list[str]] = field(default_factory=dict)
    ranges: dict[str, str] = field(default_factory=dict)


class Schema:
    """The types and properties of a release, by identifier."""

    def __init__(self, ontology: Path, index: SearchIndex, prefixes: Mapping[str, str], kinds: Kinds) -> None:
        self._index = index
        self._kinds = kinds
        self._prefixes = prefixes
        self._read = _read(ontology)
        self.types = {term.id: term for term in self._types()}
        self.properties = {term.id: term for term in (*_derived(index, kinds), *self._own_properties())}

    def type_iri(self, name: str) -> str:
        """Return the IRI of a type that is given by its identifier or IRI; "" where the release has no such type."""
        known = self.types.get(name.removeprefix(VG))
        return known.iri if known else next((term.iri for term in self.types.values() if term.iri == name), "")

    def property(self, name: str) -> Term | None:
        """Return the property with an identifier or IRI."""
        found = self.properties.get(name.removeprefix(VG))
        return found or next((term for term in self.properties.values() if term.iri == name), None)

    def main_types(self) -> list[Term]:
        """Return the types that are good choices where nobody has chosen."""
        first = sorted(
            (kind for kind in self._kinds.kinds.values() if kind.reconciliation.place),
            key=lambda kind: kind.reconciliation.place,
        )
        known = (self.types.get(self.short(kind.iri)) for kind in first)
        return [term for term in known if term] or list(self.types.values())[:5]

    def types_of(self, iris: Iterable[str]) -> list[Term]:
        """Return the types of a resource that people would name: the narrowest of the vocabulary, else any."""
        known = [self.types[self.short(iri)] for iri in iris if self.short(iri) in self.types]
        broader = {name for term in known for name in term.broader}
        narrow = [term for term in known if term.id not in broader]
        own = [term for term in narrow if term.iri.startswith(VG)]
        return own or narrow

    def proposed(self, type_name: str) -> list[Term]:
        """Return the properties that resources of a type have, the most common first; those of all for no type."""
        iri = self.type_iri(type_name) if type_name else ""
        if type_name and not iri:
            return []
        used = {self.short(found) for found, _ in self._index.properties(iri)}
        links = {_SAME_PROPERTY for found, _ in self._index.properties(iri) if found in SAME}
        classes = {iri, *self._above(iri)}
        return [
            term
            for term in self.properties.values()
            if term.id in used or (term.authority and links) or (term.cls and (not iri or term.cls in classes))
        ]

    def label(self, iri: str, language: Language) -> str:
        """Return the label of a term of the ontology; its short name where it has none."""
        labels = self._read.labels.get(iri, {})
        return labels.get(language) or next(iter(labels.values()), self.short(iri))

    @lru_cache(10_000)  # noqa: B019  (lives as long as the release)
    def short(self, iri: str) -> str:
        """Return the identifier of a term: its name in our vocabulary, `prefix:name` in others."""
        return (shorten(iri, self._prefixes) or iri).removeprefix("vg:")

    def _types(self) -> list[Term]:
        present: set[str] = set()
        for types in self._index.typesets.values():
            # What follows from our own vocabulary's types (that a contract is a creative work, say) is no choice of its own.
            present.update([iri for iri in types if iri.startswith(VG)] or types)
        terms = [self._term(iri) for iri in present if self.short(iri) not in _NOT_NAMED]
        return sorted(terms, key=lambda term: (not term.iri.startswith(VG), term.id))

    def _own_properties(self) -> list[Term]:
        return [self._term(iri) for iri, _ in self._index.properties() if iri not in {terms.TYPE.value, *SAME}]

    def _term(self, iri: str) -> Term:
        broader = tuple(self.short(above) for above in self._above(iri))
        names = self._read.labels.get(iri) or (
            both(WORDS[iri]) if iri in WORDS else {ENGLISH: _spaced(self.short(iri))}
        )
        pattern_range = self.short(self._read.ranges[iri]) if iri in self._read.ranges else ""
        return Term(self.short(iri), iri, names, self._read.texts.get(iri, {}), broader, pattern_range)

    def _above(self, iri: str) -> list[str]:
        """Return all broader classes, the nearest first."""
        found: dict[str, None] = {}
        waiting = list(self._read.broader.get(iri, ()))
        while waiting:
            above = waiting.pop(0)
            if above not in found:
                found[above] = None
                waiting.extend(self._read.broader.get(above, ()))
        return list(found)


_SAME_PROPERTY: Final = "same"


def _spaced(name: str) -> str:
    """Return a term's name as words.

    >>> _spaced("org:subOrganizationOf")
    'sub organization of'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.rpartition(":")[2]).lower()


def _texts(texts: Mapping[str, str]) -> dict[Language, str]:
    return {language: own_or_translated(texts, language) for language in LANGUAGES}


def _derived(index: SearchIndex, kinds: Kinds) -> list[Term]:
    """Return the properties that follow from several triples: those of the table of kinds, and identifiers by authority."""
    terms = [
        Term(
            each.key,
            "",
            _texts(each.title),
            _texts(each.comment) if each.comment else {},
            pattern=each.path.pattern("?s", "?v", years=each.form == "year"),
            cls=kind.iri,
        )
        for kind in kinds.kinds.values()
        for each in kind.reconciliation.properties
    ]
    used = {link.object.split("/")[2] for link in index.links() if "://" in link.object}
    for authority in AUTHORITIES:
        if authority.namespace.split("/")[2] in used:
            pattern = f'?s {_SAME} ?v . FILTER(STRSTARTS(STR(?v), "{authority.namespace}"))'
            text = both("The identifier that {name} gives the same thing.", name=authority.name)
            name = dict.fromkeys(LANGUAGES, authority.name)
            terms.append(Term(authority.key, "", name, text, pattern=pattern, authority=authority))
    return terms


def _read(ontology: Path) -> _Read:
    read = _Read()
    for quad in parse(path=ontology, format=RdfFormat.TURTLE):
        subject, predicate, value = quad.subject, quad.predicate.value, quad.object
        if not isinstance(subject, NamedNode):
            continue
        if isinstance(value, Literal) and value.language in LANGUAGES:
            language = Language(value.language)
            if quad.predicate in terms.LABELS:
                read.labels.setdefault(subject.value, {})[language] = value.value
            elif predicate in _TEXTS:
                read.texts.setdefault(subject.value, {})[language] = value.value
        elif isinstance(value, NamedNode):
            if predicate == f"{RDFS}subClassOf":
                read.broader.setdefault(subject.value, []).append(value.value)
            elif predicate == f"{RDFS}range":
                read.ranges[subject.value] = value.value
    return read
