"""A resource that was withdrawn: gone at its address, with what takes its place; in no list; there in past releases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
import rdflib
from rdflib.namespace import DCTERMS, RDF, SKOS

from vertragsgraph.register import load_register
from vertragsgraph.release import Release, all_releases, build

pytestmark = pytest.mark.slow

OLD, NEW = "organisation/hessischer-jugendring", "organisation/hjr"
BASE = "https://w3id.org/vertragsgraph/hessen/"
AS = rdflib.Namespace("https://www.w3.org/ns/activitystreams#")
RDF_TYPES = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}


@pytest.fixture
def http(server_of_withdrawn: Any) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server_of_withdrawn.url, timeout=60) as client:
        yield client


@pytest.fixture
def both(withdrawn: Path) -> tuple[Release, Release]:
    """The release in which the resource is withdrawn, and the one before."""
    new, old = all_releases(withdrawn)
    return new, old


@pytest.mark.parametrize("folder", ["id", "doc"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_it_is_gone_and_leads_to_what_takes_its_place(http: httpx.Client, folder: str, method: str) -> None:
    response = http.request(method, f"{folder}/{OLD}")
    assert response.status_code == 410
    assert "accept" in response.headers["vary"].lower()
    link = re.search(r'<([^>]*)>; rel="successor-version"', response.headers["link"])
    assert link
    successor = http.get(link[1].removeprefix(BASE), follow_redirects=True)
    assert successor.status_code == 200
    assert successor.url.path.endswith(f"/doc/{NEW}")


@pytest.mark.parametrize("extension", RDF_TYPES)
@pytest.mark.parametrize("suffixed", [True, False])
def test_who_asks_for_rdf_gets_the_tombstone(http: httpx.Client, extension: str, suffixed: bool) -> None:
    path, accept = (f"doc/{OLD}.{extension}", "*/*") if suffixed else (f"id/{OLD}", RDF_TYPES[extension])
    response = http.get(path, headers={"Accept": accept})
    assert response.status_code == 410
    assert response.headers["content-type"].split(";")[0] == RDF_TYPES[extension]
    graph = rdflib.Graph().parse(data=response.text, format=RDF_TYPES[extension])
    resource = rdflib.URIRef(f"{BASE}id/{OLD}")
    assert graph.value(resource, RDF.type) == AS.Tombstone
    assert graph.value(resource, DCTERMS.isReplacedBy) == rdflib.URIRef(f"{BASE}id/{NEW}")
    assert {text.language for text in graph.objects(resource, SKOS.changeNote)} == {"de", "en"}


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json", "image/png"])
def test_everybody_else_gets_a_problem_document(http: httpx.Client, accept: str) -> None:
    response = http.get(f"id/{OLD}", headers={"Accept": accept})
    assert response.status_code == 410
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["detail"].endswith("The address was shortened.")
    assert problem["replaced_by"] == [f"{BASE}id/{NEW}"]
    assert problem["deleted"] == "2026-11-26T12:00:00+01:00"


@pytest.mark.parametrize(
    ("lang", "words"), [("de", "Die Adresse wurde gekürzt."), ("en", "The address was shortened.")]
)
def test_people_get_a_page(http: httpx.Client, lang: str, words: str) -> None:
    response = http.get(f"id/{OLD}", headers={"Accept": "text/html", "Accept-Language": lang})
    assert response.status_code == 410
    assert response.headers["content-language"] == lang
    assert words in response.text
    assert {"de": "26. November 2026", "en": "26 November 2026"}[lang] in response.text
    for href in re.findall(r'href="([^"#?]+)"', response.text):
        if not href.startswith("http"):
            known = 410 if href.rpartition(".")[0].endswith(OLD) else 200
            assert http.get(urljoin(str(response.url), href)).status_code == known, href


def test_a_client_that_knows_the_old_document_is_told(http: httpx.Client, both: tuple[Release, Release]) -> None:
    old = http.get(f"releases/{both[1].id}/doc/{OLD}.ttl")
    assert old.status_code == 200
    for tag in (old.headers["etag"], "*"):
        assert http.get(f"doc/{OLD}.ttl", headers={"If-None-Match": tag}).status_code == 410


def test_past_releases_have_it_as_it_was(http: httpx.Client, both: tuple[Release, Release]) -> None:
    new, old = both
    listed = http.get(f"timemap/doc/{OLD}").text
    assert old.id in listed
    assert new.id not in listed
    response = http.get(f"doc/{OLD}", headers={"Accept-Datetime": format_datetime(old.created)}, follow_redirects=True)
    assert response.url.path == f"/releases/{old.id}/doc/{OLD}"
    assert response.status_code == 200
    page = http.get(f"doc/{OLD}.html")
    assert f'href="../../releases/{old.id}/doc/{OLD}"' in page.text
    later = format_datetime(new.created + timedelta(days=1))
    response = http.get(f"doc/{OLD}", headers={"Accept-Datetime": later}, follow_redirects=True)
    assert response.status_code == 410
    assert "memento-datetime" in response.headers


def test_nobody_is_led_to_it(http: httpx.Client) -> None:
    for path in (
        "search?q=Jugendring",
        "organisations",
        "organisations.csv",
        "organisations.json",
        "sitemap-0.xml",
        "explore",
    ):
        response = http.get(path, headers={"Accept": "*/*"})
        assert response.status_code == 200, path
        assert not re.search(rf"{OLD}(?!-)\b", response.text), path
    found = http.post("reconcile", data={"queries": '{"q": {"query": "Hessischer Jugendring (alt)"}}'}).json()
    assert f"{BASE}id/{OLD}" not in str(found)
    assert OLD not in str(found)


def test_sparql_and_the_named_graph_know_of_it(http: httpx.Client) -> None:
    query = f"SELECT ?s ?new {{ GRAPH <{BASE}graph/tombstones> {{ ?s a <{AS.Tombstone}> ; <{DCTERMS.isReplacedBy}> ?new }} }}"
    answer = http.get("sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert f"{BASE}id/{OLD},{BASE}id/{NEW}" in answer.text.split()
    graph = rdflib.Graph().parse(data=http.get("graph/tombstones").text, format="turtle")
    own = [triple for triple in graph if str(triple[0]).endswith((OLD, "umgezogen"))]
    assert len(own) == 8 + 5


def test_what_takes_its_place_may_be_elsewhere(http: httpx.Client) -> None:
    for accept in ("text/turtle", "text/html", "application/json"):
        response = http.get("id/person/umgezogen", headers={"Accept": accept})
        assert response.status_code == 410
        assert '<https://example.org/people/7>; rel="successor-version"' in response.headers["link"]
        assert "https://example.org/people/7" in response.text


def test_a_register_with_shapes_of_its_own_may_say_when_in_other_words(register_copy: Path, start: Any) -> None:
    (register_copy / "shapes" / "tombstones.ttl").unlink()
    (register_copy / "data" / "tombstones.ttl").write_text(
        "<id/person/weg> a <https://www.w3.org/ns/activitystreams#Tombstone> ;"
        ' <https://www.w3.org/ns/activitystreams#deleted> "gestern"@de .'
    )
    build(load_register(register_copy), register_copy / "releases")
    response = httpx.get(
        f"{start(register_copy / 'releases').url}id/person/weg", headers={"Accept": "text/html"}, timeout=60
    )
    assert response.status_code == 410
    assert "gestern" in response.text


def test_what_never_was_is_not_found_as_before(http: httpx.Client) -> None:
    assert http.get("doc/organisation/none").status_code == 404
    assert http.get(f"doc/{NEW}.ttl").status_code == 200
    assert http.get(f"id/{NEW}").status_code == 303
