"""`/explore`: the graph of the register, as a drawing and as a table."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from vertragsgraph.collation import sort_key
from vertragsgraph.http.problem import Problem
from vertragsgraph.linked_data.network import CENTRES, LIMIT, Network, around, network
from vertragsgraph.linked_data.terms import Labels
from vertragsgraph.register.names import is_resource
from vertragsgraph.texts import both
from vertragsgraph.web.pages.kinds import CONTRACT
from vertragsgraph.web.pages.resource import node_kinds, surroundings
from vertragsgraph.web.rendering.assets import asset
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.rendering.presenter import Presenter
from vertragsgraph.web.rendering.templating import page
from vertragsgraph.web.rendering.urls import way_of
from vertragsgraph.web.site.site import Site, site_of

router = APIRouter()


@router.api_route("/explore", methods=["GET", "HEAD"], response_class=Response)
async def explore(request: Request) -> Response:
    """Return the page with the graph: of everything, or of what is around `iri`."""
    site, iri = site_of(request), _iri(request)
    found = await _network(site, iri)
    presenter = Presenter(site, found.labels, language_of(request), way_of(request))
    rows = [
        (presenter.named(line.source), presenter.label(line.predicate), presenter.named(line.target))
        for line in found.lines
    ]
    rows.sort(key=lambda row: (sort_key(row[0].label.text), sort_key(row[1].text), sort_key(row[2].label.text)))
    return page(
        request,
        "explore.html",
        site,
        centre=presenter.named(iri) if iri else None,
        rows=rows,
        cut=found.cut,
        shown=presenter.number(len(found.lines)),
        kinds=node_kinds(presenter),
        data=_as_json(presenter, found, iri),
        script=asset("explore.js"),
    )


@router.api_route("/explore.json", methods=["GET", "HEAD"], response_class=JSONResponse)
async def explore_as_json(request: Request) -> JSONResponse:
    """Return the nodes and lines of everything, or of what is around `iri`, as JSON."""
    site, iri = site_of(request), _iri(request)
    found = await _network(site, iri)
    presenter = Presenter(site, found.labels, language_of(request), way_of(request))
    return JSONResponse(_as_json(presenter, found, iri), headers={"Vary": "Accept-Language"})


def _iri(request: Request) -> str:
    iri = request.query_params.get("iri", "")
    base = site_of(request).release.base
    if iri and (not iri.startswith(base) or any(char in iri for char in ' <>"{}|\\^`') or not iri.isprintable()):
        raise Problem(
            400, both("iri must be the IRI of a resource of this register; those begin with {base}", base=base)
        )
    return iri


async def _network(site: Site, iri: str) -> Network:
    if not iri:
        return await site.once("network", lambda: _whole(site))
    path = iri.removeprefix(site.release.base + "id/")
    return (
        around(await surroundings(site, path), iri, site.kinds)
        if is_resource(path)
        else Network((), {}, Labels(), cut=False)
    )


async def _whole(site: Site) -> Network:
    """Return the lines between all nodes; of many a selection, around the contracts that come first in their list."""
    kind = site.kinds.with_page(CONTRACT)
    index = await site.index(kind.list.path) if kind and kind.list else None
    items = index.items({}, site.day, site.register.spoken[0]) if index else ()
    return await network(site.ask, site.kinds, items[:CENTRES], many=len(items) > LIMIT)


def _as_json(presenter: Presenter, found: Network, iri: str) -> dict[str, Any]:
    nodes = sorted({end for line in found.lines for end in (line.source, line.target)} | ({iri} & found.kinds.keys()))
    return {
        "centre": iri,
        "nodes": [
            {
                "iri": node,
                "kind": found.kinds[node],
                "label": label.text,
                "lang": label.language,
                "href": presenter.href(node),
            }
            for node in nodes
            for label in [presenter.label(node)]
        ],
        "lines": [
            {"source": line.source, "target": line.target, "label": presenter.label(line.predicate).text}
            for line in found.lines
        ],
    }
