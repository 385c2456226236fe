"""The graphs beside the data: which queries are asked of them, by whom they are found, and that they spoil no count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyoxigraph as ox
import pytest

from vertragsgraph.rdf.store import fill, of_the_data
from vertragsgraph.release import Release
from vertragsgraph.sparql.api.service_description import _FUNCTIONS
from vertragsgraph.sparql.query.absent import Absent, absent
from vertragsgraph.sparql.query.iris import asks_about_the_register, names_graphs_by_variable, speaks_rdf_12
from vertragsgraph.sparql.worker.dataset import Dataset
from vertragsgraph.sparql.worker.worker import open_stores

PREFIXES = """
PREFIX vg: <https://w3id.org/vertragsgraph/ontology#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX void: <http://rdfs.org/ns/void#> PREFIX void-ext: <http://ldf.fi/void-ext#>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX spex: <https://purl.expasy.org/sparql-examples/ontology#>
"""
EVERYTHING = "SELECT * { ?s ?p ?o }"
Ask = Callable[..., list[dict[str, Any]]]


def configured(release: Release, **files: str) -> dict[str, Any]:
    return {"quads": "", "beside": {graph: str(path) for graph, path in release.beside.items()}, **files}


def asking(stores: tuple[ox.Store, ox.Store], release: Release) -> Ask:
    dataset = Dataset(*stores, {graph: str(path) for graph, path in release.beside.items()}, release.base)

    def ask(query: str, default: list[str] | None = None) -> list[dict[str, Any]]:
        text = PREFIXES + query
        request = {"default": default, "named": []}
        store, arguments = dataset.chosen(request, text)
        found = store.query(text, base_iri=release.base, **arguments)
        assert isinstance(found, ox.QuerySolutions)
        names = [each.value for each in found.variables]
        return [{name: row[name] for name in names if row[name] is not None} for row in found]

    return ask


@pytest.fixture(scope="module", params=["memory", "disk"])
def stores(
    request: pytest.FixtureRequest, release: Release, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ox.Store, ox.Store]:
    if request.param == "memory":
        return open_stores(configured(release, quads=str(release.dump("nq"))))
    folder = str(tmp_path_factory.mktemp("store"))
    written = ox.Store(folder)
    fill(written, release.dump("nq"), release.beside)
    written.flush()
    del written
    return open_stores(configured(release, store=folder))


@pytest.fixture(scope="module")
def ask(stores: tuple[ox.Store, ox.Store], release: Release) -> Ask:
    return asking(stores, release)


def test_the_default_graph_is_the_data(ask: Ask, release: Release) -> None:
    quads = {quad.triple for quad in ox.parse(path=release.dump("nq"))}
    assert {ox.Triple(row["s"], row["p"], row["o"]) for row in ask(EVERYTHING)} == quads
    assert len(ask(EVERYTHING)) == len(quads) == release.manifest.triples


def test_labels_of_the_vocabulary_are_joined_with_the_data(ask: Ask, release: Release) -> None:
    rows = ask(
        "SELECT DISTINCT ?class ?l { ?c vg:partner ?o ; a ?class ."
        " GRAPH <graph/ontology> { ?class rdfs:label ?l FILTER(LANG(?l) = 'en') } }"
    )
    assert {"contract", "integration contract"} <= {row["l"].value.lower() for row in rows}
    assert not ask("SELECT ?l { vg:partner rdfs:label ?l }")


def test_each_file_is_a_graph_and_no_triple_is_in_two(ask: Ask, release: Release) -> None:
    seen: list[Any] = []
    for graph, path in list(release.beside.items())[2:]:
        triples = ask(f"SELECT * {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        in_file = sum(1 for _ in ox.parse(path=path))
        assert 0 <= in_file - len(triples) < 10, graph  # the dataset's title and licence, which two files tell
        seen += [tuple(map(str, row.values())) for row in triples]
    assert len(seen) == len(set(seen))
    names = {row["g"].value for row in ask("SELECT DISTINCT ?g { GRAPH ?g {} }")}
    assert names == {*release.beside, *map(release.register.graph, release.roles)} - {
        "",
        release.register.graph("reifiers"),
    }


def test_triple_terms_are_for_those_who_speak_of_them(ask: Ask, release: Release) -> None:
    one = ask("SELECT ?s ?p ?o ?e { ?s ?p ?o {| vg:evidence ?e |} }")
    other = ask(
        "SELECT ?s ?p ?o ?e { ?st rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; vg:evidence ?e . ?s ?p ?o }"
    )
    assert sorted(map(str, one)) == sorted(map(str, other))
    assert len(one) > 100
    assert ask("SELECT ?t { ?st rdf:reifies ?t }")
    for query in (
        EVERYTHING,
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * { GRAPH ?g { ?s ?p ?o } ?x a sh:NodeShape }",
    ):
        assert not any(isinstance(term, ox.Triple) for row in ask(f"{query} LIMIT 50000") for term in row.values())
    assert ask(EVERYTHING, default=[release.register.graph("reifiers")])


def test_a_store_of_named_graphs_only_is_asked_as_their_union(release: Release) -> None:
    earlier = ox.Store()
    earlier.bulk_load(path=release.dump("nq"))
    assert of_the_data(earlier) == {"use_default_graph_as_union": True}
    query = f"{PREFIXES} SELECT * {{ ?s a owl:Class }}"
    chosen = Dataset(earlier, earlier, {}, release.base).chosen({"default": None, "named": None}, query)
    assert chosen == (earlier, {"use_default_graph_as_union": True})


# What sib-swiss/sparql-editor (packages/sparql-editor/src/metadata.ts) and sib-swiss/sparql-llm (src/sparql_llm/utils.py,
# loaders/sparql_examples_loader.py) ask an endpoint: the patterns that bind, without their labels and their order.
SIB = {
    "prefixes": "SELECT DISTINCT ?prefix ?namespace { [] sh:namespace ?namespace ; sh:prefix ?prefix }",
    "examples": """SELECT DISTINCT ?sq ?comment ?query { ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ;
        sh:select|sh:ask|sh:construct|spex:describe ?query }""",
    "classes": """SELECT DISTINCT ?subjectClass ?prop ?objectClass ?objectDatatype ?propLabel {
        OPTIONAL { ?graph sd:graph ?graphDesc . ?graphDesc void:classPartition ?cp }
        ?cp void:class ?subjectClass ; void:propertyPartition ?pp . ?pp void:property ?prop .
        OPTIONAL { ?prop rdfs:label ?propLabel }
        OPTIONAL { { ?pp void:classPartition [ void:class ?objectClass ] }
          UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] } } }""",
}


def test_editors_find_prefixes_examples_and_classes(ask: Ask, release: Release) -> None:
    prefixes = {row["prefix"].value: row["namespace"].value for row in ask(SIB["prefixes"])}
    assert prefixes["vg"] == "https://w3id.org/vertragsgraph/ontology#"
    examples = {row["query"].value for row in ask(SIB["examples"])}
    assert examples == {path.read_text("utf-8-sig") for path in (release.folder / "queries").glob("*.rq")}
    rows = ask(SIB["classes"])
    assert any("propLabel" in row for row in rows)
    vg = "https://w3id.org/vertragsgraph/ontology#"
    found = {
        (row["subjectClass"].value, row["prop"].value, row.get(kind) and row[kind].value)
        for row in rows
        for kind in ("objectClass", "objectDatatype")
    }
    assert (f"{vg}Contract", f"{vg}partner", f"{vg}Partner") in found
    label = (f"{vg}Contract", "http://www.w3.org/2000/01/rdf-schema#label")
    assert (*label, "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString") in found


def test_void_says_just_what_the_data_hold(ask: Ask) -> None:
    said = {
        (row["subjectClass"], row["prop"], row["objectClass"]) for row in ask(SIB["classes"]) if "objectClass" in row
    }
    held = ask("SELECT DISTINCT ?c ?p ?oc { ?s a ?c ; ?p ?o . ?o a ?oc }")
    assert said == {(row["c"], row["p"], row["oc"]) for row in held}
    datatypes = {
        (row["subjectClass"], row["prop"], row["objectDatatype"])
        for row in ask(SIB["classes"])
        if "objectDatatype" in row
    }
    held = ask("SELECT DISTINCT ?c ?p ?d { ?s a ?c ; ?p ?o BIND(DATATYPE(?o) AS ?d) FILTER(ISLITERAL(?o)) }")
    assert datatypes == {(row["c"], row["p"], row["d"]) for row in held}


def test_the_catalogue_tells_release_and_licence(ask: Ask, release: Release) -> None:
    (row,) = ask("SELECT DISTINCT ?v ?l { <catalog#dataset> a dcat:Dataset ; dcat:version ?v ; dcterms:license ?l }")
    assert (row["v"].value, row["l"].value) == (release.id, release.register.licence.iri)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?s a sh:NodeShape }", True),
        ("SELECT * { ?s <http://www.w3.org/2000/01/rdf-schema#subClassOf> ?c }", True),
        ("DESCRIBE vg:Contract", True),
        ("DESCRIBE ?c { ?c a vg:Contract }", False),
        ("SELECT * { ?s owl:sameAs ?o ; rdfs:label 'sh:NodeShape' } # void:class", False),
        (EVERYTHING, False),
    ],
)
def test_what_a_query_is_meant_for(query: str, expected: bool) -> None:
    assert asks_about_the_register(PREFIXES + query, "http://a/") is expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?s ?p ?o {| ?q ?v |} }", True),
        ("SELECT * { ?s ?p ?o ~ ?r }", True),
        ("SELECT * { <<( ?s ?p ?o )>> ?q ?v }", True),
        ("SELECT * { ?r rdf:reifies ?t }", True),
        ("SELECT * { ?s ?p '{| << ~', <http://a/~b> # ~", False),
        ("SELECT * { ?s ?p ?o FILTER(?a < ?b || !?c) }", False),
    ],
)
def test_who_speaks_of_triple_terms(query: str, expected: bool) -> None:
    assert speaks_rdf_12(PREFIXES + query, "http://a/") is expected
    assert names_graphs_by_variable("SELECT * { graph ?g {} }")
    assert not names_graphs_by_variable("SELECT ?graph { GRAPH <http://a/> { ?s ?graph ?g } }")


def test_an_empty_result_names_the_graph_that_tells(stores: tuple[ox.Store, ox.Store], release: Release) -> None:
    def hints(query: str) -> tuple[Absent, ...]:
        return absent(PREFIXES + query, *stores, release.base, (), ("de", "en"))

    graph = release.register.graph("ontology")
    assert hints("SELECT ?l { vg:partner rdfs:label ?l }") == (Absent("vg:partner", "", graph),)
    assert hints("SELECT ?s { ?s rdfs:isNothing vg:partner }")[0].graph == ""
    assert not hints(f"SELECT ?l {{ GRAPH <{graph}> {{ vg:partner rdfs:label ?l FILTER(false) }} }}")
    assert not hints("SELECT ?l { ?c vg:partner ?o FILTER(false) }")


def test_the_extension_functions_that_are_announced_are_there() -> None:
    wkt = "^^<http://www.opengis.net/ont/geosparql#wktLiteral>"
    point, area = f'"POINT(1 2)"{wkt}', f'"POLYGON((0 0,3 0,3 3,0 3,0 0))"{wkt}'
    more = {
        "distance": f"{point}, {point}, <http://www.opengis.net/def/uom/OGC/1.0/metre>",
        "relate": f'{point}, {area}, "T*F**F***"',
    }
    for name in _FUNCTIONS:
        two = (
            name[:2] in {"sf", "eh"}
            or name.startswith("rcc8")
            or name in {"union", "intersection", "difference", "symDifference"}
        )
        arguments = more.get(name, f"{area}, {area}" if two else area)
        call = f"<http://www.opengis.net/def/function/geosparql/{name}>({arguments})"
        (row,) = ox.Store().query(f"SELECT ({call} AS ?x) {{}}")  # type: ignore[misc, union-attr]
        assert row["x"] is not None, name  # type: ignore[index]
