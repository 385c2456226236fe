"""The files below a folder of a register: each once, none from outside, nothing that is no file."""

from __future__ import annotations

import os
import stat
from collections.abc import Container
from pathlib import Path
from typing import Final

from vertragsgraph.finding import Finding, Place
from vertragsgraph.register import Register
from vertragsgraph.sources.syntax import unreadable
from vertragsgraph.texts import both

RULE: Final = "sources"

_LITTER: Final = ("~", ".bak", ".orig", ".swp", ".swo", ".tmp", ".rej", "thumbs.db", "desktop.ini", "icon\r")
"""How the names of files end that editors and file managers leave; hidden ones beside."""
_LOCKS: Final = ("~$", "#")


def files_below(folder: Path, register: Register, without: Container[str] = ()) -> tuple[list[Path], list[Finding]]:
    """Return the files below a folder, sorted by path, and what is wrong with what else stands there.

    Links are followed as long as they stay inside of the register's folder and lead to what is not read already, so no
    circle of them is. Left out are what is hidden, what editors and file managers leave, and the names in `without`
    directly below the folder.
    """
    shown = register.shown(folder)
    inside = os.path.realpath(register.folder if folder.is_relative_to(register.folder) else folder)
    files: list[Path] = []
    findings: list[Finding] = []
    read: dict[tuple[int, int], Path] = {}
    pending: list[Path] = [shown]
    links: list[Path] = []
    while pending or links:
        path = pending.pop() if pending else links.pop()
        try:
            status = path.stat()
            identity = status.st_dev, status.st_ino
            if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(inside):
                message = both("this link leads out of the register's folder; put the file itself here")
            elif identity in read:
                message = both("this link leads to {place}, which is read already; take it away", place=read[identity])
            elif stat.S_ISDIR(status.st_mode):
                read[identity] = path
                for item in sorted(path.iterdir(), reverse=True):  # the last is looked at first
                    if not _is_left_out(item.name) and not (path == shown and item.name in without):
                        (links if item.is_symlink() else pending).append(item)
                continue
            elif stat.S_ISREG(status.st_mode):
                read[identity] = path
                files.append(path)
                continue
            else:
                message = both("this is no regular file; take it away")
        except OSError as error:
            findings.append(unreadable(error, path))
        else:
            findings.append(Finding(message, Place(path), rule=RULE))
    return sorted(files), findings


def _is_left_out(name: str) -> bool:
    return name.startswith((".", "__", *_LOCKS)) or name.lower().endswith(_LITTER)
