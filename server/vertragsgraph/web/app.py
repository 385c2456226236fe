"""The web application: one release, shown in every form."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from vertragsgraph import __version__, reconcile
from vertragsgraph.links import routes as links
from vertragsgraph.register import ROLES
from vertragsgraph.release import Release
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.access import AccessLog
from vertragsgraph.sparql.board import Board
from vertragsgraph.sparql.dataset import dataset_of
from vertragsgraph.sparql.description import ServiceDescription
from vertragsgraph.sparql.endpoint import SparqlEndpoint
from vertragsgraph.sparql.engine import EmbeddedEngine
from vertragsgraph.sparql.exchange import Exchange
from vertragsgraph.sparql.fast_path import PATH, FastPath
from vertragsgraph.sparql.graph_store import GraphStore
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
from vertragsgraph.web.current import Current
from vertragsgraph.web.history import History
from vertragsgraph.web.language import language_of
from vertragsgraph.web.site import open_site, site_of
from vertragsgraph.web.visits import Visits

METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")
EXPOSED: Final = (
    "Content-Location",
    "Content-Disposition",
    "ETag",
    "Link",
    "Location",
    "Memento-Datetime",
    "Retry-After",
)


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
        if scope["type"] == "http" and (application := self._direct.get(scope["path"])):
            scope["app"] = self.pages
            await application(scope, receive, send)
        else:
            await self._visits(scope, receive, send)


def create_app(
    release: Release, settings: Settings, board: Board | None = None, log: AccessLog | None = None
) -> Application:
    """Return the application that serves a release; its lifespan starts and ends the query engine.

    `board` is what several web processes share, `log` takes a line for each query.
    """
    engine = EmbeddedEngine(dataset_of(release), settings)
    service = Service(engine, settings, board=board, log=log)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await engine.start()
        tasks = [asyncio.create_task(current.keep()), asyncio.create_task(service.keep_publishing())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await engine.close()

    app = FastAPI(title="vertragsgraph", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    current = Current(app.state, open_site(release, asking_engine(service, release), settings), service)
    app.state.history = History(release.folder.parent, service)
    app.add_middleware(
        CORSMiddleware, allow_origins=["*"], allow_methods=METHODS, allow_headers=["*"], expose_headers=EXPOSED
    )
    errors.install(app)
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
    return Application(app, {PATH: endpoint, "/graphs": graphs}, service)


def metrics(service: Service) -> Callable[[], Awaitable[Response]]:
    """Return the route that shows what is measured, in the text format of Prometheus."""

    async def show() -> Response:
        """Return the metrics for Prometheus."""
        service.publish()
        return Response(generate_latest(service.registry), media_type=CONTENT_TYPE_LATEST)

    return show
