"""Documents about a resource, in the RDF formats."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from vertragsgraph.linked_data.gathering import LIMIT
from vertragsgraph.linked_data.neighbourhood import Fact
from vertragsgraph.linked_data.resources import COUNTED, Cut
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.curie import shorten
from vertragsgraph.rdf.media_types import JSON_LD, N_TRIPLES, RDF_XML, TURTLE
from vertragsgraph.rdf.namespaces import DCTERMS, FOAF, PROV, RDFS
from vertragsgraph.rdf.syntax import turtle
from vertragsgraph.release import Release
from vertragsgraph.release.catalogue import dataset_iri
from vertragsgraph.release.catalogue.citation import release_iri
from vertragsgraph.release.contents import jsonld
from vertragsgraph.texts import both, marked

FORMATS: Final = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)
"""The formats in which a document is given; the name is the extension."""

_CLASS: Final = FOAF + "Document"
_ABOUT: Final = (FOAF + "primaryTopic", DCTERMS + "isPartOf", DCTERMS + "license", PROV + "wasDerivedFrom")
_REST: Final = RDFS + "seeAlso"
_OF: Final = marked("all {all} values of {property}; the document has {some} of them")
_FROM: Final = marked("all {all} resources with this one as {property}; the document has {some} of them")


def document_iri(iri: str, base: str) -> str:
    """Return the IRI of the document about a resource: `{base}doc/…` for `{base}id/…`."""
    return base + "doc/" + iri.removeprefix(base + "id/")


def document_triples(iri: str, triples: Iterable[Fact], release: Release, cuts: Iterable[Cut] = ()) -> list[Triple]:
    """Return what the document about a resource (an IRI) says: some triples, and of itself whose release it tells.

    Where it has only some values of a property, it names the query that gives them all, and says how many they are.
    """
    document = NamedNode(document_iri(iri, release.base))
    values = (iri, dataset_iri(release.base), release.register.licence.iri, release_iri(release))
    found = [fact if isinstance(fact, Triple) else fact.triple for fact in triples]
    found.append(Triple(document, terms.TYPE, NamedNode(_CLASS)))
    found += [Triple(document, NamedNode(name), NamedNode(value)) for name, value in zip(_ABOUT, values, strict=True)]
    for cut in cuts:
        query = urlencode({"query": cut.query(iri)})
        rest, name = NamedNode(f"{release.register.url}sparql?{query}"), shorten(cut.property, release.prefixes)
        there = f"≥ {COUNTED}" if cut.total is None else cut.total
        said = both(_FROM if cut.inverse else _OF, property=name or cut.property, some=LIMIT, all=there)
        found += [Triple(document, NamedNode(_REST), rest)]
        found += [Triple(rest, terms.LABEL, Literal(text, language=language)) for language, text in said.items()]
    return found


def serialise(triples: Iterable[Triple], extension: str, release: Release) -> bytes:
    """Return a small document in a format (by its extension); the same triples give the same bytes."""
    out = io.StringIO()
    if extension == "ttl":
        turtle.write(triples, out, release.prefixes)
    elif extension == "jsonld":
        jsonld.write(triples, out, release.context.along((*_ABOUT, _REST), [_CLASS], release.prefixes))
    else:
        form = RdfFormat.N_TRIPLES if extension == "nt" else RdfFormat.RDF_XML
        ordered = sorted(set(triples), key=str)
        return serialize(ordered, format=form, prefixes=dict(release.prefixes)) or b""
    return out.getvalue().encode()
