"""Clients that leave before they have their answer: their queries are stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from vertragsgraph.sparql.exchange import ClientGoneError, Exchange

MOMENT_SECONDS: Final = 0.05


class Departures:
    """Listens for the departure of clients whose query takes longer than a moment; then their task is cancelled.

    One timer serves all, and light queries pay nothing but their place in a set.
    """

    def __init__(self) -> None:
        self._new: set[Exchange] = set()
        self._old: set[Exchange] = set()
        self._ticking = False

    @asynccontextmanager
    async def watching(self, exchange: Exchange) -> AsyncIterator[None]:
        """Raise `ClientGoneError` inside where the client leaves before the end."""
        exchange.task = asyncio.current_task()
        self._new.add(exchange)
        if not self._ticking:
            self._ticking = True
            asyncio.get_running_loop().call_later(MOMENT_SECONDS, self._tick)
        try:
            yield
        except asyncio.CancelledError:
            if exchange.gone and exchange.task is not None and exchange.task.uncancel() == 0:
                raise ClientGoneError from None
            raise
        finally:
            self._new.discard(exchange)
            self._old.discard(exchange)
            if exchange.watcher is not None:
                exchange.watcher.cancel()
                await asyncio.wait([exchange.watcher])

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        for exchange in self._old:
            exchange.watcher = loop.create_task(_listen(exchange))
        self._old, self._new = self._new, set()
        self._ticking = bool(self._old)
        if self._ticking:
            loop.call_later(MOMENT_SECONDS, self._tick)


async def _listen(exchange: Exchange) -> None:
    while (await exchange.receive())["type"] != "http.disconnect":
        pass
    exchange.gone = True
    if exchange.task is not None:
        exchange.task.cancel()
