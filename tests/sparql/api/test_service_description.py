from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib import RDF, RDFS, URIRef
from starlette.responses import HTMLResponse

from vertragsgraph.release.contents.queries import read_examples
from vertragsgraph.sparql.api.endpoint import SparqlEndpoint
from vertragsgraph.sparql.api.service import Service
from vertragsgraph.sparql.api.service_description import ServiceDescription
from vertragsgraph.sparql.engine.dataset import Dataset

pytestmark = pytest.mark.slow
EX = "http://example.org/"
ENDPOINT = URIRef(EX + "sparql")
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
SPEX = rdflib.Namespace("https://purl.expasy.org/sparql-examples/ontology#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")


@pytest.fixture(scope="module")
def described(dataset: Dataset, serving: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("queries")
    (folder / "1-names.rq").write_text(
        f"# title@de: Alle Namen\n# title@en: All names\n\nPREFIX ex: <{EX}>\nSELECT ?name {{ ?s ex:name ?name }} LIMIT 3\n"
    )
    (folder / "2-any.rq").write_text("# title@en: Is there anything?\nASK { ?select ?p ?o }\n")
    (folder / "3-graph.rq").write_text("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3")
    (folder / "4-about.rq").write_text("DESCRIBE ?s { ?s ?p ?o } LIMIT 1")

    def make(service: Service) -> SparqlEndpoint:
        description = ServiceDescription(service.engine, str(ENDPOINT), read_examples(folder))
        return SparqlEndpoint(service, page=lambda _: HTMLResponse("<h1>Ask</h1>"), description=description)

    with serving(dataset, make) as server:
        yield server


@pytest.mark.parametrize(
    ("accept", "reader"), [("*/*", "turtle"), ("application/rdf+xml", "xml"), ("application/ld+json", "json-ld")]
)
def test_the_description_says_what_the_endpoint_is(described: Any, accept: str, reader: str) -> None:
    with described.client() as client:
        response = client.get("/sparql", headers={"Accept": accept})
        graph = rdflib.Graph().parse(data=response.content, format=reader)
        assert (
            client.get("/sparql", headers={"Accept": accept, "If-None-Match": response.headers["etag"]}).status_code
            == 304
        )
    assert (ENDPOINT, SD.endpoint, ENDPOINT) in graph
    assert (ENDPOINT, SD.feature, SD.UnionDefaultGraph) in graph
    assert (ENDPOINT, SD.supportedLanguage, SD.SPARQL11Query) in graph
    dataset = graph.value(ENDPOINT, SD.defaultDataset)
    default = graph.value(dataset, SD.defaultGraph)
    assert int(str(graph.value(default, VOID.triples))) == 1204
    names = {graph.value(named, SD.name) for named in graph.objects(dataset, SD.namedGraph)}
    assert names == {URIRef(EX + "graph/contracts"), URIRef(EX + "graph/agents")}
    partitions = {
        graph.value(part, VOID.property): int(str(graph.value(part, VOID.triples)))
        for part in graph.objects(default, VOID.propertyPartition)
    }
    assert partitions[URIRef(EX + "number")] == 400


def test_every_example_runs_and_has_what_editors_want(described: Any) -> None:
    with described.client() as client:
        graph = rdflib.Graph().parse(data=client.get("/sparql").content, format="turtle")
        examples = list(graph.subjects(RDF.type, SH.SPARQLExecutable))
        assert len(examples) == 4
        for example in examples:
            forms = (SH.select, SH.ask, SH.construct, SPEX.describe)
            text = next(str(o) for form in forms for o in graph.objects(example, form))
            assert client.get("/sparql", params={"query": text}).status_code == 200
            assert (example, URIRef("https://schema.org/target"), ENDPOINT) in graph
            assert graph.value(example, SH.prefixes) is not None
        assert set(graph.subjects(RDF.type, SPEX.SPARQLDescribeExecutable)) == {URIRef(f"{ENDPOINT}#example-4-about")}
    comments = {str(o): o.language for o in graph.objects(None, RDFS.comment)}  # type: ignore[attr-defined]
    assert comments == {"Alle Namen": "de", "All names": "en", "Is there anything?": "en"}
    declared = {
        str(graph.value(d, SH.prefix)): str(graph.value(d, SH.namespace)) for d in graph.objects(None, SH.declare)
    }
    assert declared == {"ex": EX}


def test_browsers_get_the_page_and_nobody_else(described: Any) -> None:
    with described.client() as client:
        browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
        assert client.get("/sparql", headers={"Accept": browser}).text == "<h1>Ask</h1>"
        assert client.get("/sparql", headers={"Accept": "*/*"}).headers["content-type"].startswith("text/turtle")
        assert client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406
        assert client.post("/sparql").status_code == 415


def test_a_link_to_a_query_leads_a_browser_to_the_page(described: Any) -> None:
    with described.client() as client:
        for accept, media_type in {
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "text/html; charset=utf-8",
            "text/html": "text/html; charset=utf-8",
            "text/html, application/xml": "application/xml",
            "application/sparql-results+xml, text/html;q=0.9, */*;q=0.1": "application/sparql-results+xml",
            "*/*": "application/sparql-results+json",
            "text/*": "text/csv; charset=utf-8",
        }.items():
            asked = client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": accept})
            assert asked.headers["content-type"] == media_type, accept
            named = client.get("/sparql", params={"query": "SELECT * {}", "format": "csv"}, headers={"Accept": accept})
            assert named.headers["content-type"] == "text/csv; charset=utf-8"


def test_a_query_that_was_lost_on_the_way_is_told_from_a_format_that_is_not_offered(described: Any) -> None:
    with described.client() as client:
        lost = client.get("/sparql", headers={"Accept": "application/sparql-results+json"})
        assert (lost.status_code, "redirected" in lost.json()["detail"]) == (400, True)


def test_each_format_of_the_description_has_a_tag_of_its_own(described: Any) -> None:
    with described.client() as client:
        formats = ("text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples")
        tags = [client.get("/sparql", headers={"Accept": each}).headers["etag"] for each in formats]
        assert len(set(tags)) == len(tags)
        for each, tag in zip(formats, tags, strict=True):
            statuses = [
                client.get("/sparql", headers={"Accept": each, "If-None-Match": header}).status_code
                for header in (tag, tag.removeprefix("W/"), "*", tags[tags.index(tag) - 1])
            ]
            assert statuses == [304, 304, 304, 200]


def test_the_shipped_examples_are_read() -> None:
    folder = Path(__file__).parents[3] / "data" / "queries"
    if not folder.is_dir():
        pytest.skip("the register has no example queries")
    for example in read_examples(folder):
        assert example.form in {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
        assert set(example.titles) >= {"de", "en"}, example.name
