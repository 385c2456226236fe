"""A web process of several: started by `vertragsgraph.web.server.supervisor` with its configuration as argument."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Final

from vertragsgraph.release import open_release, to_serve
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.api.shared_counters import Board
from vertragsgraph.web.server.server import serve

NOT_STARTED: Final = 3


def main() -> int:
    """Serve until told to end, or until the supervisor is gone; the configuration (JSON) is the argument."""
    configuration = json.loads(sys.argv[1])
    end_with_supervisor(configuration["lifeline"])
    board = Board(configuration["processes"], configuration["row"], configuration["board"])
    listener = socket.socket(fileno=configuration["listener"])
    folder = Path(configuration["release"])
    # One that takes the place of another may come when the release that the server was started with is long gone.
    is_chosen = configuration["is_chosen"]
    release = (None if is_chosen else to_serve(folder.parent)[0]) or open_release(folder)
    settings = Settings.model_validate(configuration["settings"])
    return 0 if serve(release, settings, listener, board, is_chosen=is_chosen) else NOT_STARTED


def end_with_supervisor(lifeline: int) -> None:
    """End the process in order as soon as the other end of a pipe is closed, which happens when the supervisor is gone."""

    def wait() -> None:
        os.read(lifeline, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
