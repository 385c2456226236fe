"""What views say where they can't be made, or where a register lacks what ours has; without a server."""

from __future__ import annotations

import csv
import io
import re

import httpx
import pyoxigraph
import pytest

from vertragsgraph.linked_data.names import PROLOGUE
from vertragsgraph.release import Release
from vertragsgraph.settings import Settings
from vertragsgraph.sparql import failures
from vertragsgraph.sparql.dataset import dataset_of
from vertragsgraph.sparql.engine import EmbeddedEngine
from vertragsgraph.sparql.service import Service
from vertragsgraph.web import list_files
from vertragsgraph.web.visits import Spend, on_account

from .in_process import Asked, asked_of, get

BROWSER = {"Accept": "text/html", "Accept-Language": "de"}


def test_a_page_that_takes_too_long_speaks_to_its_visitor(release: Release) -> None:
    async def too_slow(query: str, spend: Spend) -> bytes:
        spend(30.0)
        raise failures.deadline(30)

    service = Service(EmbeddedEngine(dataset_of(release), Settings()), Settings())
    ask = on_account(service, too_slow)
    pages = get(release, ask, ["/doc/contract/iaf", "/contracts", "/explore"], **BROWSER)
    for page in pages:
        assert page.status_code == 503
        assert "retry-after" in page.headers
        assert "LIMIT" not in page.text
    assert "nicht rechtzeitig" in pages[0].text
    assert service.metrics.page_queries.counted("stopped") > 0


def test_a_contract_without_a_funding_status_is_on_the_start_page(release: Release) -> None:
    store = pyoxigraph.Store()
    store.update(
        f"{PROLOGUE}\nINSERT DATA {{ GRAPH <x:g> {{ <{release.base}id/contract/a> a vg:Contract ; rdfs:label 'Vertrag A'@de }} }}"
    )
    [page] = get(release, Asked(store), ["/"], **BROWSER)
    assert page.status_code == 200
    assert "Vertrag A" in page.text


@pytest.mark.parametrize("extension", ["csv", "json"])
def test_a_list_that_is_too_long_for_one_answer_leads_to_the_next(
    release: Release, monkeypatch: pytest.MonkeyPatch, extension: str
) -> None:
    def iris(response: httpx.Response) -> list[str]:
        if extension == "json":
            return [item["iri"] for item in response.json()["items"]]
        return [row["iri"] for row in csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff")))]

    [whole] = get(release, asked_of(release), [f"/organisations.{extension}?lang=de"])
    assert "link" not in whole.headers
    monkeypatch.setattr(list_files, "ROWS", 3)
    monkeypatch.setattr(list_files, "_AT_ONCE", 2)
    found, path = list[str](), f"/organisations.{extension}?lang=de"
    for _ in range(20):
        [part] = get(release, asked_of(release), [path])
        found += iris(part)
        following = re.fullmatch(r'<(organisations\.\w+\?[^>]*)>; rel="next"', part.headers.get("link", ""))
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
