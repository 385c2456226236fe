"""What is known of a preview: in a file beside it, written by who builds it, read by who shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from vertragsgraph.finding import Finding, Severity
from vertragsgraph.release import disk

FILE_NAME: Final = ".preview.json"
MOST: Final = 100
"""How many findings are shown on a page."""


@dataclass(frozen=True)
class State:
    """A preview made from the sources as they were `at` an instant; None where there hasn't been one without faults yet.

    `findings` are those on the sources as they are: violations among them keep the preview as it was. `more` are others that
    aren't listed. `watched` tells whether the preview follows the sources.
    """

    at: datetime | None = None
    findings: tuple[Finding, ...] = ()
    more: int = 0
    watched: bool = False

    @property
    def is_faulty(self) -> bool:
        """Whether the sources as they are can't be shown."""
        return any(finding.severity is Severity.VIOLATION for finding in self.findings)


_JSON: Final = TypeAdapter(State)


def write(folder: Path, state: State) -> None:
    """Put the state of a preview in place; raises `OSError` where the disk refuses."""
    disk.swap_file(folder / FILE_NAME, _JSON.dump_json(state).decode())


def read(folder: Path) -> State | None:
    """Return the state of the preview in a folder of releases; None where they are no preview."""
    try:
        status = (folder / FILE_NAME).stat()
    except OSError:
        return None
    return _read(folder / FILE_NAME, status.st_ino, status.st_mtime_ns)


@lru_cache(maxsize=1)
def _read(file: Path, _inode: int, _changed: int) -> State:
    return _JSON.validate_json(file.read_bytes())
