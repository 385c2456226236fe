"""The release that is served: noticed, whatever comes between, and asked as long as it is shown."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from vertragsgraph.release import activate, all_releases
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.api.access_log import AccessLog
from vertragsgraph.sparql.api.service import Service
from vertragsgraph.sparql.engine.archive import Archive
from vertragsgraph.sparql.engine.dataset import dataset_of
from vertragsgraph.sparql.engine.pool import Pool
from vertragsgraph.web.routes import errors, health
from vertragsgraph.web.server import background
from vertragsgraph.web.site.asking import asking


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.slow
def test_a_release_that_cannot_be_shown_does_not_stop_the_next(withdrawn: Path, start: Any, tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    shutil.copytree(withdrawn, releases, symlinks=True)
    new, old = all_releases(releases)
    url = start(releases).url

    def ready() -> dict[str, Any]:
        return dict(httpx.get(url + "health/ready", timeout=60).json())

    wait_for(lambda: ready()["status"] == "ok")
    shutil.copytree(old.folder, releases / "other", symlinks=True)
    (releases / "other" / "register.json").write_text('{"key": "x"}', "utf-8")
    (releases / "next").symlink_to("other")
    (releases / "next").rename(releases / "current")
    wait_for(lambda: ready()["status"] == "damaged")
    assert ready()["release"] in {new.id, old.id}
    assert str(tmp_path) not in json.dumps(ready())
    for name in (old.id, new.id):
        activate(releases, name)
        wait_for(lambda name=name: ready() == {"status": "ok", "release": name})  # type: ignore[misc]


def test_what_goes_on_in_the_background_survives_everything(caplog: pytest.LogCaptureFixture) -> None:
    calls = 0

    async def fail() -> None:
        nonlocal calls
        calls += 1
        raise [KeyError("a"), AssertionError("b"), RecursionError("c")][calls % 3]

    async def run() -> None:
        task = asyncio.create_task(background.keep("the test", 0, fail))
        while calls < 5:
            assert not task.done()
            await asyncio.sleep(0)
        task.cancel()

    asyncio.run(run())
    assert {"the test: failed, goes on"} == {record.getMessage() for record in caplog.records}


def test_it_is_not_ready_once_a_task_has_ended() -> None:
    async def ask(_: str) -> bytes:
        return b""

    async def run(*, ended: bool) -> httpx.Response:
        app = FastAPI()
        app.include_router(health.router)
        errors.install(app, AccessLog())
        task = asyncio.create_task(asyncio.sleep(0 if ended else 60))
        await asyncio.sleep(0.01)
        release, register = SimpleNamespace(id="one"), SimpleNamespace(spoken=("en",))
        app.state.site = SimpleNamespace(ask=ask, release=release, releases=Path("/srv/releases"), register=register)
        app.state.tasks = {"the watcher of releases": task}
        app.state.damage = ["/srv/releases/one/void.ttl: it is damaged"]
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            response = await client.get("/health/ready")
        task.cancel()
        return response

    ended, running = asyncio.run(run(ended=True)), asyncio.run(run(ended=False))
    assert (ended.status_code, "the watcher of releases" in ended.json()["detail"]) == (503, True)
    assert running.json() == {"status": "damaged", "damage": ["one/void.ttl: it is damaged"], "release": "one"}


@pytest.mark.slow
def test_a_page_that_was_begun_is_made_from_its_own_release(withdrawn: Path) -> None:
    new, old = all_releases(withdrawn)
    graphs = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"

    async def run() -> tuple[bytes, bytes, bytes]:
        engine = Pool(dataset_of(old), Settings(workers=1))
        await engine.start()
        try:
            service = Service(engine, Settings())
            archive = Archive(engine, Settings())
            ask = asking(service, archive, old)
            before = await ask(graphs)
            await engine.swap(dataset_of(new))
            return before, await ask(graphs), await asking(service, archive, new)(graphs)
        finally:
            await archive.close()
            await engine.close()

    before, after, other = (json.loads(result)["results"] for result in asyncio.run(run()))
    assert before == after != other
