"""The shipped examples that ask Wikidata too. None is asked there: another server plays Wikidata."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from rdflib import RDF, URIRef

from vertragsgraph.register import load_register
from vertragsgraph.release import Release
from vertragsgraph.release.contents.queries import Example, read_examples
from vertragsgraph.sparql.engine.dataset import Dataset, dataset_of

ROOT = Path(__file__).parents[3]
WIKIDATA = "https://query.wikidata.org/sparql"
ENTITY = "http://www.wikidata.org/entity/"
EXAMPLES = {example.name: example for example in read_examples(ROOT / "data" / "queries") if example.services}
PREFIXES = f"""
@prefix wd: <{ENTITY}> . @prefix wdt: <http://www.wikidata.org/prop/direct/> . @prefix schema: <http://schema.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
# What stands here is invented; only the properties are Wikidata's. The last item is none of the register.
ITEMS = """
wd:Q1199 wdt:P1082 1000 ; wdt:P856 <https://hessen.example/> .
wd:Q694104 schema:description "Hilfsorganisation"@de , "aid organisation"@en ; wdt:P571 "1900-01-01T00:00:00Z"^^xsd:dateTime .
wd:Q22649 rdfs:label "antisemitizm"@tr , "antisemitism"@en . wd:Q8461 rdfs:label "расизм"@uk . wd:Q349 rdfs:label "رياضة"@ar .
wd:Q0 rdfs:label "none"@tr ; wdt:P1082 7 .
"""
# Of each example, how its rows read: the values of some columns, shortened to what follows the last slash.
EXPECTED = {
    "wikidata-hesse": (("place", "item", "population", "website"), {("hessen", "Q1199", "1000", "")}),
    "wikidata-red-cross": (
        ("branch", "item", "description", "founded"),
        {("drk-hessen", "Q694104", "Hilfsorganisation", "1900-01-01T00:00:00Z")},
    ),
    "wikidata-topics": (
        ("topic", "item", "nameThere", "contract"),
        {
            ("antisemitismus", "Q22649", "antisemitizm", "bildungsstaette-anne-frank"),
            ("rassismus", "Q8461", "расизм", "bildungsstaette-anne-frank"),
            ("sport", "Q349", "رياضة", ""),
        },
    ),
}


def asking(example: Example, endpoint: str) -> str:
    return example.text.replace(WIKIDATA, endpoint)


def without_service(text: str) -> str:
    """The part of a query that asks the register."""
    before, _, rest = text.partition("SERVICE")
    depth = 0
    for place, character in enumerate(rest):
        depth += (character == "{") - (character == "}")
        if character == "}" and depth == 0:
            return before + rest[place + 1 :]
    raise ValueError(text)


def rows(response: httpx.Response, names: tuple[str, ...]) -> set[tuple[str, ...]]:
    assert response.status_code == 200, response.text
    found = response.json()["results"]["bindings"]
    return {tuple(row[name]["value"].rsplit("/", 1)[-1] if name in row else "" for name in names) for row in found}


@pytest.fixture(scope="module")
def wikidata(
    tmp_path_factory: pytest.TempPathFactory, write: Callable[..., Dataset], serving: Callable[..., Any]
) -> Iterator[str]:
    graph = NamedNode("http://example.org/graph")
    quads = (Quad(*quad.triple, graph) for quad in parse(PREFIXES + ITEMS, RdfFormat.TURTLE))
    with serving(write(tmp_path_factory.mktemp("wikidata"), quads, "wikidata"), workers=1) as server:
        yield f"{server.url}/sparql"


@pytest.fixture(scope="module")
def register(release: Release, serving: Callable[..., Any], wikidata: str) -> Iterator[Any]:
    dataset = dataset_of(release)
    assert dataset.federation == (WIKIDATA,)
    with serving(dataclasses.replace(dataset, federation=(wikidata,)), workers=1) as server:
        yield server


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("SELECT * { SERVICE <http://a/> {} service silent <http://b/> {} }", {"http://a/", "http://b/"}),
        ("SELECT * { SERVICE # <http://a/>\n SILENT <http://b/> {} }", {"http://b/"}),
        ("# SERVICE <http://a/>\nSELECT * { ?service <http://b/> 'SERVICE <http://c/>' }", set()),
        ("SELECT * { ?s <http://a/service> <http://b/> }", set()),
    ],
)
def test_an_example_knows_whom_it_asks(text: str, services: set[str]) -> None:
    assert Example("x", {}, text).services == services


def test_there_are_examples_for_the_state_the_organisation_and_the_topics() -> None:
    assert set(EXAMPLES) == set(EXPECTED)
    assert all(example.services == {WIKIDATA} for example in EXAMPLES.values())
    assert load_register(ROOT).federation == (WIKIDATA,)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_federated_example_says_what_it_asks_and_is_sparql(name: str) -> None:
    example = EXAMPLES[name]
    head = [line.partition(": ")[0] for line in example.text.partition("\n\n")[0].splitlines()]
    assert head == ["# title@de", "# title@en", "# description@de", "# description@en"]
    # Parsed and evaluated, but asking nobody: SILENT, at a port where nobody can be.
    Store().query(asking(example, "http://127.0.0.1:1/").replace("SERVICE", "SERVICE SILENT"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_items_that_a_federated_example_names_are_links_of_the_register(name: str) -> None:
    named = set(re.findall(r"\bwd:(Q\d+)", EXAMPLES[name].text))
    published = (ROOT / "data/links/wikidata.sssom.tsv").read_text("utf-8")
    assert named
    assert named <= set(re.findall(r"\bwd:(Q\d+)", published))


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_part_of_a_federated_example_that_is_ours_has_rows(register: Any, name: str) -> None:
    text = EXAMPLES[name].text
    ours = rows(register.select(without_service(text)), ("item",))
    named = {(item,) for item in re.findall(r"\bwd:(Q\d+)", text)}
    assert named <= ours


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_federated_example_joins_both_sides(register: Any, wikidata: str, name: str) -> None:
    names, expected = EXPECTED[name]
    assert rows(register.select(asking(EXAMPLES[name], wikidata)), names) == expected


@pytest.mark.slow
def test_examples_are_offered_where_they_can_be_asked(releases: Path) -> None:
    from tests.conftest import start_server, stop_server

    spex = rdflib.Namespace("https://purl.expasy.org/sparql-examples/ontology#")
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    for offered, environment in ((True, {}), (False, {"VERTRAGSGRAPH_FEDERATED_QUERIES": "0"})):
        server = start_server(releases, **environment)
        try:
            with httpx.Client(base_url=server.url, timeout=60) as http:
                described = rdflib.Graph().parse(data=http.get("sparql").content, format="turtle")
                page = http.get("sparql", headers={"Accept": "text/html", "Accept-Language": "de"}).text
                privacy = http.get("privacy", headers={"Accept-Language": "en"}).text
                refused = http.get("sparql", params={"query": "ASK { SERVICE <http://127.0.0.1:1/> {} }"})
        finally:
            stop_server(server)
        federated = {str(example).rpartition("#example-")[2] for example in described.subjects(spex.federatesWith)}
        assert federated == (set(EXAMPLES) if offered else set())
        for example in described.subjects(spex.federatesWith, URIRef(WIKIDATA)):
            assert (example, RDF.type, sh.SPARQLSelectExecutable) in described
        assert ((None, sd.feature, sd.BasicFederatedQuery) in described) is offered
        assert all((example.titles["de"] in page) is offered for example in EXAMPLES.values())
        assert (f"Fragt auch {WIKIDATA}" in page) is offered
        assert "Ressourcen sind noch nicht mit Wikidata" in page
        assert (f"by SERVICE ({WIKIDATA})" in privacy) is offered
        assert (refused.status_code, WIKIDATA in refused.json()["detail"]) == (403, offered)
