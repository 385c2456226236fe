"""Small graphs, stated one subject at a time, and written in the formats that portals read."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.rdf import terms
from vertragsgraph.rdf.curie import expand
from vertragsgraph.rdf.namespaces import WELL_KNOWN, XSD
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.rdf.syntax import rdfxml, turtle
from vertragsgraph.register import Text
from vertragsgraph.release.contents import jsonld
from vertragsgraph.release.contents.jsonld import Context
from vertragsgraph.release.contents.statistics import survey

Texts: TypeAlias = Mapping[Any, str]
Value: TypeAlias = "NamedNode | Literal | Text | Texts | None"
Values: TypeAlias = "Value | Sequence[Value]"


def iri(text: str | None) -> NamedNode | None:
    """Return an IRI, nothing for nothing."""
    return NamedNode(text) if text else None


def typed(text: str, datatype: str) -> Literal:
    """Return a literal with a datatype of XML Schema, such as `dateTime`."""
    return Literal(text, datatype=NamedNode(XSD + datatype))


class Description:
    """A graph in the making."""

    def __init__(self) -> None:
        self.triples: set[Triple] = set()

    def state(self, subject: str, kind: str, /, **properties: Values) -> NamedNode:
        """State the type of a subject and its properties, and return it.

        A property is named by its prefixed name with two underscores for the colon (`dcterms__title`); a text in several
        languages becomes a literal for each, `None` nothing.
        """
        node = NamedNode(subject)
        self.triples.add(Triple(node, terms.TYPE, NamedNode(expand(kind))))
        for name, given in properties.items():
            predicate = NamedNode(expand(name.replace("__", ":")))
            for value in given if isinstance(given, Sequence) else [given]:
                self.triples.update(Triple(node, predicate, term) for term in _terms(value))
        return node

    def turtle(self) -> str:
        """Return the graph as Turtle."""
        out = io.StringIO()
        turtle.write(self.triples, out, WELL_KNOWN)
        return out.getvalue()

    def rdfxml(self) -> str:
        """Return the graph as RDF/XML."""
        out = io.StringIO()
        rdfxml.write(self.triples, out, WELL_KNOWN)
        return out.getvalue()

    def jsonld(self) -> str:
        """Return the graph as JSON-LD with an inline context."""
        out = io.StringIO()
        found = survey(nt.from_triples(self.triples), "")
        jsonld.write(self.triples, out, Context.of(found, WELL_KNOWN))
        return out.getvalue()


def _terms(value: Value) -> list[NamedNode | Literal]:
    if value is None:
        return []
    if isinstance(value, Text):
        return [Literal(text, language=language) for language, text in value.root.items()]
    if isinstance(value, Mapping):
        return [Literal(text, language=language) for language, text in value.items()]
    return [value]
