"""A register behind a redirector that follows the rules of docs/w3id.md: queries arrive by the addresses that are published."""

from __future__ import annotations

import json
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import rdflib
from rdflib import DCAT, RDF, VOID, Namespace
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from tests.competency.test_dumps import QUERIES
from tests.competency.test_dumps import rows as rows_of
from tests.conftest import copy_register, start_server, stop_server
from tests.doctor.conftest import examined, free_port
from vertragsgraph.doctor import CHECKS, Verdict
from vertragsgraph.register import load_register
from vertragsgraph.release import build

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SD, SCHEMA = Namespace("http://www.w3.org/ns/sparql-service-description#"), Namespace("https://schema.org/")
RULES = re.findall(r"^RewriteRule (\S+) (\S+) \[R=(\d+),", (ROOT / "docs/w3id.md").read_text("utf-8"), re.MULTILINE)
QUERY = "SELECT ?contract { ?contract a <https://w3id.org/vertragsgraph/ontology#Contract> } ORDER BY ?contract"


@contextmanager
def redirecting(to: str, port: int, rules: list[tuple[str, str, str]]) -> Iterator[None]:
    """Run a redirector: what mod_rewrite makes of rules for the folder `/vertragsgraph/`; the query string is kept."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            path, mark, query = self.path.removeprefix("/vertragsgraph/").partition("?")
            for pattern, target, status in rules:
                if found := re.search(pattern, path):
                    self.send_response(int(status))
                    address = re.sub(r"\$1", found[1] or "", target) if found.groups() else target
                    self.send_header("Location", address.replace("https://register.example.org/", to) + mark + query)
                    break
            else:
                self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


@dataclass(frozen=True)
class Published:
    """Where a register is: its base IRI, which redirects; the server; and a redirector that makes a GET of each POST."""

    base: str
    server: str
    lossy: str


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    port, redirector, other = free_port(), free_port(), free_port()
    base, server = f"http://127.0.0.1:{redirector}/vertragsgraph/hessen/", f"http://127.0.0.1:{port}/"
    folder = copy_register(tmp_path_factory.mktemp("published") / "register")
    file = folder / "register.toml"
    text = file.read_text("utf-8").replace("https://w3id.org/vertragsgraph/hessen/", base)
    file.write_text(f'service_url = "{server}"\n{text}', "utf-8")
    build(load_register(folder), folder / "releases")
    running = start_server(folder / "releases", "--port", str(port))
    lossy = [(pattern, target, "303") for pattern, target, _ in RULES]
    with redirecting(server, redirector, RULES), redirecting(server, other, lossy):
        yield Published(base, server, f"http://127.0.0.1:{other}/vertragsgraph/hessen/")
    stop_server(running)


@pytest.fixture(scope="module")
def rows(published: Published) -> list[str]:
    """What the server itself answers to the query."""
    answer = httpx.get(f"{published.server}sparql", params={"query": QUERY}, timeout=60)
    found = [row["contract"]["value"] for row in answer.json()["results"]["bindings"]]
    assert len(found) == 4
    return found


def described(published: Published, path: str) -> rdflib.Graph:
    """A document of the register in Turtle, as who knows the base IRI gets it."""
    answer = httpx.get(published.base + path, headers={"Accept": "text/turtle"}, follow_redirects=True, timeout=60)
    return rdflib.Graph().parse(data=answer.raise_for_status().text, format="turtle")


def endpoints(published: Published) -> set[str]:
    """The addresses of the endpoint in everything that names it."""
    service, void, catalogue = (described(published, path) for path in ("sparql", "void", "catalog"))
    named = {
        *service.objects(None, SD.endpoint),
        *service.objects(None, SCHEMA.target),
        *service.subjects(RDF.type, SD.Service),
        *void.objects(None, VOID.sparqlEndpoint),
        *(address for address in catalogue.objects(None, DCAT.endpointURL) if "sparql" in address),
    }
    return {str(address) for address in named}


def test_one_address_of_the_endpoint_is_published_everywhere(published: Published) -> None:
    assert endpoints(published) == {f"{published.server}sparql"}


def test_each_documented_query_has_the_same_rows_by_every_address(published: Published) -> None:
    """At the server itself, and by way of the base IRI, which redirects GET and POST."""
    accept = {"Accept": "application/sparql-results+json"}
    with httpx.Client(headers=accept, follow_redirects=True, timeout=60) as client:
        for text in QUERIES:
            query = text.replace("https://w3id.org/vertragsgraph/hessen/", published.base)
            asked = {"query": query}
            direct = client.get(f"{published.server}sparql", params=asked)
            assert direct.json()["results"]["bindings"], query
            expected = rows_of(query, direct.content)
            for answer in (
                client.get(f"{published.base}sparql", params=asked),
                client.post(f"{published.base}sparql", data=asked),
            ):
                assert [was.status_code for was in answer.history] in ([307], [308]), query
                assert rows_of(query, answer.content) == expected, query


def test_the_published_address_takes_post(published: Published, rows: list[str]) -> None:
    (endpoint,) = endpoints(published)
    client = SPARQLWrapper(endpoint)
    client.setMethod(POST)
    client.setReturnFormat(JSON)
    client.setQuery(QUERY)
    assert [row["contract"]["value"] for row in client.query().convert()["results"]["bindings"]] == rows
    store = SPARQLStore(endpoint, method="POST")
    assert [str(row[0]) for row in store.query(QUERY)] == rows
    answer = httpx.post(endpoint, data={"query": QUERY}, timeout=60)
    assert [row["contract"]["value"] for row in answer.json()["results"]["bindings"]] == rows


def test_reconciliation_is_published_where_it_takes_post(published: Published) -> None:
    manifest = httpx.get(f"{published.base}reconcile", follow_redirects=True, timeout=60).json()
    found = re.findall(r'"(?:service_url|url)": ?"([^"{?]+)', json.dumps([manifest["suggest"], manifest["extend"]]))
    assert set(found) == {f"{published.server}reconcile"}
    assert manifest["view"]["url"].startswith(f"{published.base}reconcile/view")
    catalogue = {str(address) for address in described(published, "catalog").objects(None, DCAT.endpointURL)}
    assert catalogue == {f"{published.server}reconcile", f"{published.server}sparql"}
    queries = {"queries": json.dumps({"q": {"query": "Deutsches Rotes Kreuz"}})}
    assert httpx.post(f"{published.server}reconcile", data=queries, timeout=60).json()["q"]["result"]


def test_the_documented_rules_keep_a_post(published: Published, rows: list[str]) -> None:
    """For clients that follow a 307, which are those in browsers, JavaScript and curl."""
    answer = httpx.post(f"{published.base}sparql", data={"query": QUERY}, follow_redirects=True, timeout=60)
    assert [hop.status_code for hop in answer.history] == [307]
    assert [row["contract"]["value"] for row in answer.json()["results"]["bindings"]] == rows
    got = httpx.get(f"{published.base}sparql", params={"query": QUERY}, follow_redirects=True, timeout=60)
    assert [row["contract"]["value"] for row in got.json()["results"]["bindings"]] == rows
    queries = {"queries": json.dumps({"q": {"query": "Deutsches Rotes Kreuz"}})}
    assert httpx.post(f"{published.base}reconcile", data=queries, follow_redirects=True, timeout=60).json()["q"][
        "result"
    ]


def test_names_still_lead_to_documents(published: Published) -> None:
    answer = httpx.get(
        f"{published.base}id/contract/iaf", headers={"Accept": "text/turtle"}, follow_redirects=True, timeout=60
    )
    assert answer.status_code == 200
    assert f"{published.base}id/contract/iaf" in answer.text or "contract:iaf" in answer.text
    assert str(answer.url).startswith(published.server)


def test_a_query_that_a_redirect_lost_is_told(published: Published) -> None:
    """Else a client would take the service description for its result."""
    client = SPARQLWrapper(f"{published.lossy}sparql")
    client.setMethod(POST)
    client.setReturnFormat(JSON)
    client.setQuery(QUERY)
    with pytest.raises(QueryBadFormed, match=f"Then post it to {published.server}sparql"):
        client.query()
    refused: Any = SPARQLStore(f"{published.lossy}sparql", method="POST").query(QUERY)
    assert refused[0] == 400  # which is how rdflib tells it
    answer = httpx.post(
        f"{published.lossy}sparql",
        data={"query": QUERY},
        headers={"Accept": "application/sparql-results+json"},
        follow_redirects=True,
    )
    assert (answer.status_code, answer.history[0].status_code) == (400, 303)
    assert "No query arrived" in answer.json()["detail"]


def test_the_doctor_finds_the_services_where_they_are_published(published: Published) -> None:
    about = {"Services take POST where they are published", "OpenRefine is sent to the right addresses"}
    checks = [check for check in CHECKS if check.name in about]
    proxied = published.server.replace("127.0.0.1", "localhost")  # another address of the same server
    for url in (published.server, proxied):
        found = examined(url, ssl.create_default_context(), checks)
        assert [result.observed.verdict for result in found] == [Verdict.OK] * len(about)


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/sparql-results+xml, application/rdf+xml", 400),
        ("application/sparql-results+json,application/json,text/javascript,application/javascript", 400),
        ("text/csv, */*;q=0.1", 400),
        ("text/tab-separated-values", 400),
        ("application/xml", 200),
        ("application/json", 200),
        ("*/*", 200),
        ("text/turtle, application/sparql-results+json;q=0.5", 200),
        ("text/turtle, application/sparql-results+json;q=0", 200),
    ],
)
def test_only_who_awaits_results_is_told_so(server: Any, accept: str, status: int) -> None:
    answer = httpx.get(f"{server.url}sparql", headers={"Accept": accept}, timeout=60)
    assert answer.status_code == status
