"""The head of every kind of page: what it says of itself to search engines, in both languages, without anything to fetch."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from tests.web import in_process
from tests.web.in_process import asked_of, get
from vertragsgraph.register import Text
from vertragsgraph.release import Release
from vertragsgraph.web.site.site import open_site

pytestmark = pytest.mark.slow

BASE = "https://w3id.org/vertragsgraph/hessen/"
SCHEMA = "https://schema.org/"
PAGES = {
    "": "Dataset",
    "catalog": "Dataset",
    "dumps/": "Dataset",
    "releases/": "WebPage",
    "contracts": "CollectionPage",
    "contracts?year=2018": "CollectionPage",
    "topics": "CollectionPage",
    "doc/contract/iaf": "CreativeWork",
    "doc/contract/iaf?view=triples": "WebPage",
    "doc/person/kai-klose": "Person",
    "doc/topic/ehrenamt": "DefinedTerm",
    "doc/evidence/drk-unterzeichnung-s1": "Quotation",
    "doc/source/s1": "CreativeWork",
    "search?q=Verband": "WebPage",
    "explore": "WebPage",
    "sparql": "WebPage",
    "quality": "WebPage",
    "ontology": "WebPage",
    "shapes": "WebPage",
    "imprint": "WebPage",
    "privacy": "WebPage",
    "accessibility": "WebPage",
}


def structured(page: httpx.Response) -> dict[str, Any]:
    assert page.status_code == 200, page.url
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL)
    data: dict[str, Any] = json.loads(text)
    return data


def head(page: httpx.Response) -> tuple[str, dict[str, str]]:
    """The description, and the addresses in each language."""
    (description,) = re.findall(r'<meta name="description" content="([^"]*)">', page.text)
    links = re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page.text)
    return unescape(description), {language: unescape(href) for language, href in links}


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_kind_of_page_describes_itself(release: Release, language: str) -> None:
    paths = [*PAGES, f"releases/{release.id}/"]
    descriptions = set()
    for path, page in zip(
        paths,
        get(
            release,
            asked_of(release),
            [f"/{path}" for path in paths],
            accept="text/html",
            **{"accept-language": language},
        ),
        strict=True,
    ):
        data = structured(page)
        kinds = data["@type"] if isinstance(data["@type"], list) else [data["@type"]]
        assert PAGES.get(path, "Dataset") in kinds, path
        # Read without a network: the context stands in the page, and knows every word that is used.
        triples = [quad.triple for quad in ox.parse(json.dumps(data), ox.RdfFormat.JSON_LD, base_iri=BASE)]
        assert len(triples) > 4
        assert {
            t.predicate.value.startswith((SCHEMA, "http://www.w3.org/1999/02/22-rdf-syntax-ns#")) for t in triples
        } == {True}
        description, addresses = head(page)
        assert 10 < len(description) <= 320, path
        descriptions.add(description)
        name, _, query = path.partition("?")
        parameters = f"{query}&" if query else ""
        assert addresses == {
            "de": f"{BASE}{name}?{parameters}lang=de",
            "en": f"{BASE}{name}?{parameters}lang=en",
            "x-default": BASE + name,
        }
    assert len(descriptions) > len(paths) - 3


def test_lists_and_resources_name_what_they_hold(release: Release) -> None:
    paths = [
        "/contracts",
        "/doc/contract/iaf",
        "/doc/topic/ehrenamt",
        "/doc/topic/identitaet",
        f"/releases/{release.id}/",
    ]
    listed, contract, voluntary_work, identity, version = map(
        structured, get(release, asked_of(release), paths, accept="text/html")
    )
    members = listed["mainEntity"]["itemListElement"]
    assert listed["mainEntity"]["numberOfItems"] == len(members) == 4
    assert f"{BASE}id/contract/iaf" in {member["item"]["@id"] for member in members}
    assert (contract["@id"], contract["mainEntityOfPage"]) == (f"{BASE}id/contract/iaf", f"{BASE}doc/contract/iaf")
    assert contract["subjectOf"]["@id"] == f"{BASE}catalog#dataset"
    assert "http://eurovoc.europa.eu/3330" in voluntary_work["sameAs"]
    assert "sameAs" not in identity  # there are close matches only
    assert version["@id"] == f"{BASE}releases/{release.id}"
    assert version["exampleOfWork"]["@id"] == f"{BASE}catalog#dataset"


def test_the_start_page_says_who_made_what_from_what_and_who_may_read_it(release: Release) -> None:
    (page,) = get(release, asked_of(release), ["/"], accept="text/html")
    data = structured(page)
    for member in (
        "name",
        "description",
        "creator",
        "publisher",
        "license",
        "identifier",
        "version",
        "datePublished",
        "keywords",
        "isBasedOn",
    ):
        assert data[member], member
    assert data["conditionsOfAccess"] == "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
    assert data["isAccessibleForFree"] is True
    # What is an alternate of the page is the same in another language, and the feed; the dumps are no such thing.
    alternates = re.findall(r'<link rel="alternate" (?:type="([^"]+)" )?', page.text)
    assert [media_type for media_type in alternates if media_type] == ["application/atom+xml"]
    described = re.findall(r'<link rel="describedby" type="([^"]+)" href="([^"]+)">', page.text)
    assert described == [
        ("text/turtle", "catalog.ttl"),
        ("application/rdf+xml", "catalog.rdf"),
        ("application/ld+json", "catalog.jsonld"),
    ]


@pytest.mark.parametrize(
    ("accept", "leads_to"),
    [
        ("text/turtle", "catalog.ttl"),
        ("application/ld+json", "catalog.jsonld"),
        ("application/rdf+xml, text/html;q=0.5", "catalog.rdf"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", ""),
        ("*/*", ""),
    ],
)
def test_the_front_door_leads_rdf_clients_to_the_full_description(release: Release, accept: str, leads_to: str) -> None:
    (answer,) = get(release, asked_of(release), ["/"], accept=accept)
    assert (answer.status_code, answer.headers.get("location", "")) == ((303, leads_to) if leads_to else (200, ""))
    assert "Accept" in answer.headers["vary"]


def test_what_a_register_says_ends_no_script_and_no_attribute(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = '</script><b a="">\N{LINE SEPARATOR}&\''
    title = Text.model_construct({"de": evil, "en": evil})
    register = release.register.model_copy(update={"title": title, "description": title})
    monkeypatch.setattr(in_process, "open_site", lambda *given: replace(open_site(*given), register=register))
    for page in get(release, asked_of(release), ["/imprint", "/contracts"], accept="text/html"):
        assert structured(page)["isPartOf"]["name"] == evil
        assert evil in head(page)[0]


def test_what_is_not_there_says_nothing_to_search_engines(release: Release) -> None:
    (page,) = get(release, asked_of(release), ["/doc/contract/nobody"], accept="text/html")
    assert page.status_code == 404
    assert "ld+json" not in page.text
    assert "hreflang" not in re.sub(r"<a [^>]*>", "", page.text)
