"""The SPARQL endpoint: SPARQL 1.1 Protocol for queries, as a bare ASGI application."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from vertragsgraph.sparql.cache import Headers
from vertragsgraph.sparql.exchange import COMMON, Exchange, Receive, Scope, Send
from vertragsgraph.sparql.fast_path import begun_in
from vertragsgraph.sparql.negotiation import best
from vertragsgraph.sparql.protocol import ALLOW, prepare
from vertragsgraph.sparql.service import Service

__all__ = ["Service", "SparqlEndpoint"]

Page = Callable[[Request], Response]
Description = Callable[[Exchange], Awaitable[None]]

_PAGE_PARAMETERS: Final = re.compile(rb"(lang=[A-Za-z-]*)?")
_SHORT: Final = 16_384
_PREFLIGHT: Final[Headers] = [
    *COMMON,
    (b"allow", ALLOW.encode()),
    (b"access-control-allow-methods", ALLOW.encode()),
    (b"access-control-allow-headers", b"Accept, Content-Type, If-None-Match"),
    (b"access-control-max-age", b"86400"),
]


class SparqlEndpoint:
    """The query endpoint: an ASGI application for one path.

    `page` makes the page for browsers, `description` sends the service description; both for a GET without parameters
    (the page's language may be one).
    """

    def __init__(self, service: Service, *, page: Page | None = None, description: Description | None = None) -> None:
        self._service = service
        self._page = page
        self._description = description

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        exchange = Exchange(scope, receive, send)
        if (begun := begun_in(scope)) is not None:
            await self._service.handle(exchange, begun.finish)
        elif self._page is not None and wants_page(exchange):
            await self._page(Request(scope, receive))(scope, receive, send)
        else:
            await self._service.handle(exchange, self._respond)

    async def _respond(self, exchange: Exchange) -> str:
        if exchange.method == "OPTIONS":
            await exchange.send(204, _PREFLIGHT)
            return "ok"
        if self._description is not None and is_bare(exchange):
            await self._description(exchange)
            return "ok"
        limit = self._service.settings.query_bytes
        if exchange.method == "POST" and not exchange.is_short(_SHORT):
            await self._service.admit(exchange)  # whoever must wait does so without a long body in memory
        request = prepare(
            exchange.method,
            exchange.query_string,
            exchange.header(b"content-type"),
            exchange.header(b"accept"),
            await exchange.body(limit) if exchange.method == "POST" else b"",
            max_bytes=limit,
        )
        return await self._service.answer(exchange, request)


def is_bare(exchange: Exchange) -> bool:
    """Tell whether nothing is asked: a GET or HEAD without parameters."""
    return not exchange.query_string and exchange.method in {"GET", "HEAD"}


def wants_page(exchange: Exchange) -> bool:
    """Tell whether a browser asks for the page, in whatever language: HTML is named, and wanted no less than Turtle."""
    if exchange.method not in {"GET", "HEAD"} or not _PAGE_PARAMETERS.fullmatch(exchange.query_string):
        return False
    accept = exchange.header(b"accept")
    return accept is not None and "text/html" in accept and best(accept, ("text/html", "text/turtle")) == "text/html"
