"""Comunica, which browsers and Node.js use to ask SPARQL endpoints and documents alike; `make test` installs it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from vertragsgraph.sparql.api.endpoint import SparqlEndpoint
from vertragsgraph.sparql.api.exchange import Exchange
from vertragsgraph.sparql.api.service import Service
from vertragsgraph.sparql.api.service_description import ServiceDescription
from vertragsgraph.sparql.engine.dataset import Dataset

pytestmark = pytest.mark.slow
HERE = Path(__file__).parents[1] / "comunica"
EX = "http://example.org/"
IRIS = {f"{EX}id/{name}" for name in ("a%2Fb", "a%20b", "straße", "ünï")}
LABELS = f"SELECT ?s ?label {{ ?s <{EX}label> ?label }}"
THING = f"SELECT ?name ?number {{ <{EX}id/7> <{EX}name> ?name ; <{EX}number> ?number }}"
VG = "PREFIX vg: <https://w3id.org/vertragsgraph/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
PARTNERS = f'{VG} SELECT ?contract ?name {{ ?contract vg:partner/rdfs:label ?name FILTER (LANG(?name) = "de") }}'

Rows = list[dict[str, dict[str, str]]]


def node() -> str:
    """The Node.js to run Comunica with: that of the environment, else any."""
    own = Path(sys.executable).with_name("node")
    found = str(own) if own.exists() else shutil.which("node")
    if found is None:
        pytest.skip("Node.js is not installed")
    if not (HERE / "node_modules" / "@comunica" / "query-sparql").is_dir():
        pytest.skip("Comunica is not installed; `make test` installs it where the npm registry can be reached")
    return found


def comunica(source: str, query: str, kind: str = "auto") -> str:
    """Ask a source by Comunica and return what it writes."""
    command = [node(), str(HERE / "query.js"), kind, source]
    run = subprocess.run(command, input=query, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stderr
    return run.stdout


def rows(source: str, query: str, kind: str = "auto") -> Rows:
    found: Rows = json.loads(comunica(source, query, kind))["results"]["bindings"]
    return found


def pairs(found: Rows, *names: str) -> set[tuple[str, ...]]:
    return {tuple(row[name]["value"] for name in names) for row in found}


@pytest.fixture(scope="module")
def described(dataset: Dataset, serving: Callable[..., Any]) -> Iterator[str]:
    """An endpoint at an address that only its service description tells from a document's (Comunica knows `/sparql`)."""

    def make(service: Service) -> SparqlEndpoint:
        async def describe(exchange: Exchange) -> None:
            await ServiceDescription(service.engine, f"http://{exchange.header(b'host')}/ask", ())(exchange)

        return SparqlEndpoint(service, description=describe)

    with serving(dataset, make) as server:
        yield f"{server.url}/ask"


@pytest.mark.parametrize("kind", ["sparql", "auto"])
def test_an_endpoint_by_its_type_and_by_its_description(described: str, kind: str) -> None:
    found = rows(described, LABELS, kind)
    assert {row["s"]["value"] for row in found} == IRIS
    assert pairs(found, "s", "label") == {(iri, iri.removeprefix(f"{EX}id/")) for iri in IRIS}
    (thing,) = rows(described, THING, kind)
    assert thing["name"] == {"type": "literal", "value": 'Müller, "7"\nÜber', "xml:lang": "de"}
    assert thing["number"] == {
        "type": "literal",
        "value": "7",
        "datatype": "http://www.w3.org/2001/XMLSchema#integer",
    }


@pytest.mark.parametrize("kind", ["sparql", "auto"])
def test_what_an_endpoint_says_is_asked_again_by_its_own_words(described: str, kind: str) -> None:
    # An IRI that came out of a result finds its resource again: decoded nowhere on the way, and encoded nowhere.
    for iri in IRIS:
        (row,) = rows(described, f"SELECT ?label {{ <{iri}> <{EX}label> ?label }}", kind)
        assert row["label"]["value"] == iri.removeprefix(f"{EX}id/")


def test_other_forms_of_query(described: str) -> None:
    assert json.loads(comunica(described, f"ASK {{ <{EX}id/7> ?p ?o }}", "sparql"))["boolean"] is True
    assert json.loads(comunica(described, f"ASK {{ <{EX}id/none> ?p ?o }}", "sparql"))["boolean"] is False
    triples = comunica(described, f"CONSTRUCT {{ ?s <{EX}label> ?o }} WHERE {{ ?s <{EX}label> ?o }}", "sparql")
    assert len(triples.splitlines()) == 4
    assert all(f"<{iri}>" in triples for iri in IRIS)


def test_joins_that_comunica_makes_itself_are_those_of_the_endpoint(described: str) -> None:
    query = f"SELECT ?a ?n {{ ?a <{EX}next> ?b . ?b <{EX}number> ?n FILTER (?n < 5) }}"
    direct = httpx.get(described, params={"query": query, "format": "json"}, trust_env=False, timeout=60).json()
    expected = pairs(direct["results"]["bindings"], "a", "n")
    assert len(expected) == 5
    assert pairs(rows(described, query), "a", "n") == expected


@pytest.fixture(scope="module")
def shipped(releases: Path) -> Iterator[str]:
    """Address of a server with the shipped register and all its pages."""
    from tests.conftest import start_server, stop_server

    running = start_server(releases, VERTRAGSGRAPH_CLIENT_SECONDS="0")
    yield running.url
    stop_server(running)


@pytest.mark.parametrize("path", ["sparql", "dumps/hessen.ttl", "dumps/hessen.jsonld", "dumps/hessen.rdf"])
def test_a_register_through_its_endpoint_and_its_dumps(shipped: str, path: str) -> None:
    found = rows(shipped + path, PARTNERS)
    assert {row["name"]["xml:lang"] for row in found} == {"de"}
    assert {"Bildungsstätte Anne Frank", "Hessischer Jugendring"} <= {row["name"]["value"] for row in found}
    assert len({row["contract"]["value"] for row in found}) == 4


@pytest.mark.parametrize("path", ["id/contract/drk-hessen", "doc/contract/drk-hessen.ttl"])
def test_a_resource_through_its_document(shipped: str, path: str) -> None:
    (row,) = rows(shipped + path, f"{VG} SELECT ?status {{ ?contract vg:fundingStatus ?status }}")
    assert row["status"]["value"] == "https://w3id.org/vertragsgraph/ontology#NotFunded"
