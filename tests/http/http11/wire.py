"""A connection without a server: the protocol over a transport in memory, in a real event loop."""

from __future__ import annotations

import asyncio
import functools
import os
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, ParamSpec
from urllib.parse import unquote_to_bytes

import uvicorn
from uvicorn.server import ServerState

from vertragsgraph.http.http11.connection import Connection
from vertragsgraph.http.http11.connections import Connections
from vertragsgraph.http.problem import BrokenOffError
from vertragsgraph.settings import Settings

Parameters = ParamSpec("Parameters")


def in_loop(test: Callable[Parameters, Coroutine[Any, Any, None]]) -> Callable[Parameters, None]:
    """Run a test in an event loop of its own."""

    @functools.wraps(test)
    def run(*arguments: Parameters.args, **options: Parameters.kwargs) -> None:
        asyncio.run(asyncio.wait_for(test(*arguments, **options), 20))

    return run


async def turns(count: int = 12) -> None:
    """Let the event loop turn."""
    for _ in range(count):
        await asyncio.sleep(0)


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    while not condition():  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.01)


class Wire(asyncio.Transport):
    """What the event loop makes of a socket: `sent` is what the client has taken, all of it unless `stalled`."""

    def __init__(self, protocol: asyncio.Protocol, address: str) -> None:
        super().__init__({"peername": (address, 1), "sockname": ("127.0.0.1", 2), "socket": self})
        self.sent = b""
        self.stalled = self.is_paused = self.ended = self.is_closed = self.was_reset = False
        self._protocol = protocol
        self._unsent = b""
        self._most = 0
        self._waits = self._closing = False

    def setsockopt(self, *_: object) -> None:
        self.was_reset = True

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self._most = high or 0

    def get_write_buffer_size(self) -> int:
        return len(self._unsent)

    def write(self, data: Any) -> None:
        assert not self._closing
        self._unsent += data
        if not self.stalled:
            self.take()
        elif len(self._unsent) > self._most and not self._waits:
            self._waits = True
            self._protocol.pause_writing()

    def take(self, most: int | None = None) -> None:
        """Have the client take what it was sent, or so much of it."""
        taken, self._unsent = (self._unsent, b"") if most is None else (self._unsent[:most], self._unsent[most:])
        self.sent += taken
        if self._waits and not self._unsent:
            self._waits = False
            self._protocol.resume_writing()
        self._lose_if_done()

    def write_eof(self) -> None:
        self.ended = True

    def is_reading(self) -> bool:
        return not self.is_paused

    def pause_reading(self) -> None:
        self.is_paused = True

    def resume_reading(self) -> None:
        self.is_paused = False

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        self._closing = True
        self._lose_if_done()

    def abort(self) -> None:
        self._closing, self._unsent = True, b""
        self._lose_if_done()

    def _lose_if_done(self) -> None:
        if self._closing and not self._unsent and not self.is_closed:
            self.is_closed = True
            asyncio.get_running_loop().call_soon(self._protocol.connection_lost, None)


class Fast:
    """A fast path that answers `now`, is asked to wait by `later`, and leaves the rest to ASGI."""

    path = b"/sparql"

    def __init__(self) -> None:
        self.waiting: list[Connection] = []
        self.left = 0

    def take(self, connection: Connection, query_string: bytes, _headers: Mapping[bytes, bytes]) -> bool:
        if query_string.startswith(b"now"):
            connection.respond(200, b"content-length: %d\r\n" % len(query_string), query_string)
        elif query_string.startswith(b"later"):
            self.waiting.append(connection)
            connection.expect(self)
        return query_string.startswith((b"now", b"later"))

    def leave(self) -> None:
        self.left += 1


class Application:
    """Answers over ASGI as the path says; `begun` are the paths that were asked, `stopped` those whose client left."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.stopped: list[str] = []
        self.go = asyncio.Event()
        self.taken = b""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path, query = scope["path"], scope["query_string"]
        self.begun.append(path + ("?" + query.decode() if query else ""))
        try:
            await getattr(self, path[1:])(scope, receive, send)
        except asyncio.CancelledError:
            self.stopped.append(path)
            raise

    async def echo(self, scope: Any, receive: Any, send: Any) -> None:
        """Send back what was sent; without a body, the query string."""
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
            self.taken = body
        await self.answer(send, body or scope["query_string"])
        assert (await receive())["type"] == "http.disconnect"

    sparql = echo

    async def slow(self, scope: Any, _receive: Any, send: Any) -> None:
        await self.go.wait()
        await self.answer(send, scope["query_string"])

    async def stream(self, scope: Any, _receive: Any, send: Any) -> None:
        """Send so many KiB, then what else the query string says: `cut`, `fail`, `wait` or nothing."""
        size, _, then = scope["query_string"].decode().partition("&")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(int(size)):
            await send({"type": "http.response.body", "body": b"x" * 1024, "more_body": True})
        if then == "cut":
            raise BrokenOffError
        if then == "fail":
            raise ValueError
        if then == "wait":
            await self.go.wait()
        await send({"type": "http.response.body"})

    async def file(self, scope: Any, _receive: Any, send: Any) -> None:
        """Send a file and say how long it is; the query string is its path and, after `&`, so many bytes that it lacks."""
        assert "http.response.pathsend" in scope["extensions"]
        path, _, lacks = scope["query_string"].decode().partition("&")
        length = os.stat(path).st_size + int(lacks or 0)  # noqa: PTH116 - ruff lets no Path be asked here
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % length)]})
        await send({"type": "http.response.pathsend", "path": path})
        self.begun.append("returned")

    async def headers(self, scope: Any, _receive: Any, send: Any) -> None:
        """Send the headers that the query string names, and `body`."""
        pairs = [pair.partition(b"=")[::2] for pair in scope["query_string"].split(b"&")]
        headers = [(unquote_to_bytes(name), unquote_to_bytes(value)) for name, value in pairs if name != b"body"]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": dict(pairs).get(b"body", b"")})

    async def nothing(self, *_: Any) -> None:
        """Return without a response."""

    async def wrong(self, _scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.body", "body": b""})

    async def answer(self, send: Any, body: bytes) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": body})


class Site:
    """What the connections of a process have in common."""

    def __init__(self, **settings: Any) -> None:
        self.settings = Settings(**settings)
        self.connections = Connections(self.settings)
        self.fast = Fast()
        self.application = Application()
        self.state = ServerState()
        self._config = uvicorn.Config(self.application, ws="none", log_config=None, proxy_headers=False)
        self._config.load()

    def connect(self, address: str = "192.0.2.1") -> tuple[Connection, Wire]:
        connection = Connection(
            config=self._config,
            server_state=self.state,
            app_state={},
            fast_path=self.fast,
            connections=self.connections,
            header_bytes=self.settings.header_bytes,
        )
        wire = Wire(connection, address)
        connection.connection_made(wire)
        return connection, wire


def request(line: str, *fields: str, body: bytes = b"") -> bytes:
    length = [f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join((f"{line} HTTP/1.1", "Host: x", *fields, *length, "", "")).encode() + body
