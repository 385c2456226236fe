"""Labels of resources, by language: what something is called for a reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from vertragsgraph.rdf import terms
from vertragsgraph.texts import ENGLISH, distance

LABEL_PROPERTIES: Final = tuple(term.value for term in terms.LABELS)


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

    def triples(self, facts: Iterable[Triple | Quad]) -> Iterator[Triple]:
        """Yield what is known of the labels of everything that facts have as value."""
        for node in {fact.object for fact in facts if isinstance(fact.object, NamedNode)}:
            for (rank, language), text in self.found.get(node.value, {}).items():
                label = Literal(text, language=language) if language else Literal(text)
                yield Triple(node, NamedNode(LABEL_PROPERTIES[rank]), label)

    def get(self, iri: str, language: str) -> Label | None:
        """Return the label in `language`, else in a variant of it, else in English, else in another; better properties first."""
        labels = self.found.get(iri)
        if not labels:
            return None
        _, tag = best = min(
            labels, key=lambda key: (distance(key[1], language), key[0], key[1] != "", key[1] != ENGLISH, key[1])
        )
        return Label(labels[best], tag)

    def text_in(self, iri: str, language: str) -> str:
        """Return the label in `language` or a variant of it, else `""`."""
        label = self.get(iri, language)
        return label.text if label and distance(label.language, language) < 2 else ""
