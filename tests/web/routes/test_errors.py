"""The last net: whatever comes is answered by a document or a page, and what goes wrong is told in one line of the log."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import StreamingResponse

from vertragsgraph.http.problem import BrokenOffError
from vertragsgraph.release import Release
from vertragsgraph.sparql.api.access_log import AccessLog
from vertragsgraph.web.routes import errors

LONG = "a" * 300
DATE = "Thu, 01 Jan 2026 00:00:00 GMT"
HOSTILE: list[tuple[str, dict[str, str], set[int]]] = [
    ("releases/%00/", {}, {404}),
    (f"releases/{LONG}/", {}, {404}),
    ("releases/%00", {}, {404}),
    ("releases/x%0d%0ay/", {}, {404}),
    ("releases/{id}/compare/%00", {}, {404}),
    (f"releases/{{id}}/compare/{LONG}", {}, {404}),
    ("releases/{id}/%00", {}, {404}),
    (f"releases/{{id}}/dumps/{LONG}", {}, {404}),
    ("releases/{id}/cite.%0d%0a", {}, {404}),
    ("releases/{id}/doc/%00", {}, {404}),
    ("reconcile/suggest/entity?prefix=a&cursor=99999999999999999999", {}, {200}),
    ("reconcile/suggest/entity?prefix=a&cursor=x", {}, {400}),
    (f"reconcile/suggest/entity?prefix=a&cursor={'9' * 5000}", {}, {400}),
    ("reconcile/propose_properties?limit=x", {}, {400}),
    ("reconcile/flyout/entity?id=%00%ed%a0%80", {}, {404}),
    ("dumps/hessen.nt", {"Accept-Datetime": "Thu, 01 Jan 99999999999999999999 00:00:00 GMT"}, {400}),
    ("dumps/hessen.nt", {"Accept-Datetime": "Thu, 01 Jan 2026 00:00:00 +99999999999999"}, {400}),
    ("dumps/hessen.nt", {"If-Modified-Since": "Thu, 01 Jan 99999999999999999999 00:00:00 GMT"}, {200}),
    ("doc/x%E2%82%AC", {"Accept-Datetime": DATE}, {404}),
    ("dumps/x%E2%82%AC", {"Accept-Datetime": DATE}, {302, 404}),
    ("dumps/x%0d%0aa", {"Accept-Datetime": DATE}, {302, 404}),
    ("timemap/dumps/x%0d%0aa", {}, {404}),
    ("timemap/doc/%E2%82%AC", {}, {404}),
    ("catalog.%0d%0a", {}, {404}),
    ("contracts.x%0d%0ay", {}, {404}),
    ("ontology/%E2%82%AC", {}, {404}),
    ("ontology.%00", {}, {404}),
    ("sitemap-abc.xml", {}, {404}),
    ("sitemap--1.xml", {}, {404}),
    ("sitemap-99999999999999999999.xml", {}, {404}),
    ("contracts?page=99999999999999999999", {}, {400}),
    ("contracts?topic=%00%ed%a0%80", {}, {200, 400}),
    ("search?q=%00%ed%a0%80", {}, {200}),
    ("same-as?iri=%00%0d%0a", {}, {404}),
    ("static/%00", {}, {404}),
    (f"static/{LONG}", {}, {404}),
    ("graph/%00", {}, {404}),
    ("%00", {}, {404}),
]


@pytest.fixture(scope="module")
def http(server: Any) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60) as client:
        yield client


@pytest.mark.slow
@pytest.mark.parametrize(("path", "headers", "statuses"), HOSTILE)
def test_what_scanners_and_broken_clients_send_is_answered(
    http: httpx.Client, release: Release, path: str, headers: dict[str, str], statuses: set[int]
) -> None:
    for accept, media_type in (("*/*", "application/problem+json"), ("text/html", "text/html; charset=utf-8")):
        response = http.get(path.format(id=release.id), headers={"Accept": accept, **headers})
        assert response.status_code in statuses
        if response.status_code >= 400:
            assert response.headers["content-type"] == media_type
            assert "Traceback" not in response.text
        if media_type == "application/problem+json" and response.status_code >= 400:
            assert response.content.isascii()
            assert response.json()["status"] == response.status_code


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "language", "title"),
    [
        ({}, "en", "Not Found"),
        ({"Accept-Language": "en-GB"}, "en", "Not Found"),
        ({"Accept-Language": "fr, de-AT;q=0.5"}, "de", "Nicht gefunden"),
        ({"Accept-Language": "nl"}, "de", "Nicht gefunden"),
    ],
)
def test_a_problem_document_is_in_the_language_asked_for(
    http: httpx.Client, asked: dict[str, str], language: str, title: str
) -> None:
    response = http.get("nothing", headers=asked)
    assert response.headers["content-language"] == language and "Accept-Language" in response.headers["vary"]
    problem = response.json()
    assert problem["title"] == title
    assert ("start page" in problem["detail"]) == (language == "en")


def broken(fail: Callable[[], Any], log: AccessLog) -> FastAPI:
    """An application of which one address fails."""
    app = FastAPI()
    app.add_api_route("/broken", fail, methods=["GET"])
    app.state.site = SimpleNamespace()  # of which no page can be made
    errors.install(app, log)
    return app


@contextmanager
def logging() -> Iterator[tuple[AccessLog, Callable[[], list[dict[str, Any]]]]]:
    with tempfile.TemporaryFile("w+b") as file:

        def lines() -> list[dict[str, Any]]:
            file.seek(0)
            return [json.loads(line) for line in file.read().splitlines()]

        yield AccessLog(file.fileno()), lines


async def fetch(app: FastAPI, accept: str) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get("/broken", headers={"Accept": accept})


@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_what_nobody_expected_is_told_under_one_id(accept: str) -> None:
    async def fail() -> None:
        raise KeyError("secret")

    with logging() as (log, lines):
        response = asyncio.run(fetch(broken(fail, log), accept))
        (line,) = lines()
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    assert response.json()["query_id"] == response.headers["query-id"] == line["query_id"]
    assert "secret" not in response.text
    assert (line["path"], line["error"]) == ("/broken", "KeyError: 'secret'")
    assert line["at"][0].startswith(f"{__file__}:")


def test_a_response_that_has_begun_is_not_made_to_look_complete() -> None:
    sent: list[dict[str, Any]] = []

    async def run(log: AccessLog) -> None:
        async def pieces() -> Any:
            yield b"half"
            raise OSError(5, os.strerror(5))

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            await asyncio.sleep(60)

        async def fail() -> StreamingResponse:
            return StreamingResponse(pieces())

        scope = {
            "type": "http",
            "method": "GET",
            "path": "/broken",
            "raw_path": b"/broken",
            "query_string": b"",
            "headers": [],
        }
        await broken(fail, log)(scope, receive, send)

    with logging() as (log, lines):
        with pytest.raises(BrokenOffError):
            asyncio.run(run(log))
        (line,) = lines()
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[1]["more_body"]
    assert "Input/output error" in line["error"]


@pytest.mark.slow
def test_a_catalogue_that_is_missing_is_no_error_without_a_name(releases: Path, start: Any, tmp_path: Path) -> None:
    shutil.copytree(releases, tmp_path / "releases", symlinks=True)
    url = start(tmp_path / "releases").url
    for path in (tmp_path / "releases").glob("catalog.*"):
        path.unlink()
    response = httpx.get(url + "catalog.rdf", timeout=60)
    assert (response.status_code, response.headers["content-type"]) == (503, "application/problem+json")
    assert response.headers["retry-after"]
