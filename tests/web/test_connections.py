"""How long a connection may keep the server waiting, and how many there may be."""

from __future__ import annotations

import re
import resource
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import psutil
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import attacks

from tests.conftest import serving

pytestmark = pytest.mark.slow

LIVE = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
SHORT = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n"
HALF = b"GET /health/live HTTP/1.1\r\nHost: x"
HALF_BODY = (
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 50\r\n\r\nASK"
)


@pytest.fixture(scope="module")
def hasty(releases: Path) -> Iterator[Any]:
    """A server with little patience."""
    patience = {"HEAD": "1", "BODY": "1", "IDLE": "2", "STALLED": "1"}
    environment = {f"VERTRAGSGRAPH_{name}_SECONDS": seconds for name, seconds in patience.items()}
    with serving(releases, **environment) as running:
        workers = re.compile(r"^vertragsgraph_workers_alive [3-9]", re.MULTILINE)
        assert eventually(lambda: workers.search(httpx.get(f"{running.url}metrics", timeout=60).text) is not None)
        yield running  # it opens nothing more by itself


def eventually(condition: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not condition():
        time.sleep(0.02)
    return condition()


def listen(connection: socket.socket) -> bytes:
    """What comes until the server closes the connection."""
    told = b""
    while data := connection.recv(1 << 16):
        told += data
    return told


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        ([], b""),
        ([b"\r\n"], b""),
        ([HALF], b"HTTP/1.1 408 "),
        ([SHORT, HALF], b"HTTP/1.1 408 "),
        ([LIVE, HALF], b"HTTP/1.1 408 "),
        ([HALF_BODY], b"HTTP/1.1 408 "),
    ],
)
def test_who_says_nothing_more_is_closed(hasty: Any, opened: Any, sent: list[bytes], answer: bytes) -> None:
    begun = time.monotonic()
    with opened(hasty) as connection:
        for piece in sent:
            connection.sendall(piece)
            if piece in {SHORT, LIVE}:
                assert connection.recv(10_000).startswith(b"HTTP/1.1 200")
        told = listen(connection)
    assert told.startswith(answer)
    assert bool(told) == bool(answer)
    assert 0.9 < time.monotonic() - begun < 6


def test_nobody_gains_time_by_sending_a_byte_now_and_then(hasty: Any, opened: Any) -> None:
    begun = time.monotonic()
    with opened(hasty) as connection, pytest.raises(ConnectionError):
        while time.monotonic() - begun < 10:
            connection.sendall(b"G")
            time.sleep(0.1)
    assert time.monotonic() - begun < 5


@pytest.mark.alone
@pytest.mark.parametrize(
    "asked",
    [
        b"GET /dumps/hessen.nt HTTP/1.1\r\nHost: x\r\n\r\n" * 10,
        b"GET /ontology.html HTTP/1.1\r\nHost: x\r\n\r\n" * 100,
        b"GET /sparql?query=SELECT*%7B%3Fa%20%3Fb%20%3Fc.%3Fd%20%3Fe%20%3Ff%7D HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_who_takes_nothing_is_disconnected_and_holds_no_file(hasty: Any, opened: Any, asked: bytes) -> None:
    process = psutil.Process(hasty.process.pid)
    before = process.num_fds()
    connections = [opened(hasty) for _ in range(4)]
    for connection in connections:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.sendall(asked)
    assert eventually(lambda: process.num_fds() >= before + 4)
    assert eventually(lambda: process.num_fds() <= before + 1)
    for connection in connections:
        connection.close()
    assert "Traceback" not in hasty.said()


@pytest.mark.alone
def test_who_takes_a_little_is_served(hasty: Any, opened: Any, heard: Any) -> None:
    told = b""
    with opened(hasty) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.sendall(b"GET /dumps/hessen.trig HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        while data := connection.recv(1 << 16):
            told += data
            time.sleep(0.01)
    assert heard(told)[0].is_whole


@pytest.mark.alone
@pytest.mark.parametrize("sent", [b"", HALF, HALF_BODY])
def test_silent_connections_shut_nobody_out(
    releases: Path, start: Callable[..., Any], talk: Any, opened: Any, sent: bytes
) -> None:
    server = start(releases, files=256, VERTRAGSGRAPH_WORKERS="1", VERTRAGSGRAPH_CLIENT_CONNECTIONS="0")
    process = psutil.Process(server.process.pid)
    used, silent = opened(server), []
    for number in range(300):
        silent.append(opened(server))
        silent[-1].sendall(sent)
        if number % 50 == 0:  # who is served again and again is not who has waited longest
            used.sendall(LIVE)
            assert used.recv(10_000).startswith(b"HTTP/1.1 200"), f"{number}: {server.said()}"
    assert talk(server, LAST).startswith(b"HTTP/1.1 200")
    assert talk(server, LAST.replace(b"/health/live", b"/dumps/hessen.nt")).startswith(b"HTTP/1.1 200")
    assert process.num_fds() < 200
    before = process.cpu_times().user
    time.sleep(1)
    assert process.cpu_times().user - before < 0.5
    for connection in (used, *silent):
        connection.close()


def test_the_limit_of_files_is_raised(server: Any) -> None:
    assert (
        psutil.Process(server.process.pid).rlimit(psutil.RLIMIT_NOFILE)[0]
        == resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    )


def test_one_client_has_no_more_connections_than_it_may(releases: Path, start: Callable[..., Any], opened: Any) -> None:
    server = start(releases, VERTRAGSGRAPH_CLIENT_CONNECTIONS="3", VERTRAGSGRAPH_CLIENT_QUERIES="0")
    heavy = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    busy = [opened(server) for _ in range(3)]
    for number, connection in enumerate(busy):
        connection.sendall(b"GET /sparql?query=%b HTTP/1.1\r\nHost: x\r\n\r\n" % quote(f"{heavy} #{number}").encode())
    time.sleep(1)
    with opened(server) as refused:
        told = listen(refused)
    assert told.startswith(b"HTTP/1.1 503 ")
    assert b"application/problem+json" in told
    busy.pop().close()

    def is_served() -> bool:
        with opened(server) as other, suppress(ConnectionError):
            other.sendall(LAST)
            return listen(other).startswith(b"HTTP/1.1 200 ")
        return False

    assert eventually(is_served)
    for connection in busy:
        connection.close()


@pytest.mark.alone
@pytest.mark.parametrize(
    "name", ["endless_header", "endless_headers", "long_accept", "endless_body", "silent", "pipelines"]
)
def test_an_attack_neither_stops_nor_fattens_the_server(server: Any, name: str) -> None:
    port, process = int(server.url.rsplit(":")[-1].rstrip("/")), psutil.Process(server.process.pid)
    attacks.warm_up(port, 2)
    before = process.memory_info().rss
    attacker = threading.Thread(target=getattr(attacks, name), args=(port, 1_000, 1.0))
    attacker.start()
    found = attacks.measured(port, process, attacker, 1.0)
    attacker.join()
    assert found.peak < 1.1 * before
    assert found.took[-1] < 1_500  # ms; without limits it was many seconds
