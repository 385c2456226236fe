"""Generated requests, whole and mutilated, in odd pieces: never a failure of the server, always the same answer."""

from __future__ import annotations

import os
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import serving

pytestmark = [pytest.mark.slow, pytest.mark.fuzz]

EXAMPLES = 80 if os.environ.get("HYPOTHESIS_PROFILE") != "fuzz" else 5_000
FORM = b"query=ASK%7B%7D"
LAST = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
VOLATILE = re.compile(rb'(?:date|query-id|content-length|connection): [^\r]*\r\n|"query_id": "\w+"')
LINES = [
    b"GET /health/live HTTP/1.1",
    b"GET /sparql?query=ASK%7B%7D HTTP/1.1",
    b"GET /sparql?query=ASK HTTP/1.1",
    b"HEAD /sparql?query=ASK%7B%7D HTTP/1.1",
    "GET /search.json?q=Öffnung HTTP/1.1".encode(),
    b"GET http://example.org/health/live#a HTTP/1.1",
    b"OPTIONS * HTTP/1.1",
    b"OPTIONS /sparql HTTP/1.1",
    b"POST /sparql HTTP/1.1",
    b"POST /health/live HTTP/1.1",
    b"GET /health/live HTTP/1.0",
    b"GET /nothing?a=%00&%zz HTTP/1.1",
    b"BREW /sparql HTTP/1.1",
]
FIELDS = [
    b"Accept: text/csv",
    b"Accept: */*;q=0.1",
    b"Accept-Encoding: gzip",
    b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEA",
    b"Connection: keep-alive",
    b"Connection: close",
    b"Content-Type: application/x-www-form-urlencoded",
    b"Expect: 100-continue",
    b"Host: y",
    b"If-None-Match: *",
    b"Range: bytes=0-",
    b"X-\xff: \xff",
    b"Content-Length: 3",
]
BODIES = [
    (b"", b""),
    (b"Content-Length: %d" % len(FORM), FORM),
    (b"Content-Length: 0", b""),
    (b"Transfer-Encoding: chunked", b"5\r\nquery\r\n%x;a=b\r\n%b\r\n0\r\nX: y\r\n\r\n" % (len(FORM) - 5, FORM[5:])),
    (b"Transfer-Encoding: chunked", b"0\r\n\r\n"),
]


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    framing, body = draw(st.sampled_from(BODIES))
    fields = draw(st.lists(st.sampled_from(FIELDS), max_size=3, unique=True))
    lines = [draw(st.sampled_from(LINES)), b"Host: x", *fields, *([framing] if framing else [])]
    return b"\r\n".join((*lines, b"", body))


@st.composite
def mutilated(draw: st.DrawFn) -> bytes:
    """A pipeline in which bytes were lost, doubled or put in."""
    data = b"".join(draw(st.lists(requests(), min_size=1, max_size=3)))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(data)))
        put = draw(
            st.one_of(
                st.binary(max_size=4), st.sampled_from([b"\r\n", b"\r\n\r\n", b"\n", b" ", b":", data[at : at + 9]])
            )
        )
        data = data[:at] + put + data[at + draw(st.integers(0, 5)) :]
    return data


def hear(server: Any, opened: Any, pieces: list[bytes]) -> bytes:
    """What comes in answer to pieces, until the server closes the connection or has nothing more to say."""
    told = b""
    with opened(server) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for piece in pieces:
                connection.sendall(piece)
            connection.settimeout(10)
            while data := connection.recv(1 << 16):
                told += data
        except ConnectionError:
            pass
    return told


def responses(told: bytes) -> tuple[list[bytes], bool]:
    """The responses in what was heard, without what differs from one to the next, and whether they end with a close."""
    parts = told.replace(CONTINUE, b"").split(b"HTTP/1.1 ")[1:]
    return [VOLATILE.sub(b"", part) for part in parts], b"connection: close" in told


@pytest.fixture(scope="module")
def hasty(releases: Any) -> Any:
    """A server that soon gives up what is not complete."""
    patience = {f"VERTRAGSGRAPH_{name}_SECONDS": "0.5" for name in ("HEAD", "BODY", "IDLE")}
    with serving(releases, **patience) as running:
        yield running
        assert "Traceback" not in running.said()


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.one_of(requests(), mutilated()),
    last=st.integers(0, 20).map(lambda number: LAST if number else b""),  # without it the server waits
    cuts=st.lists(st.integers(0, 400), max_size=4).map(sorted),
)
def test_pieces_make_no_difference(hasty: Any, opened: Any, data: bytes, last: bytes, cuts: list[int]) -> None:
    data += last
    ways = [[data], [data[i : i + 1] for i in range(len(data))]]
    ways.append([data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True) if start < end])
    with ThreadPoolExecutor(len(ways)) as pool:
        first, *others = pool.map(lambda pieces: responses(hear(hasty, opened, pieces)), ways)
    assert not any(answer.startswith(b"5") for answers, _ in (first, *others) for answer in answers)
    for other in others:
        (short, is_closed), (long, _) = sorted((first, other), key=lambda heard: len(heard[0]))
        assert short == long[: len(short)]
        assert len(short) == len(long) or is_closed  # because it was answered before all of its body had come


def test_the_server_is_as_it_was(hasty: Any, opened: Any) -> None:
    for _ in range(20):
        hear(hasty, opened, [LAST])
    assert psutil.Process(hasty.process.pid).memory_info().rss < 400 << 20
    assert len(psutil.Process(hasty.process.pid).net_connections()) < 10
