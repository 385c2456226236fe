"""Addresses that are nearly right, and answers that rest neither on Host nor on scheme or prefix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

pytestmark = pytest.mark.slow

BASE = "https://w3id.org/vertragsgraph/hessen/"
FOREIGN = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}


@pytest.fixture(scope="module")
def http(server: Any) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, headers=FOREIGN, timeout=60) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("contracts/", "contracts"),
        ("contracts.csv/", "contracts.csv"),
        ("catalog/", "catalog"),
        ("ontology/", "ontology"),
        ("graph/agents/", "graph/agents"),
        ("graphs/?default", "graphs?default"),
        ("sparql/", "sparql"),
        ("sparql/?query=ASK%7B%7D&format=csv", "sparql?query=ASK%7B%7D&format=csv"),
        ("reconcile/v1/", "reconcile/v1"),
        ("dumps", "dumps/"),
        ("releases", "releases/"),
        ("dumps/hessen.ttl/", "dumps/hessen.ttl"),
    ],
)
def test_a_slash_too_many_or_too_few_leads_to_the_address_meant(http: httpx.Client, path: str, known: str) -> None:
    for prefix in ("", "register/hessen/"):  # as a proxy may put it before and take it off
        response = http.get(path)
        location = response.headers["location"]
        assert (response.status_code, "//" in location) == (307, False)
        assert urljoin(f"https://proxy.example/{prefix}{path}", location) == f"https://proxy.example/{prefix}{known}"
        # The server is a step on the way to what is there.
        assert httpx.get(urljoin(str(response.url), location)).status_code == 200


def test_what_is_posted_arrives(http: httpx.Client) -> None:
    assert http.post("sparql/", data={"query": "ASK {}"}, follow_redirects=True).json()["boolean"] is True
    found = http.post("reconcile/", data={"queries": '{"a": {"query": "Anne Frank"}}'})
    assert (found.status_code, list(found.json())) == (200, ["a"])


@pytest.mark.parametrize(
    "path",
    [
        "nothing/",
        "nothing",
        "contracts//",
        "contracts%0a",
        "/",
        "//evil.example/",
        "//evil.example//",
        "doc//",
        "x%0d%0ay/",
    ],
)
def test_nothing_leads_anywhere_else(server: Any, path: str) -> None:
    response = httpx.get(server.url + path, headers=FOREIGN, timeout=60)
    assert response.status_code in {303, 404} or path == "/"
    assert "evil" not in response.headers.get("location", "")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "id/contract/iaf",
        "doc/contract/iaf",
        "doc/contract/iaf.ttl",
        "dumps/hessen.nt",
        "timemap/dumps/hessen.nt",
        "timemap/doc/contract/iaf",
        "catalog",
        "catalog.rdf",
        "void.ttl",
        "linkset",
        "releases/feed.atom",
        "reconcile",
        "sparql",
        "sitemap.xml",
    ],
)
def test_no_answer_depends_on_the_host(http: httpx.Client, server: Any, path: str) -> None:
    asked = {"Accept": "text/html" if path in {"", "doc/contract/iaf"} else "*/*"}
    foreign, own = http.get(path, headers=asked), httpx.get(server.url + path, headers=asked, timeout=60)
    dates = {"date": "", "query-id": ""}
    assert {**foreign.headers, **dates} == {**own.headers, **dates}
    assert foreign.content == own.content
    targets = re.findall(r"<([^>]+)>", foreign.headers.get("link", ""))
    assert all("://" in target for target in targets)
    if "location" in foreign.headers:
        assert "://" not in foreign.headers["location"]


def test_the_time_gate_of_a_resource_is_told_by_itself(http: httpx.Client) -> None:
    for path in ("id/contract/iaf", "doc/contract/iaf"):
        link = http.get(path).headers["link"]
        assert f'<{BASE}doc/contract/iaf>; rel="original timegate"' in link
        assert f'<{BASE}timemap/doc/contract/iaf>; rel="timemap"' in link


@pytest.mark.parametrize(
    "path", ["doc/contract/iaf%0a", "id/contract/iaf%0a", "doc/contract/iaf%0a.ttl", "dumps/hessen.nt%0a"]
)
def test_a_line_break_is_no_part_of_a_name(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code == 404
