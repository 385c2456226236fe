"""Links to the same things in other registers: which register an IRI belongs to, and what the thing is called there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from vertragsgraph.linked_data.names import LINKS
from vertragsgraph.search.identifiers import name_and_identifier
from vertragsgraph.web.pages.edition import Edition
from vertragsgraph.web.rendering.presenter import Value


@dataclass(frozen=True)
class Link:
    """A link to another register: how close the thing there is, the register's name, the thing's identifier and IRI."""

    relation: str
    authority: str
    identifier: str
    iri: str


@dataclass(frozen=True)
class Linked:
    """A resource with its links."""

    subject: Value
    links: tuple[Link, ...]


def linked(edition: Edition, subjects: Iterable[str]) -> list[Linked]:
    """Return those of the subjects that have links to other registers, each once."""
    show, result = edition.show, []
    for subject in dict.fromkeys(subjects):
        ends = [
            (relation, iri)
            for relation in LINKS
            for iri in edition.found.iris(subject, relation)
            if iri.startswith(("http://", "https://")) and not iri.startswith(show.site.release.base)
        ]
        edition.told.update((subject, relation, NamedNode(iri)) for relation, iri in ends)
        links = tuple(Link(show.label(relation).text, *name_and_identifier(iri), iri) for relation, iri in ends)
        if links:
            result.append(Linked(show.named(subject), links))
    return result
