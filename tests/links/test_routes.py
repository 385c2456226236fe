"""Looking links up over HTTP."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from fastapi import FastAPI, Request
from pyoxigraph import QueryResultsFormat, Store
from starlette.responses import Response
from starlette.testclient import TestClient

from vertragsgraph.http.problem import MEDIA_TYPE, Problem
from vertragsgraph.links.routes import LinkService, router
from vertragsgraph.release import Release
from vertragsgraph.search import FILE_NAME, SearchIndex


@pytest.fixture(scope="module")
def client(hessen: Release) -> TestClient:
    store = Store.read_only(str(hessen.store))

    async def ask(query: str, /) -> bytes:
        return store.query(query).serialize(format=QueryResultsFormat.JSON) or b""  # type: ignore[union-attr]

    async def problem(_: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return Response(error.body(), error.status, media_type=MEDIA_TYPE)

    service = LinkService(SearchIndex(hessen.folder / FILE_NAME), hessen.register, hessen.manifest.modified, ask)
    app = FastAPI()
    app.add_exception_handler(Problem, problem)
    app.include_router(router(lambda _: service, lambda _: "de"))
    return TestClient(app, follow_redirects=False)


@pytest.mark.parametrize(
    "iri",
    [
        "http://www.wikidata.org/entity/Q1199",
        "https://www.wikidata.org/wiki/Q1199",
        "wd:Q1199",
        "https://d-nb.info/gnd/4024729-6",
    ],
)
def test_a_foreign_iri_leads_to_our_resource(client: TestClient, iri: str) -> None:
    response = client.get("/same-as", params={"iri": iri})
    assert (response.status_code, response.headers["location"]) == (303, "id/place/hessen")
    assert client.head("/same-as", params={"iri": iri}).status_code == 303


def test_what_is_only_close_is_not_the_same(client: TestClient) -> None:
    response = client.get("/same-as", params={"iri": "http://eurovoc.europa.eu/1469"})
    assert response.status_code == 404
    assert response.json()["related"][0]["iri"].endswith("id/topic/integration")


@pytest.mark.parametrize(
    ("iri", "status"), [("", 400), ("http://www.wikidata.org/entity/Q1", 404), ("?" * 3000, 400), ("%", 404)]
)
def test_what_is_unknown_is_told(client: TestClient, iri: str, status: int) -> None:
    assert client.get("/same-as", params={"iri": iri}).status_code == status


def test_all_links_come_as_csv_and_json(client: TestClient) -> None:
    rows = list(csv.DictReader(StringIO(client.get("/links.csv").content.decode("utf-8-sig"))))
    assert rows == client.get("/links.json").json()["links"]
    assert {row["target"] for row in rows} == {"wikidata", "gnd", "eurovoc", "stw", "geonames", "dbpedia"}


def test_gnd_comes_as_beacon(client: TestClient) -> None:
    lines = client.get("/links/gnd.beacon.txt").text.splitlines()
    assert lines[0] == "#FORMAT: BEACON"
    assert "#PREFIX: https://d-nb.info/gnd/" in lines
    assert "4024729-6|https://w3id.org/vertragsgraph/hessen/id/place/hessen" in lines
    assert not any(line.startswith("4200053-1") for line in lines), "a related match is not the same"
    assert "#RELATION: http://www.w3.org/2004/02/skos/core#exactMatch" in lines, "which holds for topics and places"
    places = client.get("/links/geonames.beacon.txt").text.splitlines()
    assert "#RELATION: http://www.w3.org/2002/07/owl#sameAs" in places


def test_sssom_comes_by_target(client: TestClient) -> None:
    text = client.get("/links/wikidata.sssom.tsv").text
    assert "owl:sameAs\twd:Q1199" in text
    assert client.get("/links/unbekannt.sssom.tsv").status_code == 404
    assert client.get("/links/unbekannt.beacon.txt").status_code == 404
