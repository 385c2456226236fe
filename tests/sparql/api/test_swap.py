"""A new dataset without downtime."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from prometheus_client import generate_latest
from pyoxigraph import Literal, NamedNode, Quad

from vertragsgraph.sparql.api.access_log import AccessLog
from vertragsgraph.sparql.engine.dataset import Dataset

pytestmark = pytest.mark.slow
EX = "http://example.org/"
QUERY = f"SELECT ?o {{ <{EX}id/1> <{EX}value> ?o }}"


def quads(value: int) -> Iterator[Quad]:
    for i in range(200):
        yield Quad(NamedNode(f"{EX}id/{i}"), NamedNode(EX + "value"), Literal(value), NamedNode(EX + "graph/g"))


def values(response: Any) -> list[str]:
    assert response.status_code == 200, response.text
    return [row["o"]["value"] for row in json.loads(response.content)["results"]["bindings"]]


@pytest.fixture
def two(tmp_path: Path, write: Callable[..., Dataset]) -> list[Dataset]:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    return [write(tmp_path / name, quads(value), name) for value, name in ((1, "old"), (2, "new"))]


def test_running_queries_finish_on_the_old_one(
    two: list[Dataset], serving: Callable[..., Any], eventually: Callable[..., bool]
) -> None:
    old, new = two
    slow = f"SELECT (MAX(?o) AS ?m) {{ ?a <{EX}value> ?o . ?b <{EX}value> ?p . ?c <{EX}value> ?q FILTER(?a != ?b || ?c != ?b) }}"
    with serving(old, query_seconds=100) as server, ThreadPoolExecutor(2) as pool:
        assert values(server.select(QUERY)) == ["1"]
        tag = server.select(QUERY).headers["etag"]
        running = pool.submit(server.select, slow)
        time.sleep(0.4)
        pids = [worker.pid for worker in server.engine.crew.workers]
        server.run(server.service.swap(new))
        assert not running.done()
        assert values(server.select(QUERY)) == ["2"]
        with server.client() as client:
            assert client.get("/sparql", params={"query": QUERY}, headers={"If-None-Match": tag}).status_code == 200
        assert running.result().json()["results"]["bindings"][0]["m"]["value"] == "1"
        assert eventually(lambda: not any(psutil.pid_exists(pid) for pid in pids))
        assert eventually(lambda: server.engine.crew.alive == 3)


def test_a_query_that_waited_meanwhile_is_not_taken_for_one_to_the_old_one(
    two: list[Dataset], serving: Callable[..., Any], eventually: Callable[..., bool]
) -> None:
    old, new = two
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    with serving(old, workers=1, nice_after_seconds=60, query_seconds=6) as server, ThreadPoolExecutor(4) as pool:
        tag = server.select(QUERY).headers["etag"]
        assert eventually(lambda: server.engine.crew.alive == 2)
        busy = [pool.submit(server.select, slow + f"#{i}") for i in range(2)]
        assert eventually(lambda: server.engine.crew.computing == 2)
        waiting = pool.submit(server.select, QUERY + "# waits")
        assert eventually(lambda: server.engine.waiting == 1)
        server.run(server.service.swap(new))
        waited = waiting.result()
        assert values(waited) == ["2"]
        assert waited.headers["cache-control"] == "no-store"
        again = server.select(QUERY + "# waits")
        assert values(again) == ["2"]
        assert again.headers["etag"] not in {tag, waited.headers.get("etag")}
        assert [answer.result().status_code for answer in busy] == [503, 503]


def test_workers_of_the_old_one_that_were_still_starting_go_too(
    two: list[Dataset], serving: Callable[..., Any], eventually: Callable[..., bool]
) -> None:
    old, new = two
    with serving(old, workers=6) as server:
        server.run(server.service.swap(new))
        assert eventually(lambda: server.engine.crew.alive == 7, 20)
        time.sleep(0.3)
        assert {worker.generation.dataset.identity for worker in server.engine.crew.workers} == {"new"}
        assert len(server.engine.crew.workers) == 7


def test_nobody_notices_but_by_the_answers(
    two: list[Dataset], serving: Callable[..., Any], eventually: Callable[..., bool]
) -> None:
    old, new = two
    with serving(old) as server:
        seen: list[str] = []
        end = threading.Event()

        def ask() -> None:
            with server.client() as client:
                while not end.is_set():
                    seen.extend(values(client.get("/sparql", params={"query": QUERY + f"#{len(seen)}"})))

        thread = threading.Thread(target=ask)
        thread.start()
        assert eventually(lambda: "1" in seen)
        server.run(server.service.swap(new))
        assert eventually(lambda: "2" in seen)
        end.set()
        thread.join()
        assert seen == sorted(seen)


def test_metrics(server: Any) -> None:
    server.select(QUERY)
    server.select("NONSENSE")
    server.service.publish()
    text = generate_latest(server.service.registry).decode()
    names = ("workers_alive", "workers_killed_total", "queue_length", "query_seconds_count")
    for name in ('queries_total{outcome="ok"}', 'queries_total{outcome="refused"}', *names):
        assert f"vertragsgraph_{name}" in text


def test_the_access_log_knows_the_query_id_and_no_address(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    monkeypatch.setattr(server.service, "_log", AccessLog(write))
    response = server.select("NONSENSE")
    line = json.loads(os.read(read, 10_000))
    assert datetime.fromisoformat(line["time"]) - datetime.now(UTC) < timedelta(seconds=60)
    assert line["query_id"] == response.headers["query-id"] == response.json()["query_id"]
    assert (line["status"], line["outcome"], line["client"]) == (400, "refused", "127.0.0.0")
