"""The short way of simple requests: the same answers as the usual one, and a connection that keeps its order."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import httpx
import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vertragsgraph.http.http11.connection import AHEAD_BYTES
from vertragsgraph.sparql.api.metrics import OUTCOMES
from vertragsgraph.sparql.engine.dataset import Dataset

pytestmark = pytest.mark.slow
EX = "http://example.org/"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
QUERIES = [
    f"SELECT * {{ <{EX}id/7> ?p ?o }}",
    f"ASK {{ <{EX}id/7> ?p ?o }}",
    f"CONSTRUCT WHERE {{ <{EX}id/7> ?p ?o }}",
    f"SELECT * {{ ?s <{EX}name> ?o }} LIMIT 30",
    "SELECT * { ?s ?p ?o . ?x ?y ?z } LIMIT 3000",
    "SELECT (NOW() AS ?now) {}",
    "SELECT * { ?s ?p }",
    "SELECT * { SERVICE <http://example.org/sparql> { ?s ?p ?o } }",
    "",
]
ACCEPTED = [
    None,
    "*/*",
    "text/csv",
    "text/turtle",
    "application/sparql-results+xml;q=0.5, text/csv;q=0.4",
    "image/png",
    ";;",
]
OWN = {"date", "query-id", "connection"}


def look_up(number: int | str) -> str:
    return f"SELECT * {{ <{EX}id/{number}> <{EX}number> ?o }}"


def get(query: str, *lines: str, path: str = "/sparql") -> bytes:
    head = "".join(f"{line}\r\n" for line in ("Host: x", *lines))
    return f"GET {path}?query={quote(query)} HTTP/1.1\r\n{head}\r\n".encode()


def post(query: str) -> bytes:
    body = f"query={quote(query)}".encode()
    lines = ("Host: x", "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}")
    return "\r\n".join(("POST /sparql HTTP/1.1", *lines, "", "")).encode() + body


@pytest.fixture
def connect(server: Any) -> Iterator[Callable[[], socket.socket]]:
    """Opens connections that end with the test."""
    opened: list[socket.socket] = []

    def one() -> socket.socket:
        opened.append(socket.create_connection(("127.0.0.1", server.port), timeout=20))
        return opened[-1]

    yield one
    for connection in opened:
        connection.close()


class Reader:
    """Reads responses with a Content-Length, one after the other."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._data = b""

    def read(self) -> tuple[int, dict[str, str], bytes]:
        head = self._until(b"\r\n\r\n").decode()
        status, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        size = int(headers.get("content-length", "0"))
        while len(self._data) < size:
            self._more()
        body, self._data = self._data[:size], self._data[size:]
        return int(status.split()[1]), headers, body

    def numbers(self, count: int) -> list[str]:
        return [re.findall(r'"value":"(\d+)"', self.read()[2].decode())[0] for _ in range(count)]

    def _until(self, end: bytes) -> bytes:
        while end not in self._data:
            self._more()
        found, self._data = self._data.split(end, 1)
        return found

    def _more(self) -> None:
        data = self._connection.recv(65_536)
        if not data:
            raise EOFError
        self._data += data


def ask(server: Any, query: str, headers: dict[str, str], name: str | None, *, short: bool) -> httpx.Response:
    parameters = {"query": query} | ({"format": name} if name else {})
    with httpx.Client(base_url=server.url, trust_env=False, timeout=30) as client:
        client.headers.clear()
        for given_name, value in headers.items():
            client.headers[given_name] = value
        if not short:
            client.headers["Connection"] = "close"
        return client.get("/sparql", params=parameters)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.sampled_from(QUERIES),
    accept=st.sampled_from(ACCEPTED),
    name=st.sampled_from([None, "csv", "xml", "ttl", "nonsense"]),
    encoding=st.sampled_from([None, "gzip", "zstd", "br;q=1, *;q=0"]),
    first=st.booleans(),
    number=st.integers(0, 1_000_000),
)
def test_both_ways_lead_to_the_same_answer(
    server: Any, query: str, accept: str | None, name: str | None, encoding: str | None, first: bool, number: int
) -> None:
    headers = {"Host": "x"} | ({"Accept": accept} if accept else {})
    if encoding:
        headers["Accept-Encoding"] = encoding
    asked = query and f"{query} # {number}"
    one, other = (ask(server, asked, headers, name, short=short) for short in (first, not first))
    again = ask(server, asked, headers, name, short=True)
    assert one.status_code == other.status_code == again.status_code
    if one.status_code != 200:
        assert one.json()["detail"] == other.json()["detail"] == again.json()["detail"]
        assert one.json()["query_id"] == one.headers["query-id"]
    elif "NOW()" not in query:
        assert one.content == other.content == again.content
    kept = [{k: v for k, v in answer.headers.items() if k not in OWN} for answer in (one, other, again)]
    if "NOW()" in query or one.status_code != 200:
        for found in kept:
            found.pop("content-length", None)
    assert kept[0] == kept[1] == kept[2]
    assert len({answer.headers["query-id"] for answer in (one, other, again)}) == 3
    if "etag" in one.headers:
        tagged = {**headers, "If-None-Match": one.headers["etag"]}
        confirmed = [ask(server, asked, tagged, name, short=short) for short in (True, False)]
        assert [(answer.status_code, answer.content) for answer in confirmed] == [(304, b"")] * 2
        assert confirmed[0].headers["etag"] == confirmed[1].headers["etag"] == one.headers["etag"]


def test_it_is_the_short_way_that_is_taken(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(server.service, "answer", refused)
    monkeypatch.setattr(server.service, "deliver", refused)
    for _ in range(2):
        assert server.select(look_up(7)).status_code == 200


def test_requests_that_come_together_are_answered_in_order(connect: Callable[[], socket.socket]) -> None:
    for run in range(3):
        connection = connect()
        connection.sendall(b"".join(get(look_up(i) + f"# {run}") for i in range(20)))
        assert Reader(connection).numbers(20) == [str(i) for i in range(20)]


def test_requests_that_come_while_one_is_answered_keep_their_order(connect: Callable[[], socket.socket]) -> None:
    connection = connect()
    slow = f"SELECT ?n {{ {{ SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f }} }} }} # {time.monotonic()}"
    connection.sendall(get(slow))
    for i in range(5):
        time.sleep(0.02)
        connection.sendall(get(look_up(i) + "# after"))
    assert Reader(connection).numbers(6)[1:] == ["0", "1", "2", "3", "4"]


def test_ways_alternate_on_a_connection(connect: Callable[[], socket.socket]) -> None:
    connection = connect()
    reader = Reader(connection)
    for i in range(4):
        connection.sendall(get(look_up(i) + "# short"))
        assert reader.numbers(1) == [str(i)]
        connection.sendall(post(look_up(i + 10)))
        assert reader.numbers(1) == [str(i + 10)]
        connection.sendall(get("NONSENSE"))
        assert reader.read()[0] == 400


@pytest.mark.parametrize("size", [1, 7, 60])
def test_a_request_may_come_in_pieces(connect: Callable[[], socket.socket], size: int) -> None:
    connection = connect()
    reader = Reader(connection)
    for i in range(2):
        request = get(look_up(i) + f"# in pieces of {size}")
        for start in range(0, len(request), size):
            connection.sendall(request[start : start + size])
            time.sleep(0.001)
        connection.sendall(get(look_up(i + 5) + f"# whole, {size}"))
        assert reader.numbers(2) == [str(i), str(i + 5)]


def test_a_connection_is_closed_where_the_client_wants_it(connect: Callable[[], socket.socket]) -> None:
    connection = connect()
    connection.sendall(get(look_up(1), "Connection: close"))
    reader = Reader(connection)
    assert reader.numbers(1) == ["1"]
    with pytest.raises(EOFError):
        reader.read()


def test_a_body_that_nobody_expects_is_not_read_as_a_request(connect: Callable[[], socket.socket]) -> None:
    connection = connect()
    inner = get(look_up(1))
    connection.sendall(get(look_up(0) + "# body", f"Content-Length: {len(inner)}") + inner + get(look_up(2)))
    assert Reader(connection).numbers(2) == ["0", "2"]


@pytest.mark.alone
@pytest.mark.parametrize("after", [b"", b"\r\n", b"G", get(look_up(1)), get(look_up(1)) * 50, get(look_up(1)) * 5_000])
@pytest.mark.parametrize("is_short", [True, False])
def test_a_client_that_leaves_is_noticed_whatever_it_sent_before(
    server: Any,
    eventually: Callable[..., bool],
    caplog: pytest.LogCaptureFixture,
    after: bytes,
    is_short: bool,
) -> None:
    gone, failed = (server.service.metrics.queries.counted(outcome) for outcome in ("gone", "failed"))
    query = SLOW + f"# {time.monotonic()}"
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(get(query) if is_short else post(query))
        assert eventually(lambda: server.engine.crew.computing == 1)
        connection.sendall(after)
        time.sleep(0.3)
    # Where nothing more is read, it takes up to two looks until that is given up.
    assert eventually(lambda: server.engine.crew.computing == 0, 1.0 if len(after) < AHEAD_BYTES else 5.0)
    assert server.service.metrics.queries.counted("gone") == gone + 1
    assert server.service.metrics.queries.counted("failed") == failed
    assert not caplog.records


def test_nothing_is_left_of_those_who_leave_as_their_answer_begins(
    dataset: Dataset, serving: Callable[..., Any], eventually: Callable[..., bool]
) -> None:
    """Answers that are compressed over ASGI, where one request is begun in a turn of the event loop and others wait."""
    with serving(dataset, client_queries=1_000) as server:
        for run in range(10):
            connections = [socket.create_connection(("127.0.0.1", server.port), timeout=20) for _ in range(40)]
            for i, connection in enumerate(connections):
                query = f"SELECT * {{ ?s <{EX}name> ?o }} LIMIT 30 # {run} {i}"
                connection.sendall(get(query, "Accept-Encoding: gzip"))
            for connection in connections:
                connection.close()
        counted = server.service.metrics.queries.counted
        assert eventually(lambda: sum(counted(outcome) for outcome in OUTCOMES) == 400)
        assert eventually(lambda: (server.engine.crew.computing, server.engine.waiting) == (0, 0))
        assert sum(server.service.limits._board.running) == 0


def test_a_client_has_no_more_queries_than_it_may(dataset: Dataset, serving: Callable[..., Any]) -> None:
    with serving(dataset, client_queries=2, client_wait_seconds=0.5, query_seconds=2) as server:
        connections = [socket.create_connection(("127.0.0.1", server.port), timeout=20) for _ in range(4)]
        for i, connection in enumerate(connections):
            connection.sendall(get(SLOW + f"# {i}"))
        assert sorted(Reader(connection).read()[0] for connection in connections) == [429, 429, 503, 503]
        for connection in connections:  # each may ask again
            connection.sendall(get(look_up(3) + f"# {connection.fileno()}"))
            assert Reader(connection).numbers(1) == ["3"]
            connection.close()
        assert sum(server.service.limits._board.running) == 0


def test_the_length_of_a_query_is_limited(dataset: Dataset, serving: Callable[..., Any]) -> None:
    with serving(dataset, query_bytes=1_000) as server:
        statuses = [server.select(look_up(1) + "#" + "x" * length).status_code for length in (500, 1_000, 5_000)]
        assert statuses == [200, 413, 413]


def test_a_server_that_ends_answers_what_was_asked(
    dataset: Dataset, serving: Callable[..., Any], eventually: Callable[..., bool]
) -> None:
    others = psutil.Process().children()
    with serving(dataset) as server:
        assert eventually(lambda: server.engine.crew.alive == 3)  # else one that starts later would answer
        workers = [process for process in psutil.Process().children() if process not in others]
        for worker in workers:
            worker.suspend()
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            connection.sendall(get(look_up(7)))
            assert eventually(lambda: server.engine.crew.computing == 1)
            server.http.should_exit = True
            assert eventually(lambda: all(each.is_ending for each in server.http.server_state.connections))
            for worker in workers:
                worker.resume()
            status, headers, body = Reader(connection).read()
            assert (status, headers["connection"]) == (200, "close")
            assert b'"7"' in body
            assert connection.recv(1) == b""


def test_idle_connections_are_closed_and_used_ones_are_not(dataset: Dataset, serving: Callable[..., Any]) -> None:
    with serving(dataset, idle_seconds=2) as server:
        used, idle = (socket.create_connection(("127.0.0.1", server.port), timeout=5) for _ in range(2))
        idle.sendall(get(look_up(1)))
        assert Reader(idle).numbers(1) == ["1"]
        reader = Reader(used)
        for i in range(6):
            used.sendall(get(look_up(i)))
            assert reader.numbers(1) == [str(i)]
            time.sleep(0.5)
        assert idle.recv(1) == b""
        used.close()
        idle.close()
