"""How the web process and its workers talk: frames over a socket pair.

A frame is one byte for its kind, four for the length of its payload (big-endian), and the payload. A worker says
READY once; for each REQUEST it answers WHOLE where the result is short, else RESULT, any number of DATA, END; or FAILURE
at any point. Where other endpoints are to be asked before, it says ASK. FAILURE and ASK are JSON; REQUEST is a line of JSON
and after it the query (and the replies of other endpoints); RESULT is what is sent, `solutions` or `graph`, WHOLE is a line
that says so and after it the result as it is.
Imported by worker processes: nothing but the standard library.
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
ASK: Final = b"A"
"""Instead of an answer: what other endpoints are to be asked; then the same request comes again, with their replies."""

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
