"""The types and properties that the service knows: those of the release, named by the ontology."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from vertragsgraph.register import ONTOLOGY_IRI
from vertragsgraph.release.search import SearchIndex
from vertragsgraph.release.search.identifiers import AUTHORITIES, Authority
from vertragsgraph.release.search.writing import SAME
from vertragsgraph.texts import Language, both

VOCABULARY: Final = f"{ONTOLOGY_IRI}#"
_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_LABELS: Final = (f"{_RDFS}label", f"{_SKOS}prefLabel")
_TEXTS: Final = (f"{_SKOS}definition", f"{_RDFS}comment")
_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_MAIN: Final = ("Organisation", "Person", "Contract", "Office", "Topic")
_NOT_NAMED: Final = frozenset({"Evidence", "Statement", "SupportKind", "FundingStatus"})
_SAME: Final = "|".join(f"<{iri}>" for iri in SAME)
_SIGNED: Final = f"?act <{VOCABULARY}concerns> ?s ; a <{VOCABULARY}Signing> ; <{VOCABULARY}date> ?date ."


@dataclass(frozen=True)
class Term:
    """A type or property: short identifier, IRI ("" where it is none of the data's own), names and descriptions."""

    id: str
    iri: str
    names: Mapping[Language, str]
    descriptions: Mapping[Language, str] = field(default_factory=dict)
    broader: tuple[str, ...] = ()
    range: str = ""
    pattern: str = ""
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


def _names_of_others() -> dict[str, dict[Language, str]]:
    """Return names for terms of other vocabularies that the data use; the ontology names its own only."""
    return {
        "rdfs:label": both("label"),
        "skos:prefLabel": both("preferred label"),
        "skos:altLabel": both("alternative label"),
        "skos:scopeNote": both("scope note"),
        "skos:broader": both("broader term"),
        "skos:narrower": both("narrower term"),
        "org:classification": both("legal form"),
        "org:subOrganizationOf": both("part of organisation"),
        "org:postIn": both("office in organisation"),
        "dcterms:isPartOf": both("part of"),
        "dcterms:type": both("form of contract"),
        "dcterms:identifier": both("identifier"),
        "schema:funding": both("funded by grant"),
    }


class Schema:
    """The types and properties of a release, by identifier."""

    def __init__(self, ontology: Path, index: SearchIndex, prefixes: Mapping[str, str]) -> None:
        self._index = index
        self._prefixes = prefixes
        self._read = _read(ontology)
        self._others = _names_of_others()
        self.types = {term.id: term for term in self._types()}
        self.properties = {term.id: term for term in (*_derived(index), *self._own_properties())}

    def type_iri(self, name: str) -> str:
        """Return the IRI of a type that is given by its identifier or IRI; "" where the release has no such type."""
        known = self.types.get(name.removeprefix(VOCABULARY))
        return known.iri if known else next((term.iri for term in self.types.values() if term.iri == name), "")

    def property(self, name: str) -> Term | None:
        """Return the property with an identifier or IRI."""
        found = self.properties.get(name.removeprefix(VOCABULARY))
        return found or next((term for term in self.properties.values() if term.iri == name), None)

    def main_types(self) -> list[Term]:
        """Return the types that are good choices where nobody has chosen."""
        return [self.types[name] for name in _MAIN if name in self.types] or list(self.types.values())[:5]

    def types_of(self, iris: Iterable[str]) -> list[Term]:
        """Return the types of a resource that people would name: the narrowest of the vocabulary, else any."""
        known = [self.types[self.short(iri)] for iri in iris if self.short(iri) in self.types]
        broader = {name for term in known for name in term.broader}
        narrow = [term for term in known if term.id not in broader]
        own = [term for term in narrow if term.iri.startswith(VOCABULARY)]
        return own or narrow

    def proposed(self, type_name: str) -> list[Term]:
        """Return the properties that resources of a type have, the most common first; those of all for no type."""
        iri = self.type_iri(type_name) if type_name else ""
        if type_name and not iri:
            return []
        used = {self.short(found) for found, _ in self._index.properties(iri)}
        links = {_SAME_PROPERTY for found, _ in self._index.properties(iri) if found in SAME}
        contract = not iri or iri == f"{VOCABULARY}Contract" or "Contract" in self.types[self.short(iri)].broader
        return [
            term
            for term in self.properties.values()
            if term.id in used or (term.authority and links) or (term.pattern and not term.authority and contract)
        ]

    def label(self, iri: str, language: Language) -> str:
        """Return the label of a term of the ontology; its short name where it has none."""
        labels = self._read.labels.get(iri, {})
        return labels.get(language) or next(iter(labels.values()), self.short(iri))

    @lru_cache(10_000)  # noqa: B019  (lives as long as the release)
    def short(self, iri: str) -> str:
        """Return the identifier of a term: its name in our vocabulary, `prefix:name` in others."""
        if iri.startswith(VOCABULARY):
            return iri.removeprefix(VOCABULARY)
        found = [(space, prefix) for prefix, space in self._prefixes.items() if iri.startswith(space) and iri != space]
        if not found:
            return iri
        space, prefix = max(found, key=lambda pair: len(pair[0]))
        return f"{prefix}:{iri.removeprefix(space)}"

    def _types(self) -> list[Term]:
        present: set[str] = set()
        for types in self._index.typesets.values():
            # What follows from our own vocabulary's types (that a contract is a creative work, say) is no choice of its own.
            present.update([iri for iri in types if iri.startswith(VOCABULARY)] or types)
        terms = [self._term(iri) for iri in present if self.short(iri) not in _NOT_NAMED]
        return sorted(terms, key=lambda term: (not term.iri.startswith(VOCABULARY), term.id))

    def _own_properties(self) -> list[Term]:
        return [self._term(iri) for iri, _ in self._index.properties() if iri not in {_TYPE, *SAME}]

    def _term(self, iri: str) -> Term:
        broader = tuple(self.short(above) for above in self._above(iri))
        names = self._read.labels.get(iri) or self._others.get(self.short(iri)) or {"en": _spaced(self.short(iri))}
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


def _derived(index: SearchIndex) -> list[Term]:
    """Return the properties that follow from several triples: date and year of signing, identifiers by authority."""
    terms = [
        Term("signed", "", both("date of signing"), both("When the contract was signed, at the precision known."),
             pattern=f"{_SIGNED} BIND(?date AS ?v)"),
        Term("year", "", both("year of signing"), both("The year in which the contract was signed."),
             pattern=f"{_SIGNED} BIND(SUBSTR(STR(?date), 1, 4) AS ?v)"),
    ]  # fmt: skip
    used = {link.object.split("/")[2] for link in index.links() if "://" in link.object}
    for authority in AUTHORITIES:
        if authority.namespace.split("/")[2] in used:
            pattern = f'?s {_SAME} ?v . FILTER(STRSTARTS(STR(?v), "{authority.namespace}"))'
            text = both("The identifier that {name} gives the same thing.", name=authority.name)
            name: dict[Language, str] = {"de": authority.name, "en": authority.name}
            terms.append(Term(authority.key, "", name, text, pattern=pattern, authority=authority))
    return terms


def _read(ontology: Path) -> _Read:
    read = _Read()
    for quad in parse(path=ontology, format=RdfFormat.TURTLE):
        subject, predicate, value = quad.subject, quad.predicate.value, quad.object
        if not isinstance(subject, NamedNode):
            continue
        if isinstance(value, Literal) and value.language in {"de", "en"}:
            language: Language = "de" if value.language == "de" else "en"
            if predicate in _LABELS:
                read.labels.setdefault(subject.value, {})[language] = value.value
            elif predicate in _TEXTS:
                read.texts.setdefault(subject.value, {})[language] = value.value
        elif isinstance(value, NamedNode):
            if predicate == f"{_RDFS}subClassOf":
                read.broader.setdefault(subject.value, []).append(value.value)
            elif predicate == f"{_RDFS}range":
                read.ranges[subject.value] = value.value
    return read
