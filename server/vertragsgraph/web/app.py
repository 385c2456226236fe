"""The web application: one release, shown in every form."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vertragsgraph import __version__, reconcile
from vertragsgraph.links import routes as links
from vertragsgraph.register import ROLES
from vertragsgraph.release import Release
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.access import AccessLog
from vertragsgraph.sparql.board import Board
from vertragsgraph.sparql.cache import Headers
from vertragsgraph.sparql.dataset import dataset_of
from vertragsgraph.sparql.description import ServiceDescription
from vertragsgraph.sparql.endpoint import SparqlEndpoint
from vertragsgraph.sparql.engine import EmbeddedEngine
from vertragsgraph.sparql.exchange import EVERYWHERE, Exchange
from vertragsgraph.sparql.fast_path import PATH, FastPath
from vertragsgraph.sparql.graph_store import GraphStore
from vertragsgraph.sparql.inquiry import joined
from vertragsgraph.sparql.service import Service
from vertragsgraph.web import (
    catalogue,
    crawling,
    errors,
    explore,
    files,
    health,
    legal,
    list_files,
    lists,
    memento,
    openapi,
    pages,
    quality,
    query,
    releases,
    resources,
    search_page,
    signposting,
    vocabulary,
)
from vertragsgraph.web.asking import asking_engine
from vertragsgraph.web.assets import Static
from vertragsgraph.web.background import keep
from vertragsgraph.web.current import SECONDS, Current
from vertragsgraph.web.history import History
from vertragsgraph.web.language import language_of
from vertragsgraph.web.site import open_site, site_of
from vertragsgraph.web.slashes import SlashRedirect
from vertragsgraph.web.visits import Visits

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_PREFLIGHT: Final[Headers] = [
    *EVERYWHERE,
    (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
]


class Application:
    """Sends the paths that must be quick straight to their ASGI applications, everything else to FastAPI.

    The server may ask `fast_path` first.
    """

    def __init__(self, pages: FastAPI, direct: dict[str, ASGIApp], service: Service) -> None:
        self.pages = pages
        self._visits = Visits(pages, service)
        self.fast_path = FastPath(service)
        self._direct = direct

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        if scope["type"] != "http":
            await self.pages(scope, receive, send)
            return
        headers = joined(scope["headers"])
        application: ASGIApp = self._direct.get(scope["path"], self._visits)
        if application is self._visits and scope["method"] == "OPTIONS" and b"access-control-request-method" in headers:
            await send({"type": "http.response.start", "status": 204, "headers": _PREFLIGHT})
            await send({"type": "http.response.body"})
            return
        # Several lines of one name are as good as one (RFC 9110, section 5.3), whoever asks for it further on.
        scope.update(app=self.pages, headers=list(headers.items()))
        if _CONTROL.search(scope["path"]):  # a route would take a line break at its end for nothing
            application = await errors.respond(Request(scope), errors.not_found())
        await application(scope, receive, _with_headers(send))


def _with_headers(send: Send) -> Send:
    """Return a way to send responses that gives each the headers which all have, where it has none of that name."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _ in message.get("headers", ())}
            more = [header for header in EVERYWHERE if header[0] not in given]
            message = {**message, "headers": [*message.get("headers", ()), *more]}
        await send(message)

    return send_with_headers


def create_app(
    release: Release, settings: Settings, board: Board | None = None, log: AccessLog | None = None
) -> Application:
    """Return the application that serves a release; its lifespan starts and ends the query engine.

    `board` is what several web processes share, `log` takes a line for each query.
    """
    log = log or AccessLog()
    engine = EmbeddedEngine(dataset_of(release), settings)
    service = Service(engine, settings, board=board, log=log)

    async def publish() -> None:
        service.publish()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await engine.start()
        app.state.tasks = {
            "the watcher of releases": asyncio.create_task(keep("the watcher of releases", SECONDS, current.look)),
            "the publisher of metrics": asyncio.create_task(keep("the publisher of metrics", SECONDS, publish)),
        }
        try:
            yield
        finally:
            for task in app.state.tasks.values():
                task.cancel()
            await engine.close()

    app = FastAPI(title="vertragsgraph", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    current = Current(app.state, open_site(release, asking_engine(service, release), settings), service)
    app.state.history = History(release.folder.parent, service)
    errors.install(app, log)
    openapi.describe(app)
    for router in (
        health.router,
        resources.router,
        files.router,
        catalogue.router,
        crawling.router,
        signposting.router,
        memento.router,
        releases.router,
        pages.router,
        search_page.router,
        lists.router,
        list_files.router,
        vocabulary.router,
        quality.router,
        legal.router,
        explore.router,
        reconcile.router(lambda request: site_of(request).reconciliation, language_of),
        links.router(lambda request: site_of(request).links, language_of),
    ):
        app.include_router(router)
    app.mount("/static", Static())
    app.add_api_route("/metrics", metrics(service), methods=["GET", "HEAD"], response_class=Response)
    app.add_api_route("/health/client", health.client(service.client), methods=["GET", "HEAD"])
    graphs = GraphStore(service)
    for role in ROLES:
        app.router.routes.append(Route(f"/graph/{role}", graphs))

    async def description(exchange: Exchange) -> None:
        site = app.state.site

        async def describe() -> ServiceDescription:
            address = site.register.url + "sparql"
            return ServiceDescription(engine, address, site.examples, federates=bool(site.federation))

        await (await site.once("service description", describe))(exchange)

    endpoint = SparqlEndpoint(service, page=query.query_page, description=description)
    direct: dict[str, ASGIApp] = {PATH: errors.Unexpected(endpoint, log), "/graphs": errors.Unexpected(graphs, log)}
    app.router.redirect_slashes = False
    app.router.default = SlashRedirect(app.router, direct)
    return Application(app, direct, service)


def metrics(service: Service) -> Callable[[], Awaitable[Response]]:
    """Return the route that shows what is measured, in the text format of Prometheus."""

    async def show() -> Response:
        """Return the metrics for Prometheus."""
        service.publish()
        return Response(generate_latest(service.registry), media_type=CONTENT_TYPE_LATEST)

    return show
