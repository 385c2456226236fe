"""One request and its response over ASGI."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import MutableMapping
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final, Protocol
from urllib.parse import unquote

from starlette.types import ASGIApp, Scope

from vertragsgraph.problem import MEDIA_TYPE, Problem, unexpected
from vertragsgraph.sparql.cache import Headers, encoded
from vertragsgraph.sparql.exchange import COMMON, BrokenOffError, length
from vertragsgraph.web.message import Body, Head

_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NO_VALUE: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_BODILESS: Final = {204, 304}
_ENDS: Final = Problem(503, "The server ends. Ask again in a moment.", headers={"Retry-After": "5"})
_log = logging.getLogger(__name__)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


STATUS_LINE: Final = {status: f"HTTP/1.1 {status} {_phrase(status)}\r\n".encode() for status in range(100, 600)}


class Connection(Protocol):
    """What a cycle needs of its connection."""

    def write(self, *parts: bytes) -> None:
        """Send data, nothing where the connection is closed."""

    async def writable(self) -> bool:
        """Wait until the client has taken most of what was sent; false where the connection is closed."""

    def read_on(self) -> None:
        """Take note that the body, as far as it has come, was taken out of the request."""

    def finish(self, *, keep_alive: bool) -> None:
        """Take note that the response is complete."""

    def refuse(self, problem: Problem) -> None:
        """Send a problem document in place of a response, and close the connection."""

    def break_off(self) -> None:
        """Close the connection so that nobody takes for whole what was sent of the response."""


class Cycle:
    """One request and its response over ASGI; `task` runs the application until the response is there or the client gone."""

    __slots__ = (
        "_body",
        "_complete",
        "_connection",
        "_expects_continue",
        "_has_body",
        "_head",
        "_is_chunked",
        "_left",
        "_start",
        "_told",
        "_woken",
        "begun",
        "keep_alive",
        "task",
    )

    def __init__(self, connection: Connection, head: Head, body: Body | None, *, keep_alive: bool) -> None:
        self._connection = connection
        self._head = head
        self._body = body
        self._expects_continue = head.expects_continue
        self._start: MutableMapping[str, Any] | None = None
        self._woken = asyncio.Event()
        self._told = False  # the application has the whole body
        self._complete = False
        self._has_body = True
        self._is_chunked = False
        self._left: int | None = None  # of the response's body, where its length is known
        self.begun = False
        self.keep_alive = keep_alive
        self.task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Note that more of the request's body is there."""
        self._woken.set()

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        """Have the application answer."""
        try:
            await app(scope, self.receive, self.send)
            if not self._complete:
                msg = "the application returned before its response was complete"
                raise RuntimeError(msg)
        except BrokenOffError:  # told and counted where it was raised
            self._fail(unexpected())
        except asyncio.CancelledError:  # the client is gone, or the server ends
            self._fail(_ENDS)
            raise
        except Exception:
            _log.exception("%s %s failed", self._head.method, self._head.path.decode("ascii"))
            self._fail(unexpected())
        finally:
            self.task = None  # which knows how it ended and so would keep all of this until the next garbage collection

    async def receive(self) -> MutableMapping[str, Any]:
        """Return the next part of the request's body (ASGI); after it, wait until the response is complete."""
        body = self._body
        if self._expects_continue and body is not None and not body.complete and not self.begun:
            self._connection.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._expects_continue = False
        while not self._complete and (self._told or (body is not None and not len(body) and not body.complete)):
            self._woken.clear()
            await self._woken.wait()
        if self._complete:
            return {"type": "http.disconnect"}
        content = b"" if body is None else body.take()
        self._told = body is None or body.complete
        self._connection.read_on()
        return {"type": "http.request", "body": content, "more_body": not self._told}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Send a part of the response (ASGI); the head waits for the first part of the body."""
        if message["type"] == "http.response.start" and self._start is None:
            self._start = message
            return
        if message["type"] != "http.response.body" or self._start is None or self._complete:
            msg = f"{message['type']} is not what comes next in a response"
            raise RuntimeError(msg)
        body, is_last = bytes(message.get("body", b"")), not message.get("more_body", False)
        head = b"" if self.begun else self._begin(self._start, len(body) if is_last else None)
        self.begun = True
        self._connection.write(head, *self._framed(body, is_last=is_last))
        if is_last:
            self._complete = True
            self._woken.set()
            self._connection.finish(keep_alive=self.keep_alive)
        elif not await self._connection.writable() and self.task is not None:
            self.task.cancel()  # as it is where the client leaves meanwhile
            await asyncio.sleep(0)

    def _begin(self, start: MutableMapping[str, Any], whole: int | None) -> bytes:
        """Return the head of the response as it is sent, given the length of a body that is there as a whole."""
        head, status = self._head, start["status"]
        self._has_body = head.method != "HEAD" and status not in _BODILESS
        if self._body is not None and not self._body.complete:
            self.keep_alive = False  # what still comes of the body could not be told from another request
        lines = [STATUS_LINE[status], date()]
        for name, value in start.get("headers", ()):
            if not _NAME.fullmatch(name) or _NO_VALUE.search(value):
                msg = f"no field of a response: {name!r}: {value!r}"
                raise RuntimeError(msg)
            if name.lower() == b"connection":
                self.keep_alive = self.keep_alive and b"close" not in value.lower()
                continue
            if name.lower() == b"content-length":
                self._left = int(value)
            lines += (name, b": ", value, b"\r\n")
        if self._has_body and self._left is None:
            if whole is not None:
                self._left = whole
                lines.append(b"content-length: %d\r\n" % whole)
            elif head.version == "1.0":
                self.keep_alive = False  # the body ends with the connection (RFC 9112, section 6.3)
            else:
                self._is_chunked = True
                lines.append(b"transfer-encoding: chunked\r\n")
        lines.append(b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n")
        return b"".join(lines)

    def _framed(self, body: bytes, *, is_last: bool) -> list[bytes]:
        """Return a part of the response's body as it is sent."""
        if not self._has_body:
            self._left = None
            return []
        if self._is_chunked:
            parts = [b"%x\r\n" % len(body), body, b"\r\n"] if body else []
            return [*parts, b"0\r\n\r\n"] if is_last else parts
        if self._left is not None:
            self._left -= len(body)
            if self._left < 0 or (is_last and self._left):
                msg = "the body of a response is not as long as its head says"
                raise RuntimeError(msg)
        return [body]

    def _fail(self, problem: Problem) -> None:
        if self.begun and not self._complete:
            self._connection.break_off()
        elif not self._complete:
            self._connection.refuse(problem)


def scope_of(
    head: Head, transport: asyncio.BaseTransport, state: dict[str, Any], extensions: dict[str, object]
) -> Scope:
    """Return the scope of a request (ASGI)."""
    path = head.path.decode("ascii")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": head.version,
        "method": head.method,
        "scheme": "http",
        "path": unquote(path) if "%" in path else path,
        "raw_path": head.path,
        "query_string": head.query_string,
        "root_path": "",
        "headers": [*head.fields.headers],
        "client": _address(transport, "peername"),
        "server": _address(transport, "sockname"),
        "state": state,
        "extensions": extensions,
    }


def _address(transport: asyncio.BaseTransport, end: str) -> tuple[str, int] | None:
    found = transport.get_extra_info(end)
    return (str(found[0]), int(found[1])) if isinstance(found, tuple) else None


def date() -> bytes:
    """Return the Date field of a response sent now, as it is sent (RFC 9110, section 6.6.1)."""
    return _date(int(time.time()))


@lru_cache(maxsize=1)
def _date(second: int) -> bytes:
    return f"date: {formatdate(second, usegmt=True)}\r\n".encode()


def response_to(problem: Problem) -> tuple[int, bytes, bytes]:
    """Return status, head and body of a problem document (RFC 9457)."""
    body = problem.body()
    own = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", **problem.headers}
    headers: Headers = [
        *COMMON,
        length(body),
        *((name.lower().encode(), value.encode()) for name, value in own.items()),
    ]
    return problem.status, encoded(headers), body
