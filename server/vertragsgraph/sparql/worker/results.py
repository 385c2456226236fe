"""How a worker writes results: serialised by pyoxigraph, framed, and held back until there is something to hold.

Imported by worker processes: nothing but the standard library and pyoxigraph.
"""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, Final, Protocol

import pyoxigraph as ox

from vertragsgraph.message import Message, marked
from vertragsgraph.sparql.worker.frames import CHUNK, DATA, END, HEADER, RESULT, WHOLE, frame

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
NO_SOLUTIONS: Final = b'"results":{"bindings":[]}}'
"""The end of a result in JSON that has no solutions."""
_LOOKED_AT: Final = 2_000
_NOT_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_ENDS_IN_NAME: Final = re.compile(r"[^\W\d][\w.\-]*$")


class Refused(Exception):
    """A query can't be answered: the status of the HTTP response, the text, further members of the problem document."""

    def __init__(self, status: int, detail: str, **extensions: Any) -> None:
        told = detail.document() if isinstance(detail, Message) else detail
        self.failure = {"status": status, "detail": told, "extensions": extensions}
        super().__init__(detail)


class Writable(Protocol):
    """What a result is written to."""

    def write(self, data: bytes, /) -> int:
        """Take a piece of the serialised result."""


class Output:
    """The file that pyoxigraph writes a result to: frames on the socket.

    RESULT is held back until a chunk is full or the result has ended, because serialisers write a head before there
    is a first row: until then a failure can still be answered with an error. A result that ends before that is WHOLE.
    """

    def __init__(self, connection: socket.socket, kind: bytes, *, xml: bool) -> None:
        self._connection = connection
        self._kind = kind
        self._xml = xml
        self._pending = bytearray()
        self._sent_at: float | None = None

    def write(self, data: bytes) -> int:
        """Take a piece of the serialised result."""
        if self._xml and _NOT_XML.search(data):
            text = marked("The result holds characters that XML can't express; ask for JSON, Turtle or N-Triples.")
            raise Refused(406, Message(text))
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
            size = len(self._kind) + 1 + len(self._pending)
            self._connection.sendall(b"".join((HEADER.pack(WHOLE, size), self._kind, b"\n", self._pending)))

    def _send(self) -> None:
        head = b"" if self._sent_at else frame(RESULT, self._kind)
        self._connection.sendall(head + frame(DATA, self._pending))
        self._pending = bytearray()
        self._sent_at = time.monotonic()


class Compacting:
    """The file that pyoxigraph writes JSON-LD to: puts a context of prefixes before it, and shortens IRIs by them.

    pyoxigraph writes expanded JSON-LD and no spaces, so an IRI is a string that stands behind neither a backslash nor
    `"@value":`. It is found in the bytes as they come; objects of JSON-LD in Python would take ten times as long.
    """

    def __init__(self, output: Writable, prefixes: Mapping[str, str]) -> None:
        self._output = output
        # A prefix of a context ends in such a character (JSON-LD 1.1, section 9.15).
        context = {name: iri for name, iri in prefixes.items() if name and iri.endswith(tuple(":/?#[]@"))}
        self._names = {iri.encode(): name.encode() for name, iri in context.items()}
        longest_first = sorted(self._names, key=len, reverse=True)
        spaces, names = (b"|".join(map(re.escape, each)) or b"(?!)" for each in (longest_first, self._names.values()))
        self._iri = re.compile(rb'(?<!\\)(?<!"@value":)"(?:(%s)(?!//|")|(%s):(?!//))' % (spaces, names))
        self._rest = b""
        output.write(b'{"@context":' + json.dumps(context, separators=(",", ":")).encode() + b',"@graph":')

    def write(self, data: bytes) -> int:
        """Take a piece of expanded JSON-LD."""
        whole = self._rest + data
        end = whole.rfind(b"{")  # in no IRI, so none is cut in two
        self._rest = whole[max(end, 0) :]
        self._output.write(self._compacted(whole[: max(end, 0)]))
        return len(data)

    def flush(self) -> None:
        """Do nothing: the end is told by `end`."""

    def end(self) -> None:
        """Write what is left."""
        self._output.write(self._compacted(self._rest) + b"}")

    def _compacted(self, data: bytes) -> bytes:
        return self._iri.sub(self._shortened, data)

    def _shortened(self, found: re.Match[bytes]) -> bytes:
        if found[2]:
            text = marked("JSON-LD would take <{prefix}:…> for a prefixed name; ask for Turtle.")
            raise Refused(406, Message(text, prefix=found[2].decode()))
        return b'"' + self._names[found[1]] + b":"


def write_graph(triples: Iterable[ox.Triple], output: Writable, name: str, prefixes: Mapping[str, str]) -> None:
    """Serialise triples, with those of some prefixes (name to namespace) that occur; of two for a namespace the first is taken.

    They are looked for in the first `_LOOKED_AT` triples; where there are more triples, all are declared.
    """
    if name == "rdf":
        triples = expressible_in_xml(triples)
    elif name == "jsonld":
        triples = without_triple_terms(triples)
    form = GRAPH_FORMATS[name]
    if name not in {"ttl", "trig", "rdf", "jsonld"}:
        ox.serialize(triples, output, form)  # type: ignore[arg-type]
        return
    iterator = iter(triples)
    first = list(islice(iterator, _LOOKED_AT))
    used = _used(first, prefixes)
    if name != "jsonld":
        ox.serialize(chain(first, iterator), output, form, prefixes=used)  # type: ignore[arg-type]
        return
    compacting = Compacting(output, used)
    ox.serialize(chain(first, iterator), compacting, form)  # type: ignore[arg-type]
    compacting.end()


def _used(first: list[ox.Triple], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return the prefixes that occur in triples, one for each namespace; none whose name is also a scheme there."""
    text = "\n".join(map(str, first))
    everything = len(first) == _LOOKED_AT
    found = dict[str, str]()
    for prefix, iri in prefixes.items():
        if (everything or f"<{iri}" in text) and f"<{prefix}:" not in text and iri not in found.values():
            found[prefix] = iri
    return found


def expressible_in_xml(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Pass triples through; refuse a predicate that does not end in an XML name (RDF 1.1 XML Syntax, section 2.1)."""
    good: set[str] = set()
    for triple in triples:
        predicate = triple.predicate.value
        if predicate not in good:
            if not _ENDS_IN_NAME.search(predicate):
                text = marked("RDF/XML can't express the property <{property}>; ask for another format.")
                raise Refused(406, Message(text, property=predicate))
            good.add(predicate)
        yield triple


def without_triple_terms(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Pass triples through; refuse one that is about a triple, which JSON-LD 1.1 can't express."""
    for triple in triples:
        if isinstance(triple.object, ox.Triple):
            text = marked("JSON-LD can't express triple terms (RDF 1.2); ask for Turtle or N-Triples.")
            raise Refused(406, Message(text))
        yield triple
