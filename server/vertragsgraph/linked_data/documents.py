"""Documents about a resource, in the RDF formats."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from vertragsgraph.linked_data.resources import Description
from vertragsgraph.release import Release, jsonld, turtle
from vertragsgraph.release.catalogue import dataset_iri
from vertragsgraph.sparql.negotiation import Format

FORMATS: Final = (
    Format("ttl", "text/turtle"),
    Format("jsonld", "application/ld+json"),
    Format("nt", "application/n-triples"),
    Format("rdf", "application/rdf+xml"),
)
"""The formats in which a document is given; the name is the extension."""

_FOAF: Final = "http://xmlns.com/foaf/0.1/"
_DCTERMS: Final = "http://purl.org/dc/terms/"
_RDF_TYPE: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def document_iri(iri: str, base: str) -> str:
    """Return the IRI of the document about a resource: `{base}doc/…` for `{base}id/…`."""
    return base + "doc/" + iri.removeprefix(base + "id/")


def document_triples(description: Description, base: str, licence: str) -> list[Triple]:
    """Return what the document says: all about the resource, and about itself that it is a part of the dataset."""
    document = NamedNode(document_iri(description.iri, base))
    about_itself = [
        Triple(document, _RDF_TYPE, NamedNode(_FOAF + "Document")),
        Triple(document, NamedNode(_FOAF + "primaryTopic"), NamedNode(description.iri)),
        Triple(document, NamedNode(_DCTERMS + "isPartOf"), NamedNode(dataset_iri(base))),
        Triple(document, NamedNode(_DCTERMS + "license"), NamedNode(licence)),
    ]
    return [*description.triples(), *about_itself]


def serialise(triples: Iterable[Triple], extension: str, release: Release) -> bytes:
    """Return a small document in a format (by its extension); the same triples give the same bytes."""
    ordered = sorted(set(triples), key=str)
    out = io.StringIO()
    if extension == "ttl":
        turtle.write(ordered, out, release.prefixes)
    elif extension == "jsonld":
        jsonld.write(ordered, out, release.context)
    else:
        form = RdfFormat.N_TRIPLES if extension == "nt" else RdfFormat.RDF_XML
        return serialize(ordered, format=form, prefixes=dict(release.prefixes)) or b""
    return out.getvalue().encode()
