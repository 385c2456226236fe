"""The web application: one release, shown in every form."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles

from vertragsgraph import __version__
from vertragsgraph.release import Release
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.dataset import dataset_of
from vertragsgraph.sparql.endpoint import SparqlEndpoint
from vertragsgraph.sparql.engine import EmbeddedEngine
from vertragsgraph.web import errors, files, health, pages, resources
from vertragsgraph.web.site import Site

EXPOSED: Final = (
    "Content-Location",
    "Content-Disposition",
    "ETag",
    "Link",
    "Location",
    "Memento-Datetime",
    "Retry-After",
)


def create_app(release: Release, settings: Settings) -> FastAPI:
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
    app.state.site = Site(release, engine)
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_headers=["*"], expose_headers=EXPOSED)
    errors.install(app)
    for router in (health.router, resources.router, files.router, pages.router):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    app.mount("/sparql", SparqlEndpoint(engine, page=pages.query_page))
    return app
