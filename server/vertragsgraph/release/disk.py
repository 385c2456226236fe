"""Writing so that a crash at any moment leaves whole releases: a lock, hidden work folders, syncing, atomic links."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

WORK: Final = ".building-"
LOCK: Final = ".lock"


@contextmanager
def locked(releases: Path, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the folder of the releases for changes; where another process holds it, call `waiting` once, then wait.

    The kernel lets go of the lock when its holder ends, however it ends; a file that is the lock by being there would stay.
    """
    releases.mkdir(parents=True, exist_ok=True)
    with (releases / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting:
                waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def work_folder(releases: Path) -> Iterator[Path]:
    """Make a hidden folder to work in, beside the releases (so that a rename stays in one file system); remove it after.

    The caller holds the lock, so whatever other work is there was left by a process that died: it is removed too.
    """
    for leftover in releases.glob(f"{WORK}*"):
        remove(leftover)
    folder = releases / f"{WORK}{secrets.token_hex(4)}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove(path: Path) -> None:
    """Remove a file, a link or a folder with all that is in it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def files(folder: Path) -> list[Path]:
    """Return all files below a folder, in the order of their names."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_text(path: Path, text: str) -> None:
    """Write a small UTF-8 file with line feeds as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")


def sync(path: Path) -> None:
    """Wait until a file, or the entries of a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Wait until everything below a folder, and the folder itself, is on the disk."""
    for path in folder.rglob("*"):
        sync(path)
    sync(folder)


def appear(folder: Path, target: Path) -> None:
    """Let a finished folder appear under its name by one rename; the disk holds all of it before."""
    sync_tree(folder)
    folder.rename(target)
    sync(target.parent)


def swap_link(link: Path, target: str) -> None:
    """Point a symbolic link (in its folder) to `target`, old or new at every moment and never missing."""
    fresh = link.with_name(f"{WORK}{link.name}-{secrets.token_hex(4)}")
    fresh.symlink_to(target)
    fresh.replace(link)
    sync(link.parent)


def swap_file(path: Path, text: str) -> None:
    """Put a small UTF-8 file in place, old or new at every moment and never half."""
    fresh = path.with_name(f"{WORK}{path.name}-{secrets.token_hex(4)}")
    write_text(fresh, text)
    sync(fresh)
    fresh.replace(path)
    sync(path.parent)
