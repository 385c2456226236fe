"""What a connection does with what comes and goes: order, refusals, departures, patience."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from pathlib import Path
from typing import Any

import psutil
import pytest

from vertragsgraph.http.http11 import connections
from vertragsgraph.http.http11.connection import AHEAD_BYTES
from vertragsgraph.http.http11.connections import Awaited

from .wire import Site, in_loop, request, turns, until

NOW = request("GET /sparql?now")
LATER = request("GET /sparql?later")
ECHO = request("GET /echo?a")
SLOW = request("GET /slow?b")
CHUNKED = request("POST /echo", "Transfer-Encoding: chunked")


def statuses(sent: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+) ", sent)]


def bodies(sent: bytes) -> list[bytes]:
    """The bodies of responses that say how long they are."""
    found = []
    while sent:
        head, _, sent = sent.partition(b"\r\n\r\n")
        length = int(re.findall(rb"content-length: (\d+)", head)[0])
        found.append(sent[:length])
        sent = sent[length:]
    return found


@in_loop
async def test_a_pipeline_is_answered_in_order_one_request_at_a_time() -> None:
    site = Site()
    connection, wire = site.connect()
    connection.data_received(request("GET /slow?1") + NOW + request("GET /echo?2") + LATER + request("GET /echo?3"))
    await turns()
    assert site.application.begun == ["/slow?1"]
    site.application.go.set()
    await turns()
    assert site.application.begun == ["/slow?1", "/echo?2"]
    site.fast.waiting[0].respond(200, b"content-length: 1\r\n", b"!")
    await turns()
    assert bodies(wire.sent) == [b"1", b"now", b"2", b"!", b"3"]
    assert b"connection: close" not in wire.sent
    assert not site.state.tasks


@in_loop
async def test_bytes_may_come_one_by_one() -> None:
    connection, wire = Site().connect()
    for byte in b"\r\n" + NOW + CHUNKED + b"3;a=b\r\nabc\r\n0\r\nTrailer: x\r\n\r\n\r\n" + ECHO:
        connection.data_received(bytes([byte]))
    await turns()
    assert bodies(wire.sent) == [b"now", b"abc", b"a"]


@in_loop
async def test_what_the_fast_path_hands_over_is_answered_over_asgi() -> None:
    site = Site()
    connection, wire = site.connect()
    connection.data_received(LATER)
    connection.hand_over({})
    lines = ("GET /sparql?no", "GET /sparql", "PUT /sparql?now", "HEAD /sparql?now", "GET /echo?now")
    connection.data_received(b"".join(request(line) for line in lines))
    await turns(30)
    asked = ["/sparql?later", "/sparql?no", "/sparql", "/sparql?now", "/sparql?now", "/echo?now"]
    assert site.application.begun == asked
    assert statuses(wire.sent) == [200] * 6


@in_loop
async def test_upgrade_is_ignored_and_the_body_is_read() -> None:
    connection, wire = Site().connect()
    fields = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEA")
    connection.data_received(request("POST /echo", *fields, body=NOW))
    connection.data_received(CHUNKED[:-2] + "\r\n".join((*fields, "", "1", "a", "0", "", "")).encode() + NOW)
    await turns()
    assert bodies(wire.sent) == [NOW, b"a", b"now"]


@in_loop
async def test_expect_is_answered_when_the_body_is_wanted() -> None:
    connection, wire = Site().connect()
    connection.data_received(request("POST /echo", "Expect: 100-continue", "Content-Length: 3"))
    await turns()
    assert wire.sent == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.data_received(b"abc")
    await turns()
    assert bodies(wire.sent.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")) == [b"abc"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\n\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (request("GET a"), 400),
        (request("GET /\0"), 400),
        (request("GET /", "No colon"), 400),
        (request("POST /", "Transfer-Encoding: gzip, chunked"), 400),
        (request("POST /", "Transfer-Encoding: chunked", "Content-Length: 1", "Upgrade: h2c", "Connection: upgrade"), 400),
        (CHUNKED + b"zz\r\n", 400),
        (b"GET /" + b"a" * 70_000, 414),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 40_000, 431),
        (request("GET /", *["A: b"] * 100), 431),
    ],
)  # fmt: skip
@in_loop
async def test_a_refusal_is_a_problem_document_and_the_last_response(sent: bytes, status: int) -> None:
    site = Site()
    connection, wire = site.connect()
    connection.data_received(NOW + sent)
    await turns()
    assert statuses(wire.sent) == [200, status]
    head, _, body = wire.sent.rpartition(b"\r\n\r\n")
    assert head.endswith(b"connection: close")
    assert json.loads(body)["status"] == status
    # What it still sends is thrown away: a reset could cost the client the response.
    assert wire.ended and not wire.is_closed
    connection.data_received(ECHO)
    await turns()
    assert not site.application.begun
    connection.data_received(b" " * 2_000_000)
    await turns()
    assert wire.is_closed


@in_loop
async def test_a_body_that_nobody_wants_ends_the_connection() -> None:
    site = Site()
    connection, wire = site.connect()
    connection.data_received(request("POST /headers?body=no", "Content-Length: 4000000000"))
    await turns()
    assert statuses(wire.sent) == [200]
    assert b"connection: close" in wire.sent
    assert wire.ended


@pytest.mark.parametrize(
    ("asked", "closes"),
    [
        (request("GET /echo?a", "Connection: close"), True),
        (request("GET /sparql?now", "Connection: Keep-Alive, Close"), True),
        (request("GET /headers?connection=close"), True),
        (request("GET /headers?connection=keep-alive"), False),
        (b"GET /echo?a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", True),
    ],
)
@in_loop
async def test_the_connection_is_closed_where_either_side_wants_it(asked: bytes, closes: bool) -> None:
    site = Site()
    connection, wire = site.connect()
    connection.data_received(asked)
    await turns()
    assert statuses(wire.sent) == [200]
    assert (b"connection: close" in wire.sent) == wire.is_closed == closes
    assert len(site.state.connections) == (not closes)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("how", ["cut", "fail", "end"])
@in_loop
async def test_a_response_that_is_cut_off_never_ends_politely(version: str, how: str) -> None:
    connection, wire = Site().connect()
    head = f"GET /stream?3&{how.replace('end', 'wait')} HTTP/{version}\r\nHost: x\r\n\r\n"
    connection.data_received(head.encode())
    await turns()
    if how == "end":  # of the server, which has waited long enough
        (task,) = connection._state.tasks
        task.cancel()
        await turns()
    assert wire.sent.count(b"x" * 1024) == 3
    assert not wire.sent.endswith(b"0\r\n\r\n")
    assert wire.is_closed
    assert wire.was_reset == (version == "1.0")


@pytest.mark.parametrize(
    "asked",
    ["nothing", "wrong", "stream?x", "headers?body=abc&content-length=2", "headers?a=%0A", "headers?a%3A=b"],
)
@in_loop
async def test_what_the_application_does_wrong_is_answered_500_and_logged(
    asked: str, caplog: pytest.LogCaptureFixture
) -> None:
    connection, wire = Site().connect()
    connection.data_received(request(f"GET /{asked}"))
    await turns()
    assert statuses(wire.sent) == [500]
    assert wire.ended
    assert len(caplog.records) == 1
    assert caplog.records[0].levelno == logging.ERROR


@pytest.mark.parametrize(
    "asked", [SLOW, request("GET /stream?1&wait"), request("POST /echo", "Content-Length: 9"), LATER]
)
@pytest.mark.parametrize("more", [b"", b"G", NOW * 3, NOW * 5_000])
@in_loop
async def test_a_client_that_leaves_is_noticed(asked: bytes, more: bytes) -> None:
    site = Site()
    connection, wire = site.connect()
    connection.data_received(asked)
    await turns()
    connection.data_received(more)
    wire.abort()
    await turns()
    if b"POST" not in asked:
        assert len(site.application.stopped) + site.fast.left == 1
        assert not wire.sent or asked == request("GET /stream?1&wait")
    assert not site.state.tasks
    assert not site.state.connections
    connection.write(b"nothing")  # as a query does that is answered just now
    connection.respond(200, b"", b"")


@in_loop
async def test_who_has_left_before_its_turn_is_not_answered() -> None:
    site = Site()
    pairs = [site.connect() for _ in range(3)]
    for connection, _ in pairs:
        connection.data_received(SLOW)
    pairs[1][1].abort()
    await turns()
    assert len(site.application.begun) == 2


@pytest.mark.parametrize("waited", [0, 1, 2, 3, 12])
@in_loop
async def test_who_leaves_when_its_query_is_handed_over_is_told_once(waited: int) -> None:
    site = Site()
    site.application.sparql = site.application.slow  # type: ignore[method-assign]
    other, _ = site.connect()
    connection, wire = site.connect()
    connection.data_received(LATER)
    await turns()
    other.data_received(SLOW)
    connection.hand_over({})
    await turns(waited)
    wire.abort()
    await turns()
    assert site.fast.left + len(site.application.stopped) == 1
    assert len(site.application.begun) == 1 + len(site.application.stopped)


@in_loop
async def test_no_more_than_enough_is_read_ahead() -> None:
    site = Site()
    connection, wire = site.connect()
    connection.data_received(request("GET /slow?1") + NOW * (AHEAD_BYTES // len(NOW)))
    assert not wire.is_paused
    connection.data_received(NOW)
    assert wire.is_paused
    site.application.go.set()
    await turns(3_000)
    assert statuses(wire.sent) == [200] * (AHEAD_BYTES // len(NOW) + 2)
    assert not wire.is_paused


@in_loop
async def test_requests_that_come_faster_than_they_are_answered_wait_with_the_client() -> None:
    connection, wire = Site().connect()
    connection.data_received(NOW * 3_000)
    assert wire.is_paused
    await turns(3_100)
    assert statuses(wire.sent) == [200] * 3_000
    assert not wire.is_paused


@in_loop
async def test_a_long_head_is_read_to_its_end() -> None:
    connection, wire = Site().connect()
    connection.data_received(b"GET /echo?" + b"a" * 60_000)
    connection.data_received(b" HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 30_000)
    assert not wire.is_paused
    connection.data_received(b"\r\n\r\n")
    await turns()
    assert bodies(wire.sent) == [b"a" * 60_000]


@in_loop
async def test_a_body_is_read_as_the_application_takes_it() -> None:
    site = Site()
    blocker, _ = site.connect()
    connection, wire = site.connect()
    blocker.data_received(ECHO)
    connection.data_received(request("POST /echo", "Content-Length: 300000"))
    connection.data_received(b"a" * 100_000)
    assert wire.is_paused  # the request hasn't had its turn
    await turns()
    assert not wire.is_paused
    assert len(site.application.taken) == 100_000
    connection.data_received(b"a" * 200_000)
    await turns()
    assert bodies(wire.sent) == [b"a" * 300_000]


@pytest.mark.parametrize("asked", [SLOW, LATER])
@in_loop
async def test_what_waits_too_long_behind_an_answer_is_given_up(asked: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_ANSWER_SECONDS", 0.05)
    site = Site()
    connection, wire = site.connect()
    connection.data_received(asked + NOW * 2_000)
    assert wire.is_paused
    await until(wire.is_reading)
    site.application.go.set()
    if site.fast.waiting:
        connection.respond(200, b"content-length: 0\r\n", b"")
    await turns()
    assert statuses(wire.sent) == [200]
    assert b"connection: close" in wire.sent
    assert wire.ended


@in_loop
async def test_who_takes_nothing_is_sent_no_more_than_enough() -> None:
    site = Site(stalled_seconds=0.2)
    connection, wire = site.connect()
    wire.stalled = True
    connection.data_received(request("GET /stream?200") + ECHO)
    await turns()
    assert 1024 <= wire.get_write_buffer_size() < 2 * 1024
    for _ in range(6):  # slowly, but it does
        wire.take(100)
        await asyncio.sleep(0.1)
        assert not wire.is_closed
    await until(lambda: wire.is_closed)
    await turns()
    assert site.application.stopped == ["/stream"]


@pytest.mark.parametrize("size", [0, 1, 32_768, 100_000])
@in_loop
async def test_a_file_is_sent_whole_after_the_application_has_returned(tmp_path: Path, size: int) -> None:
    path, site = tmp_path / "file", Site()
    path.write_bytes(bytes(range(256)) * (size // 256) + b"." * (size % 256))
    connection, wire = site.connect()
    connection.data_received(request(f"GET /file?{path}") + ECHO)
    await until(lambda: wire.sent.endswith(b"\r\n\r\na"))
    assert bodies(wire.sent) == [path.read_bytes(), b"a"]
    assert site.application.begun == [f"/file?{path}", "returned", "/echo?a"]


@pytest.mark.parametrize("lacks", [1, -1])
@in_loop
async def test_a_file_that_is_not_as_long_as_was_said_is_cut_off(
    tmp_path: Path, lacks: int, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"." * 100_000)
    connection, wire = Site().connect()
    connection.data_received(request(f"GET /file?{path}&{lacks}") + ECHO)
    await until(lambda: wire.is_closed)
    assert statuses(wire.sent) == [200]
    assert wire.sent.count(b".") < 100_000 + lacks
    assert "not as long as its head says" in caplog.text


@pytest.mark.filterwarnings("error::ResourceWarning")
@in_loop
async def test_of_a_file_that_nobody_takes_one_piece_is_held_and_it_is_closed_with_the_connection(
    tmp_path: Path,
) -> None:
    path, site = tmp_path / "file", Site(stalled_seconds=0.1)
    path.write_bytes(b"." * 1_000_000)
    connection, wire = site.connect()
    wire.stalled = True
    connection.data_received(request(f"GET /file?{path}") * 10)
    await until(lambda: wire.get_write_buffer_size() > 0)
    assert wire.get_write_buffer_size() < 34_000
    assert site.application.begun == [f"/file?{path}", "returned"]
    assert str(path) in {file.path for file in psutil.Process().open_files()}
    await until(lambda: wire.is_closed)
    await until(lambda: str(path) not in {file.path for file in psutil.Process().open_files()})


@pytest.mark.parametrize("more", [0, 5, 2_000])
@in_loop
async def test_who_takes_nothing_of_many_answers_is_disconnected(more: int) -> None:
    site = Site(stalled_seconds=0.1)
    connection, wire = site.connect()
    wire.stalled = True
    connection.data_received(request("GET /echo?" + "a" * 40_000) + NOW * more)
    await turns()
    assert connection.awaited is Awaited.READING
    await until(lambda: wire.is_closed)
    assert not wire.sent


@in_loop
async def test_who_takes_it_later_is_served() -> None:
    site = Site()
    connection, wire = site.connect()
    wire.stalled = True
    connection.data_received(request("GET /stream?100") + NOW * 200 + ECHO)
    while not wire.sent.endswith(b"\r\n\r\na"):
        wire.take()
        await turns(2)
    assert statuses(wire.sent) == [200] * 202


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (b"", b""),
        (b"\r\n", b""),
        (NOW[:-2], b"HTTP/1.1 408 "),
        (NOW + NOW[:9], b"HTTP/1.1 408 "),
        (request("POST /echo", "Content-Length: 9") + b"abc", b"HTTP/1.1 408 "),
        (CHUNKED + b"3\r\nabc", b"HTTP/1.1 408 "),
    ],
)
@in_loop
async def test_who_says_nothing_more_is_closed(sent: bytes, answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_LINGER_SECONDS", 0.05)
    site = Site(head_seconds=0.05, body_seconds=0.05, idle_seconds=0.05)
    connection, wire = site.connect()
    if sent:
        connection.data_received(sent)
    await until(lambda: wire.is_closed)
    await turns()
    assert wire.sent.rpartition(b"HTTP/1.1 4")[1:][0] == answer[:10]
    assert not site.state.tasks
    assert not site.state.connections


@in_loop
async def test_a_response_that_has_begun_is_broken_off_where_the_body_does_not_come() -> None:
    site = Site(body_seconds=0.05)
    connection, wire = site.connect()
    connection.data_received(request("POST /stream?1&wait", "Content-Length: 9"))
    await until(lambda: wire.is_closed)
    await turns()
    assert statuses(wire.sent) == [200]
    assert site.application.stopped == ["/stream"]


@pytest.mark.parametrize("asked", [SLOW, LATER, request("GET /stream?1&wait"), b""])
@in_loop
async def test_a_server_that_ends_answers_what_was_asked(asked: bytes) -> None:
    site = Site()
    connection, wire = site.connect()
    if asked:
        connection.data_received(asked)
    await turns()
    connection.shutdown()
    assert not wire.is_closed or not asked
    connection.data_received(NOW)
    site.application.go.set()
    if site.fast.waiting:
        connection.respond(200, b"content-length: 0\r\n", b"")
    await turns()
    assert statuses(wire.sent) == ([200] if asked else [])
    assert wire.ended or not asked


@in_loop
async def test_a_query_that_the_server_does_not_wait_for_is_answered_503() -> None:
    site = Site()
    connection, wire = site.connect()
    connection.data_received(SLOW)
    await turns()
    for task in list(site.state.tasks):
        task.cancel()
    await turns()
    assert statuses(wire.sent) == [503]


@in_loop
async def test_where_there_is_no_room_a_new_connection_is_refused() -> None:
    site: Any = Site(connections=2)
    for _ in range(2):
        connection, _ = site.connect()
        connection.data_received(SLOW)
    _, wire = site.connect()
    assert statuses(wire.sent) == [503]
    assert wire.ended
