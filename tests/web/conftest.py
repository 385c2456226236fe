"""Talking to a server in bytes, and releases that several files of tests are about."""

from __future__ import annotations

import http.client
import io
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest

from tests.conftest import MakeOnce
from vertragsgraph.register import load_register
from vertragsgraph.release import Release, all_releases, build, current_release

from . import agreements as of_agreements
from .concessions import write_register


@dataclass(frozen=True)
class Answer:
    """A response: `is_whole` says whether its body ends where its head says, or in a last chunk."""

    status: int
    headers: dict[str, str]
    body: bytes
    is_whole: bool = True


class _Stream(io.BytesIO):
    def makefile(self, *_: Any) -> _Stream:
        return self

    def close(self) -> None:
        """Stay open: there may be another response."""


def answers(data: bytes, method: str = "GET") -> list[Answer]:
    """Return the responses that bytes hold, one after the other; all to the same method."""
    stream, found = _Stream(data), []
    while stream.tell() < len(data):
        response = http.client.HTTPResponse(stream, method=method)  # type: ignore[arg-type]
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders()}
        try:
            found.append(Answer(response.status, headers, response.read()))
        except http.client.IncompleteRead as cut:
            found.append(Answer(response.status, headers, cut.partial, is_whole=False))
            break
    return found


class Talk(Protocol):
    """Sends pieces to a server and returns what comes until it closes the connection, or says nothing for a while."""

    def __call__(self, server: Any, *pieces: bytes, pause: float = 0, patience: float = 20) -> bytes: ...


def connect(server: Any, timeout: float = 20) -> socket.socket:
    parts = urlsplit(server.url)
    return socket.create_connection((parts.hostname, parts.port), timeout=timeout)


def say(server: Any, *pieces: bytes, pause: float = 0, patience: float = 20) -> bytes:
    with connect(server, patience) as connection:
        heard = b""
        try:
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause)
            while data := connection.recv(1 << 20):
                heard += data
        except (TimeoutError, ConnectionError):
            pass
        return heard


@pytest.fixture(scope="session")
def talk() -> Talk:
    """Send pieces and hear the answer: `talk(server, b"GET / HTTP/1.1…", pause=0.1)`."""
    return say


@pytest.fixture(scope="session")
def opened() -> Callable[..., socket.socket]:
    """Open a connection: `opened(server)`."""
    return connect


@pytest.fixture(scope="session")
def heard() -> Callable[..., list[Answer]]:
    """Take the responses in bytes apart."""
    return answers


@pytest.fixture(scope="session")
def ids(history: Path) -> tuple[str, str]:
    """The ids of the current release and of the one before, in which a name has a space less."""
    current, past = all_releases(history / "releases")
    return current.id, past.id


@pytest.fixture(scope="session")
def concessions(once: MakeOnce) -> Release:
    """The release of a register that is not the shipped one."""
    made = once("concessions", lambda folder: build(load_register(write_register(folder)), folder / "releases"))
    found = current_release(made / "releases")
    assert found
    return found


@pytest.fixture(scope="session")
def agreements(once: MakeOnce) -> Release:
    """The release of an invented register whose partners change or aren't public, with money in every form."""

    def make(folder: Path) -> None:
        build(load_register(of_agreements.write_register(folder)), folder / "releases")

    found = current_release(once("agreements", make) / "releases")
    assert found
    return found
