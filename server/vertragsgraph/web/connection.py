"""HTTP/1.1 connections: uvicorn's, with a short way for simple requests, and heads and bodies sent in one system call."""

from __future__ import annotations

import asyncio
import re
from functools import lru_cache
from typing import Any, Final, cast

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from vertragsgraph.sparql.cache import encoded
from vertragsgraph.sparql.fast_path import Begun, FastPath
from vertragsgraph.sparql.inquiry import joined

_END_OF_HEAD: Final = b"\r\n\r\n"
_GET: Final = re.compile(rb"GET (/[a-z]+)\?([!\"$-~]+) HTTP/1\.1\r\n")
_LONGEST: Final = 4_096
_SPECIAL: Final = {b"expect", b"content-length", b"transfer-encoding", b"upgrade"}


class Connection(HttpToolsProtocol):
    """uvicorn's protocol over a transport that holds heads back for a moment.

    A GET that comes alone and is complete, while nothing else is going on, is offered to the fast path; what that doesn't
    take goes uvicorn's way, as everything else does.
    """

    def __init__(self, *arguments: Any, fast_path: FastPath | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.peer = ""
        self._fast_path = fast_path
        self._begun: Begun | None = None  # on the fast path
        self._request = self._next = b""  # what it came as, and what came after it
        self._is_reading = self._is_ending = False
        self._used = 0.0
        self._default_head: tuple[Any, bytes] = (None, b"")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin (asyncio.Protocol)."""
        super().connection_made(
            cast(asyncio.Transport, HoldingTransport(cast(asyncio.Transport, transport), self.loop))
        )
        self.peer = self.client[0] if self.client else ""

    def data_received(self, data: bytes) -> None:
        """Take what the client sends (asyncio.Protocol)."""
        if self._begun is not None:
            self._next += data
            self.flow.pause_reading()
        elif not self._take(data):
            super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """End (asyncio.Protocol)."""
        if self._begun is not None:
            begun, self._begun = self._begun, None
            begun.leave()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Note that a request has begun (httptools)."""
        self._is_reading = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """Note that a request is complete (httptools)."""
        self._is_reading = False
        super().on_message_complete()

    def shutdown(self) -> None:
        """Close the connection when what was asked has been answered."""
        if self._begun is not None:
            self._is_ending = True
        else:
            super().shutdown()

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection, unless it has been used since (the fast path doesn't set the clock back each time)."""
        left = self._used + self.timeout_keep_alive - self.loop.time()
        if self._begun is not None or left > 0:
            wait = max(left, 1.0)
            self.timeout_keep_alive_task = self.loop.call_later(wait, self.timeout_keep_alive_handler)
        else:
            super().timeout_keep_alive_handler()

    def respond(self, status: int, head: bytes, body: bytes) -> None:
        """Send a complete response on the fast path."""
        self._begun = None
        self.server_state.total_requests += 1
        defaults = self.server_state.default_headers
        if defaults is not self._default_head[0]:
            self._default_head = (defaults, encoded(defaults))
        end = b"connection: close\r\n\r\n" if self._is_ending else b"\r\n"
        self.transport.write(b"".join((STATUS_LINE[status], self._default_head[1], head, end, body)))
        self._used = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )
        if self._is_ending:
            self.transport.close()
        elif self._next:
            self._go_on()

    def expect(self, begun: Begun) -> None:
        """Wait for the answer to a request on the fast path."""
        self._begun = begun

    def hand_over(self, extensions: dict[str, object]) -> None:
        """Have the request on the fast path answered over ASGI."""
        self._begun = None
        super().data_received(self._request)
        self.scope["extensions"] = extensions  # type: ignore[typeddict-item]
        if self._is_ending:
            super().shutdown()
        if self._next:
            self._go_on()

    def _take(self, data: bytes) -> bool:
        """Offer a request to the fast path; tell whether it was taken."""
        fast_path = self._fast_path
        if (
            fast_path is None
            or self._is_reading
            or (self.cycle is not None and not self.cycle.response_complete)
            or self.flow.write_paused
        ):
            return False
        line = _GET.match(data)
        if line is None or line[1] != fast_path.path:
            return False
        headers = fields(data[line.end() :])
        if headers is None:
            return False
        self._request = data
        return fast_path.take(self, line[2], headers)

    def _go_on(self) -> None:
        data, self._next = self._next, b""
        self.flow.resume_reading()
        self.data_received(data)


class HoldingTransport:
    """A transport that holds what ends like the head of a response until there is more, at most until the loop's next turn."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held = b""
        self._write = transport.write

    def write(self, data: bytes) -> None:
        """Send data, after what was held."""
        if self._held:
            held, self._held = self._held, b""
            self._write(held + data)
        elif data.endswith(_END_OF_HEAD):
            self._held = data
            self._loop.call_soon(self._flush)
        elif data:
            self._write(data)

    def close(self) -> None:
        """Close when everything has been sent."""
        self._flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        """Return whatever else a transport has."""
        return getattr(self._transport, name)

    def _flush(self) -> None:
        if self._held:
            held, self._held = self._held, b""
            self._write(held)


class _Fields:
    """Takes from httptools what it finds in a head."""

    def __init__(self) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self.begun = self.complete = 0

    def on_message_begin(self) -> None:
        self.begun += 1

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_message_complete(self) -> None:
        self.complete += 1


def fields(lines: bytes) -> dict[bytes, bytes] | None:
    r"""Return the headers of a GET, given the lines after its first; None unless they are all, and ask for nothing special.

    Clients send the same lines with each request, so they are read once only.

    >>> fields(b"Host: x\r\nAccept: text/csv\r\n\r\n")
    {b'host': b'x', b'accept': b'text/csv'}
    >>> fields(b"Host: x\r\nContent-Length: 5\r\n\r\n") is None, fields(b"Host: x\r\n") is None
    (True, True)
    """
    return _read(lines) if len(lines) <= _LONGEST else None


@lru_cache(maxsize=1_024)
def _read(lines: bytes) -> dict[bytes, bytes] | None:
    found = _Fields()
    parser = httptools.HttpRequestParser(found)
    try:
        parser.feed_data(b"GET / HTTP/1.1\r\n" + lines)
    except (httptools.HttpParserError, httptools.HttpParserUpgrade):
        return None
    if found.begun != 1 or found.complete != 1:
        return None
    headers = joined(found.headers)
    if headers.get(b"connection", b"keep-alive").lower() != b"keep-alive" or not _SPECIAL.isdisjoint(headers):
        return None
    return headers
