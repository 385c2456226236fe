"""HTTP/1.1 over a bare connection: requests that no client library sends, and what comes back, byte for byte."""

from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass, field
from typing import Final

import httptools
import httpx

from vertragsgraph.doctor.answer import Answer, NoAnswerError

SECONDS: Final = 15.0
_CHUNK: Final = 65_536


class RawConnection:
    """A connection to the host of an address, with TLS where the address asks for it. Raises `NoAnswerError`."""

    def __init__(self, url: httpx.URL, context: ssl.SSLContext) -> None:
        self._url = url
        try:
            port = url.port or (443 if url.scheme == "https" else 80)
            self._socket: socket.socket = socket.create_connection((url.host, port), SECONDS)
            if url.scheme == "https":
                self._socket = context.wrap_socket(self._socket, server_hostname=url.host)
        except OSError as error:
            raise NoAnswerError(f"CONNECT {url.netloc.decode()}", str(error)) from error

    def __enter__(self) -> RawConnection:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    @property
    def ends(self) -> tuple[str, str]:
        """The addresses of this end and of the other."""
        return str(self._socket.getsockname()[0]), str(self._socket.getpeername()[0])

    @property
    def certificate_ends(self) -> float | None:
        """The time at which the certificate ends, in seconds since 1970; None where none was checked."""
        certificate = self._socket.getpeercert() if isinstance(self._socket, ssl.SSLSocket) else None
        return float(ssl.cert_time_to_seconds(str(certificate["notAfter"]))) if certificate else None

    def ask(self, line: str, *headers: str, body: bytes = b"", quiet: float = 0.0) -> list[Answer]:
        """Send a request and return its answer, and all others that come within `quiet` seconds after it.

        `line` is the request line without its version, in UTF-8; `Host` is added. Raises `NoAnswerError`.
        """
        asked = " ".join([line, *(f"({header})" for header in headers)])
        length = [f"Content-Length: {len(body)}"] if body else []
        head = [f"{line} HTTP/1.1", f"Host: {self._url.netloc.decode()}", *headers, *length, "", ""]
        reading = _Reading()
        try:
            self._socket.settimeout(SECONDS)
            self._socket.sendall("\r\n".join(head).encode() + body)
            while (quiet or not reading.complete) and (data := self._socket.recv(_CHUNK)):
                reading.parser.feed_data(data)
                if reading.complete:
                    self._socket.settimeout(quiet)
        except (OSError, httptools.HttpParserError) as error:
            if not reading.complete:
                raise NoAnswerError(asked, str(error)) from error
        if not reading.answers:
            raise NoAnswerError(asked, "0 bytes")
        return [
            Answer(asked, self._url, message.status, httpx.Headers(message.headers), bytes(message.body))
            for message in reading.answers
        ]

    def closed_within(self, seconds: float) -> float | None:
        """Return after how many seconds the other end closes; None where it doesn't within `seconds`."""
        began = time.monotonic()
        self._socket.settimeout(seconds)
        try:
            self._socket.recv(_CHUNK)
        except TimeoutError:
            return None
        except OSError:
            pass
        return time.monotonic() - began


@dataclass
class _Message:
    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)


class _Reading:
    """Takes from httptools what it finds."""

    def __init__(self) -> None:
        self.parser = httptools.HttpResponseParser(self)
        self.answers: list[_Message] = []
        self.complete = 0

    def on_message_begin(self) -> None:
        self.answers.append(_Message())

    def on_header(self, name: bytes, value: bytes) -> None:
        self.answers[-1].headers.append((name, value))

    def on_headers_complete(self) -> None:
        self.answers[-1].status = self.parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        self.answers[-1].body.extend(body)

    def on_message_complete(self) -> None:
        self.complete += 1
