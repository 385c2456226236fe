"""Queries that ask other endpoints: only those allowed, from workers of their own, and certain to end."""

from __future__ import annotations

import dataclasses
import io
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest

from vertragsgraph.settings import Settings
from vertragsgraph.sparql.dataset import Dataset
from vertragsgraph.sparql.engine import run_once
from vertragsgraph.sparql.federation import allowed

pytestmark = [pytest.mark.slow, pytest.mark.alone]
EX = "http://example.org/"
FOREIGN = f"?s <{EX}number> ?number FILTER (?number < 3)"
ROWS = json.dumps(
    {
        "head": {"vars": ["s"]},
        "results": {"bindings": [{"s": {"type": "uri", "value": f"{EX}id/{i}"}} for i in range(3)]},
    }
).encode()


def values(response: Any, name: str) -> list[str]:
    assert response.status_code == 200, response.text
    return sorted(row[name]["value"] for row in response.json()["results"]["bindings"])


@contextmanager
def answering(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """An endpoint that misbehaves as `answer` says; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            answer(self)

        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql"
    finally:
        server.shutdown()
        server.server_close()


def reply(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, length: int | None = None) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", "application/sparql-results+json")
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture(scope="module")
def other(dataset: Dataset, serving: Callable[..., Any]) -> Iterator[str]:
    """Another server's endpoint."""
    with serving(dataset, workers=1) as server:
        yield f"{server.url}/sparql"


def test_the_endpoints_of_the_register_and_of_the_installation_are_allowed(dataset: Dataset) -> None:
    of_register = dataclasses.replace(dataset, federation=("https://b/", "https://a/"))
    assert allowed(dataset, Settings()) == ()
    assert allowed(of_register, Settings()) == ("https://a/", "https://b/")
    assert allowed(of_register, Settings(service_allowed=("https://c/", "https://a/"))) == (
        "https://a/",
        "https://b/",
        "https://c/",
    )
    assert allowed(of_register, Settings(service_allowed=("https://c/",), federated_queries=0)) == ()


def test_what_is_ours_and_what_is_theirs_come_together(
    dataset: Dataset, serving: Callable[..., Any], other: str, eventually: Callable[..., bool]
) -> None:
    with serving(dataclasses.replace(dataset, federation=(other,))) as server:
        joined = f"SELECT ?name {{ ?s <{EX}name> ?name SERVICE <{other}> {{ {FOREIGN} }} }}"
        response = server.select(joined)
        assert len(values(response, "name")) == 3
        assert response.headers["cache-control"] == "no-store"
        graph = server.select(f"CONSTRUCT {{ ?s a ?number }} {{ SERVICE <{other}> {{ {FOREIGN} }} }}", format="nt")
        assert len(graph.text.splitlines()) == 3
        assert server.select(f"ASK {{ SERVICE <{other}> {{ <{EX}no> ?p ?o }} }}").json()["boolean"] is False
        refused = server.select(joined.replace(other, "http://127.0.0.1:9/"))
        assert (refused.status_code, other in refused.json()["detail"]) == (403, True)
        assert eventually(lambda: server.engine.pool._crew.outward == 0)


def test_an_installation_can_refuse_what_the_register_allows(
    dataset: Dataset, serving: Callable[..., Any], other: str
) -> None:
    with serving(dataclasses.replace(dataset, federation=(other,)), federated_queries=0) as server:
        assert server.select(f"SELECT * {{ SERVICE <{other}> {{ {FOREIGN} }} }}").status_code == 403


def test_no_worker_of_others_has_a_way_out(
    dataset: Dataset, serving: Callable[..., Any], eventually: Callable[..., bool]
) -> None:
    if not Path("/proc/self/limits").exists():
        pytest.skip("no /proc to look at")
    asked, go = threading.Event(), threading.Event()

    def wait(handler: BaseHTTPRequestHandler) -> None:
        asked.set()
        go.wait(20)
        reply(handler, ROWS)

    with (
        answering(wait) as iri,
        serving(dataclasses.replace(dataset, federation=(iri,))) as server,
        ThreadPoolExecutor(1) as pool,
    ):
        assert eventually(lambda: server.engine.pool.alive == 3)
        common = server.engine.pool.workers
        answer = pool.submit(server.select, f"SELECT * {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}")
        assert asked.wait(20)
        (alone,) = set(server.engine.pool.workers) - set(common)
        for worker in common:
            assert psutil.Process(worker.pid).rlimit(psutil.RLIMIT_NOFILE) == (0, 0)
        assert psutil.Process(alone.pid).rlimit(psutil.RLIMIT_NOFILE)[0] > 0
        # While it waits for the other side, the workers of the others are free.
        assert server.select(f"SELECT * {{ <{EX}id/7> ?p ?o }}").status_code == 200
        go.set()
        assert len(values(answer.result(), "s")) == 3
        assert eventually(lambda: not psutil.pid_exists(alone.pid))
        assert set(common) <= set(server.engine.pool.workers)


def test_no_redirect_is_followed(dataset: Dataset, serving: Callable[..., Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        elsewhere = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        for status in (301, 302, 303, 307, 308):

            def redirect(handler: BaseHTTPRequestHandler, status: int = status) -> None:
                handler.send_response(status)
                handler.send_header("Location", elsewhere)
                handler.send_header("Content-Length", "0")
                handler.end_headers()

            with answering(redirect) as iri, serving(dataset, service_allowed=(iri,), workers=1) as server:
                assert server.select(f"SELECT * {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}").status_code == 502
            with pytest.raises(TimeoutError):
                listener.accept()


@pytest.mark.parametrize(
    "misbehave",
    [
        lambda handler: reply(handler, b"", 500),
        lambda handler: reply(handler, b"", 429),
        lambda handler: reply(handler, ROWS[:-20]),
        lambda handler: reply(handler, ROWS, length=len(ROWS) + 100),
        lambda handler: reply(handler, b"<html>"),
        lambda handler: handler.connection.close(),
    ],
    ids=["500", "429", "truncated JSON", "cut off", "another format", "hangs up"],
)
def test_an_endpoint_that_fails_is_told_and_no_answer_is_made_of_it(
    dataset: Dataset, serving: Callable[..., Any], misbehave: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    with answering(misbehave) as iri, serving(dataset, service_allowed=(iri,), workers=1) as server:
        query = f"SELECT (COUNT(*) AS ?n) {{ ?s <{EX}name> ?name SERVICE <{iri}> {{ ?s ?p ?o }} }}"
        response = server.select(query)
        assert response.status_code == 502, response.text
        assert "SERVICE" in response.json()["detail"]
        assert server.select(f"SELECT * {{ <{EX}id/7> ?p ?o }}").status_code == 200


def test_the_deadline_holds_whatever_the_other_side_does(
    dataset: Dataset, serving: Callable[..., Any], eventually: Callable[..., bool]
) -> None:
    silence = threading.Event()
    with (
        answering(lambda _: silence.wait(20) and None) as iri,
        serving(dataset, service_allowed=(iri,), federated_queries=2) as server,
        ThreadPoolExecutor(3) as pool,
    ):
        query = f"SELECT * {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}"
        begun = time.monotonic()
        answers = [pool.submit(server.select, query + f"#{i}", timeout=2) for i in range(3)]
        limits = sorted(answer.result().json()["limit"] for answer in answers)
        assert limits == ["federation", "time", "time"]
        assert time.monotonic() - begun < 4
        assert all(answer.result().status_code == 503 for answer in answers)
        assert all("retry-after" in answer.result().headers for answer in answers)
        assert eventually(lambda: server.engine.pool._crew.outward == 0)
        assert server.engine.pool.alive >= 3
        silence.set()


def test_a_query_whose_client_has_left_asks_nobody_for_long(
    dataset: Dataset, serving: Callable[..., Any], eventually: Callable[..., bool]
) -> None:
    silence = threading.Event()
    with answering(lambda _: silence.wait(20) and None) as iri, serving(dataset, service_allowed=(iri,)) as server:
        for pause in (0.0, 0.02, 1.0):  # before its worker is there, while it starts, while it asks
            with socket.create_connection(("127.0.0.1", server.port)) as connection:
                query = f"SELECT%20*%20%7BSERVICE%3C{iri}%3E%7B%3Fs%20%3Fp%20%3Fo%7D%7D"
                connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                assert eventually(lambda: server.engine.pool.computing >= 1)
                time.sleep(pause)
            assert eventually(lambda: server.engine.pool.computing == 0, 2)
        assert eventually(lambda: server.engine.pool._crew.outward == 0)
        silence.set()


def test_heavy_queries_and_federated_ones_do_not_wait_for_each_other(
    dataset: Dataset, serving: Callable[..., Any], other: str, eventually: Callable[..., bool]
) -> None:
    with serving(dataset, service_allowed=(other,), workers=1) as server, ThreadPoolExecutor(2) as pool:
        heavy = [
            pool.submit(server.select, f"SELECT (COUNT(*) AS ?n) {{?a ?b ?c . ?d ?e ?f . ?g ?h ?i}}#{i}", timeout=6)
            for i in range(2)
        ]
        assert eventually(lambda: server.engine.pool._heavy() == 1)
        assert len(values(server.select(f"SELECT * {{ SERVICE <{other}> {{ {FOREIGN} }} }}"), "s")) == 3
        assert {answer.result().status_code for answer in heavy} == {503}


def test_the_command_line_asks_others_too(dataset: Dataset, other: str) -> None:
    out = io.BytesIO()
    query = f"SELECT ?number {{ SERVICE <{other}> {{ {FOREIGN} }} }} ORDER BY ?number"
    run_once(dataclasses.replace(dataset, federation=(other,)), query, out, Settings())
    assert out.getvalue() == b"number\r\n0\r\n1\r\n2\r\n"
