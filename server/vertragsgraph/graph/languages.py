"""What the ontology and the shapes say in the languages of a register: translated, and asked for in each.

Both are written in English and German. What they say in English the catalogues have in further languages, and so it is
put beside it for a register that is published in one of those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from vertragsgraph.rdf.namespaces import RDF, SH, VGS
from vertragsgraph.rdf.terms import Node
from vertragsgraph.texts import ENGLISH, LANGUAGES, Language, in_catalogue, language_name

WRITTEN: Final = (ENGLISH, Language("de"))
"""The languages in which the shipped ontology and the shapes say everything themselves."""
FOR_EACH: Final = NamedNode(VGS + "forEachLanguage")
_ADDED: Final = frozenset({*LANGUAGES} - {*WRITTEN})
_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_VALUE_SHAPE, _LEAST, _LANGUAGE_IN = (
    NamedNode(SH + name) for name in ("qualifiedValueShape", "qualifiedMinCount", "languageIn")
)


def translated(triples: Sequence[Triple], languages: Iterable[Language]) -> list[Triple]:
    """Return triples with what the catalogues have of their English texts, where nothing is said in a language itself."""
    said = {(triple.subject, triple.predicate, _language(triple.object)) for triple in triples}
    added = [
        Triple(triple.subject, triple.predicate, Literal(text, language=language))
        for language in languages
        for triple in triples
        if isinstance(triple.object, Literal)
        and triple.object.language == ENGLISH
        and (triple.subject, triple.predicate, language) not in said
        and (text := in_catalogue(triple.object.value, language))
    ]
    return [*triples, *added]


def untranslated(triples: Iterable[Triple]) -> list[Triple]:
    """Return triples without what `translated` may have added: the texts of languages that only the catalogues have."""
    return [triple for triple in triples if _language(triple.object) not in _ADDED]


def for_each_language(shapes: Sequence[Triple], languages: Sequence[str]) -> list[Triple]:
    """Return shapes with one for each language (BCP 47) in place of each that is marked `vgs:forEachLanguage`.

    It asks for a value in the language or a variant of it (SHACL, sections 4.4.4 and 4.7.3), and its name ends in the
    language's tag.
    """
    marked: set[Node] = {triple.subject for triple in shapes if triple.predicate == FOR_EACH}
    return [
        *(one for triple in shapes for one in _written(triple, marked, languages)),
        *(one for shape in sorted(marked, key=str) for tag in languages for one in _asking(_named(shape, tag), tag)),
    ]


def _written(triple: Triple, marked: set[Node], languages: Sequence[str]) -> Iterator[Triple]:
    subject, predicate, target = triple
    if subject in marked and predicate != FOR_EACH:
        yield from (Triple(_named(subject, tag), predicate, _filled(target, tag)) for tag in languages)
    elif target in marked:
        yield from (Triple(subject, predicate, _named(target, tag)) for tag in languages)
    elif predicate != FOR_EACH:
        yield triple


def _named(shape: Node, tag: str) -> NamedNode:
    return NamedNode(f"{str(shape).strip('<>')}-{tag.lower()}")


def _filled(term: Node, tag: str) -> Node:
    """Return a message with what the language is called in the places for it; any other term as it is."""
    if not isinstance(term, Literal) or not term.language:
        return term
    text = term.value.replace("{language}", language_name(tag, term.language)).replace("{tag}", tag)
    return Literal(text, language=term.language)


def _asking(shape: NamedNode, tag: str) -> Iterator[Triple]:
    name = shape.value.rpartition("#")[2]
    values, languages = BlankNode(f"{name}values"), BlankNode(f"{name}languages")
    yield Triple(shape, _LEAST, Literal(1))
    yield Triple(shape, _VALUE_SHAPE, values)
    yield Triple(values, _LANGUAGE_IN, languages)
    yield Triple(languages, _FIRST, Literal(tag))
    yield Triple(languages, _REST, _NIL)


def _language(term: Node) -> str:
    return term.language or "" if isinstance(term, Literal) else ""
