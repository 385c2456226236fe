"""HTTP/1.1 responses as they go over the wire (RFC 9112): the head, and the body in its frame; no input or output here."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Final

from vertragsgraph.http.fields import COMMON, Headers, encoded, length
from vertragsgraph.http.http11.message import Head
from vertragsgraph.http.problem import MEDIA_TYPE, Problem

CLOSE: Final = b"connection: close\r\n\r\n"
"""The end of a head after whose response the connection is closed."""

_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NO_VALUE: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}
_STATUS_LINES: Final = {
    status: f"HTTP/1.1 {status} {_PHRASES.get(status, '')}\r\n".encode() for status in range(100, 600)
}


class Response:
    """The response to a request; `keep_alive` says whether the connection may serve another one after it."""

    __slots__ = ("_has_body", "_is_chunked", "_left", "keep_alive")

    def __init__(self, *, keep_alive: bool) -> None:
        self.keep_alive = keep_alive
        self._has_body = True
        self._is_chunked = False
        self._left: int | None = None  # of the body, where its length is known

    def head(self, request: Head, status: int, headers: Iterable[tuple[bytes, bytes]], whole: int | None) -> bytes:
        """Return the head, given the length of a body that is there as a whole. Raise `ValueError` for what is no field."""
        self._has_body = request.method != "HEAD" and status not in {204, 304}
        lines = [status_line(status, int(time.time()))]
        for name, value in headers:
            if not _NAME.fullmatch(name) or _NO_VALUE.search(value):
                msg = f"no field of a response: {name!r}: {value!r}"
                raise ValueError(msg)
            if name.lower() == b"connection":
                self.keep_alive = self.keep_alive and b"close" not in value.lower()
                continue
            if name.lower() == b"content-length":
                self._left = int(value)
            lines += (name, b": ", value, b"\r\n")
        if self._has_body and self._left is None:
            if whole is not None:
                self._left = whole
                lines.append(b"content-length: %d\r\n" % whole)
            elif request.version == "1.0":
                self.keep_alive = False  # the body ends with the connection (RFC 9112, section 6.3)
            else:
                self._is_chunked = True
                lines.append(b"transfer-encoding: chunked\r\n")
        lines.append(b"\r\n" if self.keep_alive else CLOSE)
        return b"".join(lines)

    def framed(self, body: bytes, *, is_last: bool) -> list[bytes]:
        """Return a part of the body as it is sent. Raise `ValueError` where the body isn't as long as the head says."""
        if not self._has_body:
            return []
        if self._is_chunked:
            parts = [b"%x\r\n" % len(body), body, b"\r\n"] if body else []
            return [*parts, b"0\r\n\r\n"] if is_last else parts
        if self._left is not None:
            self._left -= len(body)
            if self._left < 0 or (is_last and self._left):
                msg = "the body of a response is not as long as its head says"
                raise ValueError(msg)
        return [body]


@lru_cache(maxsize=64)
def status_line(status: int, second: int) -> bytes:
    """Return how the head of a response sent in a second (of time.time) begins: its first line, and the Date.

    See RFC 9110, section 6.6.1.
    """
    return _STATUS_LINES[status] + f"date: {formatdate(second, usegmt=True)}\r\n".encode()


def refusal(problem: Problem) -> bytes:
    """Return a problem document (RFC 9457) as the last response on a connection."""
    body = problem.body()
    own = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", **problem.headers}
    headers: Headers = [
        *COMMON,
        length(body),
        *((name.lower().encode(), value.encode()) for name, value in own.items()),
    ]
    return b"".join((status_line(problem.status, int(time.time())), encoded(headers), CLOSE, body))
