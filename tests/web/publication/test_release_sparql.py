"""Each release is asked by SPARQL under its own address, and answers as one asks the current one; what it says can be cited."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from rdflib import Graph, URIRef

from tests.competency.test_dumps import QUERIES
from vertragsgraph.rdf.namespaces import SD
from vertragsgraph.release import all_releases
from vertragsgraph.release.redaction.plan import Request
from vertragsgraph.release.redaction.takedown import takedown

pytestmark = pytest.mark.slow

BASE = "https://w3id.org/vertragsgraph/hessen/"
NAME = f"SELECT ?n {{ <{BASE}id/person/kai-klose> <http://www.w3.org/2000/01/rdf-schema#label> ?n FILTER(LANG(?n) = 'de') }}"
CSV = {"Accept": "text/csv"}


@pytest.fixture(scope="module")
def http(server_of_history: Any) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server_of_history.url, timeout=60) as client:
        yield client


def ask(http: httpx.Client, path: str, query: str, **headers: str) -> httpx.Response:
    return http.get(path, params={"query": query}, headers={**CSV, **headers})


def test_each_release_answers_what_it_holds(http: httpx.Client, ids: tuple[str, str]) -> None:
    current, past = ids
    for path, name, named in (
        ("sparql", "Kai  Klose", current),
        (f"releases/{current}/sparql", "Kai  Klose", current),
        (f"releases/{past}/sparql", "Kai Klose", past),
    ):
        response = ask(http, path, NAME)
        assert response.text.split("\r\n")[1] == name
        assert response.headers.get_list("vertragsgraph-release") == [named]
        assert response.headers["link"] == f'<{BASE}releases/{named}>; rel="cite-as"'
        again = ask(http, path, NAME, **{"If-None-Match": response.headers["etag"]})
        assert again.status_code == 304
    tags = {ask(http, f"releases/{one}/sparql", NAME).headers["etag"] for one in ids}
    assert len(tags) == 2
    assert ask(http, "sparql", NAME).headers["etag"] in tags


@pytest.mark.parametrize("question", QUERIES)
def test_documented_queries_have_equal_rows_everywhere(
    http: httpx.Client, server: Any, ids: tuple[str, str], question: str
) -> None:
    """The past release here is the current one there."""
    with httpx.Client(base_url=server.url, timeout=60) as other:
        there = sorted(ask(other, "sparql", question).text.splitlines())
    here, past = (sorted(ask(http, f"releases/{one}/sparql", question).text.splitlines()) for one in ids)
    assert here == sorted(ask(http, "sparql", question).text.splitlines())
    assert len(there) > 1
    assert past == there


@pytest.mark.parametrize("which", [0, 1])
def test_it_speaks_the_protocol_as_the_usual_endpoint_does(
    http: httpx.Client, ids: tuple[str, str], which: int
) -> None:
    path = f"releases/{ids[which]}/sparql"
    posted = [
        http.post(path, data={"query": "ASK { ?s ?p ?o }"}),
        http.post(path, content="ASK { ?s ?p ?o }", headers={"Content-Type": "application/sparql-query"}),
    ]
    assert [response.json()["boolean"] for response in posted] == [True, True]
    assert (
        http.get(path, params={"query": "ASK {}", "format": "xml"}).headers["content-type"].startswith("application/sp")
    )
    graph = http.get(path, params={"query": "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 3"}, headers={"Accept": "text/turtle"})
    assert len(Graph().parse(data=graph.text, format="turtle")) == 3
    assert http.head(path, params={"query": "ASK {}"}).status_code == 200
    problem = http.get(path, params={"query": "SELECT * {\n ?s ?p }"})
    assert (problem.status_code, problem.json()["line"]) == (400, 2)
    assert http.post(path, data={"update": "CLEAR ALL"}).status_code == 403
    assert http.put(path, content="").status_code == 405
    assert http.get(path, params={"query": "ASK {}"}, headers={"Accept": "image/png"}).status_code == 406
    late = http.get(
        path, params={"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "timeout": "0.2"}
    )
    assert (late.status_code, late.json()["limit"]) == (503, "time")
    options = http.options(
        path, headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    )
    assert options.status_code == 204


@pytest.mark.parametrize("which", [0, 1])
def test_its_description_names_its_own_address(http: httpx.Client, ids: tuple[str, str], which: int) -> None:
    response = http.get(f"releases/{ids[which]}/sparql", headers={"Accept": "text/turtle"})
    assert response.headers["vertragsgraph-release"] == ids[which]
    described = Graph().parse(data=response.text, format="turtle")
    address = URIRef(f"{BASE}releases/{ids[which]}/sparql")
    assert list(described.subject_objects(URIRef(SD + "endpoint"))) == [(address, address)]
    federates = (address, URIRef(SD + "feature"), URIRef(SD + "BasicFederatedQuery")) in described
    assert federates == (which == 0)


def test_a_browser_gets_the_query_page_that_asks_the_release(http: httpx.Client, ids: tuple[str, str]) -> None:
    _, past = ids
    page = http.get(f"releases/{past}/sparql", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert f"Release {past} is asked here" in page.text
    assert 'action="sparql"' in page.text
    assert f'<button class="quiet-button" formaction="../../cite" name="release" value="{past}">' in page.text
    about = http.get(f"releases/{past}/", headers={"Accept": "text/html"})
    assert '<a href="sparql">' in about.text


def test_a_past_release_asks_nobody_else(http: httpx.Client, ids: tuple[str, str]) -> None:
    query = "SELECT * { SERVICE <https://query.wikidata.org/sparql> { ?s ?p ?o } }"
    response = ask(http, f"releases/{ids[1]}/sparql", query)
    assert (response.status_code, response.json()["detail"]) == (403, "SERVICE is refused here.")


@pytest.mark.parametrize("name", ["2000-01-01.00000000", "current", "%2e%2e"])
def test_there_is_no_other_release(http: httpx.Client, name: str) -> None:
    response = ask(http, f"releases/{name}/sparql", "ASK {}")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_a_client_has_one_share_for_all_releases(
    history: Path, ids: tuple[str, str], start: Callable[..., Any]
) -> None:
    """What is asked of a past release counts as if the current one had been asked, the opening of its store included."""
    running = start(
        history / "releases",
        "--register",
        str(history),
        VERTRAGSGRAPH_CLIENT_SECONDS="0.1",
        VERTRAGSGRAPH_CLIENT_WAIT_SECONDS="0.01",
    )
    with httpx.Client(base_url=running.url, timeout=60) as client:
        assert ask(client, f"releases/{ids[1]}/sparql", "ASK {}").status_code == 200
        refused = ask(client, "sparql", "ASK { ?s ?p ?o }")
        assert (refused.status_code, refused.json()["limit"]) == (429, "rate")
        assert ask(client, f"releases/{ids[1]}/sparql", "ASK {}").status_code == 200  # it is kept


@pytest.fixture
def own(tmp_path: Path, history: Path) -> Path:
    """The two releases, for a test that changes them."""
    shutil.copytree(history, tmp_path / "own", symlinks=True)
    return tmp_path / "own"


def test_a_damaged_release_says_what_to_do(own: Path, start: Callable[..., Any]) -> None:
    current, past = all_releases(own / "releases")
    past.dump("nq").write_bytes(b"<no quads")
    running = start(own / "releases", "--register", str(own))
    with httpx.Client(base_url=running.url, timeout=60) as client:
        for path in (f"releases/{past.id}/sparql", "cite"):
            response = client.get(path, params={"query": "ASK {}", "release": past.id})
            assert response.status_code == 503
        assert "releases verify" in client.get(f"releases/{past.id}/sparql?query=ASK%7B%7D").json()["detail"]
        assert ask(client, f"releases/{current.id}/sparql", "ASK {}").status_code == 200


def test_a_redacted_release_answers_what_remains(own: Path, start: Callable[..., Any]) -> None:
    _, past = all_releases(own / "releases")
    contract, partner = f"<{BASE}id/contract/iaf>", "<https://w3id.org/vertragsgraph/ontology#partner>"
    running = start(own / "releases", "--register", str(own))
    with httpx.Client(base_url=running.url, timeout=60) as client:
        path, query = f"releases/{past.id}/sparql", f"SELECT ?who {{ {contract} {partner} ?who }}"
        before = ask(client, path, query)
        _, who = before.text.split()
        takedown(own / "releases", [past.id], Request([f"{contract} {partner} <{who}> ."]), "Court order 1/2026")
        after = ask(client, path, query)
        assert (after.status_code, after.text.split()) == (200, ["who"])
        assert ask(client, path, f"ASK {{ {contract} a ?what }}").headers["etag"]
        assert after.headers["etag"] != before.headers["etag"]
