"""How the web process and its workers talk: frames over a socket pair.

A frame is one byte for its kind, four for the length of its payload (big-endian), and the payload. A worker says
READY once; for each REQUEST it answers WHOLE where the result is short, else RESULT, any number of DATA, END; or FAILURE
at any point. RESULT and FAILURE are JSON; REQUEST and WHOLE are a line of JSON, and after it the query or the result
as it is. Imported by worker processes: nothing but the standard library.
"""

from __future__ import annotations

import json
import struct
from typing import Any, Final

READY: Final = b"K"
REQUEST: Final = b"Q"
WHOLE: Final = b"W"
RESULT: Final = b"R"
DATA: Final = b"D"
END: Final = b"E"
FAILURE: Final = b"F"
OUTWARD: Final = b"O"
"""Instead of an answer: the query asks other endpoints, so it needs a worker that can reach them."""

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
HEADER: Final = struct.Struct(">cI")
CHUNK: Final = 65_536
"""Bytes of a result that are sent at once; the first of them leave together with RESULT, a shorter result as WHOLE."""


def frame(kind: bytes, payload: bytes | bytearray = b"") -> bytes:
    r"""Return a frame as bytes.

    >>> frame(DATA, b"abc")
    b'D\x00\x00\x00\x03abc'
    """
    return HEADER.pack(kind, len(payload)) + payload


def encoded(value: Any) -> bytes:
    """Return a value as JSON in one line."""
    return _encode(value).encode("utf-8", "surrogatepass")


def json_frame(kind: bytes, value: Any) -> bytes:
    """Return a frame whose payload is JSON."""
    return frame(kind, encoded(value))
