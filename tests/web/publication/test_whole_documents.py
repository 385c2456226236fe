"""One request for a document brings what its page shows: acts, statements with their four parts, evidence, sources, names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import rdflib
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store, parse
from rdflib.compare import isomorphic

from vertragsgraph.rdf.namespaces import prologue
from vertragsgraph.release import Release

from ..in_process import asked_of, get

PROLOGUE = prologue("vg", "rdf", "rdfs", "oa", "org", "schema", "dcterms", "foaf", "prov", "skos")
PARTS = "^vg:concerns | ^vg:concerns/vg:actedAs | vg:agreesOn | schema:funding"
PROVED = f"""SELECT ?s ?p ?o ?statement ?evidence ?kind ?why ?passage ?source ?name ?url ?id ?exact ?start WHERE {{
  {{ BIND (?node AS ?s) }} UNION {{ ?node {PARTS} ?s }}
  ?statement rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; vg:evidence ?evidence . ?s ?p ?o .
  ?evidence vg:supportKind ?kind ; prov:wasDerivedFrom? ?passage . OPTIONAL {{ ?evidence rdfs:comment ?why }}
  ?passage oa:hasSource ?source . ?source rdfs:label ?name .
  OPTIONAL {{ ?source schema:url ?url }} OPTIONAL {{ ?source dcterms:identifier ?id }}
  OPTIONAL {{ ?passage oa:hasSelector/oa:exact ?exact ; oa:hasSelector/oa:start ?start }} }}"""
ACTS = """SELECT ?act ?date ?who ?office WHERE { ?act vg:concerns ?node ; vg:date ?date ; vg:actedAs ?tenure .
  ?tenure org:member/rdfs:label ?who ; vg:inOffice/rdfs:label ?office }"""


@pytest.fixture(params=["release", "concessions"])
def some_release(request: pytest.FixtureRequest) -> Release:
    """The shipped register's release, and that of another one."""
    found: Release = request.getfixturevalue(request.param)
    return found


def rows(store: Store, query: str, node: str) -> set[tuple[str, ...]]:
    found = store.query(f"{PROLOGUE} {query.replace('?node', f'<{node}>')}", use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return {tuple(str(row[variable]) for variable in found.variables) for row in found}


def document(release: Release, path: str, extension: str) -> Store:
    (answer,) = get(release, asked_of(release), [f"/doc/{path}.{extension}"])
    assert answer.status_code == 200, answer.text
    store = Store()
    store.extend(parse(answer.content, format=RdfFormat.from_extension(extension)))
    return store


def paths(release: Release, kind: str) -> Iterator[str]:
    resources = (release.folder / "resources.nt").read_text("utf-8")
    for iri in sorted({line.split()[0][1:-1] for line in resources.splitlines()}):
        if iri.startswith(f"{release.base}id/{kind}/"):
            yield iri.removeprefix(f"{release.base}id/")


@pytest.mark.parametrize("extension", ["ttl", "jsonld"])
def test_a_contract_has_the_proof_of_each_fact_and_its_acts(some_release: Release, extension: str) -> None:
    whole = Store.read_only(str(some_release.store))
    contracts = [*paths(some_release, "contract")]
    assert contracts
    for path in contracts:
        iri = f"{some_release.base}id/{path}"
        found = document(some_release, path, extension)
        wanted = rows(whole, PROVED, iri)
        assert wanted and wanted == rows(found, PROVED, iri)
        assert rows(whole, ACTS, iri) == rows(found, ACTS, iri)


def test_the_minister_the_date_and_the_quotation_are_there_in_words(release: Release) -> None:
    (answer,) = get(release, asked_of(release), ["/doc/contract/drk-hessen.ttl"])
    for words in (
        '"2019-06-03"^^xsd:date',
        "Kai Klose",
        "Hessischer Minister für Soziales und Integration",
        'oa:exact "Der Integrationsvertrag mit dem Deutschen Roten Kreuz, Landesverband Hessen e.V."',
        "rdf:subject contract:drk-hessen",
        "vg:supportKind vg:Stated",
        '"hat den Förderstatus"@de',
    ):
        assert words in answer.text
    assert "@prefix contract: <https://w3id.org/vertragsgraph/hessen/id/contract/> ." in answer.text
    assert "@prefix bibo:" not in answer.text  # which nothing here needs


@pytest.mark.parametrize(
    "path",
    [
        "contract/iaf",
        "evidence/drk-unterzeichnung-s1",
        "evidence/iaf-foerderung",
        "evidence/iaf-foerderung-bisherige-s1",
        "person/kai-klose",
        "organisation/drk-hessen",
        "office/minister-soziales-integration",
        "topic/interkulturelle-oeffnung",
        "source/s1",
        "statement/214e33c49df0db0a",
        "tenure/kai-klose-minister",
        "signing/drk-hessen",
        "utterance/klose-hand-in-hand",
    ],
)
def test_documents_of_all_kinds_are_whole_and_the_same_in_each_format(release: Release, path: str) -> None:
    formats = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}
    answers = get(release, asked_of(release), [f"/doc/{path}.{extension}" for extension in formats])
    graphs = [
        rdflib.Graph().parse(data=answer.text, format=name)
        for answer, name in zip(answers, formats.values(), strict=True)
    ]
    assert all(isomorphic(graphs[0], graph) for graph in graphs)
    found, iri = graphs[0], rdflib.URIRef(f"{release.base}id/{path}")
    assert found.query(
        f"{PROLOGUE} ASK {{ ?d foaf:primaryTopic ?x ; dcterms:isPartOf ?set ; prov:wasDerivedFrom ?release }}",
        initBindings={"x": iri},
    )
    # Each statement that stands there has its four parts, each piece of evidence on the resource its place and source.
    assert not found.query(
        f"{PROLOGUE} ASK {{ ?s vg:evidence ?e FILTER NOT EXISTS {{ ?s rdf:subject ?a ; rdf:predicate ?b ; rdf:object ?c }} }}"
    )
    assert not found.query(
        f"{PROLOGUE} ASK {{ ?s rdf:subject ?x ; vg:evidence ?e "
        "FILTER NOT EXISTS { ?e vg:supportKind ?k ; prov:wasDerivedFrom?/oa:hasSource/rdfs:label ?l } }",
        initBindings={"x": iri},
    )
    assert not found.query(f"{PROLOGUE} ASK {{ ?e oa:hasSelector ?s FILTER NOT EXISTS {{ ?s oa:exact|oa:start ?o }} }}")


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("person/kai-klose", "?t org:member ?x ; vg:inOffice/rdfs:label ?office ; schema:startDate ?since"),
        ("person/kai-klose", "?act vg:actedAs/org:member ?x ; vg:date ?day ; vg:concerns/rdfs:label ?contract"),
        ("office/minister-soziales-integration", "?t vg:inOffice ?x ; org:member/rdfs:label ?name"),
        ("evidence/drk-unterzeichnung-s1", "?x oa:hasSelector/oa:exact ?q . ?s vg:evidence ?x ; rdf:object ?o"),
        (
            "evidence/drk-unterzeichnung-s1",
            "?i prov:wasDerivedFrom ?x ; rdfs:comment ?why . ?s vg:evidence ?i ; rdf:object ?o",
        ),
        (
            "evidence/iaf-foerderung",
            "?x prov:wasDerivedFrom/oa:hasSelector/oa:exact ?q . ?s vg:evidence ?x ; rdf:object ?o",
        ),
        ("evidence/iaf-foerderung-bisherige-s1", "?i prov:wasDerivedFrom ?x , ?y . ?y oa:hasSelector/oa:exact ?other"),
        ("contract/iaf", "?s rdf:subject ?x ; vg:evidence/prov:wasDerivedFrom/oa:hasSelector/oa:start ?start"),
        ("source/s1", "?e oa:hasSource ?x ; oa:hasSelector/oa:exact ?q . ?s vg:evidence ?e ; rdf:subject ?about"),
        ("statement/214e33c49df0db0a", "?x vg:evidence/oa:hasSelector/oa:exact ?q ; rdf:subject/rdfs:label ?l"),
        ("utterance/klose-hand-in-hand", "?x vg:actedAs/org:member/rdfs:label ?who ; vg:words ?words"),
        ("signing/drk-hessen", "?x vg:actedAs/vg:inOffice/rdfs:label ?office"),
        ("tenure/kai-klose-minister", "?act vg:actedAs ?x ; vg:date ?day"),
        ("organisation/drk-hessen", "?c vg:partner ?x ; rdfs:label ?l . ?s rdf:object ?x ; rdf:subject ?c"),
    ],
)
def test_a_document_has_what_the_page_about_its_kind_shows(release: Release, path: str, pattern: str) -> None:
    found = document(release, path, "nt")
    assert rows(found, f"SELECT * WHERE {{ {pattern.replace('?x', '?node')} }}", f"{release.base}id/{path}")


def test_what_stands_by_itself_is_only_named(release: Release) -> None:
    found = document(release, "contract/drk-hessen", "nt")
    partner = NamedNode(f"{release.base}id/organisation/drk-hessen")
    programme = NamedNode(f"{release.base}id/programme/integrationsvertraege")
    for node in (partner, programme):
        said = {quad.predicate.value.rpartition("#")[2] for quad in found.quads_for_pattern(node, None, None)}
        assert "label" in said and "comment" not in said and "subOrganizationOf" not in said


def test_it_is_sent_compressed_to_those_who_take_that(release: Release) -> None:
    path = ["/doc/contract/drk-hessen.nt"]
    (plain,) = get(release, asked_of(release), path, **{"Accept-Encoding": "identity"})
    (coded,) = get(release, asked_of(release), path, **{"Accept-Encoding": "gzip"})
    assert coded.headers["content-encoding"] == "gzip" and coded.content == plain.content
    assert int(coded.headers["content-length"]) < len(plain.content) / 5
    assert coded.headers["etag"] != plain.headers["etag"]
    assert "Accept-Encoding" in plain.headers["vary"]
