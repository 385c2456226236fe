"""How much one client may ask: so much at a time, and so much computing time in a minute.

Whoever is over that waits for a while, in the order of coming, before anything is refused: clients that ask one small question
after another (a SERVICE of another endpoint does so for each row) neither slow down when told so nor come again later.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from vertragsgraph.http.problem import Problem
from vertragsgraph.message import Message
from vertragsgraph.sparql.api.shared_counters import Board

MINUTE: Final = 60.0
EACH_SECONDS: Final = 0.001
"""What a query costs beside the time that it is computed: to read it, to send its answer."""
WAITING: Final = 1_000
"""Queries of all clients that may wait in one process for their turn. They are not read yet, so they need little memory."""
WAITING_OF_ONE: Final = 32
_PAUSE: Final = 0.05


@dataclass
class Line:
    """The queries of one client that wait for their turn; who has the lock is the first.

    `freed` is set when one of the client's queries has ended in this process; of those in others nothing is told.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    freed: asyncio.Event = field(default_factory=asyncio.Event)
    length: int = 0


class ClientLimits:
    """What each client may have, over all web processes: queries at a time, and computing time in a minute; 0: any.

    A client's computing time is a bucket that holds what it may use in a minute, and fills in a minute. What is kept of a
    client is the time at which its bucket is full again (the generic cell rate algorithm); a query is paid for when it
    ends, so that nothing need be known of it before. `patience` is how many seconds a query may wait for its turn.
    """

    def __init__(
        self,
        board: Board,
        concurrent: int,
        seconds: float,
        patience: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._board = board
        self._concurrent = concurrent
        self._seconds = seconds
        self._patience = patience
        self._clock = clock
        self._lines: dict[str, Line] = {}
        self._waiting = 0
        self._none = not concurrent and not seconds

    def enter(self, client: str) -> None:
        """Count a query that begins. Raise `Problem` (429) where it must wait for its turn; then `leave` is not due."""
        if refusal := self._refused(client):
            raise refusal

    async def admit(self, client: str) -> None:
        """Count a query that begins, when it is its turn. Raise `Problem` (429) where that would take too long."""
        if (refusal := self._refused(client)) is None:
            return
        if not self._may_wait(client):
            raise refusal
        line = self._lines.setdefault(client, Line())
        line.length += 1
        self._waiting += 1
        try:
            async with asyncio.timeout(self._patience), line.lock:
                while found := self._begin(client):
                    refusal = found
                    line.freed.clear()
                    # Not asyncio.wait_for: until Python 3.12 it forgets that it is cancelled when it is done just then,
                    # so that nothing would end the patience.
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self._pause(client)):
                            await line.freed.wait()
        except TimeoutError:
            raise refusal from None
        finally:
            self._waiting -= 1
            line.length -= 1
            if not line.length:
                del self._lines[client]

    def leave(self, client: str) -> None:
        """Count a query that has ended."""
        if not self._none:
            self._board.running[self._board.slot(client)] -= 1
            if line := self._lines.get(client):
                line.freed.set()

    def spend(self, client: str, seconds: float) -> None:
        """Count the time for which a worker has computed a query."""
        if self._seconds:
            due, slot = self._board.due, self._board.slot(client)
            due[slot] = max(due[slot], self._clock()) + (EACH_SECONDS + seconds) * MINUTE / self._seconds

    def _refused(self, client: str) -> Problem | None:
        """Count a query, or return why it may not begin now: not before others of its client that wait."""
        if self._none:
            return None
        if client not in self._lines:
            return self._begin(client)
        slot = self._board.slot(client)
        running = self._board.running_of(slot)
        return self._over(slot, running) or _too_many(running, self._concurrent)

    def _begin(self, client: str) -> Problem | None:
        """Count a query, or return why it may not begin."""
        slot = self._board.slot(client)
        self._board.running[slot] += 1  # before the others are counted, so that no two processes let the last one in
        refusal = self._over(slot, self._board.running_of(slot) - 1)
        if refusal:
            self._board.running[slot] -= 1
        return refusal

    def _over(self, slot: int, running: int) -> Problem | None:
        """Return what a client is over, where there are so many of its queries already."""
        if self._concurrent and running >= self._concurrent:
            return _too_many(running, self._concurrent)
        if self._seconds and (wait := self._wait(slot)) >= 0:
            detail = Message(
                "Your queries have used {seconds:g} seconds of computing time within a minute, which is as much as "
                "one client may use. Ask for less, or more slowly.",
                seconds=self._seconds,
            )
            headers = {"Retry-After": str(int(wait) + 1)}
            return Problem(429, detail, headers=headers, limit="rate", seconds=self._seconds)
        return None

    def _wait(self, slot: int) -> float:
        """Return after how many seconds a client has computing time left; below 0 where it has some now."""
        return self._board.due[slot] - self._clock() - MINUTE

    def _pause(self, client: str) -> float:
        """Return after how many seconds to look again whether it is a client's turn."""
        wait = self._wait(self._board.slot(client)) if self._seconds else -1.0
        return min(max(wait, EACH_SECONDS), _PAUSE) if wait >= 0 else _PAUSE

    def _may_wait(self, client: str) -> bool:
        line = self._lines.get(client)
        has_room = self._waiting < WAITING and (line is None or line.length < WAITING_OF_ONE)
        is_soon = not self._seconds or self._wait(self._board.slot(client)) <= self._patience
        return has_room and is_soon and self._patience > 0


def _too_many(running: int, allowed: int) -> Problem:
    detail = Message(
        "You have {running} queries running, which is as many as one client may have at a time. Wait for one.",
        running=running,
    )
    return Problem(429, detail, headers={"Retry-After": "1"}, limit="concurrency", queries=allowed)
