"""`/catalog`, `/void`: the descriptions that harvesters read."""

from __future__ import annotations

import hashlib
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from vertragsgraph.problem import Problem
from vertragsgraph.sparql.negotiation import Format, best_format
from vertragsgraph.texts import both
from vertragsgraph.web.conditional import entity_tag, not_modified
from vertragsgraph.web.sending import REVALIDATED, send_file
from vertragsgraph.web.site import Site, site_of

router = APIRouter()

# Harvesters that name no format get Turtle; a browser is shown Turtle too, as the catalogue is for machines.
CATALOGUE: Final = (
    Format("ttl", "text/turtle"),
    Format("rdf", "application/rdf+xml"),
    Format("jsonld", "application/ld+json"),
)


@router.api_route("/catalog", methods=["GET", "HEAD"], response_class=Response)
async def catalogue(request: Request) -> Response:
    """Return the catalogue (DCAT-AP.de 3.0) in the RDF format asked for, Turtle where none is named."""
    chosen = best_format(request.headers.get("accept"), CATALOGUE) or CATALOGUE[0]
    response = _catalogue(request, chosen)
    response.headers["Content-Location"] = f"catalog.{chosen.name}"
    return response


@router.api_route("/catalog.{extension}", methods=["GET", "HEAD"], response_class=Response)
async def catalogue_file(extension: str, request: Request) -> Response:
    """Return the catalogue in the format of a suffix, whatever `Accept` says."""
    chosen = next((offer for offer in CATALOGUE if offer.name == extension), None)
    if chosen is None:
        raise Problem(404, both("there is no such catalogue; there are: catalog.ttl, catalog.rdf, catalog.jsonld"))
    return _catalogue(request, chosen)


def _catalogue(request: Request, form: Format) -> Response:
    # The file is replaced as a whole while releases are activated: body and validator come from one reading.
    site = site_of(request)
    try:
        body = (site.releases / f"catalog.{form.name}").read_bytes()
    except OSError as error:
        detail = both("the catalogue isn't there; it is written anew when a release is activated")
        raise Problem(503, detail, headers={"Retry-After": "60"}) from error
    tag = entity_tag(hashlib.sha256(body).hexdigest())
    headers = {
        "ETag": tag,
        "Vary": "Accept",
        "Cache-Control": REVALIDATED,
        "Link": _describes(site),
    }
    return not_modified(request, tag, headers) or Response(body, media_type=form.content_type, headers=headers)


@router.api_route("/void", methods=["GET", "HEAD"], response_class=Response)
@router.api_route("/void.ttl", methods=["GET", "HEAD"], response_class=Response)
async def void(request: Request) -> Response:
    """Return the description of the dataset in VoID."""
    site = site_of(request)
    response = send_file(request, site.release, "void.ttl", site.modified, {"Link": _describes(site)})
    if response is None:
        raise Problem(404, both("nothing is served at this address; the start page links to everything there is"))
    return response


def _describes(site: Site) -> str:
    return f'<{site.register.url}>; rel="describes"; type="text/html"'


@router.api_route("/.well-known/void", methods=["GET", "HEAD"], response_class=Response)
async def well_known_void() -> Response:
    """Redirect to the description of the dataset (VoID, section 7.2)."""
    return RedirectResponse("../void", status_code=302)
