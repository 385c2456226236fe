"""Every statement in scope has evidence, and every quotation stands in its source, word for word."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse

from vertragsgraph.register import ONTOLOGY_IRI, Register

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "../shared/sources"
PREFIXES = f"""
PREFIX vg: <{ONTOLOGY_IRI}#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX schema: <https://schema.org/>
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
    query = f"""{PREFIXES} SELECT ?statement (COUNT(DISTINCT ?e) AS ?passages) (COUNT(DISTINCT ?why) AS ?reasons) WHERE {{
        ?statement vg:evidence ?e . ?e vg:supportKind vg:Inferred . OPTIONAL {{ ?e rdfs:comment ?why }} }} GROUP BY ?statement"""
    rows = list(store.query(query, use_default_graph_as_union=True))
    assert rows
    assert all(int(row["passages"].value) > 1 and int(row["reasons"].value) >= 2 for row in rows)


def test_sources_that_differ_are_different_statements_with_evidence_of_their_own(store: Store) -> None:
    query = f"""{PREFIXES} SELECT ?disagreement (COUNT(DISTINCT ?wording) AS ?wordings) (COUNT(DISTINCT ?e) AS ?entries) WHERE {{
        ?disagreement vg:between ?statement . ?statement rdf:object ?wording ; vg:evidence ?e }} GROUP BY ?disagreement"""
    rows = list(store.query(query, use_default_graph_as_union=True))
    assert len(rows) == 3
    assert all(int(row["entries"].value) >= int(row["wordings"].value) > 1 for row in rows)
