"""`/releases/{id}/sparql`: each release, past or current, under an endpoint of its own that always gives the same answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from vertragsgraph.release import Release
from vertragsgraph.sparql.api.endpoint import SparqlEndpoint
from vertragsgraph.sparql.api.exchange import Exchange
from vertragsgraph.sparql.api.service import Service
from vertragsgraph.sparql.api.service_description import ServiceDescription
from vertragsgraph.sparql.engine.archive import Archive
from vertragsgraph.sparql.engine.dataset import dataset_of
from vertragsgraph.sparql.engine.engine import Engine
from vertragsgraph.web.publication.releases import named_release
from vertragsgraph.web.site.kept import Kept
from vertragsgraph.web.site.site import Site, site_of

_DESCRIBED: Final = 16
"""Releases whose service description is kept."""


class ReleaseEndpoint:
    """The query endpoint of the release that the address names: an ASGI application behind a route with its `name`.

    Limits, formats and errors are those of the usual endpoint; `page` makes the page for browsers.
    """

    def __init__(self, service: Service, archive: Archive, page: Callable[[Request, Release], Response]) -> None:
        self._service = service
        self._archive = archive
        self._page = page
        self._descriptions = Kept(_DESCRIBED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI); raise `Problem` (404) where there is no such release."""
        request = Request(scope)
        release = named_release(request, scope["path_params"]["name"])
        service = self._service.beside(self._archive.engine(dataset_of(release)))

        async def description(exchange: Exchange) -> str:
            # To open the release, and to count what is in it, is on the account of who asks.
            await service.admit(exchange)
            began = time.monotonic()
            try:
                return await (await self._description(release, service.engine, site_of(request)))(exchange)
            finally:
                service.spending(exchange)(time.monotonic() - began)

        endpoint = SparqlEndpoint(service, page=lambda request: self._page(request, release), description=description)
        await endpoint(scope, receive, send)

    async def _description(self, release: Release, engine: Engine, site: Site) -> ServiceDescription:
        federates = bool(site.federation) and release.id == site.release.id

        async def describe() -> ServiceDescription:
            address = f"{site.register.url}releases/{release.id}/sparql"
            return ServiceDescription(engine, address, site.examples, federates=federates)

        return await self._descriptions.get((engine.dataset.identity, federates), describe)
