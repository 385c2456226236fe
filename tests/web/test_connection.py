"""Connections under attack, in bytes over real sockets: what is refused and how, what is limited, in which order answers come."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import pytest

from vertragsgraph.http.http11.connection import AHEAD_BYTES

pytestmark = pytest.mark.slow

LIVE = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
QUERY = "ASK { ?s ?p ?o }"
FORM = f"query={quote(QUERY + ' # GET /health/live HTTP/1.1')}".encode()
H2C = (
    b"Connection: Upgrade, HTTP2-Settings",
    b"Upgrade: h2c",
    b"HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
)
WEBSOCKET = (
    b"Connection: Upgrade",
    b"Upgrade: websocket",
    b"Sec-WebSocket-Version: 13",
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
)
JAVA = """
import java.net.URI;
import java.net.http.*;
public class Ask {
    public static void main(String[] arguments) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        for (int i = 0; i < 3; i++) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(arguments[0] + "sparql"))
                .header("Content-Type", "application/sparql-query").header("Accept", "text/csv")
                .POST(HttpRequest.BodyPublishers.ofString("SELECT (" + i + " AS ?n) {} #" + "x".repeat(3000 * i))).build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            System.out.println(response.statusCode() + " " + response.body().replaceAll("\\\\s+", " "));
        }
    }
}
"""


def request(line: bytes, *fields: bytes, body: bytes = b"") -> bytes:
    length = [b"Content-Length: %d" % len(body)] if body else []
    return b"\r\n".join((line, b"Host: x", *fields, *length, b"", body))


def problem(answer: Any) -> dict[str, Any]:
    """The problem document that a refusal is."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["connection"] == "close"
    document: dict[str, Any] = json.loads(answer.body)
    assert document["status"] == answer.status
    assert len(document["detail"]) > 20
    return document


@pytest.mark.parametrize(
    "fields", [H2C, WEBSOCKET, (b"connection: upgrade,close", b"UPGRADE: h2c"), (b"Upgrade: h2c",)]
)
@pytest.mark.parametrize("body", [FORM, b"%x\r\n%b\r\n0\r\n\r\n" % (len(FORM), FORM)])
def test_upgrade_is_ignored_and_the_body_is_read(
    server: Any, talk: Any, heard: Any, fields: tuple[bytes, ...], body: bytes
) -> None:
    before = len(server.said())
    form = (b"Content-Type: application/x-www-form-urlencoded", *fields)
    if body is FORM:
        post = request(b"POST /sparql HTTP/1.1", *form, body=FORM)
    else:
        post = request(b"POST /sparql HTTP/1.1", *form, b"Transfer-Encoding: chunked") + body
    get = request(b"GET /sparql?query=%b HTTP/1.1" % quote(QUERY).encode(), *fields)
    found = heard(talk(server, post + get + LIVE))
    asked = 2 if b"close" not in fields[0] else 1
    assert [answer.status for answer in found] == ([200] * 3)[: asked + (asked == 2)]
    assert all(json.loads(answer.body)["boolean"] is True for answer in found[:asked])
    assert all('"outcome"' in line for line in server.said()[before:].splitlines())


def test_the_client_of_java_posts_as_it_does_by_default(server: Any, tmp_path: Path) -> None:
    java = shutil.which("java")
    if java is None or shutil.which("javac") is None:
        pytest.skip("there is no Java compiler here")
    source = tmp_path / "Ask.java"
    source.write_text(JAVA)
    told = subprocess.run([java, source, server.url], capture_output=True, text=True, check=True, timeout=120).stdout
    assert told.splitlines() == [f"200 n {i} " for i in range(3)]


@pytest.mark.parametrize("path", ["/search.json?q=Öffnung", "/search.json?q=Öffnung&lang=de", "/doc/contract/Ä", "/Ä"])
def test_raw_characters_in_an_address_are_as_good_as_encoded_ones(
    server: Any, talk: Any, heard: Any, path: str
) -> None:
    asked = [
        request(b"GET %b HTTP/1.1" % name, b"Connection: close")
        for name in (path.encode(), quote(path, "/?=&").encode())
    ]
    raw, encoded = (heard(talk(server, one))[0] for one in asked)
    assert raw.status == encoded.status == (200 if "search" in path else 404)
    assert raw.body == encoded.body


def test_an_address_may_come_with_its_origin(server: Any, talk: Any, heard: Any) -> None:
    found = heard(talk(server, request(b"GET http://example.org/health/live HTTP/1.1") + LIVE))
    assert [answer.status for answer in found] == [200, 200]


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        (b"nonsense\r\n\r\n", 400, "first line"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, "first line"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "HTTP/1.1"),
        (request(b"GET /search?q=a b HTTP/1.1"), 400, "Percent-encode"),
        (request(b"GET /search?q=a\x01b HTTP/1.1"), 400, "Percent-encode"),
        (request(b"GET search HTTP/1.1"), 400, "begins with"),
        (request(b"CONNECT example.org:443 HTTP/1.1"), 400, "begins with"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, "Host"),
        (request(b"GET / HTTP/1.1", b"Host: y"), 400, "Host"),
        (b"GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n", 400, "Host"),
        (b"GET / HTTP/1.1\nHost: x\n\n", 400, "CR LF"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: b\n\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 400, "CR LF"),
        (request(b"GET / HTTP/1.1", b"No colon"), 400, "header fields"),
        (request(b"GET / HTTP/1.1", b"Space : x"), 400, "header fields"),
        (request(b"GET / HTTP/1.1", b"A: b", b" folded"), 400, "header fields"),
        (request(b"GET / HTTP/1.1", b"Nul: \0"), 400, "header fields"),
        (
            request(b"POST /sparql HTTP/1.1", b"Transfer-Encoding: chunked", b"Content-Length: 3") + b"0\r\n\r\n",
            400,
            "header fields",
        ),
        (request(b"POST /sparql HTTP/1.1", b"Content-Length: 3", b"Content-Length: 4") + b"abcd", 400, "header fields"),
        (request(b"POST /sparql HTTP/1.1", b"Content-Length: 3, 3") + b"abc", 400, "header fields"),
        (request(b"POST /sparql HTTP/1.1", b"Content-Length: -3") + b"abc", 400, "header fields"),
        (request(b"POST /sparql HTTP/1.1", b"Transfer-Encoding: gzip") + b"abc", 400, "header fields"),
        (request(b"POST /sparql HTTP/1.1", b"Transfer-Encoding: gzip, chunked") + b"0\r\n\r\n", 400, "codings"),
        (request(b"POST /sparql HTTP/1.1", b"Transfer-Encoding: chunked") + b"zz\r\n", 400, "chunks"),
        (b"GET /" + b"a" * 70_000, 414, "POST"),
        (request(b"GET /sparql?query=%b HTTP/1.1" % (b"a" * 70_000)), 414, "POST"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40_000, 431, "32768"),
        (request(b"GET / HTTP/1.1", *[b"A%d: b" % i for i in range(101)]), 431, "100"),
    ],
)
def test_what_is_refused_is_told_in_a_problem_document(
    server: Any, talk: Any, heard: Any, sent: bytes, status: int, words: str
) -> None:
    found = heard(talk(server, sent))
    assert [answer.status for answer in found] == [status]
    assert words in problem(found[0])["detail"]


def test_what_is_just_short_enough_is_taken(server: Any, talk: Any, heard: Any) -> None:
    query = b"/sparql?query=ASK%7B%7D%20%23".ljust(65_536, b"a")
    fields = [b"A%d: b" % i for i in range(97)]
    found = heard(
        talk(server, request(b"GET %b HTTP/1.1" % query) + request(b"GET /health/live HTTP/1.1", *fields) + LIVE)
    )
    assert [answer.status for answer in found] == [200] * 3


def test_an_old_client_gets_nothing_that_it_does_not_know(server: Any, talk: Any) -> None:
    query = quote("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000").encode()
    told = talk(server, b"GET /sparql?format=csv&query=%b HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" % query)
    head, _, body = told.partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head.lower()
    assert b"connection: close" in head.lower()
    assert body.count(b"\r\n") == 20_001


def test_a_result_that_is_cut_off_ends_with_a_reset_where_its_end_is_the_connection_s(server: Any, opened: Any) -> None:
    query = quote("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }").encode()
    with opened(server) as connection:
        connection.sendall(b"GET /sparql?timeout=1&format=csv&query=%b HTTP/1.0\r\n\r\n" % query)
        with pytest.raises(ConnectionResetError):
            while connection.recv(1 << 20):
                pass


def test_expect_is_answered_before_the_body_comes(server: Any, opened: Any, heard: Any) -> None:
    with opened(server) as connection:
        fields = (
            b"Content-Type: application/sparql-query",
            b"Expect: 100-continue",
            b"Content-Length: 5",
            b"Connection: close",
        )
        connection.sendall(request(b"POST /sparql HTTP/1.1", *fields))
        assert connection.recv(1_000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"ASK{}")
        assert b'"boolean":true' in connection.recv(10_000)


@pytest.mark.parametrize(
    ("line", "status"),
    [(b"POST /sparql HTTP/1.1", 413), (b"PUT /sparql HTTP/1.1", 405), (b"POST /health/live HTTP/1.1", 405)],
)
def test_nobody_reads_on_after_a_refusal(server: Any, opened: Any, heard: Any, line: bytes, status: int) -> None:
    fields = (b"Content-Type: application/sparql-query", b"Content-Length: 4000000000")
    sent, told = 0, b""
    with opened(server) as connection:
        connection.sendall(request(line, *fields))
        try:
            while sent < 1 << 28:
                sent += connection.send(b" " * 65_536)
        except ConnectionError:
            pass
        assert sent < 1 << 25
    with opened(server) as connection:  # who doesn't send more than that has the answer
        connection.sendall(request(line, *fields) + b" " * 100_000)
        while data := connection.recv(100_000):
            told += data
    (answer,) = heard(told)
    assert answer.status == status
    assert answer.headers["connection"] == "close"


def test_answers_to_a_pipeline_come_in_order_and_one_at_a_time(server: Any, talk: Any, heard: Any) -> None:
    process = psutil.Process(server.process.pid)
    slow = f"query={quote('SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e 4 }')}".encode()
    post = request(b"POST /sparql HTTP/1.1", b"Content-Type: application/x-www-form-urlencoded", body=slow)
    before = process.memory_info().rss
    pipeline = b"".join(request(b"GET /health/live?%d HTTP/1.1" % i) for i in range(1_000))
    assert len(pipeline) < AHEAD_BYTES  # more than that behind a slow answer may be given up
    data = talk(server, post + pipeline + LIVE)
    found = heard(data)
    assert b'"n"' in found[0].body
    assert len(found) == 1_002
    assert process.memory_info().rss - before < 20 << 20


def test_a_pipeline_is_left_behind_with_its_client(server: Any, opened: Any, talk: Any, heard: Any) -> None:
    dump = request(b"GET /dumps/hessen.nt HTTP/1.1") * 20
    for _ in range(50):
        clients = [opened(server) for _ in range(10)]
        for client in clients:
            client.sendall(dump)
        for client in clients:
            client.close()
    before = psutil.Process(server.process.pid).cpu_times()
    begun = time.monotonic()
    assert heard(talk(server, LIVE))[0].status == 200
    assert time.monotonic() - begun < 10
    time.sleep(1)
    after = psutil.Process(server.process.pid).cpu_times()
    assert after.user - before.user < 1
    assert "Traceback" not in server.said()
