"""The formats of the dumps, what is in each, and what they are called by servers and by portals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vertragsgraph.rdf.media_types import CSV, JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from vertragsgraph.register import REIFIERS
from vertragsgraph.texts import marked


@dataclass(frozen=True)
class Contents:
    """What is in a dump: a few words behind the name of its format, and a sentence."""

    title: str
    text: str


WHOLE: Final = Contents(
    marked("{format}: everything as one graph"),
    marked(
        "Everything as one graph, what follows from the ontology included: the default graph of the SPARQL endpoint."
    ),
)
ASSERTED: Final = Contents(
    marked("{format}: what is asserted, as one graph"), marked("All that the register asserts, as one graph.")
)
BY_GRAPHS: Final = Contents(
    marked("{format}: everything by named graphs"),
    marked(
        "Everything by named graphs: what is asserted, and in a graph of its own (“entailed”) what follows from it."
    ),
)
TABLE: Final = Contents(
    marked("{format}: the contracts as a table"),
    marked("The contracts as a table, one row each; csv-metadata.json describes the columns (CSVW)."),
)
REIFYING: Final = Contents(
    marked("{format}: the statements that have evidence, for RDF 1.2"),
    marked(
        "Which statement each node stands for that has evidence, as triple terms (rdf:reifies); load it beside another file."
    ),
)
ENTAILED_SINCE: Final = 3
"""Before this version of the files of a release, `WHOLE` was `ASSERTED`."""


@dataclass(frozen=True)
class Dump(Format):
    """A format in which dumps are written, and what is in them.

    `part` stands in the names of their files between the register's key and the extension, `rdf` is the version of RDF
    that a reader has to know.
    """

    contents: Contents = WHOLE
    part: str = ""
    rdf: str = "1.1"

    def file(self, key: str) -> str:
        """Return the name of the file within a release."""
        return f"dumps/{key}{self.part}.{self.name}"

    def contents_of(self, version: int) -> Contents:
        """Return what is in the dumps of a release whose files are of a version (`vertragsgraph.release.digest.FORMAT`)."""
        return ASSERTED if self.contents == WHOLE and version < ENTAILED_SINCE else self.contents


def _dump(item: Format, contents: Contents) -> Dump:
    return Dump(item.name, item.media_type, item.title, item.file_type, contents)


def _reifying(item: Format) -> Dump:
    # The parameter is that of RDF 1.2 Turtle and RDF 1.2 N-Quads, sections "Internet Media Type".
    return Dump(
        item.name, f"{item.media_type}; version=1.2", item.title, item.file_type, REIFYING, f"-{REIFIERS}", "1.2"
    )


FORMATS: Final = (
    *(_dump(item, WHOLE) for item in (TURTLE, N_TRIPLES, JSON_LD, RDF_XML)),
    *(_dump(item, BY_GRAPHS) for item in (N_QUADS, TRIG)),
    _dump(CSV, TABLE),
    _reifying(TURTLE),
    _reifying(N_QUADS),
)

GZIP: Final = "application/gzip"

_MEDIA_TYPES: Final = {f"{item.part}.{item.name}": item.media_type for item in FORMATS} | {
    ".gz": GZIP,
    ".html": "text/html",
    ".json": "application/json",
    "/csv-metadata.json": "application/csvm+json",
    ".rq": "application/sparql-query",
    ".sqlite": "application/vnd.sqlite3",
}
"""By the ends of files' names."""


def media_type(name: str) -> str:
    """Return the media type of a file of a release, from its name.

    >>> media_type("dumps/hessen.ttl"), media_type("dumps/hessen.ttl.gz")
    ('text/turtle', 'application/gzip')
    >>> media_type("dumps/hessen-reifiers.ttl"), media_type("store/LOCK")
    ('text/turtle; version=1.2', 'application/octet-stream')
    """
    ending = max(filter(name.endswith, _MEDIA_TYPES), key=len, default="")
    return _MEDIA_TYPES.get(ending, "application/octet-stream")
