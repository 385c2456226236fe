"""The SPARQL endpoint: SPARQL 1.1 Protocol for queries, as a bare ASGI application."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Hashable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from vertragsgraph.sparql.cache import Entry, Headers
from vertragsgraph.sparql.exchange import COMMON, Exchange, Receive, Scope, Send
from vertragsgraph.sparql.negotiation import best
from vertragsgraph.sparql.protocol import ALLOW, prepare
from vertragsgraph.sparql.service import VARY, Service

__all__ = ["Service", "SparqlEndpoint"]

Page = Callable[[Request], Response]
Description = Callable[[Exchange], Awaitable[None]]

_SHORT: Final = 4_096
_PAGE_PARAMETERS: Final = re.compile(rb"(lang=[A-Za-z-]*)?")
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
        if self._page is not None and wants_page(exchange):
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
        shortcut = shortcut_of(exchange, self._service.engine.dataset.identity)
        if shortcut is not None and (entry := self._service.cache.get_by_shortcut(shortcut)) is not None:
            return await self._repeat(exchange, entry)
        self._service.limits.check(exchange.client)  # before a body is read that may be long
        limit = self._service.settings.query_bytes
        request = prepare(
            exchange.method,
            exchange.query_string,
            exchange.header(b"content-type"),
            exchange.header(b"accept"),
            await exchange.body(limit) if exchange.method == "POST" else b"",
            max_bytes=limit,
        )
        return await self._service.answer(exchange, request, shortcut)

    async def _repeat(self, exchange: Exchange, entry: Entry) -> str:
        if_none_match = exchange.headers.get(b"if-none-match")
        if if_none_match is not None and entry.etag in if_none_match:
            await exchange.send(304, [*COMMON, VARY, (b"etag", entry.etag), (b"cache-control", b"no-cache")])
            return "not-modified"
        await exchange.send(200, entry.headers, entry.body)
        return "cached"


def shortcut_of(exchange: Exchange, identity: str) -> Hashable | None:
    """Return what makes up a GET request as far as its answer depends on it, unparsed; None where it is too long."""
    if exchange.method != "GET" or len(exchange.query_string) > _SHORT:
        return None
    headers = exchange.headers
    accept, encoding = headers.get(b"accept"), headers.get(b"accept-encoding")
    if len(accept or b"") + len(encoding or b"") > _SHORT:
        return None
    return (identity, exchange.query_string, accept, encoding)


def is_bare(exchange: Exchange) -> bool:
    """Tell whether nothing is asked: a GET or HEAD without parameters."""
    return not exchange.query_string and exchange.method in {"GET", "HEAD"}


def wants_page(exchange: Exchange) -> bool:
    """Tell whether a browser asks for the page, in whatever language: HTML is named, and wanted no less than Turtle."""
    if exchange.method not in {"GET", "HEAD"} or not _PAGE_PARAMETERS.fullmatch(exchange.query_string):
        return False
    accept = exchange.header(b"accept")
    return accept is not None and "text/html" in accept and best(accept, ("text/html", "text/turtle")) == "text/html"
