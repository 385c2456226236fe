"""A worker process as the web process sees it: started, spoken to over a socket, ended by SIGKILL."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from typing import Any, Final, Protocol

from vertragsgraph.sparql.frames import HEADER

NICEST: Final = 19


class Listener(Protocol):
    """Who wants to know what a worker says."""

    def on_frame(self, worker: WorkerProcess, kind: bytes, payload: bytes) -> None:
        """Take a frame."""

    def on_death(self, worker: WorkerProcess, returncode: int) -> None:
        """Take note that the process has ended; `returncode` as in `subprocess`: negative for a signal."""


class WorkerProcess(asyncio.Protocol):
    """A running worker; frames and its end go to the listener."""

    def __init__(self, listener: Listener, process: subprocess.Popen[bytes], lifeline: int) -> None:
        self._listener = listener
        self._process = process
        self._lifeline = lifeline
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._reaper: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, listener: Listener, configuration: dict[str, Any]) -> WorkerProcess:
        """Start a process; it says READY when its store is open."""
        ours, theirs = socket.socketpair()
        read, write = os.pipe()
        # -P: a folder named like the package in the current directory is not mistaken for it.
        arguments = [sys.executable, "-P", "-m", "vertragsgraph.sparql.worker", str(theirs.fileno()), str(read)]
        with theirs:
            process = subprocess.Popen(  # noqa: ASYNC220 (starting takes a millisecond; waiting is done elsewhere)
                [*arguments, json.dumps(configuration)],
                pass_fds=(theirs.fileno(), read),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                # One pool of memory for all threads: each more reserves address space, which the cap counts.
                env={**os.environ, "MALLOC_ARENA_MAX": "1"},
                stderr=subprocess.DEVNULL,  # what ends a worker is told by its exit status
            )
        os.close(read)
        ours.setblocking(False)
        worker = cls(listener, process, write)
        await asyncio.get_running_loop().create_unix_connection(lambda: worker, sock=ours)
        return worker

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def send(self, data: bytes) -> None:
        """Send a frame."""
        if self._transport is not None:
            self._transport.write(data)

    def pause(self) -> None:
        """Read no more from the worker until `resume`: it will wait."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def lower(self) -> None:
        """Give the process the lowest priority; there is no way back without privilege."""
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, NICEST)

    def kill(self) -> None:
        """End the process at once."""
        if self._process.poll() is None:
            self._process.kill()
        if self._transport is not None:
            self._transport.abort()

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
        data = self._buffer + data if self._buffer else data
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
        os.close(self._lifeline)
        self._reaper = asyncio.get_running_loop().create_task(self._reap())

    async def _reap(self) -> None:
        try:
            returncode = await asyncio.to_thread(self._process.wait, 1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            returncode = await asyncio.to_thread(self._process.wait)
        self._listener.on_death(self, returncode)


def died_of(returncode: int) -> str:
    """Name what ended a process: `memory`, `stack`, `time` or `other`.

    Rust aborts when memory is refused to it; a stack that runs over is SIGSEGV, on macOS SIGBUS too; a worker whose
    Python ran out of memory leaves with a status of its own; and SIGKILL that nobody here sent is the kernel's.
    """
    if returncode in {-signal.SIGABRT, -signal.SIGKILL, 70}:
        return "memory"
    if returncode in {-signal.SIGSEGV, -signal.SIGBUS}:
        return "stack"
    return "time" if returncode == -signal.SIGALRM else "other"
