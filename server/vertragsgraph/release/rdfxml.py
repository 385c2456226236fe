"""RDF/XML (RDF 1.1), written subject by subject.

XML has no way to write control characters, nor a property whose IRI ends in no XML name; a survey finds both before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final, TextIO
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph

from vertragsgraph.release import lines as nt

_NAME_AT_END: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*$")
# XML parsers turn a bare carriage return into a line feed.
_ESCAPES: Final = {"\r": "&#13;"}


class _Names:
    """Element names for properties; a namespace without a prefix is declared where it is used."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = {namespace: name for name, namespace in prefixes.items()}
        self._known: dict[str, tuple[str, str]] = {}

    def element(self, predicate: str) -> tuple[str, str]:
        """Return the name of the element, and its start with the declaration that it needs."""
        known = self._known.get(predicate)
        if known is None:
            known = self._known[predicate] = self._split(predicate[1:-1])
        return known

    def _split(self, iri: str) -> tuple[str, str]:
        found = _NAME_AT_END.search(iri)
        if not found:
            message = f"no XML name at the end of {iri}"
            raise ValueError(message)
        namespace, local = iri[: found.start()], found[0]
        prefix = self._prefixes.get(namespace)
        if prefix:
            return f"{prefix}:{local}", f"{prefix}:{local}"
        return f"ns:{local}", f"ns:{local} xmlns:ns={quoteattr(namespace)}"


def _node(term: str, about: str, node: str) -> str:
    return f"{about}={quoteattr(term[1:-1])}" if term[0] == "<" else f'{node}="{term[2:]}"'


def _property(predicate: str, value: str, names: _Names) -> str:
    name, start = names.element(predicate)
    if value[0] != '"':
        return f"    <{start} {_node(value, 'rdf:resource', 'rdf:nodeID')}/>\n"
    escaped, language, datatype = nt.literal(value)
    attribute = f' xml:lang="{language}"' if language else f" rdf:datatype={quoteattr(datatype)}" if datatype else ""
    return f"    <{start}{attribute}>{escape(nt.unescaped(escaped), _ESCAPES)}</{name}>\n"


def _descriptions(lines: Iterable[str], names: _Names) -> Iterator[str]:
    for subject, group in nt.grouped(lines):
        yield f"  <rdf:Description {_node(subject, 'rdf:about', 'rdf:nodeID')}>\n"
        for predicate, values in nt.by_predicate(group):
            yield from (_property(predicate, value, names) for value in values)
        yield "  </rdf:Description>\n"


def write_lines(lines: Iterable[str], out: TextIO, prefixes: Mapping[str, str]) -> None:
    """Write sorted N-Triples lines as RDF/XML, in the memory of one subject; all prefixes are declared.

    Raises `ValueError` for a property that can't be an XML element.
    """
    declared = {"rdf": nt.RDF} | dict(prefixes)
    namespaces = "".join(f"\n  xmlns:{name}={quoteattr(namespace)}" for name, namespace in declared.items())
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{namespaces}>\n'
    out.writelines(chain([head], _descriptions(lines, _Names(declared)), ["</rdf:RDF>\n"]))


def write(triples: Iterable[pyoxigraph.Triple], out: TextIO, prefixes: Mapping[str, str]) -> None:
    """Write the triples of a small document (held in memory) as RDF/XML; only the prefixes of its properties are declared."""
    lines = nt.from_triples(triples)
    used = {predicate[1:-1] for _, group in nt.grouped(lines) for predicate, _ in group}
    names = {name: namespace for name, namespace in prefixes.items() if any(iri.startswith(namespace) for iri in used)}
    write_lines(lines, out, names)
