"""Links to the same things in other registers: which register an IRI belongs to, and what the thing is called there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from vertragsgraph.linked_data.names import LINKS
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.web.values import Presenter, Value

_AUTHORITIES: Final = {
    "http://www.wikidata.org/entity/": "Wikidata",
    "https://www.wikidata.org/entity/": "Wikidata",
    "https://d-nb.info/gnd/": "GND",
    "http://d-nb.info/gnd/": "GND",
    "http://eurovoc.europa.eu/": "EuroVoc",
    "http://zbw.eu/stw/descriptor/": "STW",
    "https://sws.geonames.org/": "GeoNames",
    "http://sws.geonames.org/": "GeoNames",
    "http://dbpedia.org/resource/": "DBpedia",
    "http://de.dbpedia.org/resource/": "DBpedia",
    "http://publications.europa.eu/resource/authority/": "EU",
    "http://dcat-ap.de/def/politicalGeocoding/": "DCAT-AP.de",
}


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


def authority_of(iri: str) -> tuple[str, str]:
    """Return the name of the register that an IRI belongs to, and the identifier there.

    >>> authority_of("http://www.wikidata.org/entity/Q1199")
    ('Wikidata', 'Q1199')
    >>> authority_of("https://example.org/thing/7")
    ('example.org', '7')
    """
    for namespace, name in _AUTHORITIES.items():
        if iri.startswith(namespace):
            return name, iri.removeprefix(namespace).strip("/")
    parts = urlsplit(iri)
    return parts.hostname or iri, (parts.fragment or parts.path.strip("/").rpartition("/")[2]) or iri


def linked(found: Neighbourhood, show: Presenter, subjects: Iterable[str]) -> list[Linked]:
    """Return those of the subjects that have links to other registers, each once."""
    result = []
    for subject in dict.fromkeys(subjects):
        links = tuple(
            Link(show.label(relation).text, *authority_of(iri), iri)
            for relation in LINKS
            for iri in found.iris(subject, relation)
            if iri.startswith(("http://", "https://"))
        )
        if links:
            result.append(Linked(show.named(subject), links))
    return result
