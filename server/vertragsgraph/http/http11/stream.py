"""What is sent to a client, which may take it slowly or not at all, and how its connection ends (RFC 9112, section 9.6)."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Final, cast

from vertragsgraph.http.http11.connections import Awaited, Client, Connections

_UNSENT_BYTES: Final = 0  # what is not taken waits where it lies, and nothing behind it
_LINGER_BYTES: Final = 1_048_576
_RESET: Final = struct.pack("ii", 1, 0)  # l_onoff, l_linger


class Stream(asyncio.Protocol):
    """A connection as far as it is written to and closed; `is_leaving` says that nothing more is sent or read on it."""

    def __init__(self, connections: Connections) -> None:
        self.peer = ""
        self.client: Client | None = None
        self.awaited: Awaited | None = None
        self.is_leaving = False
        self.connections = connections
        self.transport: asyncio.Transport
        self.writable: asyncio.Event | None = None  # until the client has taken more of what it was sent
        self._unsent = 0
        self.thrown_away = 0  # of what came, and thrown away

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin (asyncio.Protocol)."""
        self.transport = cast(asyncio.Transport, transport)
        self.transport.set_write_buffer_limits(_UNSENT_BYTES)
        peer = transport.get_extra_info("peername")
        self.peer = str(peer[0]) if isinstance(peer, tuple) else ""

    def pause_writing(self) -> None:
        """Note that the client takes less than it is sent (asyncio.Protocol)."""
        self.writable = asyncio.Event()
        self._unsent = self.transport.get_write_buffer_size()
        self.connections.wait(self, Awaited.READING)

    def resume_writing(self) -> None:
        """Note that the client has taken most of what it was sent (asyncio.Protocol)."""
        writable, self.writable = self.writable, None
        if writable is not None:
            writable.set()
        if not self.is_leaving:
            self.connections.go_on(self)
            self.proceed()

    def proceed(self) -> None:
        """Go on now that the client takes what it is sent."""

    def write(self, *parts: bytes) -> None:
        """Send data; nothing where the connection is closed (uvloop's transports raise where asyncio's only warn)."""
        if not self.is_leaving and not self.transport.is_closing():
            self.transport.write(parts[0]) if len(parts) == 1 else self.transport.writelines(parts)

    async def drained(self) -> None:
        """Wait until the client has taken most of what it was sent; who sends to a closed connection is stopped here."""
        if self.is_leaving:
            await asyncio.sleep(0)
        elif self.writable is not None:
            await self.writable.wait()

    def throw_away(self, data: bytes) -> None:
        """Take note of what came and is not read; close the connection where that is too much."""
        self.thrown_away += len(data)
        if self.thrown_away > _LINGER_BYTES:
            self.abort()

    def timed_out(self, awaited: Awaited) -> None:
        """Close the connection of a client that took too long."""
        if awaited is not Awaited.READING:
            self.leave()
        elif (unsent := self.transport.get_write_buffer_size()) < self._unsent:  # slowly, but it takes something
            self._unsent = unsent
            self.connections.wait(self, Awaited.READING)
        else:
            self.abort()

    def leave(self, *, is_talking: bool = False) -> None:
        """Close the connection when all has been sent.

        What a client that `is_talking` still sends is taken for a moment and thrown away: a reset in reply to it could
        cost the client the response (RFC 9112, section 9.6).
        """
        self.is_leaving = True
        if is_talking and not self.transport.is_closing():
            self.transport.resume_reading()
            self.transport.write_eof()
            self.connections.wait(self, Awaited.CLOSE)
            return
        self.transport.close()
        if unsent := self.transport.get_write_buffer_size():
            self._unsent = unsent
            self.connections.wait(self, Awaited.READING)

    def break_off(self, version: str) -> None:
        """Close the connection so that nobody takes for whole what was sent of a response in a version of HTTP."""
        if version == "1.0":
            # There a body ends with the connection: only a reset says that this isn't the end.
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.abort()
        else:
            self.leave()

    def abort(self) -> None:
        """Close at once."""
        self.is_leaving = True
        self.connections.leave(self)
        self.transport.abort()
