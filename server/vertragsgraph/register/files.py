"""The text files of a register: UTF-8, with or without a byte order mark."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from vertragsgraph.finding import Finding, FindingsError, Place
from vertragsgraph.texts import Language, both

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def read_text(path: Path, rule: str) -> str:
    """Return the text of a file, its line ends as they are, without its byte order mark.

    Raises `FindingsError` for a file that can't be read, and with its place for what isn't UTF-8 and for a merge conflict.
    """
    try:
        content = path.read_bytes().removeprefix(_BYTE_ORDER_MARK)
    except OSError as error:
        message = both("can't be read: {reason}", reason=error.strerror or error)
        raise FindingsError([Finding(message, Place(path), rule=rule)]) from error
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        message = both(
            'this is not UTF-8: save the file in UTF-8 (in Windows-1252, "{character}" stands here)',
            character=content[error.start : error.start + 1].decode("cp1252", "replace"),
        )
        place = Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise FindingsError([Finding(message, place, rule=rule)]) from error
    if "<<<<<<<" in text or ">>>>>>>" in text:
        for number, line in enumerate(text.split("\n"), 1):
            if is_conflict_marker(line):
                raise FindingsError([Finding(conflict(), Place(path, number), rule=rule)])
    return text


def is_conflict_marker(line: str) -> bool:
    """Tell whether a line is one of those by which git marks a merge conflict."""
    return re.match(r"(<{7}|={7}|>{7}|\|{7})(?![<=>|])", line) is not None


def conflict() -> dict[Language, str]:
    """Say what to do about the mark of a merge conflict."""
    return both(
        "a merge conflict is left here: keep one of the two versions, and remove the lines with <<<<<<<, =======, >>>>>>>"
    )
