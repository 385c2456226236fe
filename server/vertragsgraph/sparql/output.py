"""How a worker writes results: serialised by pyoxigraph, framed, and held back until there is something to hold.

Imported by worker processes: nothing but the standard library and pyoxigraph.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, islice
from typing import Any, Final

import pyoxigraph as ox

from vertragsgraph.sparql.frames import CHUNK, DATA, END, HEADER, RESULT, WHOLE, encoded, frame

FLUSH_SECONDS: Final = 0.5
SOLUTION_FORMATS: Final = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPH_FORMATS: Final = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
}
PREFIXES: Final = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "schema": "https://schema.org/",
    "vg": "https://w3id.org/vertragsgraph/ontology#",
}
NO_SOLUTIONS: Final = b'"results":{"bindings":[]}}'
"""The end of a result in JSON that has no solutions."""
_PREFIXES_LOOKED_AT: Final = 2_000  # triples among which well-known prefixes are looked for before any is written
_NOT_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_ENDS_IN_NAME: Final = re.compile(r"[^\W\d][\w.\-]*$")


class Refused(Exception):
    """A query can't be answered: the status of the HTTP response, the text, further members of the problem document."""

    def __init__(self, status: int, detail: str, **extensions: Any) -> None:
        self.failure = {"status": status, "detail": detail, "extensions": extensions}
        super().__init__(detail)


@cache
def head(kind: str, name: str) -> bytes:
    """Return the payload of RESULT for a kind of result (`solutions`, `boolean`, `graph`) in a format."""
    return encoded({"kind": kind, "format": name})


class Output:
    """The file that pyoxigraph writes a result to: frames on the socket.

    RESULT is held back until a chunk is full or the result has ended, because serialisers write a head before there
    is a first row: until then a failure can still be answered with an error. A result that ends before that is WHOLE.
    """

    def __init__(self, connection: socket.socket, head: bytes, *, xml: bool) -> None:
        self._connection = connection
        self._head = head
        self._xml = xml
        self._pending = bytearray()
        self._sent_at: float | None = None

    def write(self, data: bytes) -> int:
        """Take a piece of the serialised result."""
        if self._xml and _NOT_XML.search(data):
            raise Refused(406, "The result holds characters that XML can't express; ask for JSON, Turtle or N-Triples.")
        self._pending += data
        if len(self._pending) >= CHUNK or (self._sent_at and time.monotonic() - self._sent_at > FLUSH_SECONDS):
            self._send()
        return len(data)

    def flush(self) -> None:
        """Do nothing: the end is told by `end`."""

    @property
    def whole(self) -> bytes:
        """The result so far, if nothing of it has been sent, else nothing."""
        return b"" if self._sent_at else bytes(self._pending)

    def replace(self, start: int, end: int, by: bytes) -> None:
        """Write something else in place of a part of what has not been sent yet."""
        self._pending[start:end] = by

    def end(self) -> None:
        """Send what is left and the end of the result."""
        if self._sent_at:
            self._connection.sendall(frame(DATA, self._pending) + frame(END))
        else:
            size = len(self._head) + 1 + len(self._pending)
            self._connection.sendall(b"".join((HEADER.pack(WHOLE, size), self._head, b"\n", self._pending)))

    def _send(self) -> None:
        head = b"" if self._sent_at else frame(RESULT, self._head)
        self._connection.sendall(head + frame(DATA, self._pending))
        self._pending = bytearray()
        self._sent_at = time.monotonic()


def write_graph(triples: Iterable[ox.Triple], output: Output, name: str, declared: dict[str, str]) -> None:
    """Serialise triples, with the prefixes that the query declares and the well-known ones that occur."""
    if name == "rdf":
        triples = expressible_in_xml(triples)
    elif name == "jsonld":
        triples = without_triple_terms(triples)
    if name in {"ttl", "trig", "rdf"}:
        iterator = iter(triples)
        first = list(islice(iterator, _PREFIXES_LOOKED_AT))
        text = "\n".join(map(str, first))
        known = {prefix: iri for prefix, iri in PREFIXES.items() if iri in text and iri not in declared.values()}
        used = {prefix: iri for prefix, iri in declared.items() if f"<{iri}" in text}
        ox.serialize(chain(first, iterator), output, GRAPH_FORMATS[name], prefixes={**known, **used})  # type: ignore[arg-type]
    else:
        ox.serialize(triples, output, GRAPH_FORMATS[name])  # type: ignore[arg-type]


def expressible_in_xml(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Pass triples through; refuse a predicate that does not end in an XML name (RDF 1.1 XML Syntax, section 2.1)."""
    good: set[str] = set()
    for triple in triples:
        predicate = triple.predicate.value
        if predicate not in good:
            if not _ENDS_IN_NAME.search(predicate):
                raise Refused(406, f"RDF/XML can't express the property <{predicate}>; ask for another format.")
            good.add(predicate)
        yield triple


def without_triple_terms(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Pass triples through; refuse one that is about a triple, which JSON-LD 1.1 can't express."""
    for triple in triples:
        if isinstance(triple.object, ox.Triple):
            raise Refused(406, "JSON-LD can't express triple terms (RDF 1.2); ask for Turtle or N-Triples.")
        yield triple
