"""`/search`: full-text search over labels, alternative labels, quotations and notes; also as JSON."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from vertragsgraph.linked_data.names import VG
from vertragsgraph.linked_data.terms import Labels
from vertragsgraph.release.search import Found, Hit
from vertragsgraph.web.language import language_of
from vertragsgraph.web.lists import page_number
from vertragsgraph.web.site import Site, site_of
from vertragsgraph.web.templating import page
from vertragsgraph.web.values import Presenter
from vertragsgraph.web.ways import way_of

router = APIRouter()

SHOWN: Final = 20
# The classes whose names differ from the part of the path that names the kind.
_CLASSES: Final = {"source": "SourceDocument"}


@router.api_route("/search", methods=["GET", "HEAD"], response_class=Response)
async def search(request: Request) -> Response:
    """Return the page with the hits for `q`, of one `kind` where that is given."""
    site, language = site_of(request), language_of(request)
    text, kind = request.query_params.get("q", "").strip(), request.query_params.get("kind", "")
    number = page_number(request)
    found = await _find(site, request, text, kind, SHOWN, (number - 1) * SHOWN)
    presenter = Presenter(site, Labels(), language, way_of(request))
    return page(
        request,
        "search.html",
        site,
        query=text,
        kind=kind,
        hits=[
            (hit, kind_name(presenter, hit.kind), presenter.href(site.release.base + hit.path)) for hit in found.hits
        ],
        kinds=[(name, kind_name(presenter, name), presenter.number(count)) for name, count in found.kinds.items()],
        total=found.total,
        page_number=number,
        pages=max(1, -(-found.total // SHOWN)),
    )


@router.api_route("/search.json", methods=["GET", "HEAD"], response_class=JSONResponse)
async def search_as_json(request: Request) -> JSONResponse:
    """Return the hits for `q` as JSON: for each its IRI, kind, title, and the passage that was hit."""
    site = site_of(request)
    text, kind = request.query_params.get("q", ""), request.query_params.get("kind", "")
    found = await _find(site, request, text, kind, SHOWN, (page_number(request) - 1) * SHOWN)
    hits = [_as_json(site, hit) for hit in found.hits]
    content = {"total": found.total, "kinds": found.kinds, "hits": hits}
    return JSONResponse(content, headers={"Vary": "Accept-Language"})


async def _find(site: Site, request: Request, text: str, kind: str, limit: int, offset: int) -> Found:
    if not text:
        return Found((), 0, {})
    kinds = (kind,) if kind else ()
    return await asyncio.to_thread(site.search.search, text, language_of(request), kinds, limit, offset)


def _as_json(site: Site, hit: Hit) -> dict[str, Any]:
    return {
        "iri": site.release.base + hit.path,
        "kind": hit.kind,
        "title": "".join(mark.text for mark in hit.title),
        "passage": "".join(mark.text for mark in hit.passage),
    }


def kind_name(presenter: Presenter, kind: str) -> str:
    """Return what a kind of resource is called: the label of the class of that name, else the kind itself."""
    name = _CLASSES.get(kind) or "".join(part.capitalize() for part in kind.split("-"))
    label = presenter.site.vocabulary.get(VG + name, presenter.language)
    return label.text if label else kind
