from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import rdflib

from vertragsgraph.sparql.api.graph_store import GraphStore
from vertragsgraph.sparql.engine.dataset import Dataset

pytestmark = pytest.mark.slow
EX = "http://example.org/"


@pytest.fixture(scope="module")
def store(dataset: Dataset, serving: Callable[..., Any]) -> Iterator[Any]:
    with serving(dataset, GraphStore) as server:
        yield server


def get(store: Any, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    with store.client() as client:
        return client.request(method, path, headers=headers)


@pytest.mark.parametrize(
    ("path", "triples"),
    [
        ("/graphs?default", 1204),
        (f"/graphs?graph={quote(EX + 'graph/agents', safe='')}", 404),
        (f"/graphs?graph={EX}graph/contracts", 800),
        ("/graph/contracts", 800),
    ],
)
def test_whole_graphs(store: Any, path: str, triples: int) -> None:
    response = get(store, path)
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"
    assert len(rdflib.Graph().parse(data=response.content, format="turtle")) == triples
    head = get(store, path, "HEAD")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", response.headers["etag"])
    assert get(store, path, **{"If-None-Match": response.headers["etag"]}).status_code == 304


def test_formats(store: Any) -> None:
    response = get(store, "/graph/agents", Accept="application/rdf+xml")
    assert len(rdflib.Graph().parse(data=response.content, format="xml")) == 404
    assert get(store, "/graph/agents?format=nt").headers["content-type"] == "application/n-triples"
    assert get(store, "/graph/agents", Accept="text/csv").status_code == 406


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/graphs?graph={EX}graph/elsewhere", 404),
        ("/graph/elsewhere", 404),
        ("/graphs", 400),
        (f"/graphs?default&graph={EX}graph/agents", 400),
        ("/graphs?graph=agents", 400),
        ("/graphs?graph=%FF", 400),
    ],
)
def test_requests_that_name_no_graph(store: Any, path: str, status: int) -> None:
    assert get(store, path).status_code == status


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_graphs_are_read_only(store: Any, method: str) -> None:
    response = get(store, "/graphs?default", method)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert get(store, "/graphs?default", "OPTIONS").status_code == 204
