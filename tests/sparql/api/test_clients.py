"""Client libraries that people use, against a real port."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from rdflib import URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from vertragsgraph.sparql.api.endpoint import Service, SparqlEndpoint
from vertragsgraph.sparql.engine.archive import Archive
from vertragsgraph.sparql.engine.dataset import Dataset
from vertragsgraph.sparql.engine.pool import Pool

pytestmark = pytest.mark.slow
EX = "http://example.org/"
W3C = Path(__file__).parents[3] / "../shared/protocol"
IRIS = [f"{EX}id/{name}" for name in ("a%2Fb", "a%20b", "straße", "ünï")]
LABELS = f"SELECT ?s ?label {{ ?s <{EX}label> ?label }} ORDER BY ?label"
NAME = f"SELECT ?name {{ <{EX}id/7> <{EX}name> ?name }}"


def wrapper(server: Any, query: str, wanted: str, method: str = "GET") -> SPARQLWrapper:
    client = SPARQLWrapper(f"{server.url}/sparql")
    client.setQuery(query)
    client.setReturnFormat(wanted)
    client.setMethod(method)
    return client


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_solutions(server: Any, method: str) -> None:
    found = wrapper(server, LABELS, JSON, method).query().convert()["results"]["bindings"]
    assert {row["s"]["value"] for row in found} == set(IRIS)
    document = wrapper(server, NAME, XML, method).query().convert().toxml()
    assert "Müller" in document
    assert 'xml:lang="de"' in document
    rows = list(csv.reader(io.StringIO(wrapper(server, LABELS, CSV, method).query().convert().decode())))
    assert {row[0] for row in rows[1:]} == set(IRIS)
    assert "@de" in wrapper(server, NAME, TSV, method).query().convert().decode()


@pytest.mark.parametrize("wanted", [TURTLE, N3, RDFXML, JSONLD, XML])
def test_sparqlwrapper_graphs(server: Any, wanted: str) -> None:
    query = f"CONSTRUCT {{ ?s <{EX}label> ?o }} WHERE {{ ?s <{EX}label> ?o }}"
    result = wrapper(server, query, wanted).query().convert()
    if isinstance(result, bytes):
        assert result.decode().count("label") == 4
    else:
        assert {str(s) for s in result.subjects()} == set(IRIS)


def test_rdflib_sparqlstore(server: Any) -> None:
    store = SPARQLStore(f"{server.url}/sparql", returnFormat="json")
    assert {str(row[0]) for row in store.query(LABELS)} == set(IRIS)
    ((name,),) = list(store.query(NAME))
    assert (str(name), name.language) == ('Müller, "7"\nÜber', "de")
    triples = list(store.triples((URIRef(EX + "id/7"), None, None)))
    assert len(triples) == 3


def test_curl(server: Any) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    command = [
        curl,
        "-sS",
        "--compressed",
        f"{server.url}/sparql",
        "--data-urlencode",
        f"query={LABELS}",
        "-H",
        "Accept: text/csv",
    ]
    rows = list(csv.reader(io.StringIO(subprocess.run(command, check=True, capture_output=True).stdout.decode())))
    assert {row[0] for row in rows[1:]} == set(IRIS)
    posted = subprocess.run(
        [
            curl,
            "-sS",
            f"{server.url}/sparql",
            "--data-binary",
            "ASK {}",
            "-H",
            "Content-Type: application/sparql-query",
        ],
        check=True,
        capture_output=True,
    )
    assert json.loads(posted.stdout)["boolean"] is True


@pytest.mark.parametrize("is_past", [False, True])
def test_the_cases_of_the_w3c(
    tmp_path: Path, dataset: Dataset, write: Callable[..., Dataset], serving: Callable[..., Any], is_past: bool
) -> None:
    runner = W3C / "run_protocol.py"
    if not runner.is_file():
        pytest.skip("the W3C cases are not here")

    def quads() -> Iterator[Quad]:
        for i in (1, 2, 3):
            graph = NamedNode(f"http://kasei.us/2009/09/sparql/data/data{i}.rdf")
            for quad in parse(path=str(W3C / f"data{i}.nt"), format=RdfFormat.N_TRIPLES):
                yield Quad(quad.subject, quad.predicate, quad.object, graph)

    def past(service: Service) -> SparqlEndpoint:
        archive = Archive(Pool(dataset, service.settings), service.settings)
        return SparqlEndpoint(service.beside(archive.engine(of_w3c)))

    of_w3c = write(tmp_path, quads(), "w3c")
    arguments: dict[str, Any] = {"dataset": dataset, "make": past} if is_past else {"dataset": of_w3c}
    with serving(**arguments) as server:
        address = f"{server.url}/{'past' if is_past else 'sparql'}"
        run = subprocess.run([sys.executable, str(runner), address], capture_output=True, text=True, check=False)
    lines = run.stdout.splitlines()
    assert [line for line in lines if line.startswith("FAIL")] == []
    assert len([line for line in lines if line.startswith("PASS")]) == 34
