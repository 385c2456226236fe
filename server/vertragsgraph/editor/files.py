"""The files of a register's data as they were read, and changes to them: whole or not at all, and never over another's."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from vertragsgraph.register.files import read_text

_KEPT: Final = 64
_PROLOGUE: Final = re.compile(rb"(?:(?:\s*#[^\n]*\n)*\s*@prefix[^\n]*\n)*")
"""The beginning of a file, up to the last of its prefixes."""
_DECLARED: Final = re.compile(rb"(\s*)((?:@prefix[^\n]*\n)+)\s*")


class ConflictError(Exception):
    """Files have changed since they were read: `paths`."""

    def __init__(self, paths: list[Path]) -> None:
        super().__init__(", ".join(map(str, paths)))
        self.paths = paths


class States:
    """The states of a folder that windows have shown, the latest ones: the checksum of each file by a name for the whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: OrderedDict[str, dict[Path, str]] = OrderedDict()

    def read(self) -> tuple[str, dict[Path, str]]:
        """Return the name of the state the folder is in, and the texts of its Turtle files. Raises `FindingsError`."""
        texts = {path: read_text(path, "sources") for path in sorted(self._folder.rglob("*.ttl"))}
        sums = {path: _sum(path.read_bytes()) for path in texts}
        name = _sum("".join(f"{path} {each}\n" for path, each in sums.items()).encode())[:16]
        self._seen[name] = sums
        self._seen.move_to_end(name)
        while len(self._seen) > _KEPT:
            self._seen.popitem(last=False)
        return name, texts

    def changed(self, name: str, paths: Iterable[Path]) -> list[Path]:
        """Return those of some files that aren't as they were in a state; all, where the state is no longer known."""
        sums = self._seen.get(name)
        return [path for path in paths if sums is None or sums.get(path) != _sum_of(path)]


def extend(folder: Path, states: States, name: str, additions: Mapping[Path, str]) -> None:
    """Add texts to the ends of files below a folder, new ones among them: each file whole or not at all, in their order.

    Nothing else of a file changes. Raises `ConflictError` where one isn't as it was in the state that is named.
    """
    with locked(folder):
        if changed := states.changed(name, additions):
            raise ConflictError(changed)
        for path, text in additions.items():
            _replace(path, extended(path, text))


def extended(path: Path, text: str) -> bytes:
    """Return the bytes of a file with a text at the end, in the line ends of the file; its prefixes stand with the others."""
    before = path.read_bytes() if path.exists() else b""
    after = (text.replace("\n", "\r\n") if b"\r\n" in before else text).encode()
    prologue = _PROLOGUE.match(before)
    if not prologue or not prologue[0] or not (declared := _DECLARED.match(after)):
        return before + after
    end = prologue.end()
    return before[:end] + declared[2] + before[end:] + declared[1] + after[declared.end() :]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for changes; other editors wait. The kernel lets go of it when the process ends, however it ends."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _replace(path: Path, content: bytes) -> None:
    """Put a file in the place of another at once: whoever reads, and a process that is killed, leaves the old or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            draft.chmod(path.stat().st_mode & 0o777)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _sum_of(path: Path) -> str | None:
    return _sum(path.read_bytes()) if path.exists() else None
