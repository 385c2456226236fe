"""What the web processes of one server share: a table of numbers in memory.

Each process has a row and writes to no other, so there is nothing to lock; whoever reads adds the rows up. Only the
clock of a client's rate (`due`) is written by all: two processes that write it in the same microsecond lose one query
from the count, which is why it is a clock and no counter.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from functools import lru_cache
from hashlib import blake2b
from typing import Final

NUMBERS: Final = 128
"""Numbers in a row: what is measured (`vertragsgraph.sparql.api.metrics` says which is which)."""

SLOTS: Final = 1 << 20
"""Clients that are told apart, by a keyed hash of what identifies them. Memory is used for those only that come."""

_KEY_BYTES: Final = 16


class Board:
    """The table, seen from one process.

    `numbers` is this process's row; `running` how many queries of each slot's client it computes; `due` when each
    slot's client will have paid for its queries (monotonic clock, seconds), for all processes.
    """

    def __init__(self, processes: int = 1, row: int = 0, file: int | None = None) -> None:
        """Lay a table out for so many processes, or open the one in `file` (a descriptor, see `create`)."""
        self.processes = processes
        numbers, running, due = _KEY_BYTES, _KEY_BYTES + 8 * NUMBERS * processes, 2 * SLOTS * processes
        size = _size(processes)
        self._memory = mmap.mmap(-1 if file is None else file, size)
        whole = memoryview(self._memory)
        if file is None:
            whole[:_KEY_BYTES] = os.urandom(_KEY_BYTES)
        self._key = bytes(whole[:_KEY_BYTES])
        self.due = whole[running + due :].cast("d")
        rows = whole[numbers:running].cast("d")
        self._numbers = [rows[i * NUMBERS : (i + 1) * NUMBERS] for i in range(processes)]
        clients = whole[running : running + due].cast("H")
        self._running = [clients[i * SLOTS : (i + 1) * SLOTS] for i in range(processes)]
        self.numbers = self._numbers[row]
        self.running = self._running[row]
        self.slot = lru_cache(maxsize=4096)(self._slot)

    def total(self, number: int) -> float:
        """Return one of the numbers, added up over all processes."""
        return sum(row[number] for row in self._numbers)

    def running_of(self, slot: int) -> int:
        """Return how many queries of a client are being computed in all processes."""
        return self.running[slot] if self.processes == 1 else sum(row[slot] for row in self._running)

    def vacate(self, row: int, kept: range) -> None:
        """Take the place of a process that has ended: nothing of it is running; the numbers in `kept` go on."""
        for number in range(NUMBERS):
            if number not in kept:
                self._numbers[row][number] = 0.0
        self._running[row][:] = memoryview(bytes(2 * SLOTS)).cast("H")

    def _slot(self, client: str) -> int:
        return int.from_bytes(blake2b(client.encode(), key=self._key, digest_size=8).digest()) % SLOTS


def create(processes: int) -> int:
    """Return the descriptor of a file that holds a new table; it has no name and goes with the last who has it open."""
    with tempfile.TemporaryFile(prefix="vertragsgraph-board-") as file:
        file.truncate(_size(processes))
        file.write(os.urandom(_KEY_BYTES))
        file.flush()
        return os.dup(file.fileno())


def _size(processes: int) -> int:
    return _KEY_BYTES + processes * (8 * NUMBERS + 2 * SLOTS) + 8 * SLOTS
