"""What changed, on the pages of releases and in feeds."""

from __future__ import annotations

import html
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest

pytestmark = pytest.mark.slow

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(scope="module")
def http(server_of_history: Any) -> httpx.Client:
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    return httpx.Client(base_url=server_of_history.url, headers=headers, timeout=60)


def entries(http: httpx.Client, path: str) -> dict[str, tuple[str, str]]:
    """Return id and content of each entry of a feed by its title."""
    response = http.get(path)
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(response.content)
    assert feed.findtext("a:title", "", ATOM)
    assert feed.findtext("a:updated", "", ATOM)
    return {
        entry.findtext("a:title", "", ATOM): (entry.findtext("a:id", "", ATOM), entry.findtext("a:content", "", ATOM))
        for entry in feed.iterfind("a:entry", ATOM)
    }


def test_a_release_says_what_changed_since_the_one_before(http: httpx.Client, ids: tuple[str, str]) -> None:
    after, before = ids
    page = html.unescape(http.get(f"releases/{after}/").text)
    assert f"What has changed since release {before}" in page
    assert (
        '<a href="../../doc/person/kai-klose">Kai Klose</a><ul><li>Name (German): “<span lang="de">Kai  Klose' in page
    )
    assert 'id="changes"' not in http.get(f"releases/{before}/").text, "it is the first"


def test_a_comparison_is_told_and_has_the_statements_a_click_further(http: httpx.Client, ids: tuple[str, str]) -> None:
    after, before = ids
    page = http.get(f"releases/{after}/compare/{before}").text
    assert "<h2>People</h2>" in page
    assert "entailed" not in page
    assert 'href="?format=txt"' in page
    assert "Kai  Klose" in http.get(f"releases/{after}/compare/{before}?format=txt").text
    assert "<h2>Personnes</h2>" not in page
    assert "<h2>Personen</h2>" in http.get(f"releases/{after}/compare/{before}?lang=de").text


def test_each_entry_of_the_feed_says_what_changed(http: httpx.Client, ids: tuple[str, str]) -> None:
    after, before = ids
    found = entries(http, "releases/feed.atom")
    assert list(found) == [after, before]
    assert "Name (German): “" in found[after][1]
    assert "https://w3id.org/vertragsgraph/hessen/doc/person/kai-klose" in found[after][1]
    assert not found[before][1], "nothing came before"
    assert "Name: „" in entries(http, "releases/feed.atom?lang=de")[after][1]


def test_a_resource_has_a_feed_of_the_releases_in_which_it_changed(http: httpx.Client, ids: tuple[str, str]) -> None:
    after, _ = ids
    found = entries(http, "doc/person/kai-klose.atom")
    assert list(found) == [after]
    identifier, content = found[after]
    assert identifier.endswith(f"releases/{after}/doc/person/kai-klose")
    assert "Name (German): “" in content
    assert entries(http, "doc/contract/drk-hessen.atom") == {}, "it never changed"


@pytest.mark.parametrize(
    "path", ["contract/drk-hessen", "organisation/drk-hessen", "topic/ehrenamt", "person/kai-klose"]
)
def test_the_feed_of_a_resource_is_announced(http: httpx.Client, path: str) -> None:
    page = http.get(f"doc/{path}").text
    link = f'<link rel="alternate" type="application/atom+xml" href="../../doc/{path}.atom?lang=en"'
    assert link in page[: page.index("</head>")]
    assert http.get(f"doc/{path}.atom?lang=en").status_code == 200


def test_a_page_says_the_same_as_the_feed_of_a_resource(http: httpx.Client, ids: tuple[str, str]) -> None:
    after, before = ids
    page = http.get("doc/person/kai-klose.changes").text
    assert f"Since release {after}, " in page
    assert "Name (German): “" in page
    assert f"Nothing else has changed since release {before}, " in page
    assert f"Nothing has changed since release {before}, " in http.get("doc/contract/iaf.changes").text
    assert 'href="../../doc/person/kai-klose.changes"' in http.get("doc/person/kai-klose").text
    assert http.get("doc/evidence/drk-partner-s2.changes").status_code == 404


@pytest.mark.parametrize("path", ["evidence/drk-partner-s2", "contract/nobody", "signing/drk-hessen", "contract/%00"])
def test_other_resources_have_no_feed(http: httpx.Client, path: str) -> None:
    assert http.get(f"doc/{path}.atom").status_code == 404


@pytest.mark.parametrize("path", ["releases/feed.atom", "doc/person/kai-klose.atom"])
def test_feeds_have_validators(http: httpx.Client, path: str) -> None:
    first = http.get(path)
    headers = {"If-None-Match": first.headers["etag"]}
    assert http.get(path, headers=headers).status_code == 304
    assert http.get(path, headers={**headers, "Accept-Language": "de"}).status_code == 200
    assert http.head(path).headers["etag"] == first.headers["etag"]


def test_what_was_withdrawn_is_told_with_reason_and_successor(server_of_withdrawn: Any) -> None:
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    with httpx.Client(base_url=server_of_withdrawn.url, headers=headers, timeout=60) as http:
        ((_, content),) = entries(http, "doc/organisation/hessischer-jugendring.atom").values()
        assert "is no longer in the register (withdrawn: The address was shortened); its place is taken by" in content
        assert "doc/organisation/hjr" in content
