"""Several web processes on one socket: one server to whoever asks, replaced when they end, and ended together."""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.conftest import rename_somebody
from vertragsgraph.release import build, current_release

pytestmark = pytest.mark.slow

LIGHT = "SELECT * { ?s ?p ?o } LIMIT 1"
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def web_processes(server: Any) -> list[psutil.Process]:
    children = psutil.Process(server.process.pid).children()
    return [child for child in children if child.status() != psutil.STATUS_ZOMBIE]


def eventually(condition: Callable[[], bool], seconds: float = 180) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not condition():
        time.sleep(0.05)
    return condition()


def serves(server: Any) -> bool:
    try:
        return httpx.get(f"{server.url}sparql", params={"query": LIGHT}, timeout=60).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def two(releases: Path, start: Callable[..., Any]) -> Any:
    server = start(
        releases,
        "--processes",
        "2",
        VERTRAGSGRAPH_CLIENT_SECONDS="0",
        VERTRAGSGRAPH_CLIENT_QUERIES="2",
        VERTRAGSGRAPH_CLIENT_WAIT_SECONDS="0.5",
    )
    assert eventually(lambda: len(web_processes(server)) == 2 and serves(server))
    assert eventually(lambda: alive(server) >= 6)
    return server


def measured(server: Any, name: str) -> float:
    text = httpx.get(f"{server.url}metrics", timeout=60).text
    return sum(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(f"vertragsgraph_{name}"))


def alive(server: Any) -> float:
    return measured(server, "workers_alive ")


def test_limits_and_metrics_are_those_of_one_server(two: Any) -> None:
    asked = 40
    before = measured(two, "query_seconds_count")
    for _ in range(asked):  # each on a connection of its own, so that both processes get some
        assert serves(two)
    assert measured(two, "query_seconds_count") == before + asked

    def ask(number: int) -> int:
        parameters = {"query": f"{HEAVY} #{number}", "timeout": "2"}
        return httpx.get(f"{two.url}sparql", params=parameters, timeout=30).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(ask, range(8))) == [429] * 6 + [503] * 2


def test_a_process_that_ends_is_replaced(two: Any) -> None:
    killed = web_processes(two)[0]
    workers = killed.children()
    killed.kill()
    assert eventually(lambda: len(web_processes(two)) == 2 and killed.pid not in {p.pid for p in web_processes(two)})
    assert eventually(lambda: not any(worker.is_running() for worker in workers))
    assert eventually(lambda: serves(two) and alive(two) >= 6)


def test_one_that_is_replaced_serves_the_release_that_is_current_then(
    published_copy: Path, start: Callable[..., Any]
) -> None:
    releases = published_copy / "releases"
    first = current_release(releases)
    assert first
    server = start(releases, "--register", str(published_copy), "--processes", "2", VERTRAGSGRAPH_CLIENT_SECONDS="0")
    assert eventually(lambda: len(web_processes(server)) == 2 and serves(server))
    second = build(rename_somebody(published_copy), releases).release
    assert second.id != first.id
    assert eventually(lambda: {served(server) for _ in range(10)} == {second.id})
    shutil.rmtree(first.folder)
    killed = web_processes(server)[0]
    killed.kill()
    assert eventually(lambda: len({p.pid for p in web_processes(server)} - {killed.pid}) == 2 and serves(server))
    assert eventually(lambda: alive(server) >= 6)
    assert {served(server) for _ in range(10)} == {second.id}


def served(server: Any) -> str:
    return str(httpx.get(f"{server.url}health/ready", timeout=60).json().get("release"))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_all_end_together(two: Any, how: signal.Signals) -> None:
    family = psutil.Process(two.process.pid).children(recursive=True)
    two.process.send_signal(how)
    two.process.wait(60)
    assert two.process.returncode == (-9 if how is signal.SIGKILL else 0)
    assert eventually(lambda: not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in family))


@pytest.mark.alone  # processes that fail within seconds of their start count
def test_a_release_that_can_not_be_served_ends_the_server(releases: Path, start: Callable[..., Any]) -> None:
    server = start(releases, "--processes", "2", VERTRAGSGRAPH_WORKER_BYTES="1000000")
    assert server.process.wait(200) == 3


def test_every_process_makes_the_same_bytes(releases: Path, start: Callable[..., Any]) -> None:
    """Else an entity tag of one would be that of another document at the other."""
    kinds = [f"doc/{kind}" for kind in ("contract/drk-hessen", "organisation/hmsi", "person/kai-klose", "topic/sport")]
    kinds += ["doc/signing/drk-hessen", "doc/evidence/anne-frank-jahr", "doc/source/s1"]
    paths = [
        "",
        "contracts",
        "contracts.csv",
        "contracts.json",
        "organisations",
        "people",
        "topics",
        "explore",
        "sparql",
    ]
    paths += [
        "explore.json",
        "quality",
        "catalog",
        "ontology",
        "shapes",
        "releases/",
        "search?q=Verein",
        "releases/feed.atom",
        "openapi.json",
    ]
    paths += [f"{path}.{form}" for path in kinds for form in ("html", "ttl", "jsonld")]
    asked = [(path, language) for path in paths for language in ("de", "en")]
    found = []
    for seed in ("1", "2"):  # the order of sets goes by it
        server = start(releases, "--processes", "1", PYTHONHASHSEED=seed, VERTRAGSGRAPH_CLIENT_SECONDS="0")
        with httpx.Client(base_url=server.url, timeout=60) as client:
            answers = [
                client.get(path, headers={"Accept": "text/html,*/*;q=0.5", "Accept-Language": language})
                for path, language in asked
            ]
        assert [str(answer.url) for answer in answers if answer.status_code != 200] == []
        found.append([answer.content for answer in answers])
    assert [path for path, one, other in zip(asked, *found, strict=True) if one != other] == []
