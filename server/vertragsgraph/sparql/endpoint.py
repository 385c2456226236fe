"""The SPARQL endpoint: SPARQL 1.1 Protocol for queries, as a bare ASGI application."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from vertragsgraph.sparql.cache import Headers
from vertragsgraph.sparql.exchange import COMMON, Exchange, Receive, Scope, Send
from vertragsgraph.sparql.fast_path import begun_in, names_html
from vertragsgraph.sparql.negotiation import GRAPHS, SOLUTIONS, best
from vertragsgraph.sparql.protocol import ALLOW, prepare, refuse_coded
from vertragsgraph.sparql.service import Service

__all__ = ["Service", "SparqlEndpoint"]

Page = Callable[[Request], Response]
Description = Callable[[Exchange], Awaitable[None]]

_FORMAT: Final = re.compile(rb"(^|&)(format|output)=")
_QUERY: Final = re.compile(rb"(^|&)query=")
_MEDIA_TYPES: Final = tuple(offer.media_type for offer in (*SOLUTIONS, *GRAPHS))
_CHEAP: Final = 16_384  # a body up to this is read and looked up in the cache whoever sends it
_PREFLIGHT: Final[Headers] = [
    *COMMON,
    (b"allow", ALLOW.encode()),
    (b"access-control-allow-methods", ALLOW.encode()),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
]


class SparqlEndpoint:
    """The query endpoint: an ASGI application for one path.

    `page` makes the page for browsers (`wants_page`), `description` sends the service description for a GET without
    parameters.
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
        request = prepare(
            exchange.method,
            exchange.query_string,
            exchange.header(b"content-type"),
            exchange.header(b"accept"),
            await self._body(exchange, limit) if exchange.method == "POST" else b"",
            max_bytes=limit,
        )
        return await self._service.answer(exchange, request)

    async def _body(self, exchange: Exchange, limit: int) -> bytes:
        refuse_coded(exchange.header(b"content-encoding"))
        if not exchange.is_short(_CHEAP):
            await self._service.admit(exchange)  # whoever must wait does so without a long body in memory
        return await exchange.body(limit)


def is_bare(exchange: Exchange) -> bool:
    """Tell whether nothing is asked: a GET or HEAD without parameters."""
    return not exchange.query_string and exchange.method in {"GET", "HEAD"}


def wants_page(exchange: Exchange) -> bool:
    """Tell whether a browser asks for the page, with or without a query in it.

    Then HTML is named, and wanted more than any result or, where nothing is asked, no less than Turtle; and the address
    names no format of a result.
    """
    accept = exchange.headers.get(b"accept")
    if exchange.method not in {"GET", "HEAD"} or not names_html(accept) or _FORMAT.search(exchange.query_string):
        return False
    asks = _QUERY.search(exchange.query_string)
    offers = (*_MEDIA_TYPES, "text/html") if asks else ("text/html", "text/turtle")
    return best(exchange.header(b"accept"), offers) == "text/html"
