"""What one visitor's pages may cost, and that nothing long keeps others waiting; with real servers."""

from __future__ import annotations

import json
import shutil
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from vertragsgraph.release import Release

pytestmark = pytest.mark.slow

BROWSER = {"Accept": "text/html", "Accept-Language": "en"}
ONE, OTHER = {"X-Forwarded-For": "198.51.100.1:51234"}, {"X-Forwarded-For": "[2001:db8::1]:443"}


def documents(client: httpx.Client) -> list[str]:
    query = "SELECT DISTINCT ?s { ?s ?p ?o FILTER(CONTAINS(STR(?s), '/id/')) } ORDER BY ?s LIMIT 400"
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    return [f"doc/{iri.partition('/id/')[2]}" for iri in answer.text.split()[1:]]


def measured(client: httpx.Client) -> dict[str, float]:
    lines = (line.rpartition(" ") for line in client.get("/metrics").text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_pages_of_one_visitor_cost_no_more_than_queries_may(releases: Path, start: Callable[..., Any]) -> None:
    server = start(
        releases,
        VERTRAGSGRAPH_TRUSTED_PROXIES='["127.0.0.1"]',
        VERTRAGSGRAPH_CLIENT_SECONDS="0.5",
        VERTRAGSGRAPH_CLIENT_WAIT_SECONDS="0.1",
    )
    with httpx.Client(base_url=server.url, headers={**BROWSER, **OTHER}, timeout=60) as other:
        paths = documents(other)
        before = measured(other)
        with (
            ThreadPoolExecutor(10) as pool,
            httpx.Client(base_url=server.url, headers={**BROWSER, **ONE}, timeout=60) as one,
        ):
            answers = list(pool.map(one.get, paths))
            refused = [answer for answer in answers if answer.status_code == 429]
            assert {answer.status_code for answer in answers} == {200, 429}
            assert len(refused) > 50
            for answer in refused[:5]:
                assert int(answer.headers["retry-after"]) >= 1
                assert answer.headers["content-type"].startswith("text/html")
                assert "One moment, please" in answer.text
            # What costs nothing is not refused: files, lists that are known, a page that was just read.
            for path in (
                "/static/style.css",
                "/dumps/hessen.ttl",
                "/",
                "/contracts",
                "/organisations",
                "/topics",
                "/releases/",
                "/ontology",
            ):
                other.get(path)
                assert one.get(path).status_code == 200, path
        assert other.get(paths[0]).status_code == 200
        after = measured(other)
        assert after['vertragsgraph_pages_total{outcome="limited"}'] == len(refused)
        assert after['vertragsgraph_pages_total{outcome="ok"}'] > before['vertragsgraph_pages_total{outcome="ok"}'] + 5
        assert (
            after['vertragsgraph_page_queries_total{outcome="ok"}']
            > before['vertragsgraph_page_queries_total{outcome="ok"}']
        )
        assert after["vertragsgraph_page_seconds_count"] >= before["vertragsgraph_page_seconds_count"] + len(paths)


def test_who_reads_much_is_never_refused(releases: Path, start: Callable[..., Any]) -> None:
    """With the limits as they are by default: a crawler, and a browser that opens ten pages at once."""
    server = start(releases)
    with httpx.Client(base_url=server.url, headers=BROWSER, timeout=60) as client:
        paths = documents(client)[:150]
        found = [client.get(path).status_code for path in paths]
        assert set(found) <= {200, 410}, "some were withdrawn"
        assert found.count(200) > 0.9 * len(found)
        with ThreadPoolExecutor(10) as pool:
            assert list(pool.map(lambda path: client.get(f"{path}.ttl").status_code, paths)) == found


@pytest.fixture
def large_pair(releases: Path, release: Release, tmp_path: Path) -> tuple[Path, str, str]:
    """A folder of releases with two that differ in every other line of a large dump."""
    folder = tmp_path / "releases"
    shutil.copytree(releases, folder, symlinks=True)
    names = []
    for number in (1, 2):
        manifest = json.loads(release.manifest.text())
        manifest["id"] = f"2020-01-0{number}.{'abcdef01'[::number]:0<8}"
        manifest["files"][f"dumps/{release.key}.nq"]["sha256"] = str(number) * 64
        names.append(manifest["id"])
        own = folder / manifest["id"]
        (own / "dumps").mkdir(parents=True)
        (own / "release.json").write_text(json.dumps(manifest), "utf-8")
        for name in ("register.json", "kinds.json"):
            shutil.copy(release.folder / name, own)
        with (own / "dumps" / f"{release.key}.nq").open("w") as out:
            for line in range(600_000):
                statement = f'<{release.base}id/contract/{line:07}> <x:p> "{line % 2 * number}"'
                out.write(f"{statement} <{release.base}graph/contracts> .\n")
    return folder, names[0], names[1]


@pytest.mark.alone
@pytest.mark.parametrize("form", ["", "?format=txt"])
def test_a_comparison_keeps_nobody_waiting(
    large_pair: tuple[Path, str, str], start: Callable[..., Any], form: str
) -> None:
    folder, before, after = large_pair
    server = start(folder)
    with httpx.Client(base_url=server.url, headers=BROWSER, timeout=60) as client, ThreadPoolExecutor(1) as pool:

        def lives() -> float:
            began = time.perf_counter()
            assert client.get("/health/live").status_code == 200
            return time.perf_counter() - began

        idle = sorted(lives() for _ in range(30))
        comparing = pool.submit(
            httpx.get, f"{server.url}releases/{after}/compare/{before}{form}", headers=BROWSER, timeout=60
        )
        times = []
        while not comparing.done():
            times.append(lives())
            time.sleep(0.01)
        answer = comparing.result()
        assert answer.status_code == 200
        assert len(times) > 10, "it was over too soon to tell"
        assert statistics.median(times) < idle[-1] + 0.05
        assert sorted(times)[-2] < idle[-1] + 0.1
        if form:
            assert answer.text.count("\n") == 600_000
        else:
            assert "Not told one by one: 299,975 changed" in answer.text
            assert len(answer.content) < 200_000
            again = time.perf_counter()
            assert client.get(f"/releases/{after}/compare/{before}").text == answer.text
            assert time.perf_counter() - again < 0.5 * sum(times), "what was compared is kept"


def test_many_releases_are_told_of_without_opening_each(
    releases: Path, release: Release, tmp_path: Path, start: Callable[..., Any]
) -> None:
    folder = tmp_path / "releases"
    shutil.copytree(releases, folder, symlinks=True)
    for number in range(40):
        own = folder / f"2020-02-01.{number:08x}"
        (own / "dumps").mkdir(parents=True)
        manifest = {**json.loads(release.manifest.text()), "id": own.name}
        manifest["files"][f"dumps/{release.key}.nq"]["sha256"] = f"{number:064x}"
        (own / "release.json").write_text(json.dumps(manifest), "utf-8")
        (own / "register.json").hardlink_to(release.folder / "register.json")
        (own / "dumps" / f"{release.key}.nq").hardlink_to(release.dump("nq"))
    server = start(folder)
    with httpx.Client(base_url=server.url, timeout=60) as client:
        assert client.get("/timemap/doc/contract/iaf").text.count("datetime=") == 41
        assert client.get("/timemap/doc/contract/nobody").status_code == 404
        assert client.get("/releases/feed.atom").text.count("<entry>") == 41
