"""`/catalog`, `/void`: the descriptions that harvesters read."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from vertragsgraph.http.accept import best_format
from vertragsgraph.http.conditional import as_http_date, entity_tag, not_modified
from vertragsgraph.http.problem import Problem
from vertragsgraph.rdf.media_types import JSON_LD, RDF_XML, TURTLE, Format
from vertragsgraph.texts import both
from vertragsgraph.web.publication.dataset_page import dataset_page
from vertragsgraph.web.publication.file_response import REVALIDATED, send_file
from vertragsgraph.web.rendering.templating import HTML
from vertragsgraph.web.site.site import Site, site_of

router = APIRouter()

CATALOGUE: Final = (TURTLE, RDF_XML, JSON_LD)


@router.api_route("/catalog", methods=["GET", "HEAD"], response_class=Response)
@router.api_route("/catalog-all", methods=["GET", "HEAD"], response_class=Response)
async def catalogue(request: Request) -> Response:
    """Return the catalogue (DCAT-AP.de 3.0), the harvested or the complete one, in RDF, or the page about the dataset.

    Harvesters that name no format get Turtle; a browser names HTML.
    """
    chosen = best_format(request.headers.get("accept"), (*CATALOGUE, HTML)) or TURTLE
    if chosen == HTML:
        return await dataset_page(request, site_of(request), _read(site_of(request), "catalog.ttl")[0])
    response = _catalogue(request, chosen)
    response.headers["Content-Location"] = f"{_name(request)}.{chosen.name}"
    return response


@router.api_route("/catalog.{extension}", methods=["GET", "HEAD"], response_class=Response)
@router.api_route("/catalog-all.{extension}", methods=["GET", "HEAD"], response_class=Response)
async def catalogue_file(extension: str, request: Request) -> Response:
    """Return the harvested or the complete catalogue in the format of a suffix, whatever `Accept` says."""
    return _catalogue(request, rdf_format(extension))


def rdf_format(extension: str) -> Format:
    """Return the format of the catalogue with a suffix; raises `Problem` (404) where there is none."""
    for offer in CATALOGUE:
        if offer.name == extension:
            return offer
    raise Problem(404, both("there is no such catalogue; there are: catalog.ttl, catalog.rdf, catalog.jsonld"))


def _name(request: Request) -> str:
    return str(request.scope["path"]).rpartition("/")[2].partition(".")[0]


def _catalogue(request: Request, form: Format) -> Response:
    site = site_of(request)
    body, written = _read(site, f"{_name(request)}.{form.name}")
    tag = entity_tag(hashlib.sha256(body).hexdigest())
    headers = {
        "ETag": tag,
        "Last-Modified": as_http_date(written),
        "Vary": "Accept",
        "Cache-Control": REVALIDATED,
        "Link": _describes(site),
    }
    unchanged = not_modified(request, tag, headers, modified=written)
    return unchanged or Response(body, media_type=form.content_type, headers=headers)


def _read(site: Site, name: str) -> tuple[bytes, datetime]:
    """Return a file of the catalogue and when it was written, both of one reading: it is replaced while releases are activated."""
    try:
        with (site.releases / name).open("rb") as file:
            return file.read(), datetime.fromtimestamp(int(os.fstat(file.fileno()).st_mtime), UTC)
    except OSError as error:
        detail = both("the catalogue isn't there; it is written anew when a release is activated")
        raise Problem(503, detail, headers={"Retry-After": "60"}) from error


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
