"""The questions that the graph must answer (data/queries), with the answers that are right (CSV files beside this one)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rdflib import Dataset
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, SPARQLWrapper

from vertragsgraph.release import Release

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
QUERIES = {path.stem.partition("-")[0]: path for path in sorted((ROOT / "data" / "queries").glob("[0-9]*.rq"))}

Rows = list[list[str]]
Ask = Callable[[str], Rows]


def rows(text: str) -> Rows:
    return list(csv.reader(io.StringIO(text, newline="")))


def expected(number: str) -> Rows:
    """The right answer to a question: the names of the variables, and a row for each solution."""
    return rows((Path(__file__).parent / f"{number}.csv").read_text("utf-8"))


def through_sparqlwrapper(endpoint: str, query: str) -> Rows:
    client = SPARQLWrapper(endpoint)
    client.setQuery(query)
    client.setReturnFormat(CSV)
    return rows(client.queryAndConvert().decode())


def through_sparqlstore(endpoint: str, query: str) -> Rows:
    result = SPARQLStore(endpoint, method="POST", returnFormat="json").query(query)
    names = [str(name) for name in result.vars or ()]
    return [names, *([str(row.get(name, "")) for name in result.vars or ()] for row in result.bindings)]


@pytest.fixture(params=[through_sparqlwrapper, through_sparqlstore])
def ask(request: pytest.FixtureRequest, server: Any) -> Ask:
    """Asks a query over HTTP, as a client library does."""
    return partial(request.param, server.url + "sparql")


@pytest.mark.parametrize("number", QUERIES)
def test_question(ask: Ask, number: str) -> None:
    assert ask(QUERIES[number].read_text("utf-8")) == expected(number)


@pytest.mark.parametrize("number", QUERIES)
def test_a_question_says_what_it_asks(number: str) -> None:
    head = QUERIES[number].read_text("utf-8").partition("\n\n")[0].splitlines()
    assert [line.partition(": ")[0] for line in head] == [
        "# title@de",
        "# title@en",
        "# description@de",
        "# description@en",
    ]
    assert all(line.partition(": ")[2] for line in head)


def test_a_day_is_compared_with_years_in_every_engine(ask: Ask, release: Release) -> None:
    """Runs the example of the document at the endpoint, and on the release's file in other engines than the endpoint's."""
    query = (ROOT / "docs" / "querying.md").read_text("utf-8").partition("```sparql\n")[2].partition("```")[0]
    base = "https://w3id.org/vertragsgraph/hessen/id/contract/"
    of_2018 = {base + "bildungsstaette-anne-frank", base + "hessischer-jugendring"}
    assert set(column(ask(query), "contract")) == of_2018
    dump = Dataset(default_union=True)
    dump.parse(release.dump("nq"), format="nquads")
    assert {str(row.contract) for row in dump.query(query)} == of_2018
    assert len(list(dump.query(query.replace("vg:latest", "vg:earliest").replace("2019-01-01", "2019-06-04")))) == 4


def column(answer: Rows, name: str) -> list[str]:
    at = answer[0].index(name)
    return [row[at] for row in answer[1:]]


def test_there_are_four_contracts_with_four_partners() -> None:
    assert set(column(expected("01"), "number")) == {"4"}
    assert len(set(column(expected("01"), "contract"))) == 4
    assert sorted(set(column(expected("01"), "signed"))) == ["2018", "2019-06-03"]


def test_two_contracts_are_funded_one_is_not_of_one_it_is_not_stated() -> None:
    answer = expected("03")
    kinds = [status.partition("#")[2] for status in column(answer, "status")]
    assert sorted(kinds) == ["Funded", "Funded", "NotFunded", "NotStated"]
    of = dict(zip(column(answer, "contract"), kinds, strict=True))
    assert of["https://w3id.org/vertragsgraph/hessen/id/contract/iaf"] == "NotStated"


def test_every_kind_of_support_occurs() -> None:
    kinds = {kind.partition("#")[2] for kind in column(expected("04"), "how")}
    assert kinds == {"Stated", "Implied", "Reported", "Inferred", "Cited"}


@pytest.mark.parametrize(
    "pattern",
    [
        "?contract vg:fundingStatus vg:Funded",
        "?contract vg:fundingStatus vg:NotFunded",
        "?contract schema:funding ?grant",
        "?grant schema:fundedItem ?item . ?contract schema:funding ?grant",
        "?contract vg:fundingStatus ?status . FILTER (?status IN (vg:Funded, vg:NotFunded))",
        "vg:Funded vg:fundingStatusOf ?contract",
        "vg:NotFunded vg:fundingStatusOf ?contract",
        "?statement rdf:subject ?contract ; rdf:predicate vg:fundingStatus ; rdf:object vg:Funded",
        "?statement rdf:subject ?contract ; rdf:predicate vg:fundingStatus ; rdf:object vg:NotFunded",
    ],
)
def test_what_is_not_stated_is_neither_yes_nor_no(ask: Ask, pattern: str) -> None:
    query = f"""
        PREFIX vg: <https://w3id.org/vertragsgraph/ontology#>
        PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        PREFIX schema: <https://schema.org/>
        SELECT ?contract WHERE {{ {pattern} }}"""
    assert "https://w3id.org/vertragsgraph/hessen/id/contract/iaf" not in column(ask(query), "contract")


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("vg:Contract", {"contract"}),
        ("schema:CreativeWork", {"contract", "source"}),
        ("schema:Organization", {"organisation"}),
        ("org:Organization", {"organisation"}),
        ("foaf:Organization", {"organisation"}),
        ("foaf:Person", {"person"}),
        ("schema:Person", {"person"}),
        ("prov:Entity", {"contract", "evidence", "measure", "programme", "source"}),
        ("prov:Activity", {"signing", "presentation", "utterance"}),
        ("org:Post", {"office"}),
        ("org:Membership", {"tenure"}),
        ("skos:Concept", {"topic", "form"}),
    ],
)
def test_those_who_know_other_vocabularies_find_the_same_things(ask: Ask, kind: str, names: set[str]) -> None:
    query = f"""
        PREFIX vg: <https://w3id.org/vertragsgraph/ontology#>
        PREFIX foaf: <http://xmlns.com/foaf/0.1/>
        PREFIX org: <http://www.w3.org/ns/org#>
        PREFIX prov: <http://www.w3.org/ns/prov#>
        PREFIX schema: <https://schema.org/>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?x WHERE {{ ?x a {kind} }}"""
    found = column(ask(query), "x")
    assert len(found) == len(set(found))
    assert {iri.rpartition("/")[0].rpartition("/")[2] for iri in found} == names
    if kind == "vg:Contract":
        assert len(found) == 4
