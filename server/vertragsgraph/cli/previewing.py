"""The preview that `serve` shows: its folder, and the process that follows the sources. Nothing of them is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from vertragsgraph.cli.console import NO_SERVER
from vertragsgraph.cli.session import Session
from vertragsgraph.preview import Preview, read
from vertragsgraph.release import Release, all_releases, current_release

SECONDS: Final = 0.05
PATIENCE: Final = 10.0
"""So long a process may take to end; then it is killed."""


@contextmanager
def preview_of(session: Session, *, watch: bool) -> Iterator[Release]:
    """Build a preview of the sources in a folder of its own, follow them if that is wanted, and leave nothing behind.

    Ends the command where the sources have faults and nobody watches them.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    temporary = TemporaryDirectory(prefix="vertragsgraph-preview-", ignore_cleanup_errors=True)
    folder = Path(temporary.name)
    follower: subprocess.Popen[bytes] | None = None
    try:
        if watch:
            follower = _follow(session, folder)
            release = _first(session, follower, folder)
            threading.Thread(target=_mind, args=(session, follower), daemon=True).start()
        else:
            release = _built(session, folder)
        yield release
    finally:
        # Who is impatient and presses Ctrl-C twice has nothing left behind either.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if follower:
            _end(follower)
        temporary.cleanup()


def _built(session: Session, folder: Path) -> Release:
    with session.progress() as progress:
        state = Preview(session.register.folder, folder, session.settings).refresh(progress)
    session.show(state.findings)
    session.conclude(state.findings)
    (release,) = all_releases(folder)
    return release


def _follow(session: Session, folder: Path) -> subprocess.Popen[bytes]:
    """Start the process that follows the sources; it ends when this one does, however that ends."""
    configuration = {
        "sources": str(session.register.folder),
        "preview": str(folder),
        "settings": session.settings.model_dump(mode="json"),
        "language": session.language,
    }
    # -P: a folder named like the package in the current directory is not mistaken for it.
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "vertragsgraph.cli.follower", json.dumps(configuration)],
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for this process, which sees to the other
    )


def _first(session: Session, follower: subprocess.Popen[bytes], folder: Path) -> Release:
    """Wait for the first preview, be it until somebody has mended the sources."""
    while True:
        # What is known of a preview is written after it.
        if (state := read(folder)) and state.at and (release := current_release(folder)):
            return release
        if follower.poll() is not None:
            session.fail(NO_SERVER, "the process that follows the sources has ended; start again")
        time.sleep(SECONDS)


def _mind(session: Session, follower: subprocess.Popen[bytes]) -> None:
    """Have the command end where nobody follows the sources any more, so that no page shows old ones as if they were new."""
    follower.wait()
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_IGN:  # else it has been told to
        session.say("the process that follows the sources has ended; start again")
        os.kill(os.getpid(), signal.SIGTERM)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it has started."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(PATIENCE)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
