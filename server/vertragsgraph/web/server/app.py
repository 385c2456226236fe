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
from vertragsgraph import preview as previews
from vertragsgraph.http.fields import EVERYWHERE, PREFLIGHT, RELEASE, Headers, joined
from vertragsgraph.http.slashes import SlashRedirect
from vertragsgraph.links import routes as links
from vertragsgraph.register import ABOUT, REIFIERS, ROLES
from vertragsgraph.release import Release
from vertragsgraph.release.catalogue.citation import release_iri
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.api.access_log import AccessLog
from vertragsgraph.sparql.api.endpoint import SparqlEndpoint
from vertragsgraph.sparql.api.exchange import Exchange
from vertragsgraph.sparql.api.fast_path import PATH, FastPath
from vertragsgraph.sparql.api.graph_store import GraphStore
from vertragsgraph.sparql.api.service import Service
from vertragsgraph.sparql.api.service_description import ServiceDescription
from vertragsgraph.sparql.api.shared_counters import Board
from vertragsgraph.sparql.engine.archive import Archive
from vertragsgraph.sparql.engine.dataset import dataset_of
from vertragsgraph.sparql.engine.pool import Pool
from vertragsgraph.web.publication import catalogue, dumps, feed, memento, releases, resources
from vertragsgraph.web.publication.discovery import llms, signposting, sitemap
from vertragsgraph.web.publication.graphs import Graphs
from vertragsgraph.web.publication.release_sparql import ReleaseEndpoint
from vertragsgraph.web.rendering.assets import Static
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.routes import (
    errors,
    explore,
    health,
    home,
    legal,
    list_files,
    lists,
    openapi,
    preview,
    quality,
    search,
    vocabulary,
)
from vertragsgraph.web.routes.asking import cite, form, queries
from vertragsgraph.web.server.background import keep
from vertragsgraph.web.site.asking import asking
from vertragsgraph.web.site.past_releases import History
from vertragsgraph.web.site.site import Site, open_site, shown_release, site_of
from vertragsgraph.web.site.visits import Visits
from vertragsgraph.web.site.watcher import PREVIEW_SECONDS, SECONDS, Current

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_NAMED: Final = frozenset({200, 206, 304})


class Application:
    """Sends the paths that must be quick straight to their ASGI applications, everything else to FastAPI.

    The server may ask `fast_path` first.
    """

    def __init__(self, pages: FastAPI, direct: dict[str, ASGIApp], service: Service) -> None:
        self.pages = pages
        self._visits = pages.state.visits = Visits(pages, service)
        self.fast_path = FastPath(service)
        self._direct = direct

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        if scope["type"] != "http":
            await self.pages(scope, receive, send)
            return
        headers = joined(scope["headers"])
        application: ASGIApp = self._direct.get(scope["path"], self._visits)
        if scope["method"] == "OPTIONS" and b"access-control-request-method" in headers:
            await send({"type": "http.response.start", "status": 204, "headers": [*EVERYWHERE, *PREFLIGHT]})
            await send({"type": "http.response.body"})
            return
        # Several lines of one name are as good as one (RFC 9110, section 5.3), whoever asks for it further on.
        scope.update(app=self.pages, headers=list(headers.items()))
        if _CONTROL.search(scope["path"]):  # a route would take a line break at its end for nothing
            application = await errors.respond(Request(scope), errors.not_found())
        await application(scope, receive, _with_headers(send, scope))


def _with_headers(send: Send, scope: Scope) -> Send:
    """Return a way to send responses that gives each the headers which all have, where it has none of that name."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = [(name.lower(), value) for name, value in message.get("headers", ())]
            names = {name for name, _ in given}
            release = shown_release(scope) if message["status"] in _NAMED and RELEASE not in names else None
            if release:
                given = _naming(release, given)
            message = {**message, "headers": [*given, *(header for header in EVERYWHERE if header[0] not in names)]}
        await send(message)

    return send_with_headers


def _naming(release: Release, headers: Headers) -> Headers:
    """Return the headers of a response that is made from a release: they name it, unless it is a page, as what to cite.

    See RFC 8574; a document says itself what is to be cited.
    """
    link = joined(headers).get(b"link", b"")
    is_page = any(name == b"content-type" and value.startswith(b"text/html") for name, value in headers)
    if not is_page and b'rel="cite-as"' not in link:
        cited = f'<{release_iri(release)}>; rel="cite-as"'.encode()
        others = [header for header in headers if header[0] != b"link"]
        headers = [*others, (b"link", b", ".join(filter(None, (link, cited))))]
    return [*headers, (RELEASE, release.id.encode())]


def create_app(
    release: Release,
    settings: Settings,
    board: Board | None = None,
    log: AccessLog | None = None,
    *,
    is_chosen: bool = False,
) -> Application:
    """Return the application that serves a release; its lifespan starts and ends the query engine.

    `board` is what several web processes share, `log` takes a line for each query. A release that was chosen is served
    whatever is activated.
    """
    log = log or AccessLog()
    engine = Pool(dataset_of(release), settings)
    service = Service(engine, settings, board=board, log=log)
    archive = Archive(engine, settings)
    is_preview = previews.read(release.folder.parent) is not None

    async def publish() -> None:
        service.publish()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await engine.start()
        app.state.tasks = {
            "the watcher of releases": asyncio.create_task(
                keep("the watcher of releases", PREVIEW_SECONDS if is_preview else SECONDS, current.look)
            ),
            "the closer of past releases": asyncio.create_task(
                keep("the closer of past releases", SECONDS, archive.close_idle)
            ),
            "the publisher of metrics": asyncio.create_task(keep("the publisher of metrics", SECONDS, publish)),
        }
        try:
            yield
        finally:
            for task in app.state.tasks.values():
                task.cancel()
            await archive.close()
            await engine.close()

    app = FastAPI(title="vertragsgraph", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    site = open_site(release, asking(service, archive, release), settings)
    current = Current(app.state, site, service, archive, is_chosen=is_chosen, is_preview=is_preview)
    app.state.is_preview, app.state.is_chosen = is_preview, is_chosen
    app.state.history = History(release.folder.parent, service, archive)
    errors.install(app, log)
    queried = ReleaseEndpoint(service, archive, form.query_page)
    app.router.routes.append(Route("/releases/{name}/sparql", queried))
    openapi.describe(app)
    for router in (
        *([preview.router] if is_preview else ()),
        health.router,
        feed.router,  # before the documents, whose addresses go on as they like
        resources.router,
        dumps.router,
        catalogue.router,
        sitemap.router,
        llms.router,
        signposting.router,
        memento.router,
        releases.router,
        home.router,
        search.router,
        cite.router,
        lists.router,
        list_files.router,
        vocabulary.router,
        quality.router,
        legal.router,
        explore.router,
        reconcile.router(lambda request: site_of(request).reconciliation, language_of),
        links.router(lambda request: site_of(request).links, language_of),
    ):
        # In one list with all others: a router that is included costs every request that is not for it.
        app.router.routes.extend(router.routes)
    app.mount("/static", Static())
    app.add_api_route("/metrics", metrics(service), methods=["GET", "HEAD"], response_class=Response)
    app.add_api_route("/health/client", health.client(service.client), methods=["GET", "HEAD"])
    stored = Graphs(GraphStore(service), service)
    for path in ("/graphs", *(f"/graph/{role}" for role in (*ROLES, REIFIERS, *ABOUT))):
        app.router.routes.append(Route(path, stored))

    app.router.routes.append(Route(queries.PATH, queries.ExampleQueries(service)))

    async def description(exchange: Exchange) -> str:
        site: Site = app.state.site

        async def describe() -> ServiceDescription:
            address = site.register.services + "sparql"
            federates, licence = bool(site.federation), site.register.licence.iri
            return ServiceDescription(engine, address, site.examples, federates=federates, licence=licence)

        return await (await site.once("service description", describe))(exchange)

    endpoint = SparqlEndpoint(service, page=form.query_page, description=description)
    direct: dict[str, ASGIApp] = {PATH: errors.Unexpected(endpoint, log)}
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
