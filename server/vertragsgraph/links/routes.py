"""The addresses of links: `/same-as?iri=`, and all of them as CSV, JSON, SSSOM and BEACON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from vertragsgraph.http.problem import Problem
from vertragsgraph.links.beacon import beacon
from vertragsgraph.links.mappings import QUERY, Link, from_rows, to_tsv
from vertragsgraph.links.register_entities import Term
from vertragsgraph.rdf.asking import Ask
from vertragsgraph.register import Register
from vertragsgraph.search import SearchIndex
from vertragsgraph.search.identifiers import AUTHORITIES
from vertragsgraph.spreadsheet import as_csv
from vertragsgraph.texts import Language, both

READ: Final = ["GET", "HEAD"]
VARY: Final = {"Vary": "Accept-Language"}
LONGEST: Final = 2_000
_SLOTS: Final = ("subject_label", "confidence", "mapping_date")
CSV_COLUMNS: Final = ("subject", "label", "predicate", "object", "target", "confidence", "date")


@dataclass(frozen=True)
class LinkService:
    """What the addresses of links are answered from."""

    index: SearchIndex
    register: Register
    modified: datetime
    ask: Ask

    async def links(self) -> list[Link]:
        """Return all published links, sorted."""
        results = json.loads(await self.ask(QUERY.format(graph=self.register.graph("links"))))
        rows = [{name: Term(cell["value"]) for name, cell in row.items()} for row in results["results"]["bindings"]]
        return from_rows(rows)


def router(service_of: Callable[[Request], LinkService], language_of: Callable[[Request], Language]) -> APIRouter:
    """Return the routes of the links; `service_of` says which release's links answer a request."""
    answers = _Answers(service_of, language_of)
    routes = APIRouter(tags=["links"])
    routes.add_api_route("/same-as", answers.same_as, methods=READ, summary="Leads from a foreign IRI to our resource")
    routes.add_api_route("/links.csv", answers.as_csv, methods=READ, summary="All links as CSV")
    routes.add_api_route("/links.json", answers.as_json, methods=READ, summary="All links as JSON")
    routes.add_api_route("/links/{target}.sssom.tsv", answers.as_sssom, methods=READ, summary="Links as SSSOM/TSV")
    routes.add_api_route("/links/{target}.beacon.txt", answers.as_beacon, methods=READ, summary="Links as BEACON")
    return routes


@dataclass(frozen=True)
class _Answers:
    service_of: Callable[[Request], LinkService]
    language_of: Callable[[Request], Language]

    async def same_as(self, request: Request) -> Response:
        """Lead to the resource that a foreign IRI, or an identifier such as `wd:Q1199`, names."""
        index = self.service_of(request).index
        iri = request.query_params.get("iri", "").strip()
        if not iri or len(iri) > LONGEST:
            raise Problem(400, both("name a foreign IRI: /same-as?iri=http://www.wikidata.org/entity/Q1199"))
        same = index.same(iri)
        if len(same) == 1:
            return RedirectResponse(index.resources(same)[same[0]].path, 303)
        near = [
            {"iri": index.base + resource.path, "predicate": predicate}
            for number, predicate in index.identified(iri)
            if (resource := index.resources([number]).get(number))
        ]
        if same:
            raise Problem(300, both("several resources are the same as {iri}; choose one", iri=iri), resources=near)
        message = both("no resource of this register is known to be the same as {iri}", iri=iri)
        raise Problem(404, message, related=near) if near else Problem(404, message)

    async def as_csv(self, request: Request) -> Response:
        """Return all links as CSV."""
        rows = [list(_plain(link).values()) for link in await self.service_of(request).links()]
        return Response(as_csv([CSV_COLUMNS, *rows]), media_type="text/csv; charset=utf-8")

    async def as_json(self, request: Request) -> Response:
        """Return all links as JSON."""
        return JSONResponse({"links": [_plain(link) for link in await self.service_of(request).links()]})

    async def as_sssom(self, request: Request, target: str) -> Response:
        """Return the links to one authority as SSSOM/TSV."""
        service = self.service_of(request)
        links = [link for link in await service.links() if link.target == target]
        if not links:
            raise Problem(404, both('there are no links to "{target}"; /links.json lists all', target=target))
        base = service.register.base
        name = next((authority.name for authority in AUTHORITIES if authority.key == target), target)
        title = both("Links to {name}", name=name)[self.language_of(request)]
        licence = service.register.licence.iri
        text = to_tsv(links, base, set_id=f"{base}links/{target}", title=title, licence=licence)
        return PlainTextResponse(text, headers=VARY, media_type="text/tab-separated-values; charset=utf-8")

    async def as_beacon(self, request: Request, target: str) -> Response:
        """Return the identifiers of one authority as BEACON."""
        service = self.service_of(request)
        authority = next((authority for authority in AUTHORITIES if authority.key == target), None)
        if authority is None:
            known = ", ".join(authority.key for authority in AUTHORITIES)
            raise Problem(404, both('"{target}" is not known here; known are: {known}', target=target, known=known))
        language = self.language_of(request)
        text = beacon(await service.links(), authority, service.register, service.modified, language)
        return PlainTextResponse(text, headers=VARY, media_type="text/plain; charset=utf-8")


def _plain(link: Link) -> dict[str, str]:
    label, confidence, day = ("".join(link.slots.get(name, ())[:1]) for name in _SLOTS)
    return dict(
        zip(CSV_COLUMNS, (link.subject, label, link.predicate, link.object, link.target, confidence, day), strict=True)
    )
