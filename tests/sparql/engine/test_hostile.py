"""Queries that would take a server down, and answers that are cut off."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import psutil
import pytest
from pyoxigraph import Literal, NamedNode, Quad

from vertragsgraph.settings import Settings
from vertragsgraph.sparql.engine.dataset import Dataset
from vertragsgraph.sparql.engine.single_query import run_once

pytestmark = pytest.mark.slow
EX = "http://example.org/"
CARTESIAN = "SELECT (COUNT(*) AS ?n) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l}"
# Rows come at once and without end; each is long, so that buffers fill.
ENDLESS = "SELECT * {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l}"
LIGHT = f"SELECT * {{ <{EX}id/7> ?p ?o }}"
N = 20_000

NESTED = {
    "braces": "SELECT * " + "{" * N + "?s ?p ?o" + "}" * N,
    "parentheses": "SELECT * {FILTER(" + "(" * N + "1" + ")" * N + ")}",
    "property path": "SELECT * {?s " + "^(" * N + "<a:a>" + ")" * N + " ?o}",
    "path modifiers": "SELECT * {?s " + "(" * N + "<a:a>" + ")*" * N + " ?o}",
    "path sequence": "SELECT * {?s " + "/".join(["<a:a>"] * N) + " ?o}",
    "path alternatives": "SELECT * {?s " + "|".join(["<a:a>"] * N) + " ?o}",
    "not": "SELECT * {FILTER(" + "!" * N + "true)}",
    "minus": "SELECT * {FILTER(" + "- " * N + "1 = 1)}",
    "union": "SELECT * {" + " UNION ".join(["{?s ?p ?o}"] * N) + "}",
    "or": "SELECT * {?s ?p ?o FILTER(" + "||".join(["?s=1"] * N) + ")}",
    "and": "SELECT * {?s ?p ?o FILTER(" + "&&".join(["?s=1"] * N) + ")}",
    "sum": "SELECT * {?s ?p ?o FILTER(" + "+".join(["1"] * N) + "=1)}",
    "blank node property lists": "SELECT * {" + "[<a:p> " * N + "1" + "]" * N + " <a:a> 1}",
    "collections": "SELECT * {" + "(" * N + "1" + ")" * N + " <a:a> 1}",
    "nested optional": "SELECT * {" + "OPTIONAL{" * N + "?s ?p ?o" + "}" * N + "}",
    "optional": "SELECT * {" + "OPTIONAL{?s ?p ?o} " * N + "}",
    "exists": "SELECT * {" + "FILTER EXISTS{?s ?p ?o " * N + "}" * N + "}",
    "subqueries": "SELECT * {" + "{SELECT * {" * N + "?s ?p ?o" + "}}" * N + "}",
    "functions": "SELECT * {FILTER(" + "STR(" * N + "1" + ")" * N + "='a')}",
    "conditions": "SELECT * {BIND(" + "IF(true,1," * N + "1" + ")" * N + " AS ?x)}",
    "graphs": "SELECT * {" + "GRAPH ?g {" * N + "?s ?p ?o" + "}" * N + "}",
    "joins": "SELECT * {" + " ".join(f"?s{i} ?p ?o ." for i in range(N)) + "}",
    "binds": "SELECT * {" + " ".join(f"BIND(1 AS ?v{i})" for i in range(N)) + "}",
    "reified triples": "SELECT * {" + "<<(" * N + "<a:a> <a:b> <a:c>" + ")>>" * N + " <a:a> 1}",
    "unclosed": "SELECT * " + "{" * N,
}


@pytest.mark.parametrize("kind", NESTED)
def test_what_is_nested_or_chained_absurdly_is_refused_or_answered(server: Any, kind: str) -> None:
    with server.client() as client:
        response = client.post("/sparql", data={"query": NESTED[kind], "timeout": "1"})
        assert response.status_code in {200, 400, 503}, response.text
        if kind in {"braces", "subqueries", "functions", "exists", "unclosed"}:
            assert response.status_code == 400
            assert response.json()["column"] > 0
        assert client.get("/sparql", params={"query": LIGHT}).status_code == 200


def test_a_crash_of_the_parser_is_the_fault_of_the_query(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # Brackets hidden from the scan in what looks like an IRI, where the parser sees a comparison.
    hidden = "SELECT * {FILTER(?a<" + "(" * 150_000 + "?b>1" + ")" * 150_000 + ")}"
    with server.client() as client:
        response = client.post("/sparql", data={"query": hidden, "timeout": "5"})
        assert response.status_code in {400, 503}
        assert client.get("/sparql", params={"query": LIGHT}).status_code == 200


@pytest.mark.alone
def test_the_deadline_holds_and_others_are_answered_meanwhile(server: Any) -> None:
    with ThreadPoolExecutor() as pool:
        begun = time.monotonic()
        heavy = pool.submit(server.select, CARTESIAN, timeout=2)
        while not heavy.done():
            at = time.monotonic()
            assert server.select(LIGHT + f"#{at}").status_code == 200
            assert time.monotonic() - at < 1
        response = heavy.result()
        assert 1.9 < time.monotonic() - begun < 3
    assert response.status_code == 503
    assert response.json()["limit"] == "time"
    assert "retry-after" in response.headers
    assert server.select(LIGHT).status_code == 200


@pytest.mark.alone
def test_the_memory_cap_ends_the_query_only(dataset: Dataset, serving: Callable[..., Any]) -> None:
    if sys.platform == "darwin":
        pytest.skip("macOS does not enforce RLIMIT_AS")
    # A deadline that isn't reached on a machine that has other things to do, either.
    with serving(dataset, worker_bytes=600 * 1024 * 1024, query_seconds=100) as server:
        for query in (
            "SELECT * {?a ?b ?c . ?d ?e ?f . ?g ?h ?i} ORDER BY ?c ?f",
            "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?g))) AS ?x) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i}",
        ):
            response = server.select(query)
            assert response.status_code == 503
            assert response.json()["limit"] == "memory"
            assert server.select(LIGHT).status_code == 200


def raw_get(port: int, query: str, extra: str = "") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=15)
    connection.sendall(
        f"GET /sparql?query={quote(query)}{extra} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    )
    return connection


def everything(connection: socket.socket) -> bytes:
    parts = []
    try:
        while data := connection.recv(1 << 20):
            parts.append(data)
    except ConnectionError:
        pass
    return b"".join(parts)


def is_whole(answer: bytes) -> bool:
    """Tell whether the last chunk has come (RFC 9112, section 7.1); a row of CSV may end as that chunk does."""
    start = answer.index(b"\r\n\r\n") + 4
    while (end := answer.find(b"\r\n", start)) >= 0:
        size = int(answer[start:end], 16)
        if size == 0:
            return answer[end : end + 4] == b"\r\n\r\n"
        start = end + 2 + size + 2
    return False


def test_what_looks_like_the_end_is_not_taken_for_it() -> None:
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    assert not is_whole(head + b"6\r\n1,10\r\n\r\n")
    assert is_whole(head + b"6\r\n1,10\r\n\r\n0\r\n\r\n")
    assert not is_whole(head)


@pytest.mark.parametrize("extra", ["&timeout=1", "&timeout=1&format=csv", "&timeout=1&format=xml"])
def test_a_result_that_is_cut_off_never_ends_politely(server: Any, extra: str, eventually: Callable[..., bool]) -> None:
    assert eventually(lambda: computing(server) == 0)
    with raw_get(server.port, ENDLESS, extra) as connection:
        answer = everything(connection)
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"transfer-encoding: chunked" in answer[:2000].lower()
    assert len(answer) > 100_000
    assert not is_whole(answer)
    with server.client() as client, pytest.raises(httpx.RemoteProtocolError):
        client.get("/sparql", params={"query": ENDLESS, "timeout": "1"})


def test_a_failure_before_the_first_bytes_is_an_error(server: Any) -> None:
    response = server.select(ENDLESS + " ORDER BY ?a ?f", timeout=1)
    assert response.status_code == 503


def computing(server: Any) -> int:
    return int(server.engine.crew.computing)


@pytest.mark.alone
def test_a_query_stops_within_a_second_of_its_client_leaving(server: Any, eventually: Callable[..., bool]) -> None:
    for query in (CARTESIAN, ENDLESS):
        connection = raw_get(server.port, query)
        assert eventually(lambda: computing(server) == 1)
        time.sleep(0.5)
        connection.close()
        assert eventually(lambda: computing(server) == 0, 1.0)
    assert eventually(lambda: server.engine.crew.alive >= 3)


@pytest.mark.alone
def test_clients_that_come_and_go_do_not_cost_a_process_each(server: Any, eventually: Callable[..., bool]) -> None:
    assert eventually(lambda: server.engine.crew.alive >= 3)
    started = server.engine.crew.started
    for i in range(20):
        raw_get(server.port, f"SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c FILTER(STR(?c) != '{i}') }}").close()
    assert eventually(lambda: computing(server) == 0)
    assert server.engine.crew.started == started


def test_a_full_queue_is_told(dataset: Dataset, serving: Callable[..., Any]) -> None:
    with serving(dataset, workers=1, queue=2, query_seconds=2) as server, ThreadPoolExecutor(12) as pool:
        answers = [answer.result() for answer in [pool.submit(server.select, CARTESIAN + f"#{i}") for i in range(12)]]
        assert {answer.status_code for answer in answers} == {503}
        assert {answer.json()["limit"] for answer in answers} == {"time", "queue"}
        assert all("retry-after" in answer.headers for answer in answers)
        assert server.select(LIGHT).status_code == 200


@pytest.mark.alone
def test_one_client_has_four_queries_and_the_others_are_served(dataset: Dataset, serving: Callable[..., Any]) -> None:
    limits = {"client_queries": 4, "client_seconds": 60, "client_wait_seconds": 1, "workers": 4, "query_seconds": 3}
    with serving(dataset, trusted_proxies=("127.0.0.1",), **limits) as server, ThreadPoolExecutor(8) as pool:
        heavy = [pool.submit(ask_as, server, "198.51.100.1", CARTESIAN + f"#{i}") for i in range(8)]
        time.sleep(1)
        took = []
        for i in range(30):
            begun = time.monotonic()
            assert ask_as(server, "203.0.113.9", LIGHT + f"#{i}").status_code == 200
            took.append(time.monotonic() - begun)
            time.sleep(0.05)
        statuses = sorted(answer.result().status_code for answer in heavy)
        assert statuses == [429] * 4 + [503] * 4
        assert sorted(took)[-2] < 0.5


def ask_as(server: Any, client: str, query: str) -> httpx.Response:
    with server.client(headers={"X-Forwarded-For": client}) as http:
        return http.get("/sparql", params={"query": query})


def test_nobody_gets_round_the_limit_by_naming_another_address(dataset: Dataset, serving: Callable[..., Any]) -> None:
    with serving(dataset, client_seconds=0.002, client_wait_seconds=0) as server:
        statuses = [ask_as(server, f"198.51.100.{i}", LIGHT + f"#{i}").status_code for i in range(8)]
        assert statuses.count(429) >= 4


def test_many_small_questions_of_one_client_are_all_answered(dataset: Dataset, serving: Callable[..., Any]) -> None:
    """A SERVICE of another endpoint asks once for each row, one after the other or a few at a time, and never again."""
    with (
        serving(dataset, client_queries=4, client_seconds=60) as server,
        ThreadPoolExecutor(8) as pool,
        server.client() as one,
    ):

        def ask(number: int) -> int:
            return one.get(
                "/sparql", params={"query": f"SELECT * {{ <{EX}id/{number % 400}> ?p ?o }} # {number}"}
            ).status_code

        assert {ask(number) for number in range(500)} == {200}
        assert set(pool.map(ask, range(500, 1_000))) == {200}, "more at a time than it may have wait for their turn"


@pytest.mark.alone
def test_many_heavy_ones_of_one_client_keep_nobody_from_an_answer(
    dataset: Dataset, serving: Callable[..., Any]
) -> None:
    limits = {"client_queries": 4, "client_seconds": 60, "client_wait_seconds": 1, "workers": 4, "query_seconds": 3}
    with serving(dataset, trusted_proxies=("127.0.0.1",), **limits) as server, ThreadPoolExecutor(150) as pool:
        heavy = [pool.submit(ask_as, server, "198.51.100.1", CARTESIAN + f"#{i}") for i in range(150)]
        for i in range(30):
            assert ask_as(server, "203.0.113.9", LIGHT + f"#{i}").status_code == 200
            time.sleep(0.05)
        answers = [answer.result() for answer in heavy]
        assert {answer.status_code for answer in answers} == {429, 503}
        assert all("retry-after" in answer.headers for answer in answers)
        assert server.engine.waiting == 0
        slot = server.service.limits._board.slot("198.51.100.1")
        assert server.service.limits._board.running_of(slot) == 0


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
        r"SELECT * { \u0053ERVICE <URL> { ?s ?p ?o } }",
        "PREFIX c: <http://c/> SELECT * { { ?s a c:.SERVICE <URL> { ?s ?p ?o } } UNION {} }",
        "PREFIX : <URL> SELECT * { SERVICE: { ?s ?p ?o } }",
        "SELECT * { { SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } } } }",
        "SELECT * { VALUES ?x { <URL> } SERVICE ?x { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
        "SELECT * FROM <URL> { ?s ?p ?o }",
        "SELECT * { GRAPH <URL> { ?s ?p ?o } }",
        "DESCRIBE <URL>",
        "LOAD <URL>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    ],
)
def test_no_query_reaches_out(server: Any, query: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        response = server.select(query.replace("URL", f"http://127.0.0.1:{listener.getsockname()[1]}/"))
        assert response.status_code in {200, 400, 403}
        if response.status_code == 200:
            assert "root:" not in response.text, "the file's first words"
        with pytest.raises(TimeoutError):
            listener.accept()


def test_allowed_federation(dataset: Dataset, serving: Callable[..., Any]) -> None:
    with serving(dataset, workers=1) as other:
        iri = f"{other.url}/sparql"
        with serving(dataset, workers=1, service_allowed=(iri,)) as server:
            response = server.select(f"SELECT ?o {{ SERVICE <{iri}> {{ <{EX}id/7> <{EX}number> ?o }} }}")
            assert [row["o"]["value"] for row in response.json()["results"]["bindings"]] == ["7"]
            assert response.headers["cache-control"] == "no-store"
            assert server.select("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }").status_code == 403
        response = other.select(f"SELECT ?o {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}")
        assert response.status_code == 403


def test_workers_end_with_the_web_process(dataset: Dataset, eventually: Callable[..., bool]) -> None:
    code = f"""
import asyncio, sys
from pathlib import Path
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.engine.dataset import Dataset
from vertragsgraph.sparql.engine.pool import Pool
from vertragsgraph.sparql.api.protocol import PreparedRequest
async def main():
    store, quads = Path({str(dataset.store)!r}), Path({str(dataset.quads)!r})
    dataset = Dataset("one", store, quads, "http://example.org/", {dict(dataset.counts)!r})
    engine = Pool(dataset, Settings(workers=2))
    await engine.start()
    while engine.crew.alive < 3: await asyncio.sleep(0.01)
    answer = engine.ask(PreparedRequest({CARTESIAN!r}), lambda: None)
    await asyncio.sleep(0.5)
    print(*[w.pid for w in engine.crew.workers], flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pids = [int(pid) for pid in process.stdout.readline().split()]
        assert len(pids) >= 3
        process.kill()
    assert eventually(
        lambda: not any(psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie" for pid in pids)
    )


def test_a_worker_that_is_ended_from_outside_is_replaced(server: Any, eventually: Callable[..., bool]) -> None:
    assert eventually(lambda: server.engine.crew.alive >= 3)
    for worker in list(server.engine.crew.workers):
        os.kill(worker.pid, 9)
    assert eventually(lambda: server.select(LIGHT + "# again").status_code == 200)
    assert eventually(lambda: server.engine.crew.alive >= 3)


@pytest.mark.alone  # what has computed for long waits for a processor that has nothing else to do
def test_a_slow_reader_holds_no_worker(server: Any, eventually: Callable[..., bool]) -> None:
    query = "SELECT * {?a ?b ?c . ?d ?e ?f} LIMIT 100000"
    with raw_get(server.port, query) as connection:
        first = connection.recv(10_000)
        assert first.startswith(b"HTTP/1.1 200")
        assert eventually(lambda: computing(server) == 0)
        assert server.engine.spool.left < server.service.settings.spool_bytes
        rest = everything(connection)
    assert is_whole(first + rest)
    assert eventually(lambda: server.engine.spool.left == server.service.settings.spool_bytes)


@pytest.mark.alone  # how soon the first row comes, beside the last
def test_a_long_result_passes_through_in_constant_memory(tmp_path: Path, write: Callable[..., Dataset]) -> None:
    def quads() -> Iterator[Quad]:
        for i in range(1500):
            yield Quad(NamedNode(f"{EX}id/{i}"), NamedNode(EX + "number"), Literal(i), NamedNode(EX + "graph/g"))

    dataset = write(tmp_path, quads(), "rows")
    server = Path(__file__).parents[1] / "serve_dataset.py"
    command = [sys.executable, str(server), str(dataset.store), str(dataset.quads), "rows"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        web = psutil.Process(process.pid)
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
                for i in range(20):
                    client.get("/sparql", params={"query": LIGHT + f"#{i}"})
                idle = peak = web.memory_info().rss
                rows = 0
                begun = time.monotonic()
                first = 0.0
                query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 2000000"
                with client.stream(
                    "GET", "/sparql", params={"query": query, "format": "tsv"}, headers={"Accept-Encoding": "identity"}
                ) as response:
                    for chunk in response.iter_raw():
                        first = first or time.monotonic() - begun
                        rows += chunk.count(b"\n")
                        peak = max(peak, web.memory_info().rss) if rows % 50 == 0 else peak
                total = time.monotonic() - begun
        finally:
            process.kill()
    assert rows == 2_000_001
    assert peak - idle < 64 * 1024 * 1024
    assert first < total / 3


def test_one_query_for_the_command_line(dataset: Dataset, tmp_path: Path) -> None:
    out, before = tmp_path / "out", threading.active_count()
    with out.open("wb") as file:
        run_once(dataset, f"SELECT ?o {{ <{EX}id/7> <{EX}number> ?o }}", file, Settings())
    assert out.read_bytes() == b"o\r\n7\r\n"
    assert threading.active_count() < before + 5
