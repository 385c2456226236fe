"""A worker process as the web process sees it: started, spoken to over a socket, ended by SIGKILL."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from typing import Any, Final, Protocol

from vertragsgraph.sparql.worker.frames import HEADER

_MEMORY: Final = {
    # One pool of memory for all threads: each more reserves address space, which the cap counts.
    "MALLOC_ARENA_MAX": "1",
    # A query's many small pieces are kept at hand for the next one (glibc keeps 7 of a size): pyoxigraph takes a fifth less
    # for a look-up.
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=1000",
}
_CPU_CLOCK: Final = 2  # with a process id: the clock of its processor time (clock_getcpuclockid, Linux)


class Listener(Protocol):
    """Who wants to know what a worker says."""

    def on_frame(self, worker: Any, kind: bytes, payload: bytes) -> None:
        """Take a frame."""

    def on_death(self, worker: Any, returncode: int) -> None:
        """Take note that the process has ended; `returncode` as in `subprocess`: negative for a signal."""


class WorkerProcess(asyncio.Protocol):
    """A running worker; frames and its end go to the listener."""

    def __init__(self, listener: Listener, configuration: dict[str, Any]) -> None:
        """Start a process; it says READY when its store is open, once `connect` listens. Raises `OSError`."""
        self._listener = listener
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._reaper: asyncio.Task[None] | None = None
        self._socket, theirs = socket.socketpair()
        self._socket.setblocking(False)
        read, self._lifeline = os.pipe()
        # -P: a folder named like the package in the current directory is not mistaken for it.
        arguments = [sys.executable, "-P", "-m", "vertragsgraph.sparql.worker.worker", str(theirs.fileno()), str(read)]
        try:
            self._process = subprocess.Popen(
                [*arguments, json.dumps(configuration)],
                pass_fds=(theirs.fileno(), read),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, **_MEMORY},
                stderr=subprocess.DEVNULL,  # what ends a worker is told by its exit status
            )
        except OSError:
            self._socket.close()
            os.close(self._lifeline)
            raise
        finally:
            theirs.close()
            os.close(read)

    async def connect(self) -> None:
        """Listen to the process."""
        await asyncio.get_running_loop().create_unix_connection(lambda: self, sock=self._socket)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def processor_time(self, seconds: float) -> float:
        """Return for how long the process has computed in all, in seconds; `seconds` where the system doesn't tell."""
        try:
            return time.clock_gettime(~self.pid << 3 | _CPU_CLOCK)
        except (OSError, AttributeError):
            return seconds

    def send(self, kind: bytes, payload: bytes) -> None:
        """Send a frame."""
        if self._transport is not None:
            self._transport.write(HEADER.pack(kind, len(payload)) + payload)

    def pause(self) -> None:
        """Read no more from the worker until `resume`: it will wait."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def kill(self) -> None:
        """End the process at once."""
        if self._process.poll() is None:
            self._process.kill()
        if self._transport is not None:
            self._transport.abort()
        else:  # it was never listened to
            self._socket.close()
            self._cut_lifeline()

    async def ended(self) -> None:
        """Wait until the process has ended and been reaped."""
        if self._reaper is not None:
            await asyncio.shield(self._reaper)
        else:
            await asyncio.to_thread(self._process.wait)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the transport (asyncio.Protocol)."""
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Cut what comes into frames (asyncio.Protocol)."""
        if self._buffer:
            data = self._buffer + data
        position, length = 0, len(data)
        while length - position >= HEADER.size:
            kind, size = HEADER.unpack_from(data, position)
            end = position + HEADER.size + size
            if end > length:
                break
            self._listener.on_frame(self, kind, data[position + HEADER.size : end])
            position = end
        self._buffer = data[position:]

    def connection_lost(self, exc: Exception | None) -> None:
        """Take note that the worker has ended, or is about to (asyncio.Protocol)."""
        self._cut_lifeline()
        self._reaper = asyncio.get_running_loop().create_task(self._reap())

    def _cut_lifeline(self) -> None:
        lifeline, self._lifeline = self._lifeline, -1
        if lifeline >= 0:
            os.close(lifeline)

    async def _reap(self) -> None:
        try:
            returncode = await asyncio.to_thread(self._process.wait, 1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            returncode = await asyncio.to_thread(self._process.wait)
        self._listener.on_death(self, returncode)
