"""`/releases/…` and `/catalog`: every release under its own address, and the catalogue that harvesters read."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from vertragsgraph.problem import Problem
from vertragsgraph.release import Release, ReleaseError, all_releases, open_release
from vertragsgraph.sparql.negotiation import Format, best_format
from vertragsgraph.texts import both
from vertragsgraph.web.conditional import entity_tag, not_modified
from vertragsgraph.web.sending import FOREVER, STABLE, send_file
from vertragsgraph.web.site import site_of
from vertragsgraph.web.templating import HTML, page, root_of

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
    body = (_folder(request) / f"catalog.{form.name}").read_bytes()
    tag = entity_tag(hashlib.sha256(body).hexdigest())
    headers = {"ETag": tag, "Vary": "Accept", "Cache-Control": STABLE}
    return not_modified(request, tag, headers) or Response(body, media_type=form.content_type, headers=headers)


@router.api_route("/void", methods=["GET", "HEAD"], response_class=Response)
@router.api_route("/void.ttl", methods=["GET", "HEAD"], response_class=Response)
async def void(request: Request) -> Response:
    """Return the description of the dataset in VoID."""
    response = send_file(request, site_of(request).release, "void.ttl", STABLE)
    if response is None:
        raise Problem(404, both("nothing is served at this address; the start page links to everything there is"))
    return response


@router.api_route("/.well-known/void", methods=["GET", "HEAD"], response_class=Response)
async def well_known_void() -> Response:
    """Redirect to the description of the dataset (VoID, section 7.2)."""
    return RedirectResponse("../void", status_code=302)


@router.api_route("/releases/", methods=["GET", "HEAD"], response_class=Response)
async def listing(request: Request) -> Response:
    """Return the list of all releases; for clients that want RDF, the catalogue, which has them as versions."""
    if best_format(request.headers.get("accept"), (HTML, *CATALOGUE)) not in {HTML, None}:
        return RedirectResponse(f"{root_of(request)}catalog", status_code=303, headers={"Vary": "Accept"})
    return page(request, "releases.html", site_of(request), releases=all_releases(_folder(request)))


@router.api_route("/releases/{name}/{path:path}", methods=["GET", "HEAD"], response_class=Response)
async def release_file(name: str, path: str, request: Request) -> Response:
    """Return a file of a release, which never changes; its manifest is `release.json`."""
    release = _release(request, name)
    if path == "":
        return RedirectResponse("release.json", status_code=303)
    if path == "release.json":
        return Response(release.manifest.text(), media_type="application/json", headers={"Cache-Control": STABLE})
    response = None if path.startswith("store/") else send_file(request, release, path, FOREVER)
    if response is None:
        raise Problem(404, both("release {id} has no file {path}; release.json lists all", id=name, path=path))
    return response


def _release(request: Request, name: str) -> Release:
    folder = _folder(request) / name
    try:
        if folder.parent == _folder(request) and not folder.is_symlink() and not name.startswith("."):
            return open_release(folder)
    except ReleaseError:
        pass
    raise Problem(404, both("there is no release {id} here; see /releases/ for those there are", id=name))


def _folder(request: Request) -> Path:
    return site_of(request).release.folder.parent
