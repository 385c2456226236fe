"""Documents of a release that aren't about one resource: ontology, shapes, report. Read once, shown and given as RDF."""

from __future__ import annotations

import asyncio
from typing import Final

from fastapi import Request
from pyoxigraph import RdfFormat, Triple, parse
from rdflib import Graph
from starlette.responses import Response

from vertragsgraph.http.accept import best_format
from vertragsgraph.http.conditional import entity_tag, not_modified
from vertragsgraph.http.problem import Problem
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.rdf.media_types import JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Format
from vertragsgraph.texts import both
from vertragsgraph.web.publication.file_response import REVALIDATED
from vertragsgraph.web.rendering.templating import HTML
from vertragsgraph.web.site.site import Site

# These have blank nodes and lists, which rdflib writes in every format; Turtle is given as it lies in the release.
_RDFLIB: Final = {"jsonld": "json-ld", "rdf": "xml", "nt": "nt"}
OFFERS: Final = (TURTLE, JSON_LD, RDF_XML, N_TRIPLES, HTML)
EXTENSIONS: Final = {offer.name: offer for offer in OFFERS}


def wanted(request: Request, extension: str) -> Format:
    """Return the format that a suffix or, without one, the Accept header asks for; raises `Problem` 404 or 406."""
    if extension:
        if extension not in EXTENSIONS:
            names = ", ".join(EXTENSIONS)
            raise Problem(404, both("this document is not offered so; the suffixes are: {names}", names=names))
        return EXTENSIONS[extension]
    chosen = best_format(request.headers.get("accept"), OFFERS)
    if chosen is None:
        offers = ", ".join(offer.media_type for offer in OFFERS)
        raise Problem(406, both("none of the media types in Accept is offered; there are: {offers}", offers=offers))
    return chosen


async def as_rdf(request: Request, site: Site, name: str, form: Format, location: str = "") -> Response:
    """Return a Turtle document of the release (by its name without suffix) in an RDF format.

    `location` is what its address ends with before the suffix, where that isn't the name.
    """
    entry = site.release.manifest.files.get(f"{name}.ttl")
    if entry is None:
        raise Problem(404, both("this release has no {name}", name=name))
    tag = entity_tag(entry.sha256, name, form.name)
    headers = {
        "ETag": tag,
        "Vary": "Accept",
        "Cache-Control": REVALIDATED,
        "Content-Location": f"{location or name}.{form.name}",
    }
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    body = await site.once(f"{name}.{form.name}", lambda: asyncio.to_thread(_serialised, site, name, form))
    return Response(body, media_type=form.content_type, headers=headers)


def _serialised(site: Site, name: str, form: Format) -> bytes:
    path = site.release.folder / f"{name}.ttl"
    if form == TURTLE:
        return path.read_bytes()
    graph = Graph(bind_namespaces="none").parse(path, format="turtle")
    # JSON-LD comes with a context, the prefixes of the file; other formats pass over the option.
    return graph.serialize(format=_RDFLIB[form.name], encoding="utf-8", auto_compact=True)


async def read(site: Site, name: str) -> Neighbourhood:
    """Return the triples of a Turtle document of the release (by its name without suffix)."""
    return await site.once(f"document-{name}", lambda: asyncio.to_thread(_read, site, name))


def _read(site: Site, name: str) -> Neighbourhood:
    quads = parse(path=site.release.folder / f"{name}.ttl", format=RdfFormat.TURTLE)
    return Neighbourhood(Triple(quad.subject, quad.predicate, quad.object) for quad in quads)
