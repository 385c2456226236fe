"""What views say where they can't be made, or where a register lacks what ours has; without a server."""

from __future__ import annotations

import asyncio
import csv
import io
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import httpx
import pyoxigraph
import pytest
from starlette.types import Message, Receive, Scope, Send

from vertragsgraph.http.problem import Problem
from vertragsgraph.linked_data.names import PROLOGUE
from vertragsgraph.release import Release
from vertragsgraph.release.contents import lists
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.api.service import Service
from vertragsgraph.sparql.engine import problems
from vertragsgraph.sparql.engine.dataset import Dataset, dataset_of
from vertragsgraph.sparql.engine.pool import Pool
from vertragsgraph.web.routes import list_files
from vertragsgraph.web.site.visits import Spend, Visits, on_account

from ..in_process import Asked, asked_of, get

BROWSER = {"Accept": "text/html", "Accept-Language": "de"}


def test_a_page_that_takes_too_long_speaks_to_its_visitor(release: Release) -> None:
    async def too_slow(query: str, spend: Spend) -> bytes:
        spend(30.0)
        raise problems.deadline(30)

    service = Service(Pool(dataset_of(release), Settings()), Settings())
    ask = on_account(service, too_slow)
    pages = get(release, ask, ["/doc/contract/iaf", "/contracts", "/explore"], **BROWSER)
    for page in pages:
        assert page.status_code == 503
        assert "retry-after" in page.headers
        assert "LIMIT" not in page.text
    assert "nicht rechtzeitig" in pages[0].text
    assert service.metrics.page_queries.counted("stopped") > 0


def with_a_contract(release: Release, folder: Path, about: str) -> tuple[Release, Asked]:
    """Return a copy of a release whose lists have one contract only, and what asks a store that has it."""
    store = pyoxigraph.Store()
    store.update(
        f"{PROLOGUE}\nINSERT DATA {{ GRAPH <x:g> {{ <{release.base}id/contract/a> a vg:Contract ; {about} }} }}"
    )
    copy = replace(release, folder=shutil.copytree(release.folder, folder / release.id))
    (copy.folder / lists.FILE_NAME).unlink()

    def select(query: str) -> Iterator[pyoxigraph.QuerySolution]:
        found = store.query(query, use_default_graph_as_union=True)
        assert isinstance(found, pyoxigraph.QuerySolutions)
        yield from found

    with closing(sqlite3.connect(copy.folder / lists.FILE_NAME)) as file:
        lists.write(file, release.kinds, release.register.spoken, select)
    return copy, Asked(store, {}, release.base)


def test_a_contract_without_a_funding_status_is_on_the_start_page(release: Release, tmp_path: Path) -> None:
    copy, asked = with_a_contract(release, tmp_path, "rdfs:label 'Vertrag A'@de")
    [page] = get(copy, asked, ["/"], **BROWSER)
    assert page.status_code == 200
    assert "Vertrag A" in page.text


def test_what_stands_in_a_label_is_text(release: Release, tmp_path: Path) -> None:
    copy, asked = with_a_contract(release, tmp_path, "rdfs:label '<script>alert(1)</script>'@de")
    for page in get(copy, asked, ["/", "/contracts"], **BROWSER):
        assert "&lt;script&gt;alert(1)" in page.text
        assert "<script>alert" not in page.text


@pytest.mark.parametrize("extension", ["csv", "json"])
def test_a_list_that_is_too_long_for_one_answer_leads_to_the_next(
    release: Release, monkeypatch: pytest.MonkeyPatch, extension: str
) -> None:
    def iris(response: httpx.Response) -> list[str]:
        if extension == "json":
            return [item["iri"] for item in response.json()["items"]]
        return [row["IRI"] for row in csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff")))]

    [whole] = get(release, asked_of(release), [f"/organisations.{extension}?lang=de"])
    assert 'rel="next"' not in whole.headers["link"]
    monkeypatch.setattr(list_files, "ROWS", 3)
    monkeypatch.setattr(list_files, "_AT_ONCE", 2)
    found, path = list[str](), f"/organisations.{extension}?lang=de"
    for _ in range(20):
        [part] = get(release, asked_of(release), [path])
        found += iris(part)
        following = re.match(r'<(organisations\.\w+\?[^>]*)>; rel="next"', part.headers.get("link", ""))
        if not following:
            break
        assert len(iris(part)) == 3
        [head] = get(release, asked_of(release), [path], method="HEAD")
        assert (head.headers["link"], head.content) == (part.headers["link"], b"")
        path = f"/{following[1]}"
    assert found == iris(whole)


def test_an_empty_list_is_whole_in_both_forms(release: Release) -> None:
    table, data = get(release, asked_of(release), ["/contracts.csv?year=1800", "/contracts.json?year=1800"])
    assert table.text == "\ufeff"
    assert data.json() == {"total": 0, "items": []}


def test_what_many_ask_for_at_once_is_asked_of_the_engine_once(release: Release) -> None:
    asked = asked_of(release)
    get(release, asked, ["/contracts"])
    once = asked.queries
    get(release, asked, ["/contracts"] * 5)
    assert asked.queries == 2 * once


def test_a_page_counts_among_the_queries_of_its_client_and_no_longer() -> None:
    async def main() -> None:
        settings = Settings(client_queries=1, client_wait_seconds=0.1)
        service = Service(Pool(Dataset("one", Path("store"), None, "http://example.org/", {}), settings), settings)
        slot = service.limits._board.slot("192.0.2.1")
        parts = list[object]()

        async def compute(query: str, spend: Spend) -> bytes:
            spend(0.5)
            await asyncio.sleep(0.01)
            return b""

        async def view(scope: Scope, receive: Receive, send: Send) -> None:
            ask = on_account(service, compute)
            await asyncio.gather(*(ask("") for _ in range(5)))
            assert service.limits._board.running_of(slot) == 1, "it is one, whatever it asks"
            parts.extend(await asyncio.gather(*(ask("") for _ in range(5)), return_exceptions=True))
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body"})

        async def read() -> int:
            statuses = list[int]()

            async def send(message: Message) -> None:
                if message["type"] == "http.response.start":
                    statuses.append(message["status"])

            scope = {"type": "http", "path": "/a", "client": ("192.0.2.1", 1), "headers": []}
            try:
                await Visits(view, service)(scope, receive, send)
            except Problem as problem:
                return problem.status
            return statuses[0]

        async def receive() -> Message:
            return {"type": "http.request"}

        assert await read() == 200
        assert await read() == 200
        service.limits.enter("192.0.2.1")
        assert await asyncio.gather(read(), read()) == [429, 429]
        service.limits.leave("192.0.2.1")
        await asyncio.sleep(0.2)
        assert service.limits._board.running_of(slot) == 0
        assert service.metrics.pages.counted("ok") == 2
        assert service.metrics.page_queries.counted("ok") == 20

    asyncio.run(main())
