"""What was asked of the endpoint, and what became of it: all that is counted and logged of a request."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Mapping
from typing import Final

_PROCESS: Final = os.urandom(6).hex()
_numbers: Final = itertools.count(1)


def new_id() -> str:
    """Return what names a request, here and in the log: unique among all processes."""
    return f"{_PROCESS}{next(_numbers):x}"


class Inquiry:
    """A request; it has an id, which its response names, and knows since when it is there (`time.perf_counter`).

    `headers` are the request's, their names in lower case, those of one name joined; `client` is who is asking as far as
    limits and log are concerned. `status` and `bytes` (of the body) say what has been sent.
    """

    __slots__ = ("began", "bytes", "client", "headers", "id", "method", "path", "query_string", "status")

    def __init__(self, method: str, path: str, query_string: bytes, headers: Mapping[bytes, bytes]) -> None:
        self.method = method
        self.path = path
        self.query_string = query_string
        self.headers = headers
        self.id = new_id()
        self.client = ""
        self.began = time.perf_counter()
        self.status = 0
        self.bytes = 0

    @property
    def seconds(self) -> float:
        """Time since the request came."""
        return time.perf_counter() - self.began

    def header(self, name: bytes) -> str | None:
        """Return a request header as text; several of one name are joined."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")


def joined(headers: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Return headers by name; the values of several of one name are joined (RFC 9110, section 5.2).

    >>> joined([(b"accept", b"text/csv"), (b"host", b"x"), (b"accept", b"text/*")])
    {b'accept': b'text/csv, text/*', b'host': b'x'}
    """
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        found[name] = found[name] + b", " + value if name in found else value
    return found
