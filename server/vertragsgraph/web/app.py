"""The web application: one release, shown in every form."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from vertragsgraph import __version__
from vertragsgraph.release import Release
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.dataset import dataset_of
from vertragsgraph.sparql.endpoint import Service, SparqlEndpoint
from vertragsgraph.sparql.engine import EmbeddedEngine
from vertragsgraph.web import errors, files, health, pages, resources
from vertragsgraph.web.site import open_site

EXPOSED: Final = ("Content-Location", "Content-Disposition", "ETag", "Link", "Location", "Retry-After")


class Application:
    """Sends the paths that must be quick straight to their ASGI applications, everything else to FastAPI."""

    def __init__(self, pages: FastAPI, direct: dict[str, ASGIApp]) -> None:
        self.pages = pages
        self._direct = direct

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        if scope["type"] == "http" and (application := self._direct.get(scope["path"])):
            scope["app"] = self.pages
            await application(scope, receive, send)
        else:
            await self.pages(scope, receive, send)


def create_app(release: Release, settings: Settings) -> Application:
    """Return the application that serves a release; its lifespan starts and ends the query engine."""
    engine = EmbeddedEngine(dataset_of(release), settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await engine.start()
        try:
            yield
        finally:
            await engine.close()

    app = FastAPI(title="vertragsgraph", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.site = open_site(release, engine)
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_headers=["*"], expose_headers=EXPOSED)
    errors.install(app)
    for router in (health.router, resources.router, files.router, pages.router):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    return Application(app, {"/sparql": SparqlEndpoint(Service(engine, settings), page=pages.query_page)})
