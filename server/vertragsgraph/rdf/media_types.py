"""The media types of RDF and of the results of queries, and the names by which people ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final


@dataclass(frozen=True)
class Format:
    """A serialisation under one of its media types; `name` is also its file extension, `title` what people call it.

    `file_type` is its entry in the EU's list of file types, for those in which dumps are written.
    """

    name: str
    media_type: str
    title: str = ""
    file_type: str = ""

    @cached_property
    def content_type(self) -> str:
        """Value for `Content-Type`: text types say that they are UTF-8."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


TURTLE: Final = Format("ttl", "text/turtle", "Turtle", "RDF_TURTLE")
N_TRIPLES: Final = Format("nt", "application/n-triples", "N-Triples", "RDF_N_TRIPLES")
JSON_LD: Final = Format("jsonld", "application/ld+json", "JSON-LD", "JSON_LD")
RDF_XML: Final = Format("rdf", "application/rdf+xml", "RDF/XML", "RDF_XML")
N_QUADS: Final = Format("nq", "application/n-quads", "N-Quads", "RDF_N_QUADS")
TRIG: Final = Format("trig", "application/trig", "TriG", "RDF_TRIG")
CSV: Final = Format("csv", "text/csv", "CSV", "CSV")

SOLUTIONS: Final = (
    Format("json", "application/sparql-results+json"),
    Format("xml", "application/sparql-results+xml"),
    CSV,
    Format("tsv", "text/tab-separated-values"),
    Format("json", "application/json"),
    Format("xml", "application/xml"),
    Format("xml", "text/xml"),
)
"""Formats for SELECT and ASK, the preferred first; general media types only for those who ask for no better one."""

GRAPHS: Final = (
    TURTLE,
    N_TRIPLES,
    JSON_LD,
    RDF_XML,
    N_QUADS,
    TRIG,
    Format("ttl", "application/x-turtle"),
    Format("nt", "text/plain"),
    Format("jsonld", "application/json"),
    Format("rdf", "application/xml"),
    Format("rdf", "text/xml"),
)
"""Formats for CONSTRUCT, DESCRIBE and whole graphs, the preferred first."""

DIGEST: Final = Format("digest", "application/json", "digest")
"""What a result of any kind is checked by (`vertragsgraph.rdf.result_digest`); only for those who ask for it by name."""

SHORT_NAMES: Final = {
    "turtle": "ttl", "ntriples": "nt", "n-triples": "nt", "json-ld": "jsonld", "rdfxml": "rdf", "rdf/xml": "rdf",
    "rdf+xml": "rdf", "n3": "ttl", "nquads": "nq", "n-quads": "nq", "srj": "json", "srx": "xml",
}  # fmt: skip


def by_name(name: str, offers: Sequence[Format]) -> Format | None:
    """Return the format that a `format=` parameter means: a short name or a media type; `xml` may be RDF/XML, `json` JSON-LD.

    >>> by_name("turtle", GRAPHS).media_type
    'text/turtle'
    """
    wanted = name.strip().lower().replace(" ", "+")
    for offer in offers:
        if wanted == offer.media_type:
            return offer
    short = SHORT_NAMES.get(wanted, wanted)
    names = {offer.name for offer in offers}
    if short not in names:
        short = {"xml": "rdf", "json": "jsonld"}.get(short, short)
    return next((offer for offer in offers if offer.name == short), None)


def both_by_name(name: str) -> tuple[Format | None, Format | None]:
    """Return the formats for solutions and for graphs that a `format=` parameter means.

    >>> [offer and offer.media_type for offer in both_by_name("csv")]
    ['text/csv', None]
    """
    if name == DIGEST.name:
        return DIGEST, DIGEST
    return by_name(name, SOLUTIONS), by_name(name, GRAPHS)
