"""Headers that caches and browsers go by, on every kind of response."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from vertragsgraph.release import Release

pytestmark = pytest.mark.slow

# Kind of response: path, what it depends on.
DEPENDS = {
    "": {"accept", "accept-language", "accept-encoding"},
    "contracts": {"accept-language", "accept-encoding"},
    "contracts.csv": {"accept-language"},
    "organisations.json": {"accept-language"},
    "topics.csv": {"accept-language"},
    "search.json?q=Hessen": {"accept-language"},
    "links/wikidata.sssom.tsv": {"accept-language"},
    "links/wikidata.beacon.txt": {"accept-language"},
    "releases/feed.atom": {"accept-language"},
    "reconcile": {"accept-language"},
    "reconcile/preview?id=organisation/iaf": {"accept-language"},
    "doc/contract/iaf": {"accept", "accept-language", "accept-datetime"},
    "id/contract/iaf": {"accept"},
    "dumps/hessen.nt": {"accept-datetime", "accept-encoding"},
    "dumps/hessen.nt.gz": {"accept-datetime"},
    "catalog": {"accept"},
    "ontology": {"accept"},
    "sparql": {"accept", "accept-encoding"},
    "sparql?query=ASK%7B%7D": {"accept", "accept-encoding"},
    "graph/agents": {"accept", "accept-encoding"},
    "nothing": {"accept", "accept-language"},
    "releases/none/": {"accept", "accept-language"},
    "sparql?query=nonsense": set(),
    "static/style.css": {"accept-encoding"},
    "health/live": set(),
    "metrics": set(),
    "openapi.json": set(),
    "robots.txt": set(),
    "contracts/": set(),
}


@pytest.fixture(scope="module")
def http(server: Any) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url) as client:
        yield client


@pytest.mark.parametrize("path", DEPENDS)
def test_every_response_says_what_it_depends_on_and_who_may_read_it(http: httpx.Client, path: str) -> None:
    for headers in ({}, {"Origin": "https://elsewhere.example"}, {"Accept": "text/html"}):
        response = http.get(path, headers=headers)
        found = response.headers
        vary = {name.strip().lower() for name in found.get("vary", "").split(",")} - {""}
        assert vary >= DEPENDS[path] or (response.status_code == 406 and "accept" in vary)
        assert "origin" not in vary
        assert found.get_list("access-control-allow-origin") == ["*"]
        assert "Link" in found["access-control-expose-headers"]
        assert found.get_list("x-content-type-options") == ["nosniff"]
        assert found["referrer-policy"]
        head = http.head(path, headers=headers)
        kept = {"date": "", "query-id": "", "content-length": "", "transfer-encoding": ""}
        if path != "metrics":
            assert (head.status_code, {**head.headers, **kept}) == (response.status_code, {**found, **kept})


@pytest.mark.parametrize("path", ["sparql", "graphs", "dumps/hessen.nt", "reconcile", "doc/contract/iaf"])
def test_browsers_may_ask_from_everywhere(http: httpx.Client, path: str) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    response = http.options(path, headers=asked | {"Access-Control-Request-Headers": "Accept-Datetime, X-Own"})
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (204, "*")
    assert response.headers["access-control-allow-headers"] == "*"
    assert "GET" in response.headers["access-control-allow-methods"]


def test_the_vary_of_a_confirmation_is_that_of_the_whole(http: httpx.Client, release: Release) -> None:
    paths = (
        "doc/contract/iaf",
        "doc/contract/iaf.ttl",
        "dumps/hessen.nt",
        "catalog",
        f"releases/{release.id}/void.ttl",
    )
    for path in paths:
        for accept in ("text/html", "*/*"):
            whole = http.get(path, headers={"Accept": accept})
            asked = {"Accept": accept, "If-None-Match": whole.headers["etag"]}
            again = http.get(path, headers=asked)
            assert again.status_code == 304
            for name in ("vary", "etag", "cache-control", "last-modified", "link", "content-location"):
                assert again.headers.get(name) == whole.headers.get(name), (path, name)


@pytest.mark.parametrize("path", ["doc/contract/iaf", "catalog", "ontology", "shapes", "graph/links"])
@pytest.mark.parametrize(
    ("lines", "media_type"),
    [
        (["image/png", "application/ld+json"], "application/ld+json"),
        (["text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"], "text/html"),
        (["application/rdf+xml;q=0.9999", "image/x"], "application/rdf+xml"),
        (["*;q=.5"], "text/turtle"),
        (["application/rdf+xml;q=1.00000;x=y"], "application/rdf+xml"),
    ],
)
def test_accept_is_read_in_the_same_way_everywhere(
    http: httpx.Client, path: str, lines: list[str], media_type: str
) -> None:
    if media_type == "text/html" and path in {"catalog", "graph/links"}:
        media_type = "text/turtle"
    response = http.get(path, headers=[("Accept", line) for line in lines])
    assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (200, media_type)
