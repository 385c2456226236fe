"""Every statement in scope has evidence, and every quotation stands in its source, word for word."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse

from vertragsgraph.gate.checks.surroundings import Surroundings, surroundings
from vertragsgraph.graph.quotations import read_quotations
from vertragsgraph.rdf.namespaces import ONTOLOGY_IRI, SKOS
from vertragsgraph.register import Register
from vertragsgraph.text_fragment import LONGEST, passage_address

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "../shared/sources"
PREFIXES = f"""
PREFIX vg: <{ONTOLOGY_IRI}#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <{SKOS}>
"""
ASSERTED = ("contracts", "agents", "topics", "sources")


@pytest.fixture(scope="session")
def asserted(register: Register, store: Store) -> set[Triple]:
    return {
        quad.triple
        for role in ASSERTED
        for quad in store.quads_for_pattern(None, None, None, NamedNode(register.graph(role)))
    }


@pytest.fixture(scope="session")
def supported(store: Store) -> set[Triple]:
    query = f"""{PREFIXES} SELECT ?s ?p ?o WHERE {{
        ?x rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; vg:evidence ?e }}"""
    return {Triple(row["s"], row["p"], row["o"]) for row in store.query(query, use_default_graph_as_union=True)}


@pytest.fixture(scope="session")
def demanding() -> set[NamedNode]:
    quads = parse(path=ROOT / "ontology" / "vertragsgraph.ttl", format=RdfFormat.TURTLE)
    return {quad.subject for quad in quads if quad.predicate.value == f"{ONTOLOGY_IRI}#demandsEvidence"}


def test_every_statement_in_scope_has_evidence(
    asserted: set[Triple], supported: set[Triple], demanding: set[NamedNode]
) -> None:
    in_scope = {triple for triple in asserted if triple.predicate in demanding}
    assert len(in_scope) > 150
    assert in_scope - supported == set()


def test_evidence_supports_what_is_asserted(asserted: set[Triple], supported: set[Triple]) -> None:
    assert supported - asserted == set()


def test_what_is_said_of_contracts_and_what_belongs_to_them_is_in_scope(
    asserted: set[Triple], demanding: set[NamedNode], register: Register
) -> None:
    """Only types, names and notes about these kinds of resources do without evidence."""
    kinds = ("contract", "signing", "presentation", "utterance", "grant", "measure", "programme")
    kinds += ("tenure", "office", "person", "organisation")
    places = tuple(register.iri(f"id/{kind}/") for kind in kinds)
    free = {triple.predicate for triple in asserted if triple.subject.value.startswith(places)} - demanding
    assert {node.value.replace("#", "/").rpartition("/")[2] for node in free} == {
        "type",
        "label",
        "comment",
        "altLabel",
    }


def test_quotations_stand_in_their_sources_word_for_word(store: Store) -> None:
    if not SOURCES.is_dir():
        pytest.skip("the texts of the sources are not at hand (they are not part of the register)")
    texts = {hashlib.sha256(path.read_bytes()).hexdigest(): path.read_text("utf-8") for path in SOURCES.iterdir()}
    query = f"""{PREFIXES} SELECT ?evidence ?sha ?exact ?start ?end WHERE {{
        ?evidence oa:hasSource/schema:sha256 ?sha ; oa:hasSelector ?quote , ?position .
        ?quote oa:exact ?exact . ?position oa:start ?start ; oa:end ?end }}"""
    rows = list(store.query(query, use_default_graph_as_union=True))
    assert len(rows) > 50
    for row in rows:
        text = texts[row["sha"].value]
        assert text[int(row["start"].value) : int(row["end"].value)] == row["exact"].value, row["evidence"]


def test_the_links_that_the_document_makes_by_sparql_are_those_of_the_pages(store: Store, register: Register) -> None:
    document = (ROOT / "docs/evidence.md").read_text("utf-8")
    (query,) = (each for each in re.findall(r"```sparql\n(.*?)```", document, re.DOTALL) if ":~:text=" in each)
    made = {row["evidence"].value: row["passage"].value for row in store.query(query, use_default_graph_as_union=True)}
    short = [each for each in read_quotations(register) if len(each.exact) <= LONGEST and "\n" not in each.exact]
    assert len(short) > 70
    for quotation in short:
        address = made[quotation.entry]
        given = passage_address(address.partition("#")[0], quotation.exact, quotation.prefix, quotation.suffix)
        assert address == given


def test_what_stands_around_a_quotation_stands_there_in_its_source(register: Register) -> None:
    if not SOURCES.is_dir():
        pytest.skip("the texts of the sources are not at hand (they are not part of the register)")
    texts = [path.read_text("utf-8") for path in SOURCES.iterdir()]
    for each in read_quotations(register):
        (text,) = (text for text in texts if text[each.start : each.end] == each.exact)
        assert surroundings(text, each.start, each.end) == Surroundings(each.prefix, each.suffix)


def test_each_entry_quotes_a_source_whose_text_was_at_hand_and_only_such(store: Store) -> None:
    query = f"""{PREFIXES} SELECT ?evidence WHERE {{ ?evidence a vg:Evidence ; oa:hasSource ?source .
        BIND (EXISTS {{ ?source schema:sha256 ?sha }} AS ?at_hand)
        BIND (EXISTS {{ ?evidence oa:hasSelector ?selector }} AS ?quoted) FILTER (?at_hand != ?quoted) }}"""
    assert list(store.query(query, use_default_graph_as_union=True)) == []


def test_what_only_other_sources_know_names_them(store: Store, register: Register) -> None:
    query = f"""{PREFIXES} SELECT DISTINCT ?key WHERE {{ ?e a vg:Evidence ; oa:hasSource/dcterms:identifier ?key }}"""
    keys = {row["key"].value for row in store.query(query, use_default_graph_as_union=True)}
    assert keys == {"S1", "S2", "P1", "P2", "P3", "P4", "P5", "P6"}


def test_inferences_come_from_several_passages_and_are_explained(store: Store) -> None:
    query = f"""{PREFIXES} SELECT ?e (COUNT(DISTINCT ?exact) AS ?passages) (COUNT(DISTINCT ?why) AS ?reasons) WHERE {{
        ?e vg:supportKind vg:Inferred ; rdfs:comment ?why .
        OPTIONAL {{ ?e prov:wasDerivedFrom/oa:hasSelector/oa:exact ?exact }} }} GROUP BY ?e"""
    rows = {row["e"].value.rpartition("/")[2]: row for row in store.query(query, use_default_graph_as_union=True)}
    assert rows.keys() == {"anne-frank-jahr", "jugendring-jahr", "iaf-foerderung"}
    assert all(int(row["passages"].value) == 2 and int(row["reasons"].value) == 2 for row in rows.values())


def test_no_premise_supports_what_is_inferred_from_it(store: Store) -> None:
    query = f"{PREFIXES} ASK {{ ?statement vg:evidence ?e . ?e prov:wasDerivedFrom ?premise . ?statement vg:evidence ?premise }}"
    assert not store.query(query, use_default_graph_as_union=True)


def test_nothing_that_is_inferred_has_other_evidence(store: Store) -> None:
    """Neither of the two passages says by itself that the year was 2018."""
    query = f"""{PREFIXES} SELECT ?statement (COUNT(?e) AS ?entries) WHERE {{ ?statement vg:evidence ?e , ?inference .
        ?inference vg:supportKind vg:Inferred }} GROUP BY ?statement"""
    rows = list(store.query(query, use_default_graph_as_union=True))
    assert len(rows) == 3
    assert all(row["entries"].value == "1" for row in rows)


def test_sources_that_differ_are_different_statements_with_evidence_of_their_own(store: Store) -> None:
    query = f"""{PREFIXES} SELECT ?disagreement (COUNT(DISTINCT ?wording) AS ?wordings) (COUNT(DISTINCT ?e) AS ?entries) WHERE {{
        ?disagreement vg:between ?statement . ?statement rdf:object ?wording ; vg:evidence ?e }} GROUP BY ?disagreement"""
    rows = list(store.query(query, use_default_graph_as_union=True))
    assert len(rows) == 5
    assert all(int(row["entries"].value) >= int(row["wordings"].value) > 1 for row in rows)


def test_a_further_name_is_one_by_which_a_source_calls_it(asserted: set[Triple], supported: set[Triple]) -> None:
    """In English it is a translation. What only helps to find something is a hidden label."""
    names = {
        triple for triple in asserted if triple.predicate.value == f"{SKOS}altLabel" and triple.object.language == "de"
    }
    assert len(names) > 15
    assert names - supported == set()


def test_what_the_sources_tell_apart_is_no_other_name(store: Store) -> None:
    """They list the two side by side, or the register itself records that they differ."""
    apart = [("Zugehörigkeit", "Zusammengehörigkeit"), ("Interkulturelle Öffnung", "transkulturelle Öffnung")]
    apart += [
        ("Menschen mit Migrationshintergrund", "Menschen mit Migrationsgeschichte"),
        ("Antisemitismus", "Rassismus"),
    ]
    for one, other in apart:
        query = f"""{PREFIXES} ASK {{
            VALUES ?p {{ skos:altLabel skos:hiddenLabel skos:prefLabel }}
            ?x skos:prefLabel "{one}"@de ; ?p ?name FILTER (LCASE(STR(?name)) = LCASE("{other}")) }}"""
        assert not store.query(query, use_default_graph_as_union=True), (one, other)


def test_wordings_of_ones_own_are_not_those_of_the_source_that_reports_them(store: Store) -> None:
    if not SOURCES.is_dir():
        pytest.skip("the texts of the sources are not at hand (they are not part of the register)")
    query = f"""{PREFIXES} SELECT DISTINCT ?words ?sha WHERE {{ ?statement rdf:predicate vg:particularWording ; rdf:object ?words ;
        vg:evidence/oa:hasSource/schema:sha256 ?sha }}"""
    rows = list(store.query(query, use_default_graph_as_union=True))
    texts = {hashlib.sha256(path.read_bytes()).hexdigest(): path.read_text("utf-8") for path in SOURCES.iterdir()}
    assert len(rows) == 3
    for row in rows:
        own = re.sub('„[^“"]*[“"]', "", texts[row["sha"].value])  # without what it reports as somebody's words
        assert row["words"].value in texts[row["sha"].value]
        assert row["words"].value not in own
