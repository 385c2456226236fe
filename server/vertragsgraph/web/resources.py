"""`/id/…` and `/doc/…`: resources and the documents about them (Cool URIs for the Semantic Web, section 4.3)."""

from __future__ import annotations

import re
from typing import Final

from fastapi import APIRouter, Request
from pyoxigraph import NamedNode
from starlette.responses import RedirectResponse, Response

from vertragsgraph.linked_data import documents
from vertragsgraph.linked_data.resources import Description
from vertragsgraph.problem import Problem
from vertragsgraph.sparql.negotiation import best_format
from vertragsgraph.texts import both
from vertragsgraph.web.conditional import entity_tag, not_modified
from vertragsgraph.web.language import language_of
from vertragsgraph.web.site import Site, site_of
from vertragsgraph.web.templating import HTML, page, root_of
from vertragsgraph.web.values import RDF_TYPE, Presenter

router = APIRouter()

# Turtle comes first: it is for those who take anything; browsers ask for HTML by name.
OFFERS: Final = (*documents.FORMATS, HTML)
EXTENSIONS: Final = {offer.name: offer for offer in OFFERS}
FORMAT_NAMES: Final = {".ttl": "Turtle", ".jsonld": "JSON-LD", ".nt": "N-Triples", ".rdf": "RDF/XML"}
# A resource's path below /id/ and /doc/: slugs are lower-case ASCII, so nothing else can name one.
_PATH: Final = re.compile(r"[a-z][a-z0-9-]*(?:/[a-z0-9][a-z0-9_-]*)+")


@router.api_route("/id/{path:path}", methods=["GET", "HEAD"], status_code=303, response_class=Response)
async def resource(path: str, request: Request) -> Response:
    """Redirect from a resource to the document about it: it is a thing in the world and can't be sent."""
    _require(path)
    return RedirectResponse(f"{root_of(request)}doc/{path}", status_code=303, headers={"Vary": "Accept"})


@router.api_route("/doc/{path:path}", methods=["GET", "HEAD"], response_class=Response)
async def document(path: str, request: Request) -> Response:
    """Return the document about a resource: HTML, Turtle, JSON-LD, N-Triples or RDF/XML, by suffix or negotiation."""
    stem, dot, extension = path.rpartition(".")
    if dot and extension in EXTENSIONS:
        path = stem
    else:
        extension = _negotiated(request)
        dot = ""
    _require(path)
    site = site_of(request)
    language = language_of(request) if extension == "html" else ""
    tag = entity_tag(site.release.digest, path, extension, language)
    headers = {"ETag": tag, "Vary": "Accept, Accept-Language", "Link": _links(request, path)}
    if not dot:
        headers["Content-Location"] = f"{root_of(request)}doc/{path}.{extension}"
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    description = await site.describe(f"id/{path}")
    if description is None:
        raise Problem(404, both("this release says nothing about <{iri}>", iri=site.register.iri(f"id/{path}")))
    response = _represent(request, site, description, path, extension)
    response.headers.update(headers)
    return response


def _require(path: str) -> None:
    if not _PATH.fullmatch(path):
        raise Problem(404, both("no resource can have this address: kinds and names are lower-case ASCII"))


def _negotiated(request: Request) -> str:
    chosen = best_format(request.headers.get("accept"), OFFERS)
    if chosen is None:
        offers = ", ".join(offer.media_type for offer in OFFERS)
        raise Problem(406, both("none of the media types in Accept is offered; there are: {offers}", offers=offers))
    return chosen.name


def _links(request: Request, path: str) -> str:
    root = root_of(request)
    others = [f'<{root}doc/{path}.{offer.name}>; rel="alternate"; type="{offer.media_type}"' for offer in OFFERS]
    return ", ".join([f'<{root}id/{path}>; rel="describes"', *others])


def _represent(request: Request, site: Site, description: Description, path: str, extension: str) -> Response:
    if extension == "html":
        return _as_page(request, site, description, path)
    triples = documents.document_triples(description, site.release.base, site.register.licence.iri)
    body = documents.serialise(triples, extension, site.release)
    return Response(body, media_type=EXTENSIONS[extension].content_type)


def _as_page(request: Request, site: Site, description: Description, path: str) -> Response:
    presenter = Presenter(site, description.labels, language_of(request), root_of(request))
    types = (triple.object for triple in description.asserted if triple.predicate.value == RDF_TYPE)
    kinds = {kind.value for kind in types if isinstance(kind, NamedNode)}
    return page(
        request,
        "resource.html",
        site,
        title=presenter.label(description.iri),
        kinds=sorted(presenter.label(kind).text for kind in kinds),
        iri=description.iri,
        document=f"doc/{path}",
        asserted=presenter.groups(description.asserted),
        entailed=presenter.groups(description.entailed),
        incoming=presenter.groups(description.incoming, of=lambda triple: triple.subject),
        incoming_cut=description.incoming_cut,
        alternates=[(f".{offer.name}", offer.media_type) for offer in documents.FORMATS],
        format_names=FORMAT_NAMES,
        lang_attribute=presenter.lang_attribute,
    )
