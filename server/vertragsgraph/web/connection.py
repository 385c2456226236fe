"""An HTTP/1.1 connection (RFC 9112): requests are read one at a time, answered on the fast path or over ASGI, in order."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any, Final, cast

from uvicorn import Config
from uvicorn.server import ServerState

from vertragsgraph.problem import Problem
from vertragsgraph.sparql.fast_path import Begun, FastPath
from vertragsgraph.web.connections import Awaited, Client, Connections
from vertragsgraph.web.cycle import STATUS_LINE, Cycle, date, response_to, scope_of
from vertragsgraph.web.message import Body, Head, next_head

AHEAD_BYTES: Final = 65_536
"""So much is read while a request is being answered, of its body or of what comes after it: a departure is noticed."""

_UNSENT_BYTES: Final = 32_768  # less than a chunk of a file, so that none waits behind another
_LINGER_BYTES: Final = 1_048_576
_CLOSE: Final = b"connection: close\r\n\r\n"
_RESET: Final = struct.pack("ii", 1, 0)  # l_onoff, l_linger


class Connection(asyncio.Protocol):
    """A connection of uvicorn's server, which calls the constructor and `shutdown` and has its `ServerState` kept."""

    __slots__ = (
        "_ahead",
        "_app",
        "_app_state",
        "_begun",
        "_body",
        "_connections",
        "_cycle",
        "_fast_path",
        "_head",
        "_header_bytes",
        "_is_ending",
        "_is_leaving",
        "_loop",
        "_searched",
        "_state",
        "_taken",
        "_transport",
        "_unsent",
        "_writable",
        "awaited",
        "client",
        "peer",
    )

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        fast_path: FastPath,
        connections: Connections,
        header_bytes: int,
    ) -> None:
        self._app = config.loaded_app
        self._app_state = app_state
        self._state = server_state
        self._fast_path = fast_path
        self._connections = connections
        self._header_bytes = header_bytes
        self._loop = _loop or asyncio.get_running_loop()
        self._transport: asyncio.Transport
        self.peer = ""
        self.client: Client | None = None
        self.awaited: Awaited | None = None
        self._ahead = b""  # what came and is not read yet
        self._searched = 0  # so much of it holds no end of a head
        self._head: Head | None = None  # of the request that is being answered
        self._body: Body | None = None  # of that request, if it has one
        self._begun: Begun | None = None  # on the fast path
        self._cycle: Cycle | None = None  # over ASGI
        self._writable: asyncio.Event | None = None  # until the client has taken more of what it was sent
        self._unsent = 0
        self._taken = 0  # after the end
        self._is_ending = False  # with the response to come
        self._is_leaving = False

    # What the event loop and uvicorn's server call.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin (asyncio.Protocol)."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(_UNSENT_BYTES)
        self._state.connections.add(self)  # type: ignore[arg-type]
        peer = transport.get_extra_info("peername")
        self.peer = str(peer[0]) if isinstance(peer, tuple) else ""
        has_room = self._connections.enter(self, self.peer)
        self._connections.wait(self, Awaited.REQUEST)
        if not has_room:
            detail = "There are as many connections as can be served, and all are busy. Try again in a moment."
            self.refuse(Problem(503, detail, headers={"Retry-After": "1"}))

    def data_received(self, data: bytes) -> None:
        """Take what the client sends (asyncio.Protocol)."""
        if self._is_leaving:
            self._taken += len(data)
            if self._taken > _LINGER_BYTES:
                self.abort()
        elif self._body is not None and not self._body.complete:
            self._take_body(self._body, data)
        else:
            self._ahead = self._ahead + data if self._ahead else data
            self._advance()

    def pause_writing(self) -> None:
        """Note that the client takes less than it is sent (asyncio.Protocol)."""
        self._writable = asyncio.Event()
        self._unsent = self._transport.get_write_buffer_size()
        self._connections.wait(self, Awaited.READING)

    def resume_writing(self) -> None:
        """Note that the client has taken most of what it was sent (asyncio.Protocol)."""
        if self._writable is not None:
            self._writable.set()
            self._writable = None
        if not self._is_leaving:
            self._connections.go_on(self)
            self._advance()

    def connection_lost(self, exc: Exception | None) -> None:
        """End (asyncio.Protocol): whatever is being done for the client is stopped."""
        self._state.connections.discard(self)
        self._connections.leave(self)
        self._is_leaving = True
        self._ahead = b""
        begun, self._begun = self._begun, None
        if begun is not None:
            begun.leave()
        cycle, self._cycle = self._cycle, None
        if cycle is not None and cycle.task is not None:
            cycle.task.cancel()
        if self._writable is not None:
            self._writable.set()

    def shutdown(self) -> None:
        """Close the connection when what was asked has been answered (uvicorn)."""
        self._is_ending = True
        if self._cycle is not None:
            self._cycle.keep_alive = False
        elif self._head is None:
            self._leave()

    # What the fast path calls.

    def respond(self, status: int, head: bytes, body: bytes) -> None:
        """Send a complete response on the fast path."""
        end = _CLOSE if self._is_ending else b"\r\n"
        self.write(b"".join((STATUS_LINE[status], date(), head, end, body)))
        self.finish(keep_alive=True)

    def expect(self, begun: Begun) -> None:
        """Wait for the answer to a request on the fast path."""
        self._begun = begun
        self._connections.go_on(self)

    def hand_over(self, extensions: dict[str, object]) -> None:
        """Have the request on the fast path answered over ASGI."""
        self._begun = None
        if self._head is not None:
            self._start(self._head, extensions)

    # What a cycle calls.

    def write(self, *parts: bytes) -> None:
        """Send data; nothing where the connection is closed (uvloop's transports raise where asyncio's only warn)."""
        if not self._is_leaving and not self._transport.is_closing():
            self._transport.write(parts[0]) if len(parts) == 1 else self._transport.writelines(parts)

    async def writable(self) -> bool:
        """Wait until the client has taken most of what it was sent; false where the connection is closed."""
        if self._writable is not None:
            await self._writable.wait()
        return not self._is_leaving

    def read_on(self) -> None:
        """Take note that the application has what there is of the request's body."""
        self._regulate()

    def finish(self, *, keep_alive: bool) -> None:
        """Take note that the response is complete: go on with the next request, or close."""
        if self._is_leaving:
            return
        body, self._body = self._body, None
        self._head = self._begun = self._cycle = None
        if self._is_ending or not keep_alive:
            self._leave(is_talking=bool(self._ahead) or (body is not None and not body.complete))
        elif self._ahead:
            self._loop.call_soon(self._advance)  # others have their turn between two requests of one client
        elif self._writable is None:
            self._connections.wait(self, Awaited.REQUEST)

    def refuse(self, problem: Problem) -> None:
        """Send a problem document in place of a response, and close the connection."""
        if self._is_leaving:
            return
        cycle, self._cycle = self._cycle, None
        if cycle is not None and cycle.task is not None:
            cycle.task.cancel()
            if cycle.begun:
                self.abort()
                return
        status, head, body = response_to(problem)
        self.write(b"".join((STATUS_LINE[status], date(), head, _CLOSE, body)))
        self._leave(is_talking=True)

    def break_off(self) -> None:
        """Close the connection so that nobody takes for whole what was sent of the response."""
        if self._is_leaving or self._head is None:
            return
        if self._head.version == "1.0":
            # There a body ends with the connection: only a reset says that this isn't the end.
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.abort()
        else:
            self._leave()

    # What the table of connections calls.

    def timed_out(self, awaited: Awaited) -> None:
        """Close the connection of a client that took too long."""
        if awaited is Awaited.HEAD:
            self.refuse(Problem(408, "The head of the request was not complete in time."))
        elif awaited is Awaited.BODY:
            self.refuse(Problem(408, "The body of the request was not complete in time."))
        elif awaited is not Awaited.READING:
            self._leave()
        elif (unsent := self._transport.get_write_buffer_size()) < self._unsent:  # slowly, but it takes something
            self._unsent = unsent
            self._connections.wait(self, Awaited.READING)
        else:
            self.abort()

    def abort(self) -> None:
        """Close at once."""
        self._is_leaving = True
        self._connections.leave(self)
        self._transport.abort()

    def _advance(self) -> None:
        """Begin with the next request, where its head is here."""
        if self._head is not None or self._writable is not None or self._is_leaving:
            self._regulate()
            return
        data = self._ahead if self._searched else self._ahead.lstrip(b"\r\n")  # RFC 9112, section 2.2
        try:
            end, head = next_head(data, self._searched, self._header_bytes)
        except Problem as problem:
            self.refuse(problem)
            return
        if head is None:
            self._ahead, self._searched = data, max(0, len(data) - 3)
            awaited = Awaited.HEAD if data else Awaited.REQUEST
            if self.awaited is None or (data and self.awaited is Awaited.REQUEST):
                self._connections.wait(self, awaited)
            self._regulate()
            return
        self._head, self._body, self._ahead, self._searched = head, head.body(), data[end:], 0
        fast_path = self._fast_path
        if not (
            head.path == fast_path.path
            and self._body is None
            and head.query_string
            and head.keep_alive
            and head.method == "GET"
            and fast_path.take(self, head.query_string, head.fields.by_name)
        ):
            self._start(head, {})

    def _start(self, head: Head, extensions: dict[str, object]) -> None:
        """Have a request answered over ASGI."""
        if self._body is None:
            self._connections.go_on(self)
        else:
            self._connections.wait(self, Awaited.BODY)
            self._take_body(self._body, self._ahead)
            if self._is_leaving:
                return
        cycle = self._cycle = Cycle(self, head, self._body, keep_alive=head.keep_alive and not self._is_ending)
        scope = scope_of(head, self._transport, self._app_state.copy(), extensions)
        task = cycle.task = self._loop.create_task(cycle.run(self._app, scope))
        self._state.tasks.add(task)
        task.add_done_callback(self._state.tasks.discard)

    def _take_body(self, body: Body, data: bytes) -> None:
        try:
            self._ahead = body.feed(data)
        except Problem as problem:
            self.refuse(problem)
            return
        if body.complete:
            self._connections.go_on(self)
        if self._cycle is not None:
            self._cycle.wake()
        self._regulate()

    def _regulate(self) -> None:
        """Read on, unless there is enough to do."""
        if self._is_leaving:
            return
        is_busy = self._head is not None or self._writable is not None
        is_full = (is_busy and len(self._ahead) > AHEAD_BYTES) or (
            self._body is not None and len(self._body) > AHEAD_BYTES
        )
        if is_full and self._transport.is_reading():
            self._transport.pause_reading()
        elif not is_full and not self._transport.is_reading():
            self._transport.resume_reading()

    def _leave(self, *, is_talking: bool = False) -> None:
        """Close the connection when all has been sent.

        What a client that `is_talking` still sends is taken for a moment and thrown away: a reset in reply to it could
        cost the client the response (RFC 9112, section 9.6).
        """
        self._is_leaving = True
        self._ahead = b""
        self._head = self._body = None
        if is_talking and not self._transport.is_closing():
            self._transport.resume_reading()
            self._transport.write_eof()
            self._connections.wait(self, Awaited.CLOSE)
            return
        self._transport.close()
        if unsent := self._transport.get_write_buffer_size():
            self._unsent = unsent
            self._connections.wait(self, Awaited.READING)
