"""Several web processes on one listening socket: started, replaced when they end, and ended together."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from vertragsgraph.settings import Settings
from vertragsgraph.sparql.api import shared_counters
from vertragsgraph.sparql.api.metrics import KEPT

LOOK_SECONDS: Final = 0.2
SOON_SECONDS: Final = 5.0
"""A process that ends sooner than this after its start counts as failed."""

FAILURES: Final = 5
"""So many failures in a row end the server."""

_log = logging.getLogger(__name__)


class Supervisor:
    """Keeps a number of web processes running; they share the socket and the board."""

    def __init__(
        self, release: Path, settings: Settings, listener: socket.socket, processes: int, *, is_chosen: bool = False
    ) -> None:
        self._listener = listener
        self._board_file = shared_counters.create(processes)
        self._board = shared_counters.Board(processes, 0, self._board_file)
        self._lifeline, self._end_of_lifeline = os.pipe()
        self._configuration = {
            "release": str(release),
            "settings": settings.model_dump(mode="json"),
            "listener": listener.fileno(),
            "board": self._board_file,
            "lifeline": self._lifeline,
            "processes": processes,
            "is_chosen": is_chosen,
        }
        self._since = [0.0] * processes
        self._running: dict[int, subprocess.Popen[bytes]] = {}  # by their rows of the board
        self._failures = 0
        self._ending = False

    def run(self) -> bool:
        """Supervise until told to end (SIGINT, SIGTERM); return whether the processes could serve at all."""
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        while self._running or not self._ending:
            for row in range(len(self._since)):
                if row in self._running and (status := self._running[row].poll()) is not None:
                    del self._running[row]
                    self._note_end(row, status)
                if row not in self._running and not self._ending:
                    self._start(row)
            time.sleep(LOOK_SECONDS)
        return self._failures < FAILURES

    def _note_end(self, row: int, status: int) -> None:
        """Take note that a process has ended, whether it was told to or not; wait a little where it hasn't run for long."""
        if self._ending:
            return
        self._failures = self._failures + 1 if time.monotonic() - self._since[row] < SOON_SECONDS else 1
        _log.error("web process %d ended with status %d", row, status)
        self._board.vacate(row, KEPT)
        if self._failures >= FAILURES:
            self._end()
        else:
            time.sleep(LOOK_SECONDS * 2 ** (self._failures - 1))

    def _start(self, row: int) -> None:
        self._since[row] = time.monotonic()
        # -P: a folder named like the package in the current directory is not mistaken for it.
        self._running[row] = subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-m",
                "vertragsgraph.web.server.worker_main",
                json.dumps({**self._configuration, "row": row}),
            ],
            stdin=subprocess.DEVNULL,
            pass_fds=(self._listener.fileno(), self._board_file, self._lifeline),
        )

    def _end(self, *_: object) -> None:
        """Have all processes end (a handler of signals)."""
        self._ending = True
        for process in self._running.values():
            process.terminate()
