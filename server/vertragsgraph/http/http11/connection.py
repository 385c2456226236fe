"""An HTTP/1.1 connection (RFC 9112): requests are read one at a time, answered on the fast path or over ASGI, in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

from vertragsgraph.http.http11.connections import Awaited, Connections
from vertragsgraph.http.http11.cycle import Begun, Cycle, scope_of
from vertragsgraph.http.http11.message import Body, Head, next_head
from vertragsgraph.http.http11.response import CLOSE, refusal, status_line
from vertragsgraph.http.http11.stream import Stream
from vertragsgraph.http.problem import Problem

if TYPE_CHECKING:
    from uvicorn import Config
    from uvicorn.server import ServerState

AHEAD_BYTES: Final = 65_536
"""So much is read while a request is being answered, of its body or of what comes after it: a departure is noticed."""

_BUSY: Final = "There are as many connections as can be served, and all are busy. Try again in a moment."
_LATE: Final = {
    Awaited.HEAD: "The head of the request was not complete in time.",
    Awaited.BODY: "The body of the request was not complete in time.",
}


class FastPath(Protocol):
    """Answers what can be answered without ASGI."""

    path: bytes
    """What it answers: GET requests for this path."""

    def take(self, connection: Connection, query_string: bytes, headers: Mapping[bytes, bytes], /) -> bool:
        """Answer a request, or begin to; false where it must go over ASGI."""


class Connection(Stream):
    """A connection of uvicorn's server, which calls the constructor and `shutdown` and has its `ServerState` kept."""

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
        super().__init__(connections)
        self._app = config.loaded_app
        self._app_state = app_state
        self._state = server_state
        self._fast_path = fast_path
        self._header_bytes = header_bytes
        self.is_ending = False  # with the response to come
        self._ahead = b""  # what came and is not read yet
        self._searched = 0  # so much of it holds no end of a head
        self._is_full = False  # so that nothing is read
        self._head: Head | None = None  # of the request that is being answered
        self._body: Body | None = None  # of that request, as long as it isn't complete
        self._answering: Begun | Cycle | None = None  # that request, on the fast path or over ASGI

    # What the event loop and uvicorn's server call.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin (asyncio.Protocol)."""
        super().connection_made(transport)
        self._state.connections.add(self)  # type: ignore[arg-type]
        has_room = self.connections.enter(self, self.peer)
        self.connections.wait(self, Awaited.REQUEST)
        if not has_room:
            self._refuse(Problem(503, _BUSY, headers={"Retry-After": "1"}))

    def data_received(self, data: bytes) -> None:
        """Take what the client sends (asyncio.Protocol)."""
        if self._body is not None and not self.is_leaving:
            self._take_body(self._body, data)
        elif self.is_leaving or self.is_ending:
            self.throw_away(data)
        else:
            self._ahead = self._ahead + data if self._ahead else data
            self.proceed()

    def connection_lost(self, exc: Exception | None) -> None:
        """End (asyncio.Protocol): whatever is being done for the client is stopped."""
        self._state.connections.discard(self)
        self.connections.leave(self)
        self.is_leaving = True
        self._ahead = b""
        answering, self._answering = self._answering, None
        if answering is not None:
            answering.leave()

    def shutdown(self) -> None:
        """Close the connection when what was asked has been answered (uvicorn)."""
        self.is_ending = True
        if self._head is None:
            self.leave()

    # What the fast path calls.

    def respond(self, status: int, head: bytes, body: bytes) -> None:
        """Send a complete response on the fast path."""
        begin, end = status_line(status, int(time.time())), CLOSE if self.is_ending else b"\r\n"
        if not self.is_leaving and not self.transport.is_closing():
            self.transport.write(b"".join((begin, head, end, body)))
        self._finish(keep_alive=True)

    def expect(self, begun: Begun) -> None:
        """Wait for the answer to a request on the fast path."""
        self._answering = begun
        self.connections.go_on(self)

    def hand_over(self, extensions: dict[str, object]) -> None:
        """Have the request on the fast path answered over ASGI."""
        if self._head is not None:
            self._start(self._head, extensions)

    # What a cycle calls.

    def regulate(self) -> None:
        """Read on, unless there is enough to do."""
        if self.is_leaving:
            return
        is_head = self._head is None and self.writable is None and self._searched > 0  # which has limits of its own
        is_full = not is_head and len(self._ahead if self._body is None else self._body) > AHEAD_BYTES
        if is_full != self._is_full:
            self._is_full = is_full
            self.transport.pause_reading() if is_full else self.transport.resume_reading()
        if is_full and self.awaited is None:
            self.connections.wait(self, Awaited.ANSWER)

    def ended(self, cycle: Cycle, problem: Problem | None) -> None:
        """Take note that the response is complete or, where there is a problem, won't be: nobody may take it for whole."""
        if self.is_leaving:
            return
        if problem is None:
            self._finish(keep_alive=cycle.response is not None and cycle.response.keep_alive)
        elif cycle.response is None:
            self._refuse(problem)
        else:
            self.break_off(cycle.head.version)

    # What the table of connections calls.

    def timed_out(self, awaited: Awaited) -> None:
        """Close the connection of a client that took too long; read on where one only sent too much ahead."""
        if awaited in _LATE:
            self._refuse(Problem(408, _LATE[awaited]))
        elif awaited is Awaited.ANSWER:
            # Only who reads notices that a client is gone, and a client may have what it sent unanswered sent again
            # (RFC 9112, section 9.3.2).
            self.throw_away(self._ahead)
            self._ahead = b""
            self.shutdown()
            self.regulate()
        else:
            super().timed_out(awaited)

    def proceed(self) -> None:
        """Begin with the next request, where its head is here and nothing else is to be done before."""
        if self._head is None and self.writable is None and not self.is_leaving:
            try:
                self._begin()
            except Problem as problem:
                self._refuse(problem)
        if self._ahead or self._is_full:
            self.regulate()

    def _begin(self) -> None:
        data = self._ahead if self._searched else self._ahead.lstrip(b"\r\n")  # RFC 9112, section 2.2
        end, head = next_head(data, self._searched, self._header_bytes)
        if head is None:
            self._ahead, self._searched = data, max(0, len(data) - 3)
            if self.awaited is None or (data and self.awaited is Awaited.REQUEST):
                self.connections.wait(self, Awaited.HEAD if data else Awaited.REQUEST)
            return
        self._head, self._ahead, self._searched = head, data[end:], 0
        fast_path = self._fast_path
        if not (
            head.is_simple
            and head.path == fast_path.path
            and fast_path.take(self, head.query_string, head.fields.by_name)
        ):
            self._start(head, {})

    def _start(self, head: Head, extensions: dict[str, object]) -> None:
        """Have a request answered over ASGI."""
        self._body = body = head.body()
        cycle = self._answering = Cycle(self, head, body, self._answering)
        if body is None:
            self.connections.go_on(self)
        else:
            self.connections.wait(self, Awaited.BODY)
            self._take_body(body, self._ahead)
        self.connections.begin(self, partial(self._run, cycle, extensions))

    def _run(self, cycle: Cycle, extensions: dict[str, object]) -> None:
        if not self.is_leaving:
            task = cycle.start(self._app, scope_of(cycle.head, self.transport, self._app_state.copy(), extensions))
            self._state.tasks.add(task)
            task.add_done_callback(self._state.tasks.discard)

    def _take_body(self, body: Body, data: bytes) -> None:
        try:
            self._ahead = body.feed(data)
        except Problem as problem:
            self._refuse(problem)
            return
        if body.complete:
            self._body = None
            self.connections.go_on(self)
        if isinstance(self._answering, Cycle):
            self._answering.wake()
        self.regulate()

    def _finish(self, *, keep_alive: bool) -> None:
        """Go on with the next request after a response that is complete, or close."""
        if self.is_leaving:
            return
        is_talking = bool(self._ahead or self.thrown_away) or self._body is not None
        self._head = self._body = self._answering = None
        if self.is_ending or not keep_alive:
            self.leave(is_talking=is_talking)
        elif self.writable is not None:
            pass  # goes on when the client has taken what it was sent
        elif self._ahead:
            self.connections.go_on(self)
            # Others have their turn between two requests of one client.
            asyncio.get_running_loop().call_soon(self.proceed)
        else:
            self.connections.wait(self, Awaited.REQUEST)

    def _refuse(self, problem: Problem) -> None:
        """Send a problem document in place of a response, and close the connection."""
        answering, self._answering = self._answering, None
        if answering is not None:
            answering.leave()
        if isinstance(answering, Cycle) and answering.response is not None:
            self.abort()
        else:
            self.write(refusal(problem))
            self.leave(is_talking=True)
