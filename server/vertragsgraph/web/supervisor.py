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
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

from vertragsgraph.settings import Settings
from vertragsgraph.sparql import board
from vertragsgraph.sparql.metrics import KEPT

LOOK_SECONDS: Final = 0.2
SOON_SECONDS: Final = 5.0
"""A process that ends sooner than this after its start counts as failed."""

FAILURES: Final = 5
"""So many failures in a row end the server."""

_log = logging.getLogger(__name__)


@dataclass
class _Place:
    """A row of the board and who has it."""

    row: int
    process: subprocess.Popen[bytes] | None = None
    since: float = 0.0


class Supervisor:
    """Keeps a number of web processes running; they share the socket and the board."""

    def __init__(self, release: Path, settings: Settings, listener: socket.socket, processes: int) -> None:
        self._listener = listener
        self._board_file = board.create(processes)
        self._board = board.Board(processes, 0, self._board_file)
        self._lifeline, self._end_of_lifeline = os.pipe()
        self._configuration = {
            "release": str(release),
            "settings": settings.model_dump(mode="json"),
            "listener": listener.fileno(),
            "board": self._board_file,
            "lifeline": self._lifeline,
            "processes": processes,
        }
        self._places = [_Place(row) for row in range(processes)]
        self._failures = 0
        self._ending = False

    def run(self) -> bool:
        """Supervise until told to end (SIGINT, SIGTERM); return whether the processes could serve at all."""
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        while True:
            running = [place for place in self._places if self._is_running(place)]
            if self._ending and not running:
                return self._failures < FAILURES
            if not self._ending:
                for place in self._places:
                    if place not in running:
                        self._start(place)
            time.sleep(LOOK_SECONDS)

    def _is_running(self, place: _Place) -> bool:
        if place.process is None:
            return False
        returncode = place.process.poll()
        if returncode is None:
            return True
        place.process = None
        if self._ending:
            return False
        self._failures = self._failures + 1 if time.monotonic() - place.since < SOON_SECONDS else 1
        _log.error("web process %d ended with status %d", place.row, returncode)
        self._board.vacate(place.row, KEPT)
        if self._failures >= FAILURES:
            self._end(signal.SIGTERM, None)
        else:
            time.sleep(LOOK_SECONDS * 2 ** (self._failures - 1))
        return False

    def _start(self, place: _Place) -> None:
        place.since = time.monotonic()
        configuration = json.dumps({**self._configuration, "row": place.row})
        # -P: a folder named like the package in the current directory is not mistaken for it.
        place.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "vertragsgraph.web.process", configuration],
            stdin=subprocess.DEVNULL,
            pass_fds=(self._listener.fileno(), self._board_file, self._lifeline),
        )

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self._ending = True
        for place in self._places:
            if place.process is not None and place.process.poll() is None:
                place.process.send_signal(signal.SIGTERM)
