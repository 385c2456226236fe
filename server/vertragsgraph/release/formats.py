"""The formats of the dumps, and what they are called by servers and by portals."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

FILE_TYPES: Final = "http://publications.europa.eu/resource/authority/file-type/"


@dataclass(frozen=True)
class Format:
    """A format: its file extension, media type, name, and its entry in the EU's list of file types."""

    extension: str
    media_type: str
    name: str
    file_type: str

    @property
    def file_type_iri(self) -> str:
        """The IRI of the entry in the EU's list of file types."""
        return FILE_TYPES + self.file_type


FORMATS: Final = (
    Format("ttl", "text/turtle", "Turtle", "RDF_TURTLE"),
    Format("nt", "application/n-triples", "N-Triples", "RDF_N_TRIPLES"),
    Format("jsonld", "application/ld+json", "JSON-LD", "JSON_LD"),
    Format("rdf", "application/rdf+xml", "RDF/XML", "RDF_XML"),
    Format("nq", "application/n-quads", "N-Quads", "RDF_N_QUADS"),
    Format("trig", "application/trig", "TriG", "RDF_TRIG"),
    Format("csv", "text/csv", "CSV", "CSV"),
)
"""Triple formats hold what is asserted as one graph; N-Quads and TriG every graph; CSV one row for each contract."""

BY_EXTENSION: Final = {item.extension: item for item in FORMATS}
GZIP: Final = "application/gzip"

_MEDIA_TYPES: Final = {item.extension: item.media_type for item in FORMATS} | {
    "gz": GZIP,
    "html": "text/html",
    "json": "application/json",
    "rq": "application/sparql-query",
    "sqlite": "application/vnd.sqlite3",
}


def media_type(name: str) -> str:
    """Return the media type of a file of a release, from its name.

    >>> media_type("dumps/hessen.ttl"), media_type("dumps/hessen.ttl.gz")
    ('text/turtle', 'application/gzip')
    """
    path = PurePath(name)
    if path.name == "csv-metadata.json":
        return "application/csvm+json"
    return _MEDIA_TYPES.get(path.suffix.removeprefix("."), "application/octet-stream")
