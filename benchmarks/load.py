"""A load generator for HTTP on loopback: few instructions for each request, so that the server is what is measured."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Measured:
    """What came of a run: requests a second, and seconds that half and 99 of 100 requests took at most."""

    rate: float
    median: float
    p99: float
    wrong: int


def get(path: str, query: str) -> bytes:
    """Return a GET request for a query as bytes."""
    target = f"{path}?query={quote(query, safe='')}"
    return f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: application/sparql-results+json\r\n\r\n".encode()


def complete(answer: bytes) -> bool:
    """Tell whether an answer has come to its end."""
    head, separator, body = answer.partition(b"\r\n\r\n")
    if not separator:
        return False
    lower = head.lower()
    at = lower.find(b"content-length:")
    if at < 0:
        return body.endswith(b"0\r\n\r\n")
    return len(body) >= int(lower[at + 15 :].split(b"\r\n", 1)[0])


class Connection:
    """A connection that asks one question after the other."""

    def __init__(self, port: int, question: Callable[[], bytes]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._question = question
        self._answer = b""
        self._asked = 0.0

    def ask(self) -> None:
        """Send the next question."""
        self._answer = b""
        self._asked = time.perf_counter()
        self.socket.sendall(self._question())

    def listen(self) -> tuple[float, bool] | None:
        """Read; return the seconds it took and whether the answer was a result, once it is complete."""
        data = self.socket.recv(262_144)
        if not data:
            raise ConnectionError
        self._answer += data
        if not complete(self._answer):
            return None
        good = self._answer.startswith(b"HTTP/1.1 200") and b'"bindings"' in self._answer and b'"value"' in self._answer
        return time.perf_counter() - self._asked, good


def measure(port: int, question: Callable[[], bytes], *, connections: int = 8, seconds: float = 5.0) -> Measured:
    """Ask for some seconds; return what came of it."""
    selector = selectors.DefaultSelector()
    opened = [Connection(port, question) for _ in range(connections)]
    for connection in opened:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.ask()
    took: list[float] = []
    wrong = 0
    begin = time.perf_counter()
    while time.perf_counter() - begin < seconds:
        for key, _ in selector.select(1.0):
            answered = key.data.listen()
            if answered is not None:
                took.append(answered[0])
                wrong += not answered[1]
                key.data.ask()
    elapsed = time.perf_counter() - begin
    for connection in opened:
        connection.socket.close()
    took.sort()
    return Measured(len(took) / elapsed, took[len(took) // 2], took[int(len(took) * 0.99)], wrong)
