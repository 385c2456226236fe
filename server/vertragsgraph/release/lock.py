"""One at a time: what every change to the folder of the releases begins with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from vertragsgraph.release import disk, manifest
from vertragsgraph.release.errors import disk_errors
from vertragsgraph.release.release import CURRENT, current_name

REDACTED: Final = ".redacted-"


@contextmanager
def changing(releases: Path, waiting: Callable[[], None] | None = None) -> Iterator[Path]:
    """Hold the folder of the releases for a change and yield a hidden folder to work in; both end with the block.

    Others who want to change something call `waiting` once and wait. What a process that died left is swept or finished
    first. Errors of the file system become `ReleaseError`s.
    """
    with disk_errors(releases), disk.locked(releases, waiting), disk.work_folder(releases) as work:
        make_link(releases, work)
        settle(releases, work)
        yield work


def make_link(releases: Path, work: Path) -> None:
    """Make `current` a link where it was copied as a folder; a file gives way to a link by itself.

    Raises `ReleaseError` where it can't be told of which release it is a copy; a keeper has to see to it.
    """
    current = releases / CURRENT
    if current.is_symlink() or not current.is_dir():
        return
    name = current_name(releases)
    if name == CURRENT:
        name = manifest.read(current).id
        current.rename(releases / name)
    else:
        current.rename(work / CURRENT)
    disk.swap_link(current, str(name))


def settle(releases: Path, work: Path) -> None:
    """Put finished redactions in the place of the releases that they replace.

    Each step leaves a whole release served, and each can be done again: what a crash interrupts, the next call finishes.
    """
    for redacted in sorted(releases.glob(f"{REDACTED}*")):
        target = releases / redacted.name.removeprefix(REDACTED)
        link = releases / CURRENT
        served = link.is_symlink() and link.readlink().name in (redacted.name, target.name)
        if served:
            disk.swap_link(link, redacted.name)
        if target.exists():
            target.rename(work / f"old-{target.name}")
        shutil.copytree(redacted, work / f"new-{target.name}", copy_function=_link_or_copy)
        disk.appear(work / f"new-{target.name}", target)
        if served:
            disk.swap_link(link, target.name)
        redacted.rename(work / redacted.name)
        disk.sync(releases)


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
