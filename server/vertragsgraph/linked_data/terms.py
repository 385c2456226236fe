"""Names for the terms of vocabularies: labels from the ontology, short names for all others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from vertragsgraph.rdf.curie import shorten
from vertragsgraph.rdf.labels import LABEL_PROPERTIES, Label, Labels

__all__ = ["LABEL_PROPERTIES", "Label", "Labels", "labels_of", "ontology_labels", "short_name"]


def ontology_labels(path: Path) -> Labels:
    """Return the labels of the terms an ontology file (Turtle) defines."""
    return labels_of(parse(path=path, format=RdfFormat.TURTLE))


def labels_of(facts: Iterable[Triple | Quad]) -> Labels:
    """Return the labels that facts give to what has an IRI."""
    labels = Labels()
    for fact in facts:
        subject, predicate, value = fact.subject, fact.predicate, fact.object
        if isinstance(subject, NamedNode) and isinstance(value, Literal) and predicate.value in LABEL_PROPERTIES:
            labels.add(subject.value, predicate.value, value)
    return labels


def short_name(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return `prefix:name` where a prefix fits, else the IRI itself.

    >>> short_name("http://purl.org/dc/terms/source", {"dcterms": "http://purl.org/dc/terms/"})
    'dcterms:source'
    """
    return shorten(iri, prefixes) or iri
