"""RDF/XML (RDF 1.1), written subject by subject.

The layout is our own, as that of the other dumps: no new version of a library changes their checksums.
XML has no way to write control characters, nor a property whose IRI ends in no XML name; a survey finds both before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final, TextIO
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph

from vertragsgraph.rdf.curie import relative
from vertragsgraph.rdf.namespaces import RDF
from vertragsgraph.rdf.syntax import ntriples as nt

_NAME_AT_END: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*$")
# XML parsers turn a bare carriage return into a line feed.
_ESCAPES: Final = {"\r": "&#13;"}


class _Names:
    """Element names for properties and classes; a namespace without a prefix is declared where it is used."""

    def __init__(self, prefixes: Mapping[str, str], base: str) -> None:
        self._prefixes = {namespace: name for name, namespace in prefixes.items()}
        self._base = base
        self._known: dict[str, tuple[str, str] | None] = {}

    def element(self, predicate: str) -> tuple[str, str]:
        """Return the name of a property's element, and its start with the declaration that it needs."""
        found = self._found(predicate)
        if not found:
            message = f"no XML name at the end of {predicate[1:-1]}"
            raise ValueError(message)
        return found

    def node_element(self, types: Iterable[str]) -> tuple[str, str, str]:
        """Return one of a node's types that can be the element of the node (RDF 1.1 XML Syntax, section 2.13), "" for none.

        With it come the name of the element and its start.
        """
        for term in types:
            # Some names of RDF's own are no node elements (section 6.2.5).
            if term[0] == "<" and not term.startswith(f"<{RDF}") and (found := self._found(term)):
                return term, *found
        return "", "rdf:Description", "rdf:Description"

    def node(self, term: str, about: str, node: str) -> str:
        """Return the attribute that names a node; its IRI is relative where it begins with the base."""
        if term[0] != "<":
            return f'{node}="{term[2:]}"'
        return f"{about}={quoteattr(relative(term[1:-1], self._base))}"

    def _found(self, term: str) -> tuple[str, str] | None:
        if term not in self._known:
            self._known[term] = self._split(term[1:-1])
        return self._known[term]

    def _split(self, iri: str) -> tuple[str, str] | None:
        found = _NAME_AT_END.search(iri)
        if not found:
            return None
        namespace, local = iri[: found.start()], found[0]
        prefix = self._prefixes.get(namespace)
        if prefix:
            return f"{prefix}:{local}", f"{prefix}:{local}"
        return f"ns:{local}", f"ns:{local} xmlns:ns={quoteattr(namespace)}"


def _property(predicate: str, value: str, names: _Names) -> str:
    name, start = names.element(predicate)
    if value[0] != '"':
        return f"    <{start} {names.node(value, 'rdf:resource', 'rdf:nodeID')}/>\n"
    escaped, language, datatype = nt.literal(value)
    attribute = f' xml:lang="{language}"' if language else f" rdf:datatype={quoteattr(datatype)}" if datatype else ""
    return f"    <{start}{attribute}>{escape(nt.unescaped(escaped), _ESCAPES)}</{name}>\n"


def _nodes(lines: Iterable[str], names: _Names) -> Iterator[str]:
    for subject, group in nt.grouped(lines):
        kind, name, start = names.node_element(value for predicate, value in group if predicate == nt.RDF_TYPE)
        yield f"  <{start} {names.node(subject, 'rdf:about', 'rdf:nodeID')}>\n"
        for predicate, values in nt.by_predicate(group):
            said = predicate == nt.RDF_TYPE
            yield from (_property(predicate, value, names) for value in values if not (said and value == kind))
        yield f"  </{name}>\n"


def write_lines(lines: Iterable[str], out: TextIO, prefixes: Mapping[str, str], base: str = "") -> None:
    """Write sorted N-Triples lines as RDF/XML, in the memory of one subject; all prefixes are declared.

    IRIs that begin with the base are written relative to it. Raises `ValueError` for a property that
    can't be an XML element.
    """
    declared = {"rdf": RDF} | dict(prefixes)
    namespaces = "".join(f"\n  xmlns:{name}={quoteattr(namespace)}" for name, namespace in declared.items())
    named = f"\n  xml:base={quoteattr(base)}" if base else ""
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{namespaces}{named}>\n'
    out.writelines(chain([head], _nodes(lines, _Names(declared, base)), ["</rdf:RDF>\n"]))


def write(triples: Iterable[pyoxigraph.Triple], out: TextIO, prefixes: Mapping[str, str]) -> None:
    """Write the triples of a small document (held in memory) as RDF/XML; only the prefixes of its names are declared."""
    lines = nt.from_triples(triples)
    used = {
        term[1:-1]
        for _, group in nt.grouped(lines)
        for predicate, value in group
        for term in ((predicate, value) if predicate == nt.RDF_TYPE else (predicate,))
    }
    names = {name: namespace for name, namespace in prefixes.items() if any(iri.startswith(namespace) for iri in used)}
    write_lines(lines, out, names)
