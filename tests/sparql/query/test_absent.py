"""What a query without results names that occurs nowhere, and what was probably meant."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from vertragsgraph.sparql.query.absent import Absent, absent, vocabulary

BASE = "https://example.org/r/"
VG = "https://w3id.org/vertragsgraph/ontology#"
DATA = f"""
<{BASE}id/contract/a> a <{VG}Contract> <{BASE}graph/contracts> .
<{BASE}id/contract/a> <{VG}fundingStatus> <{VG}Funded> <{BASE}graph/contracts> .
<{BASE}id/contract/a> <http://www.w3.org/2000/01/rdf-schema#label> "Jugendring"@de <{BASE}graph/contracts> .
<{BASE}id/contract/a> <https://schema.org/funding> <http://www.wikidata.org/entity/Q1199> <{BASE}graph/contracts> .
""".replace(" a <", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <")
KNOWN = {VG + "Contract", VG + "fundingStatus", BASE + "graph/contracts"}
PREFIXES = f"""PREFIX vg: <{VG}> PREFIX old: <http://schema.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX wrong: <https://w3id.org/vertragsgraph/ontologie#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""


@pytest.fixture(scope="module")
def store() -> ox.Store:
    made = ox.Store()
    made.bulk_load(DATA, format=ox.RdfFormat.N_QUADS)
    return made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT * { ?c a vg:Contracts }", Absent("vg:Contracts", VG + "Contract")),
        ("SELECT * { ?c vg:fundingstatus ?s }", Absent("vg:fundingstatus", VG + "fundingStatus")),
        ("SELECT * { ?c a wrong:Contract }", Absent("wrong:Contract", VG + "Contract")),
        ("SELECT * { ?c old:funding ?f }", Absent("old:funding", "https://schema.org/funding")),
        (
            "SELECT * { ?c ?p <https://www.wikidata.org/entity/Q1199> }",
            Absent("<https://www.wikidata.org/entity/Q1199>", "http://www.wikidata.org/entity/Q1199"),
        ),
        ("SELECT * FROM <graph/contract> { ?s ?p ?o }", Absent("<graph/contract>", BASE + "graph/contracts")),
        ('SELECT * { ?c rdfs:label "Jugendring" }', Absent('"Jugendring"', '"Jugendring"@de')),
        ('SELECT * { ?c rdfs:label "Jugendring"@en }', Absent('"Jugendring"@en', '"Jugendring"@de')),
        ("SELECT * { <id/contract/zzz> ?p ?o }", Absent("<id/contract/zzz>", "")),
    ],
)
def test_what_occurs_nowhere_is_named_with_what_was_meant(store: ox.Store, query: str, found: Absent) -> None:
    assert absent(PREFIXES + query, store, None, BASE, KNOWN, ("de", "en")) == (found,)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?c a vg:Contract ; vg:fundingStatus ?s FILTER(?s != vg:Funded) }",
        'SELECT * { ?c rdfs:label "Jugendring"@de FILTER(false) }',
        'SELECT * { ?c rdfs:label ?l FILTER(CONTAINS(?l, "zzz") && LANG(?l) = "fr") }',
        "SELECT * { ?c ?p ?v FILTER(DATATYPE(?v) = xsd:date && xsd:integer(?v) > '7'^^xsd:int) }",
        "SELECT * { ?c a vg:Contract SERVICE SILENT <https://x.example/> { ?c vg:nothing ?x { ?y ?z ?c } } FILTER(false) }",
        "SELECT * { ?c a vg:Contract FILTER(false) } # vg:Contracts",
    ],
)
def test_what_is_there_or_stands_for_something_else_is_not(store: ox.Store, query: str) -> None:
    assert absent(PREFIXES + query, store, None, BASE, KNOWN, ("de", "en")) == ()


def test_the_vocabulary_is_that_of_the_description(tmp_path: Path) -> None:
    description = tmp_path / "void.ttl"
    description.write_text(
        f"@prefix void: <http://rdfs.org/ns/void#> . <{BASE}void> void:classPartition [ void:class <{VG}Contract> ] ; "
        f"void:propertyPartition [ void:property <{VG}fundingStatus> ] ."
    )
    assert vocabulary(description) == {VG + "Contract", VG + "fundingStatus"}
