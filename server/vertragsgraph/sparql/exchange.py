"""One HTTP request and its response, over bare ASGI."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any, Final

from vertragsgraph.problem import MEDIA_TYPE, Problem
from vertragsgraph.sparql.cache import Headers
from vertragsgraph.sparql.inquiry import Inquiry, joined
from vertragsgraph.sparql.protocol import too_long

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

EVERYWHERE: Final[Headers] = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Content-Disposition, Content-Location, Content-Range, ETag, Link, Location, Memento-Datetime, Query-Id, "
        b"Repr-Digest, Retry-After",
    ),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-content-type-options", b"nosniff"),
]
"""Headers of every response, whatever it is."""

COMMON: Final[Headers] = [*EVERYWHERE, (b"content-security-policy", b"default-src 'none'; sandbox")]
"""Headers of every response of the endpoint: what it sends is data and nothing that a browser may run."""


class BrokenOffError(ConnectionError):
    """A response can't be completed: the server must break the connection off, so that nobody takes it for whole."""


class Exchange(Inquiry):
    """A request and the means to answer it; counts what it sends. `admitted` tells that it counts among its client's."""

    __slots__ = ("_receive", "_send", "admitted", "peer")

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        super().__init__(scope["method"], scope["path"], scope["query_string"], joined(scope["headers"]))
        self._receive = receive
        self._send = send
        self.peer: tuple[str, int] | None = scope.get("client")
        self.admitted = False

    def is_short(self, limit: int) -> bool:
        """Tell whether the request's body is known to have at most so many bytes."""
        declared = self.headers.get(b"content-length", b"")
        return declared.isdigit() and len(declared) < 10 and int(declared) <= limit

    async def body(self, limit: int) -> bytes:
        """Return the request's body. Raise `Problem` (413) above `limit` bytes, `BrokenOffError` where it never ends."""
        declared = self.headers.get(b"content-length", b"")
        if declared.isdigit() and int(declared) > limit:
            raise too_long(limit)
        body = b""
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                msg = f"query {self.id} was broken off: its body did not come"
                raise BrokenOffError(msg)
            body += bytes(message.get("body", b""))
            if len(body) > limit:
                raise too_long(limit)
            if not message.get("more_body", False):
                return body

    async def begin(self, status: int, headers: Headers) -> None:
        """Send status and headers."""
        self.status = status
        await self._send(
            {"type": "http.response.start", "status": status, "headers": [*headers, (b"query-id", self.id.encode())]}
        )

    async def send(self, status: int, headers: Headers, body: bytes = b"") -> None:
        """Send a whole response; to HEAD without its body. The headers say how long it is, unless there can't be one."""
        self.status = status
        self.bytes = len(body)
        headers = [*headers, (b"query-id", self.id.encode())]
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": b"" if self.method == "HEAD" else body})

    async def end(self) -> None:
        """Send nothing more: the response to HEAD."""
        await self._send({"type": "http.response.body", "body": b""})

    async def stream(self, chunks: AsyncIterator[bytes]) -> None:
        """Send the body piece by piece. Raise `BrokenOffError` where it fails."""
        try:
            async for chunk in chunks:
                await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
                self.bytes += len(chunk)
            await self._send({"type": "http.response.body", "body": b""})
        except Problem as problem:
            msg = f"query {self.id} was broken off: {problem.detail}"
            raise BrokenOffError(msg) from problem

    async def send_problem(self, problem: Problem) -> None:
        """Send a problem document (RFC 9457); it names the query id."""
        document = {**problem.document(), "query_id": self.id}
        body = json.dumps(document).encode()
        headers = [
            *COMMON,
            (b"content-type", MEDIA_TYPE.encode()),
            (b"vary", b"Accept"),
            (b"cache-control", b"no-store"),
            length(body),
            *((name.lower().encode(), value.encode()) for name, value in problem.headers.items()),
        ]
        await self.send(problem.status, headers, body)


def length(body: bytes) -> tuple[bytes, bytes]:
    """Return the header that says how long a body is."""
    return (b"content-length", b"%d" % len(body))
