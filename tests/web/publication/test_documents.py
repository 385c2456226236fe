"""Dereferenceable linked data over a real port: 303, negotiation, suffixes, HEAD, errors."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urljoin, urlsplit

import httpx
import pyoxigraph
import pytest
import rdflib
from rdflib.compare import isomorphic

from vertragsgraph.release import Release

pytestmark = pytest.mark.slow

CONTRACT = "contract/drk-hessen"
IRI = f"https://w3id.org/vertragsgraph/hessen/id/{CONTRACT}"
FORMATS = {
    "ttl": "text/turtle; charset=utf-8",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "html": "text/html; charset=utf-8",
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.fixture(scope="module")
def http(server: object) -> httpx.Client:
    return httpx.Client(base_url=server.url, timeout=60)  # type: ignore[attr-defined]


@pytest.mark.parametrize("accept", [None, "*/*", "text/turtle", BROWSER])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_resource_leads_to_its_document_by_a_relative_303(
    http: httpx.Client, accept: str | None, method: str
) -> None:
    headers = {"Accept": accept} if accept else {}
    response = http.request(method, f"/id/{CONTRACT}", headers=headers)
    assert response.status_code == 303
    assert response.headers["location"] == f"../../doc/{CONTRACT}"
    assert urljoin(str(response.url), response.headers["location"]).endswith(f"/doc/{CONTRACT}")


@pytest.mark.parametrize(
    ("accept", "extension"),
    [
        ("*/*", "ttl"),
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "rdf"),
        ("application/rdf+xml;q=0.5, application/ld+json;q=0.9", "jsonld"),
        ("text/*;q=0.3, application/rdf+xml;q=0.2", "ttl"),
        (BROWSER, "html"),
    ],
)
def test_the_document_comes_in_the_format_asked_for(http: httpx.Client, accept: str, extension: str) -> None:
    response = http.get(f"/doc/{CONTRACT}", headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"] == FORMATS[extension]
    assert response.headers["content-location"] == f"drk-hessen.{extension}"
    assert "Accept" in response.headers["vary"]
    head = http.head(f"/doc/{CONTRACT}", headers={"Accept": accept})
    kept = ("content-type", "content-length", "etag", "vary", "link")
    assert [head.headers[name] for name in kept] == [response.headers[name] for name in kept]
    assert head.content == b""


def test_all_formats_say_the_same(http: httpx.Client) -> None:
    graphs = {
        extension: rdflib.Graph().parse(data=http.get(f"/doc/{CONTRACT}.{extension}").text, format=name)
        for extension, name in {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}.items()
    }
    assert len(graphs["nt"]) > 20
    assert all(isomorphic(graphs["nt"], graph) for graph in graphs.values())
    contract = rdflib.URIRef(IRI)
    said = set(graphs["ttl"].objects(contract, rdflib.RDF.type))
    assert rdflib.URIRef("https://w3id.org/vertragsgraph/ontology#Contract") in said
    document = rdflib.URIRef(f"https://w3id.org/vertragsgraph/hessen/doc/{CONTRACT}")
    assert (document, rdflib.FOAF.primaryTopic, contract) in graphs["ttl"]


@pytest.mark.parametrize(
    "path",
    [
        "ontology",
        "shapes",
        "catalog",
        "graph/agents",
        "graphs?default",
        "sparql",
        f"sparql?query=DESCRIBE%20%3C{IRI}%3E",
    ],
)
def test_json_ld_has_an_inline_context_and_turtle_says_the_same(http: httpx.Client, path: str) -> None:
    answer, turtle = (http.get(f"/{path}", headers={"Accept": accept}) for accept in (FORMATS["jsonld"], "text/turtle"))
    context = answer.json()["@context"]
    assert context and "http" not in {*context} and all(isinstance(each, str | dict) for each in context.values())
    found = rdflib.Graph().parse(data=answer.text, format="json-ld")
    assert isomorphic(found, rdflib.Graph().parse(data=turtle.text, format="turtle"))


def test_turtle_of_a_query_has_the_prefixes_of_the_register(http: httpx.Client) -> None:
    turtle = http.get("/sparql", params={"query": f"DESCRIBE <{IRI}>"}, headers={"Accept": "text/turtle"}).text
    assert "@prefix organisation: <https://w3id.org/vertragsgraph/hessen/id/organisation/> ." in turtle
    assert "vg:partner organisation:drk-hessen" in turtle
    assert "@prefix utterance:" in turtle and "@prefix wdt:" not in turtle


def test_umlauts_arrive(http: httpx.Client) -> None:
    assert "Öffnung" in http.get(f"/doc/{CONTRACT}.ttl").text
    assert "Öffnung" in http.get(f"/doc/{CONTRACT}.html").text


def test_what_a_client_has_already_is_not_sent_again(http: httpx.Client) -> None:
    first = http.get(f"/doc/{CONTRACT}.ttl")
    again = http.get(f"/doc/{CONTRACT}.ttl", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    other = http.get(f"/doc/{CONTRACT}.nt", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_nothing_fitting_is_406_and_names_what_there_is(http: httpx.Client) -> None:
    response = http.get(f"/doc/{CONTRACT}", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert response.headers["content-type"] == "application/problem+json"
    assert "text/turtle" in response.json()["detail"]


@pytest.mark.parametrize(
    "path",
    ["/doc/contract/none", "/doc/contract", "/doc/", "/id/contract/Ä", "/id/contract/a%20b", "/nowhere", "/doc/%00/x"],
)
def test_what_there_is_not_is_404_for_machines_and_people(http: httpx.Client, path: str) -> None:
    machine = http.get(path)
    assert machine.status_code == 404
    assert machine.json()["status"] == 404
    person = http.get(path, headers={"Accept": BROWSER, "Accept-Language": "de"})
    assert (person.status_code, person.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert 'lang="de"' in person.text
    assert "Unter dieser Adresse gibt es nichts" in person.text


@pytest.mark.parametrize(
    "path", [f"/doc/{CONTRACT}.ttl", "/dumps/hessen.ttl", "/sparql?query=ASK%7B%7D", "/health/ready"]
)
def test_every_data_url_can_be_read_from_other_origins(http: httpx.Client, path: str) -> None:
    response = http.get(path, headers={"Origin": "https://example.org", "Accept": "*/*"})
    assert response.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["/reconcile", "/reconcile/v1/match", "/sparql"])
def test_browsers_may_post_from_other_origins(http: httpx.Client, path: str) -> None:
    asked = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "Content-Type",
    }
    response = http.options(path, headers=asked)
    assert response.status_code in {200, 204}
    assert "POST" in response.headers["access-control-allow-methods"]


def test_no_answer_depends_on_the_host(server: object, http: httpx.Client) -> None:
    address = urlsplit(server.url)  # type: ignore[attr-defined]

    def fetch(host: str, path: str) -> tuple[int, str | None, bytes]:
        connection = HTTPConnection(str(address.hostname), address.port)
        connection.request("GET", path, headers={"Host": host})
        response: HTTPResponse = connection.getresponse()
        return response.status, response.getheader("location"), response.read()

    for path in (f"/id/{CONTRACT}", f"/doc/{CONTRACT}.ttl", f"/doc/{CONTRACT}.html", "/"):
        assert fetch("evil.example", path) == fetch("localhost", path)


def test_every_link_of_a_page_leads_somewhere(http: httpx.Client) -> None:
    import re

    page = http.get(f"/doc/{CONTRACT}.html")
    links = {urljoin(str(page.url), link) for link in re.findall(r'href="([^"#]+)"', page.text)}
    ours = sorted(link for link in links if link.startswith(str(http.base_url)))
    assert len(ours) > 15
    assert [
        link for link in ours if http.get(link.replace("&amp;", "&"), follow_redirects=True).status_code != 200
    ] == []


AS_IT_IS = {"Accept-Encoding": "identity"}


def test_dumps_are_listed_and_served_with_their_checksums(http: httpx.Client, release: Release) -> None:
    listing = http.get("/dumps/", headers={"Accept-Language": "en"}).text
    for extension in ("ttl", "nt", "jsonld"):
        path = release.dump(extension)
        response = http.get(f"/dumps/{path.name}", headers=AS_IT_IS)
        entry = release.manifest.files[f"dumps/{path.name}"]
        assert response.content == path.read_bytes()
        assert response.headers["etag"] == f'"{entry.sha256}"'
        assert entry.sha256 in listing
        assert http.head(f"/dumps/{path.name}", headers=AS_IT_IS).headers["content-length"] == str(entry.bytes)
        unchanged = http.get(f"/dumps/{path.name}", headers=AS_IT_IS | {"If-None-Match": f'"{entry.sha256}"'})
        assert unchanged.status_code == 304


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "de",
            ["Alles als ein Graph, auch was aus der Ontologie folgt", "als Tripelterme", "Die Verträge als Tabelle"],
        ),
        ("en", ["Everything as one graph, what follows from the ontology included", "as triple terms", "as a table"]),
    ],
)
def test_the_page_says_what_is_in_each_file(http: httpx.Client, language: str, texts: list[str]) -> None:
    page = http.get("/dumps/", headers={"Accept-Language": language}).text
    assert [text for text in texts if text not in page] == []
    assert http.head("/dumps/hessen-reifiers.ttl").headers["content-type"] == "text/turtle; version=1.2; charset=utf-8"


@pytest.mark.parametrize("name", ["../release.json", "%2e%2e/release.json", "none.ttl", ""])
def test_no_other_file_is_served(http: httpx.Client, name: str) -> None:
    response = http.get(f"/dumps/x{name}" if not name.startswith((".", "%")) else f"/dumps/{name}")
    assert response.status_code == 404


def test_the_dump_read_by_pyoxigraph_is_the_register(http: httpx.Client, release: Release) -> None:
    triples = list(pyoxigraph.parse(http.get("/dumps/hessen.ttl").content, pyoxigraph.RdfFormat.TURTLE))
    assert len(triples) == release.manifest.triples


def test_the_store_says_what_the_dump_says(release: Release) -> None:
    dump = set(release.dump("nq").read_text("utf-8").splitlines())
    assert {f"{quad} ." for quad in pyoxigraph.Store.read_only(str(release.store))} == dump


def test_health(http: httpx.Client, release: Release) -> None:
    assert http.get("/health/live").json() == {"status": "ok"}
    assert http.get("/health/ready").json() == {"status": "ok", "release": release.id}
    assert http.head("/health/ready").status_code == 200


@pytest.mark.parametrize(
    ("language", "title"), [("de", "Hessische Integrationsverträge"), ("en", "Hessian integration contracts")]
)
def test_the_start_page_shows_the_contracts(http: httpx.Client, language: str, title: str) -> None:
    page = http.get("/", headers={"Accept": BROWSER, "Accept-Language": language})
    assert f'<html lang="{language}">' in page.text
    assert title in page.text
    assert page.text.count("doc/contract/") == 4
    assert http.get(f"/?lang={'en' if language == 'de' else 'de'}", headers={"Accept": BROWSER}).text != page.text
