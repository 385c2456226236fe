"""Whether what a register is built from has changed: by what the file system says of the files, or by what they hold."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from vertragsgraph.sources.folder import is_left_out


def stamp(paths: Iterable[Path]) -> str:
    """Return something that changes with every change of files, and of those below folders, whatever it is."""
    digest = hashlib.sha256()
    for path in _files(paths):
        try:
            status = path.stat()
            seen = f"{status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
        except OSError as error:  # it is gone, or can't be read: a build will say so
            seen = type(error).__name__
        digest.update(f"{path} {seen}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()


def checksum(paths: Iterable[Path]) -> str:
    """Return a SHA-256 of what files, and those below folders, are called and hold; raises `OSError`."""
    digest = hashlib.sha256()
    for path in _files(paths):
        held = ""
        if path.is_file():  # what else there may be is never read to its end
            with path.open("rb") as file:
                held = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{path} {held}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield files, and those below folders that may be read, in one order; files also where they aren't there."""
    known: set[str] = set()
    for path in paths:
        if not path.is_dir():
            yield path
        for place, folders, names in os.walk(path, followlinks=True):
            identity = os.path.realpath(place)
            if identity in known:  # a link that leads back
                folders.clear()
                continue
            known.add(identity)
            folders[:] = sorted(name for name in folders if not is_left_out(name))
            yield from (Path(place, name) for name in sorted(names) if not is_left_out(name))
