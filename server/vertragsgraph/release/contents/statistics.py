"""What stands in the graphs of a release: counted in one pass, in the memory of the vocabulary.

The prefixes, the JSON-LD context, the VoID partitions and what the manifest says of links follow from it. It also finds
what a release can't hold because one of its formats has no way to write it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.register import Kinds
from vertragsgraph.register.names import IN_KIND
from vertragsgraph.release.contents.linking import Linking, Links
from vertragsgraph.texts import Language, both

IRI: Final = "@id"
TAGGED: Final = "@language"
PLAIN: Final = ""
KNOWN_SCHEMES: Final = ("<http://", "<https://")
REFUSALS_KEPT: Final = 20

# XML 1.0 has no character for these, not even as a reference; canonical N-Triples writes them as \u00XX or \uFFFX.
_NOT_XML: Final = re.compile(r"(?<!\\)(?:\\\\)*(?:\\u00(?:0[0-8BCEFbcef]|1[0-9A-Fa-f])|\\uFFF[EF]|\\[bf])").search
_XML_NAME_AT_END: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*>$").search


@dataclass
class Property:
    """The triples of one property: how many, with how many subjects, and the kinds of their objects (see `kind`)."""

    triples: int = 0
    subjects: int = 0
    kinds: set[str] = field(default_factory=set)


@dataclass
class Class:
    """The instances of one class: how many, the first of them, and the number of their triples by property."""

    example: str
    entities: int = 0
    properties: Counter[str] = field(default_factory=Counter)


@dataclass
class Refusal:
    """A triple (N-Triples terms) that not every format can hold, and why."""

    triple: tuple[str, str, str]
    reason: dict[Language, str]


@dataclass
class Survey:
    """The counts; properties and classes by IRI, `kinds` of the register's resources, IRI `schemes` besides http(s).

    `links` tells how many of the entities have a link elsewhere, None where nobody has counted.
    """

    triples: int = 0
    subjects: int = 0
    properties: dict[str, Property] = field(default_factory=dict)
    classes: dict[str, Class] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    schemes: set[str] = field(default_factory=set)
    refusals: list[Refusal] = field(default_factory=list)
    links: Links | None = None


def kind(term: str) -> str:
    """Return what kind of object a term is: "@id", "@language", "" for a plain string, else the datatype IRI.

    >>> kind("<http://example.org/>"), kind('"a"@de'), kind('"1"^^<http://example.org/t>')
    ('@id', '@language', 'http://example.org/t')
    """
    if term[0] != '"':
        return IRI
    last = term[-1]
    if last == '"':
        return PLAIN
    return term[term.rindex('"') + 4 : -1] if last == ">" else TAGGED


def survey(lines: Iterable[str], base: str, kinds: Kinds | None = None) -> Survey:
    """Count N-Triples lines that stand subject by subject; `base` is the register's base IRI, `kinds` tell whose links count."""
    result = Survey()
    own, start = f"<{base}id/", len(base) + 1
    linking = Linking(base, kinds.wanting_links if kinds else ())
    for subject, group in nt.grouped(lines):
        if subject.startswith(own) and (found := IN_KIND.match(subject, start)):
            result.kinds.add(found[1])
        _scheme(subject, result)
        result.triples += len(group)
        result.subjects += 1
        linking.take(subject, group)
        _count(subject, group, result)
    result.links = linking.counts()
    return result


def _count(subject: str, group: nt.Group, result: Survey) -> None:
    classes = []
    for predicate, values in nt.by_predicate(group):
        iri = predicate[1:-1]
        known = result.properties.get(iri)
        if known is None:
            known = result.properties[iri] = Property()
            if not _XML_NAME_AT_END(predicate):
                reason = both(
                    "its property's IRI ends in no XML name, so it can't be written as RDF/XML; choose another IRI"
                )
                _refuse(result, (subject, predicate, values[0]), reason)
        known.triples += len(values)
        known.subjects += 1
        for value in values:
            known.kinds.add(kind(value))
            _examine(subject, predicate, value, result)
        if predicate == nt.RDF_TYPE:
            classes = [
                result.classes.setdefault(value[1:-1], Class(subject[1:-1])) for value in values if value[0] == "<"
            ]
            for in_class in classes:
                in_class.entities += 1
        # Types come first, so what follows is known to be of these classes.
        for in_class in classes:
            in_class.properties[iri] += len(values)


def _examine(subject: str, predicate: str, value: str, result: Survey) -> None:
    if value[0] == '"':
        if "\\" in value and _NOT_XML(value):
            reason = both("it holds a control character, which can't be written as RDF/XML; remove it")
            _refuse(result, (subject, predicate, value), reason)
        if value[-1] not in '">' and "--" in value[value.rindex('"') :]:
            reason = both(
                "it gives a text direction, which RDF 1.1 can't express; leave out what follows -- in the language tag"
            )
            _refuse(result, (subject, predicate, value), reason)
    else:
        _scheme(value, result)


def _refuse(result: Survey, triple: tuple[str, str, str], reason: dict[Language, str]) -> None:
    if len(result.refusals) < REFUSALS_KEPT:
        result.refusals.append(Refusal(triple, reason))


def _scheme(term: str, result: Survey) -> None:
    if not term.startswith(KNOWN_SCHEMES):
        result.schemes.add(term[1:].partition(":")[0])
