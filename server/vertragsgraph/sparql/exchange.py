"""One HTTP request and its response, over bare ASGI."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any, Final

from vertragsgraph.problem import MEDIA_TYPE, Problem
from vertragsgraph.sparql.cache import Headers
from vertragsgraph.sparql.limits import shortened
from vertragsgraph.sparql.protocol import too_long

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

WATCH_AFTER: Final = 0.05
COMMON: Final[Headers] = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Query-Id, Retry-After"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
]

log = logging.getLogger("vertragsgraph.access")


class BrokenOffError(ConnectionError):
    """A response can't be completed: the server must break the connection off, so that nobody takes it for whole."""


class ClientGoneError(Exception):
    """The client has left before its response was complete."""


class Exchange:
    """A request and the means to answer it; counts what it sends, and knows its query id."""

    __slots__ = (
        "_receive",
        "_send",
        "began",
        "bytes",
        "client",
        "headers",
        "id",
        "method",
        "path",
        "query_string",
        "started",
        "status",
    )

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query_string: bytes = scope["query_string"]
        self.headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            self.headers[name] = self.headers[name] + b", " + value if name in self.headers else value
        self.id = os.urandom(8).hex()
        self.client = ""
        self.began = time.perf_counter()
        self.started = False
        self.status = 0
        self.bytes = 0

    @property
    def seconds(self) -> float:
        """Time since the request came."""
        return time.perf_counter() - self.began

    def header(self, name: bytes) -> str | None:
        """Return a request header as text; several of one name are joined."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    async def body(self, limit: int) -> bytes:
        """Return the request's body. Raise `Problem` (413) above `limit` bytes, `ClientGoneError` where it never ends."""
        declared = self.headers.get(b"content-length", b"")
        if declared.isdigit() and int(declared) > limit:
            raise too_long(limit)
        body = b""
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGoneError
            body += bytes(message.get("body", b""))
            if len(body) > limit:
                raise too_long(limit)
            if not message.get("more_body", False):
                return body

    async def begin(self, status: int, headers: Headers) -> None:
        """Send status and headers."""
        self.started = True
        self.status = status
        await self._send(
            {"type": "http.response.start", "status": status, "headers": [*headers, (b"query-id", self.id.encode())]}
        )

    async def send(self, status: int, headers: Headers, body: bytes = b"") -> None:
        """Send a whole response; to HEAD without its body, but with its length."""
        if status not in {204, 304}:
            headers = [*headers, (b"content-length", b"%d" % len(body))]
        await self.begin(status, headers)
        await self._send({"type": "http.response.body", "body": b"" if self.method == "HEAD" else body})
        self.bytes = len(body)

    async def end(self) -> None:
        """Send nothing more: the response to HEAD."""
        await self._send({"type": "http.response.body", "body": b""})

    async def stream(self, chunks: AsyncIterator[bytes], stalled_seconds: float) -> None:
        """Send the body piece by piece. Raise `BrokenOffError` where it fails or the client takes nothing for too long."""
        try:
            async for chunk in chunks:
                async with asyncio.timeout(stalled_seconds):
                    await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
                self.bytes += len(chunk)
            await self._send({"type": "http.response.body", "body": b""})
        except Problem as problem:
            msg = f"query {self.id} was broken off: {problem.detail}"
            raise BrokenOffError(msg) from problem
        except TimeoutError as error:
            msg = f"query {self.id} was broken off: the client takes nothing"
            raise BrokenOffError(msg) from error

    async def send_problem(self, problem: Problem) -> None:
        """Send a problem document (RFC 9457); it names the query id."""
        document = {**problem.document(), "query_id": self.id}
        headers = [
            *COMMON,
            (b"content-type", MEDIA_TYPE.encode()),
            (b"cache-control", b"no-store"),
            *((name.lower().encode(), value.encode()) for name, value in problem.headers.items()),
        ]
        await self.send(problem.status, headers, json.dumps(document, ensure_ascii=False).encode("utf-8", "replace"))

    async def unless_gone(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work, but stop it when the client leaves; then raise `ClientGoneError`.

        Nobody listens for the first moment, so that light queries don't pay for it.
        """
        task = asyncio.current_task()
        loop = asyncio.get_running_loop()
        watcher: asyncio.Task[None] | None = None
        gone = False

        async def watch() -> None:
            nonlocal gone
            while (await self._receive())["type"] != "http.disconnect":
                pass
            gone = True
            if task is not None:
                task.cancel()

        def begin_to_watch() -> None:
            nonlocal watcher
            watcher = loop.create_task(watch())

        timer = loop.call_later(WATCH_AFTER, begin_to_watch)
        try:
            await work()
        except asyncio.CancelledError:
            if gone and task is not None and task.uncancel() == 0:
                raise ClientGoneError from None
            raise
        finally:
            timer.cancel()
            if watcher is not None:
                watcher.cancel()
                with suppress(asyncio.CancelledError):
                    await watcher

    def log(self, outcome: str) -> None:
        """Write a line (JSON) to the access log; of the client's address only its network."""
        if log.isEnabledFor(logging.INFO):
            line = {
                "query_id": self.id, "client": shortened(self.client), "method": self.method, "path": self.path,
                "status": self.status, "outcome": outcome, "bytes": self.bytes, "ms": round(self.seconds * 1000, 2),
            }  # fmt: skip
            log.info("%s", json.dumps(line))
