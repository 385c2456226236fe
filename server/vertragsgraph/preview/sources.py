"""Whether the sources of a register have changed: by looking at them again and again.

That notices whatever a build would read: also files that editors put in the place of others, on network drives, behind links,
and in folders that are removed and made again (docs/decisions/home-made.md).
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from vertragsgraph.register import FILE_NAME
from vertragsgraph.sources.folder import is_left_out

PARTS: Final = ("data", "ontology", "shapes")
PAUSE: Final = 0.1
"""Seconds between two looks; longer where a look takes long, so that looking never takes more than a tenth of the time."""


def stamp(folder: Path) -> str:
    """Return something that changes with every file from which the register in a folder is built."""
    digest = hashlib.sha256()
    for path in _files(folder):
        try:
            status = path.stat()
            seen = f"{status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
        except OSError as error:  # it is gone, or can't be read: a build will say so
            seen = type(error).__name__
        digest.update(f"{path} {seen}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()


def changed(folder: Path, seen: str) -> str:
    """Wait until the stamp of a register is another than the one `seen`, and has stayed for a moment; return it."""
    while True:
        began = time.monotonic()
        now = stamp(folder)
        time.sleep(max(PAUSE, 9 * (time.monotonic() - began)))
        if now != seen and now == stamp(folder):
            return now


def _files(folder: Path) -> Iterator[Path]:
    yield folder / FILE_NAME
    known: set[str] = set()
    for part in PARTS:
        for place, folders, names in os.walk(folder / part, followlinks=True):
            identity = os.path.realpath(place)
            if identity in known:  # a link that leads back
                folders.clear()
                continue
            known.add(identity)
            folders[:] = sorted(name for name in folders if not is_left_out(name))
            yield from (Path(place, name) for name in sorted(names) if not is_left_out(name))
