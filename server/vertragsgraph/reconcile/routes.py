"""The addresses of the service: `/reconcile` (0.2) and `/reconcile/v1` (1.0 draft)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from vertragsgraph.http.problem import Problem
from vertragsgraph.reconcile import preview, requests, responses
from vertragsgraph.reconcile.schema import Term
from vertragsgraph.reconcile.service import Service
from vertragsgraph.search import Resource
from vertragsgraph.sparql.api.protocol import refuse_coded
from vertragsgraph.texts import Language, both

MOST_SKIPPED: Final = 1_000_000
BODY_BYTES: Final = 1024 * 1024
READ: Final = ["GET", "HEAD"]
V1: Final = "/v1"
_FORM: Final = "application/x-www-form-urlencoded"


def router(service_of: Callable[[Request], Service], language_of: Callable[[Request], Language]) -> APIRouter:
    """Return the routes of the reconciliation service.

    `service_of` says which release's service answers a request, `language_of` in which language.
    """
    answers = _Answers(service_of, language_of)
    routes = APIRouter(prefix="/reconcile", tags=["reconciliation"], default_response_class=JSONResponse)
    both_ways = [*READ, "POST"]
    routes.add_api_route("", answers.root_02, methods=both_ways, summary="Manifest, queries, extension (0.2)")
    # People type the slash, and clients that post don't follow redirects.
    routes.add_api_route("/", answers.root_02, methods=both_ways, include_in_schema=False)
    routes.add_api_route("/propose_properties", answers.propose, methods=READ, summary="Properties for a type (0.2)")
    routes.add_api_route("/flyout/{what}", answers.flyout, methods=READ, summary="A few lines of HTML (0.2)")
    routes.add_api_route("/view", answers.view, methods=READ, summary="Leads to the page of an entity (0.2)")
    routes.add_api_route(V1, answers.manifest_1, methods=READ, summary="Manifest (1.0 draft)")
    for path in ("/match", "/reconcile"):  # an earlier state of the draft called it /reconcile
        routes.add_api_route(V1 + path, answers.match_1, methods=["POST"], summary="Queries (1.0 draft)")
    routes.add_api_route(f"{V1}/extend", answers.extend_1, methods=["POST"], summary="Data extension (1.0 draft)")
    routes.add_api_route(f"{V1}/extend/propose", answers.propose, methods=READ, summary="Properties (1.0 draft)")
    for start in ("", V1):
        routes.add_api_route(f"{start}/suggest/{{what}}", answers.suggest, methods=READ, summary="Suggestions")
        routes.add_api_route(f"{start}/preview", answers.preview, methods=READ, summary="A small page about an entity")
    return routes


class _Answers:
    def __init__(self, service_of: Callable[[Request], Service], language_of: Callable[[Request], Language]) -> None:
        self._service_of = service_of
        self._language_of = language_of

    async def root_02(self, request: Request) -> Response:
        """Return the manifest; for `queries` the candidates, for `extend` the values (0.2, sections 3.1, 4.3, 7.3)."""
        service, language = self._service_of(request), self._language_of(request)
        given = await _parameters(request)
        if "extend" in given:
            return await self._extend_02(service, given["extend"], language)
        if "queries" in given:
            queries = requests.queries_02(requests.parse(given["queries"], "queries"))
            found = await service.match(list(queries.values()))
            results = [{"result": responses.candidates(service, item, language, named=False)} for item in found]
            return _answer(dict(zip(queries, results, strict=True)), language)
        if request.method == "POST":
            raise Problem(400, both('send a form with "queries" or "extend"'))
        return _answer(responses.manifest_02(service, language), language)

    async def manifest_1(self, request: Request) -> Response:
        """Return the manifest of the 1.0 draft."""
        language = self._language_of(request)
        return _answer(responses.manifest_1(self._service_of(request), language), language)

    async def match_1(self, request: Request) -> Response:
        """Return the candidates for a batch of queries."""
        service, language = self._service_of(request), self._language_of(request)
        queries = requests.queries_1(requests.parse(await _body(request), "the body"))
        found = await service.match(queries)
        results = [{"candidates": responses.candidates(service, item, language, named=True)} for item in found]
        return _answer({"results": results}, language)

    async def extend_1(self, request: Request) -> Response:
        """Return the values of properties of entities."""
        service, language = self._service_of(request), self._language_of(request)
        ids, properties = requests.extension(requests.parse(await _body(request), "the body"))
        columns, metas = await self._columns(service, ids, properties, language, tagged=True)
        rows = [
            {"id": name, "properties": [{"id": term.id, "values": column[name]} for term, column in columns]}
            for name in ids
        ]
        return _answer({"meta": metas, "rows": rows}, language)

    async def suggest(self, request: Request, what: str, prefix: str = "", cursor: int = 0) -> Response:
        """Return suggestions for what somebody has typed: entities, properties or types."""
        service, language = self._service_of(request), self._language_of(request)
        offset = min(max(cursor, 0), MOST_SKIPPED)
        if what == "entity":
            found = await asyncio.to_thread(service.suggest, prefix, offset)
            return _answer(responses.suggested_entities(service, found, language), language)
        terms = _terms(service, what)
        return _answer(
            responses.suggested_terms(service.suggest_terms(terms, prefix, language, offset), language), language
        )

    async def propose(self, request: Request, limit: int | None = None) -> Response:
        """Return the properties that can be fetched for entities of a type, the most common first."""
        service, language = self._service_of(request), self._language_of(request)
        type_name = request.query_params.get("type", "")
        found = service.schema.proposed(type_name)
        return _answer(responses.proposed(found, type_name, limit if limit and limit > 0 else None, language), language)

    async def flyout(self, request: Request, what: str) -> Response:
        """Return a few lines of HTML about an entity, property or type."""
        service, language = self._service_of(request), self._language_of(request)
        name = request.query_params.get("id", "")
        if what == "entity":
            html = preview.flyout(service, _entity(service, name), language)
        else:
            term = next((term for term in _terms(service, what) if name in {term.id, term.iri}), None)
            if term is None:
                raise Problem(404, both('there is no type or property "{name}" here', name=name))
            html = preview.term_flyout(term, language)
        return _answer({"id": name, "html": html}, language)

    async def preview(self, request: Request) -> Response:
        """Return a small page about an entity."""
        service, language = self._service_of(request), self._language_of(request)
        found = _entity(service, request.query_params.get("id", ""))
        headers = {
            "Content-Language": language,
            "Content-Security-Policy": preview.CONTENT_SECURITY_POLICY,
            "Vary": "Accept-Language",
        }
        return HTMLResponse(preview.page(service, found, language), headers=headers)

    async def view(self, request: Request) -> Response:
        """Lead to the page of an entity."""
        found = _entity(self._service_of(request), request.query_params.get("id", ""))
        return RedirectResponse(f"../{found.path}", 303)

    async def _extend_02(self, service: Service, text: str, language: Language) -> Response:
        ids, properties = requests.extension(requests.parse(text, "extend"))
        columns, metas = await self._columns(service, ids, properties, language, tagged=False)
        rows = {name: {term.id: column[name] for term, column in columns} for name in ids}
        return _answer({"meta": metas, "rows": rows}, language)

    async def _columns(
        self,
        service: Service,
        ids: Sequence[str],
        properties: Sequence[tuple[str, Any]],
        language: Language,
        *,
        tagged: bool,
    ) -> tuple[list[tuple[Term, dict[str, list[responses.Json]]]], list[responses.Json]]:
        columns, metas = [], []
        for name, settings in properties:
            term = service.schema.property(name)
            if term is None:
                raise Problem(400, both('there is no property "{name}"; /suggest/property lists all', name=name))
            values = await service.extend([service.path(item) for item in ids], term, language)
            column = {
                item: responses.cells(
                    values.get(service.path(item), []), settings, service.schema, language, tagged=tagged
                )
                for item in ids
            }
            columns.append((term, column))
            metas.append(responses.meta(service, term, values, language))
        return columns, metas


def _answer(content: Any, language: Language) -> Response:
    return JSONResponse(content, headers={"Content-Language": language, "Vary": "Accept-Language"})


def _entity(service: Service, name: str) -> Resource:
    found = service.index.resource(service.path(name))
    if found is None:
        raise Problem(404, both('there is no entity "{name}" in this register', name=name[:200]))
    return found


def _terms(service: Service, what: str) -> Sequence[Term]:
    if what == "property":
        return list(service.schema.properties.values())
    if what == "type":
        return list(service.schema.types.values())
    raise Problem(404, both("suggestions are made for entity, property and type"))


async def _parameters(request: Request) -> dict[str, str]:
    """Return the parameters of the query string, or of the form that was posted."""
    if request.method != "POST":
        return dict(request.query_params)
    media_type = request.headers.get("content-type", _FORM).partition(";")[0].strip().lower()
    if media_type != _FORM:
        message = both("send a form ({wanted}), not {found}", wanted=_FORM, found=re.sub(r"[^\w./+-]", "", media_type))
        raise Problem(415, message, headers={"Accept-Post": _FORM})
    try:
        fields = parse_qs((await _body(request)).decode(), keep_blank_values=True, errors="strict")
    except (UnicodeDecodeError, ValueError) as error:
        raise Problem(400, both("the form is not UTF-8")) from error
    return {**request.query_params, **{name: values[0] for name, values in fields.items()}}


async def _body(request: Request) -> bytes:
    """Return the body of a request; raises `Problem` (413) as soon as it is too long, (415) where it is compressed."""
    refuse_coded(request.headers.get("content-encoding"))
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES:
            raise Problem(413, both("the request is longer than {bytes} bytes; send less at once", bytes=BODY_BYTES))
    return bytes(body)
