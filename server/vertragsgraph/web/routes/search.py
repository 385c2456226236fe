"""`/search`: full-text search over labels, alternative labels, quotations and notes; also as JSON."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from vertragsgraph.linked_data.terms import Labels
from vertragsgraph.search import Found, Hit, find
from vertragsgraph.texts import text_in
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.rendering.presenter import Presenter
from vertragsgraph.web.rendering.templating import page
from vertragsgraph.web.rendering.urls import way_of
from vertragsgraph.web.routes.lists import page_number
from vertragsgraph.web.site.site import Site, site_of

router = APIRouter()

SHOWN: Final = 20


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
    return await asyncio.to_thread(find, site.search, text, language_of(request), kinds, limit, offset)


def _as_json(site: Site, hit: Hit) -> dict[str, Any]:
    return {
        "iri": site.release.base + hit.path,
        "kind": hit.kind,
        "title": "".join(mark.text for mark in hit.title),
        "passage": "".join(mark.text for mark in hit.passage),
    }


def kind_name(presenter: Presenter, kind: str) -> str:
    """Return what a kind of resource is called: its title, else the name of its class."""
    known = presenter.site.kinds[kind]
    return text_in(known.title, presenter.language) if known.title else presenter.label(known.iri).text
