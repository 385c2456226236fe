"""The text files of a register: UTF-8, with or without a byte order mark."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from vertragsgraph.finding import Finding, FindingsError, Place
from vertragsgraph.texts import both

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def read_text(path: Path, rule: str) -> str:
    """Return the text of a file, its line ends as they are, without its byte order mark.

    Raises `FindingsError` for a file that can't be read, and with line and column for one that isn't UTF-8.
    """
    try:
        content = path.read_bytes().removeprefix(_BYTE_ORDER_MARK)
    except OSError as error:
        message = both("can't be read: {reason}", reason=error.strerror or error)
        raise FindingsError([Finding(message, Place(path), rule=rule)]) from error
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        message = both(
            'this is not UTF-8: save the file in UTF-8 (in Windows-1252, "{character}" stands here)',
            character=content[error.start : error.start + 1].decode("cp1252", "replace"),
        )
        place = Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise FindingsError([Finding(message, place, rule=rule)]) from error
