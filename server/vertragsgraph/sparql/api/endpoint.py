"""The SPARQL endpoint: SPARQL 1.1 Protocol for queries, as a bare ASGI application."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from vertragsgraph.http.accept import best
from vertragsgraph.rdf.media_types import GRAPHS, SOLUTIONS
from vertragsgraph.sparql.api.exchange import Exchange, Receive, Scope, Send, preflight
from vertragsgraph.sparql.api.protocol import ALLOW, prepare, refuse_coded, too_long
from vertragsgraph.sparql.api.service import Service

__all__ = ["Service", "SparqlEndpoint"]

Page = Callable[[Request], Response]
Description = Callable[[Exchange], Awaitable[str]]

_FORMAT: Final = re.compile(rb"(^|&)(format|output)=")
_QUERY: Final = re.compile(rb"(^|&)query=")
_MEDIA_TYPES: Final = tuple(offer.media_type for offer in (*SOLUTIONS, *GRAPHS))
_CHEAP: Final = 16_384  # a body up to this is read and looked up in the cache whoever sends it


class SparqlEndpoint:
    """The query endpoint: an ASGI application for one path.

    `page` makes the page for browsers (`wants_page`), `description` sends the service description for a GET without
    parameters and returns the outcome.
    """

    def __init__(self, service: Service, *, page: Page | None = None, description: Description | None = None) -> None:
        self._service = service
        self._page = page
        self._description = description

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        exchange = Exchange.over_asgi(scope, receive, send)
        if self._page is not None and wants_page(exchange):
            await self._page(Request(scope, receive))(scope, receive, send)
        else:
            await self._service.handle(exchange, self._respond)

    async def _respond(self, exchange: Exchange) -> str:
        if exchange.answer is not None:  # begun on the fast path
            return await self._service.deliver(exchange)
        if exchange.method == "OPTIONS":
            return await exchange.send(preflight(ALLOW))
        if self._description is not None and is_bare(exchange):
            return await self._description(exchange)
        request = prepare(
            exchange.method,
            exchange.query_string,
            exchange.header(b"content-type"),
            exchange.header(b"accept"),
            await self._body(exchange) if exchange.method == "POST" else b"",
            max_bytes=self._service.settings.query_bytes,
        )
        return await self._service.answer(exchange, request)

    async def _body(self, exchange: Exchange) -> bytes:
        """Return the body of a POST; raise `Problem` where it is compressed (415) or too long (413)."""
        refuse_coded(exchange.header(b"content-encoding"))
        limit, declared = self._service.settings.query_bytes, exchange.headers.get(b"content-length", b"")
        size = int(declared[:10]) if declared.isdigit() else limit
        if size > limit:
            raise too_long(limit)
        if size > _CHEAP:
            await self._service.admit(exchange)  # whoever must wait does so without a long body in memory
        body = b""
        async for part in exchange.body():
            body += part
            if len(body) > limit:
                raise too_long(limit)
        return body


def is_bare(exchange: Exchange) -> bool:
    """Tell whether nothing is asked: a GET or HEAD without parameters."""
    return not exchange.query_string and exchange.method in {"GET", "HEAD"}


def wants_page(exchange: Exchange) -> bool:
    """Tell whether a browser asks for the page, with or without a query in it.

    Then HTML is named, and wanted more than any result or, where nothing is asked, no less than Turtle; and the address
    names no format of a result.
    """
    accept = exchange.headers.get(b"accept", b"")
    if exchange.method not in {"GET", "HEAD"} or b"text/html" not in accept.lower():
        return False
    if _FORMAT.search(exchange.query_string):
        return False
    asks = _QUERY.search(exchange.query_string)
    offers = (*_MEDIA_TYPES, "text/html") if asks else ("text/html", "text/turtle")
    return best(exchange.header(b"accept"), offers) == "text/html"
