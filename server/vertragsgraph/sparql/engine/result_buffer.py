"""Results on their way from a worker to a reader, who may be slow."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import deque
from collections.abc import Callable
from typing import IO

from vertragsgraph.http.problem import Problem
from vertragsgraph.message import Message
from vertragsgraph.sparql.engine import problems
from vertragsgraph.sparql.worker.frames import CHUNK
from vertragsgraph.texts import marked


class Spool:
    """The disk space that the results of all queries together may take, in bytes."""

    def __init__(self, size: int) -> None:
        self.left = size


class ResultBuffer:
    """Bytes of one result: up to `memory` of them in memory, the rest in a temporary file within the spool's size.

    The worker's side calls `feed`, then `finish` or `fail`; the reader's side `read` until it returns nothing. Writing
    to the file blocks no longer than copying to the page cache does.
    """

    def __init__(self, memory: int, spool: Spool, resume: Callable[[], None]) -> None:
        self._memory = memory
        self._spool = spool
        self._resume = resume
        self._chunks: deque[bytes] = deque()
        self._held = 0
        self._file: IO[bytes] | None = None
        self._written = self._taken = 0
        self._finished = self._is_read = False
        self._problem: Problem | None = None
        self._waiting: asyncio.Future[None] | None = None

    def feed(self, data: bytes) -> bool:
        """Take bytes from the worker; false asks for no more until `resume` is called: the spool is full."""
        if self._problem is not None:
            return True
        if self._file is None and self._held < self._memory:
            self._chunks.append(data)
            self._held += len(data)
        else:
            try:
                self._to_file(data)
            except OSError as error:
                reason = error.strerror or str(error)
                detail = Message(
                    "The server could not keep the result for as long as it was read: {reason}. Try again later.",
                    reason=reason,
                )
                title = marked("No space for the result")
                self.fail(Problem(503, detail, title=title, headers=problems.LATER, limit="spool"))
        self._wake()
        return self._file is None or self._spool.left > 0

    def finish(self) -> bytes | None:
        """Note that the result is complete; return it where it is in memory and nothing of it has been read."""
        self._finished = True
        if not self._is_read and self._file is None and self._problem is None:
            whole = b"".join(self._chunks)
            self._chunks.clear()
            return whole
        self._wake()
        return None

    def fail(self, problem: Problem) -> None:
        """Note that the result will never be complete: the reader gets `problem` raised instead of what it has not read."""
        self._problem = problem
        self._release()
        self._wake()

    async def read(self) -> bytes:
        """Return the next bytes, nothing at the end; raise the `Problem` that cut the result off."""
        self._is_read = True
        while True:
            if self._problem is not None:
                raise self._problem
            if self._chunks:
                data = self._chunks.popleft()
                self._held -= len(data)
                return data
            if self._file is not None:
                return self._from_file(self._file)
            if self._finished:
                return b""
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting

    def close(self) -> None:
        """Give the spool's space back; what has not been read is dropped."""
        self._chunks.clear()
        self._release()

    def _to_file(self, data: bytes) -> None:
        if self._file is None:
            # It lives as long as the buffer. Nothing is held back: a full disk is told while something can still be done.
            self._file = tempfile.TemporaryFile(prefix="vertragsgraph-result-", buffering=0)  # noqa: SIM115
        rest = memoryview(data)
        while rest:
            count = os.pwrite(self._file.fileno(), rest, self._written)
            rest = rest[count:]
            self._written += count
            self._spool.left -= count

    def _from_file(self, file: IO[bytes]) -> bytes:
        data = os.pread(file.fileno(), CHUNK, self._taken)
        self._taken += len(data)
        if self._taken == self._written:
            self._release()
            self._resume()
        return data

    def _release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._spool.left += self._written
            self._file, self._written, self._taken = None, 0, 0

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
