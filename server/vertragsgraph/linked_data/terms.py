"""Names for the terms of vocabularies: labels from the ontology, short names for all others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from vertragsgraph.texts import Language, distance

LABEL_PROPERTIES = (
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://purl.org/dc/terms/title",
    "http://xmlns.com/foaf/0.1/name",
    "https://schema.org/name",
)


@dataclass(frozen=True)
class Label:
    """A label and the language it is really in (`""` where it has none)."""

    text: str
    language: str


@dataclass
class Labels:
    """Labels of many resources, by IRI, property and language."""

    found: dict[str, dict[tuple[int, str], str]] = field(default_factory=dict)

    def add(self, iri: str, property_iri: str, literal: Literal) -> None:
        """Take note of a label; of several in one language the first in alphabetical order stays."""
        rank = LABEL_PROPERTIES.index(property_iri)
        labels = self.found.setdefault(iri, {})
        key = (rank, literal.language or "")
        labels[key] = min(labels.get(key, literal.value), literal.value)

    def of(self, iris: Iterable[str]) -> dict[str, dict[tuple[int, str], str]]:
        """Return what is known of some resources, as `found` has it."""
        return {iri: self.found[iri] for iri in iris if iri in self.found}

    def get(self, iri: str, language: Language) -> Label | None:
        """Return the label in `language`, else in a variant of it, else in another, else None; better properties first."""
        labels = self.found.get(iri)
        if not labels:
            return None
        _, tag = best = min(labels, key=lambda key: (distance(key[1], language), key[0], key[1] != "", key[1]))
        return Label(labels[best], tag)

    def text_in(self, iri: str, language: Language) -> str:
        """Return the label in `language` or a variant of it, else `""`."""
        label = self.get(iri, language)
        return label.text if label and distance(label.language, language) < 2 else ""


def ontology_labels(path: Path) -> Labels:
    """Return the labels of the terms an ontology file (Turtle) defines."""
    labels = Labels()
    for quad in parse(path=path, format=RdfFormat.TURTLE):
        subject, predicate, value = quad.subject, quad.predicate, quad.object
        if isinstance(subject, NamedNode) and isinstance(value, Literal) and predicate.value in LABEL_PROPERTIES:
            labels.add(subject.value, predicate.value, value)
    return labels


def short_name(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return `prefix:name` where a prefix fits, else the last part of the IRI.

    >>> short_name("http://purl.org/dc/terms/source", {"dcterms": "http://purl.org/dc/terms/"})
    'dcterms:source'
    """
    fitting = [
        (namespace, prefix) for prefix, namespace in prefixes.items() if iri.startswith(namespace) and iri != namespace
    ]
    if fitting:
        namespace, prefix = max(fitting, key=lambda pair: len(pair[0]))
        return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri.rstrip("/#").rsplit("/", 1)[-1].rsplit("#", 1)[-1] or iri
