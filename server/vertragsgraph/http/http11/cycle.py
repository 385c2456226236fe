"""One request and its response over ASGI."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import MutableMapping
from io import FileIO
from typing import Any, Final, Protocol
from urllib.parse import unquote

from starlette.types import ASGIApp, Scope

from vertragsgraph.http.http11.message import Body, Head
from vertragsgraph.http.http11.response import Response
from vertragsgraph.http.problem import BrokenOffError, Problem, unexpected

_PIECE_BYTES: Final = 32_768  # of a file; so much memory is held for each client that stops reading
_ENDS: Final = Problem(503, "The server ends. Ask again in a moment.", headers={"Retry-After": "5"})
_log = logging.getLogger(__name__)


class Connection(Protocol):
    """What a cycle needs of its connection; `is_ending` says that it serves no other request."""

    is_ending: bool

    def write(self, *parts: bytes) -> None:
        """Send data, nothing where the connection is closed."""

    async def drained(self) -> None:
        """Wait until the client has taken most of what was sent."""

    def regulate(self) -> None:
        """Read on, where what there was of the request's body has been taken."""

    def ended(self, cycle: Cycle, problem: Problem | None) -> None:
        """Take note that the response is complete or, where there is a problem, won't be."""


class Begun(Protocol):
    """A request on the fast path, as long as it is not answered."""

    def leave(self) -> None:
        """Take note that the client is gone."""


class Cycle:
    """One request and its response; `response` is there as soon as its head was sent.

    `begun` is the request on the fast path that the application goes on with.
    """

    def __init__(self, connection: Connection, head: Head, body: Body | None, begun: Begun | None = None) -> None:
        self.head = head
        self.response: Response | None = None
        self._connection = connection
        self._begun = begun  # until the application runs
        self._body = body
        self._expects_continue = head.expects_continue
        self._start: MutableMapping[str, Any] | None = None
        self._woken = asyncio.Event()
        self._told = False  # the application has the whole body
        self._complete = False
        self._path = ""  # of the file that is the body
        self._task: asyncio.Task[None] | None = None

    def start(self, app: ASGIApp, scope: Scope) -> asyncio.Task[None]:
        """Have the application answer; return the task, which ends with the response."""
        self._task = asyncio.get_running_loop().create_task(self._run(app, scope))
        return self._task

    def leave(self) -> None:
        """Take note that the client is gone: stop the application; where it hasn't run, it won't tell who has begun."""
        if self._begun is not None:
            self._begun.leave()
        if self._task is not None:
            self._task.cancel()

    def wake(self) -> None:
        """Note that more of the request's body is there."""
        self._woken.set()

    async def _run(self, app: ASGIApp, scope: Scope) -> None:
        problem, self._begun = unexpected(), None
        try:
            await app(scope, self.receive, self.send)
            del scope
            if self._path:
                await self._send_file()
            if not self._complete:
                msg = "the application returned before its response was complete"
                raise RuntimeError(msg)
        except BrokenOffError:  # told and counted where it was raised
            pass
        except asyncio.CancelledError:  # the client is gone, or the server ends
            problem = _ENDS
            raise
        except Exception:
            _log.exception("%s %s failed", self.head.method, self.head.path.decode("ascii"))
        finally:
            # A task knows how it ended, and so would keep all of this until the next garbage collection.
            self._task = None
            self._connection.ended(self, None if self._complete else problem)

    async def receive(self) -> MutableMapping[str, Any]:
        """Return the next part of the request's body (ASGI); after it, wait until the response is complete."""
        body = self._body
        if self._expects_continue and body is not None and not body.complete and self.response is None:
            self._connection.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._expects_continue = False
        while not self._complete and (self._told or (body is not None and not len(body) and not body.complete)):
            self._woken.clear()
            await self._woken.wait()
        if self._complete:
            return {"type": "http.disconnect"}
        content = b"" if body is None else body.take()
        self._told = body is None or body.complete
        self._connection.regulate()
        return {"type": "http.request", "body": content, "more_body": not self._told}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Send a part of the response (ASGI); the head waits for the first part of the body.

        A file (`http.response.pathsend`) is sent when the application has returned, so that nothing else of what it made is
        held for a client that takes its time.
        """
        if message["type"] == "http.response.start" and self._start is None:
            self._start = message
            return
        if message["type"] == "http.response.pathsend" and self._start is not None and self.response is None:
            self._path = message["path"]
            return
        if message["type"] != "http.response.body" or self._start is None or self._complete:
            msg = f"{message['type']} is not what comes next in a response"
            raise RuntimeError(msg)
        body, is_last = bytes(message.get("body", b"")), not message.get("more_body", False)
        response, head = self.response, b""
        if response is None:
            response = Response(keep_alive=self._may_keep_alive())
            whole = len(body) if is_last else None
            head = response.head(self.head, self._start["status"], self._start.get("headers", ()), whole)
        parts = response.framed(body, is_last=is_last)
        self.response = response
        self._connection.write(head, *parts)
        if is_last:
            self._complete = True
            self._woken.set()
        else:
            await self._connection.drained()

    async def _send_file(self) -> None:
        file, read = FileIO(self._path), asyncio.get_running_loop().run_in_executor
        try:
            while not self._complete:
                piece = bytearray(_PIECE_BYTES)  # made here: of what several threads make, memory is left in pieces
                reading = read(None, file.readinto, piece)
                count = await asyncio.shield(reading)
                body = bytes(memoryview(piece)[:count])
                del piece
                await self.send({"type": "http.response.body", "body": body, "more_body": count == _PIECE_BYTES})
        finally:  # a thread may still read when nobody waits for it any more
            reading.add_done_callback(lambda _: file.close())

    def _may_keep_alive(self) -> bool:
        """Tell whether another request may follow: what still comes of a body could not be told from one."""
        is_read = self._body is None or self._body.complete
        return is_read and self.head.keep_alive and not self._connection.is_ending


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
        "extensions": {"http.response.pathsend": {}, **extensions},
    }


def _address(transport: asyncio.BaseTransport, end: str) -> tuple[str, int] | None:
    found = transport.get_extra_info(end)
    return (str(found[0]), int(found[1])) if isinstance(found, tuple) else None
