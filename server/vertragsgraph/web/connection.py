"""Connections that send the head of a response together with the beginning of its body: one packet, one system call."""

from __future__ import annotations

import asyncio
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_END_OF_HEAD: Final = b"\r\n\r\n"


class Connection(HttpToolsProtocol):
    """uvicorn's protocol over a transport that holds heads back for a moment."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin (asyncio.Protocol)."""
        super().connection_made(
            cast(asyncio.Transport, HoldingTransport(cast(asyncio.Transport, transport), self.loop))
        )


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
