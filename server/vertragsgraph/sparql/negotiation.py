"""Content negotiation by `Accept` (RFC 9110, section 12.5.1), and the formats of query results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vertragsgraph.sparql.quality import members


@dataclass(frozen=True)
class Format:
    """A serialisation under one of its media types; `name` is also its file extension."""

    name: str
    media_type: str

    @property
    def content_type(self) -> str:
        """Value for `Content-Type`: text types say that they are UTF-8."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


SOLUTIONS: Final = (
    Format("json", "application/sparql-results+json"),
    Format("xml", "application/sparql-results+xml"),
    Format("csv", "text/csv"),
    Format("tsv", "text/tab-separated-values"),
    Format("json", "application/json"),
    Format("xml", "application/xml"),
    Format("xml", "text/xml"),
)
"""Formats for SELECT and ASK, the preferred first; general media types only for those who ask for no better one."""

GRAPHS: Final = (
    Format("ttl", "text/turtle"),
    Format("nt", "application/n-triples"),
    Format("jsonld", "application/ld+json"),
    Format("rdf", "application/rdf+xml"),
    Format("nq", "application/n-quads"),
    Format("trig", "application/trig"),
    Format("ttl", "application/x-turtle"),
    Format("nt", "text/plain"),
    Format("jsonld", "application/json"),
    Format("rdf", "application/xml"),
    Format("rdf", "text/xml"),
)
"""Formats for CONSTRUCT, DESCRIBE and whole graphs, the preferred first."""

SHORT_NAMES: Final = {
    "turtle": "ttl", "ntriples": "nt", "n-triples": "nt", "json-ld": "jsonld", "rdfxml": "rdf", "rdf/xml": "rdf",
    "rdf+xml": "rdf", "n3": "ttl", "nquads": "nq", "n-quads": "nq", "srj": "json", "srx": "xml",
}  # fmt: skip


def quality(accept: str | None, media_type: str) -> float:
    """Return how much a media type is wanted, from 0 (not acceptable) to 1: the most exact range decides.

    >>> quality("text/*;q=0.3, text/turtle", "text/turtle"), quality("text/turtle;q=0, */*", "text/turtle"), quality(None, "a/b")
    (1.0, 0.0, 1.0)
    """
    if accept is None or not accept.strip():
        return 1.0
    found = ((_specificity(member.name, media_type), member.quality) for member in members(accept))
    specificity, wanted = max(found, default=(0, 0.0))
    return wanted if specificity else 0.0


def _specificity(media_range: str, media_type: str) -> int:
    """Return how exactly a media range names a media type: 3 exactly, 2 by its type, 1 as any, 0 not at all."""
    if media_range == media_type:
        return 3
    if media_range == f"{media_type.partition('/')[0]}/*":
        return 2
    return 1 if media_range in {"*/*", "*"} else 0


def best(accept: str | None, offers: tuple[str, ...]) -> str | None:
    """Return the media type that is wanted most; of equals the one offered first, None where none is acceptable.

    >>> best("text/html;q=0.8, text/turtle", ("text/html", "text/turtle"))
    'text/turtle'
    """
    chosen = max(offers, key=lambda offer: quality(accept, offer))
    return chosen if quality(accept, chosen) > 0 else None


def best_format(accept: str | None, offers: tuple[Format, ...]) -> Format | None:
    """Return the format that is wanted most; of equals the one offered first, None where none is acceptable."""
    chosen = max(offers, key=lambda offer: quality(accept, offer.media_type))
    return chosen if quality(accept, chosen.media_type) > 0 else None


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
