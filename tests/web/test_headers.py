"""Headers that caches and browsers go by, on every kind of response."""

from __future__ import annotations

import socket
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
    "catalog-all": {"accept"},
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
    with httpx.Client(base_url=server.url, timeout=60) as client:
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
        assert found["access-control-expose-headers"] == "*"
        assert found.get_list("x-content-type-options") == ["nosniff"]
        assert found["referrer-policy"]
        head = http.head(path, headers=headers)
        kept = {"date": "", "query-id": "", "content-length": "", "transfer-encoding": ""}
        if path != "metrics":
            assert (head.status_code, {**head.headers, **kept}) == (response.status_code, {**found, **kept})


@pytest.mark.parametrize(
    "path",
    [
        "contracts.csv",
        "topics.json",
        "search.json?q=Hessen",
        "links/wikidata.beacon.txt",
        "doc/contract/iaf.ttl",
        "dumps/hessen.nt",
        "dumps/hessen.nt.gz",
        "releases/{id}/dumps/hessen.ttl",
        "releases/{id}/doc/contract/iaf.jsonld",
        "catalog.ttl",
        "ontology.ttl",
        "void.ttl",
        "sparql",
        "sparql?query=ASK%7B%7D",
        "releases/{id}/sparql?query=ASK%7B%7D",
        "graphs?default",
        "graph/agents",
        "cite?query=ASK%7B%7D",
    ],
)
def test_what_is_made_from_a_release_names_it(http: httpx.Client, release: Release, path: str) -> None:
    response = http.get(path.format(id=release.id))
    assert response.status_code == 200
    assert response.headers.get_list("vertragsgraph-release") == [release.id]
    (links,) = response.headers.get_list("link")
    of_resource = f'<{release.base}id/contract/iaf>; rel="cite-as"'
    cited = of_resource if "doc/" in path else f'<{release.base}releases/{release.id}>; rel="cite-as"'
    assert links.count('rel="cite-as"') == links.count(cited) == 1


@pytest.mark.parametrize("path", ["health/live", "metrics", "static/style.css", "nothing", "sparql?query=x"])
def test_what_is_not_names_none(http: httpx.Client, path: str) -> None:
    assert "vertragsgraph-release" not in http.get(path).headers


@pytest.mark.parametrize("path", [*DEPENDS, "graphs", "graph/none", "static/none", "dumps"])
def test_browsers_may_ask_from_everywhere(http: httpx.Client, path: str) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    response = http.options(path, headers=asked | {"Access-Control-Request-Headers": "Accept-Datetime, X-Own"})
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (204, "*")
    assert response.headers["access-control-allow-headers"] == "*"
    assert {"GET", "POST"} <= set(response.headers["access-control-allow-methods"].split(", "))
    assert "vary" not in response.headers


@pytest.mark.parametrize("line", [b"GET /\0 HTTP/1.1", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b", b"nonsense"])
def test_what_is_no_request_is_told_to_scripts_too(server: Any, line: bytes) -> None:
    url = httpx.URL(server.url)
    with socket.create_connection((url.host, url.port or 80), timeout=10) as connection:
        connection.sendall(line + b"\r\n\r\n")
        head = connection.makefile("rb").read().partition(b"\r\n\r\n")[0]
    assert b"access-control-allow-origin: *" in head.lower()
    assert b"vary: origin" not in head.lower()


def test_the_vary_of_a_confirmation_is_that_of_the_whole(http: httpx.Client, release: Release) -> None:
    paths = (
        "doc/contract/iaf",
        "doc/contract/iaf.ttl",
        "dumps/hessen.nt",
        "catalog",
        f"releases/{release.id}/void.ttl",
    )
    for path in paths:
        for accept in ("application/ld+json", "*/*") if path == "catalog" else ("text/html", "*/*"):
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
    if media_type == "text/html" and path == "graph/links":
        media_type = "text/turtle"
    response = http.get(path, headers=[("Accept", line) for line in lines])
    assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (200, media_type)
