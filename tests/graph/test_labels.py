"""Names that follow from those of other resources; what is written down goes before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vertragsgraph.graph import collect
from vertragsgraph.graph.labels import TEMPLATES
from vertragsgraph.rdf.namespaces import RDFS, VG
from vertragsgraph.register import Register

MakeRegister = Callable[..., Register]

PREFIXES = "".join(
    f"@prefix {kind}: <id/{kind}/> .\n"
    for kind in ("contract", "signing", "grant", "person", "office", "tenure", "evidence", "source", "organisation")
) + (
    f"@prefix vg: <{VG}> .\n@prefix rdfs: <{RDFS}> .\n@prefix schema: <https://schema.org/> .\n"
    "@prefix org: <http://www.w3.org/ns/org#> .\n@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    "@prefix oa: <http://www.w3.org/ns/oa#> .\n@prefix dcterms: <http://purl.org/dc/terms/> .\n"
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
)
CONTRACT = 'contract:a a vg:Contract ; rdfs:label "Vertrag"@de , "Contract"@en ; schema:funding grant:a .\n'
OTHERS = "signing:a a vg:Signing ; vg:concerns contract:a .\ngrant:a a vg:Grant .\n"
PEOPLE = """person:a a vg:Person ; rdfs:label "Ada"@de , "Ada"@en .
office:a a vg:Office ; rdfs:label "Amt"@de , "office"@en .
tenure:a a vg:Tenure ; org:member person:a ; vg:inOffice office:a .
"""


def names(register: Register) -> dict[str, set[str]]:
    graphs = collect(register, register.folder / "graphs")
    found: dict[str, set[str]] = {}
    for role in ("contracts", "agents"):
        for line in graphs.path(role).read_text("utf-8").splitlines() if role in graphs.roles else ():
            subject, predicate, rest = line.split(" ", 2)
            if predicate == f"<{RDFS}label>":
                found.setdefault(subject.rpartition("/id/")[2].rstrip(">"), set()).add(rest.removesuffix(" ."))
    return found


def register_with(make_register: MakeRegister, contracts: str, people: str = PEOPLE) -> Register:
    return make_register({"prefixes.ttl": PREFIXES, "contracts.ttl": contracts, "people.ttl": people})


def test_acts_grants_and_tenures_are_called_by_others(make_register: MakeRegister) -> None:
    found = names(register_with(make_register, CONTRACT + OTHERS))
    assert found["signing/a"] == {'"Abschluss: Vertrag"@de', '"Conclusion: Contract"@en'}
    assert found["grant/a"] == {'"Förderung: Vertrag"@de', '"Funding: Contract"@en'}
    assert found["tenure/a"] == {'"Ada als Amt"@de', '"Ada as office"@en'}


@pytest.mark.parametrize("first", [True, False])
def test_a_name_that_is_written_down_goes_before(make_register: MakeRegister, first: bool) -> None:
    own = 'signing:a rdfs:label "Eigener Name"@de-AT .\n'
    found = names(register_with(make_register, own + CONTRACT + OTHERS if first else CONTRACT + OTHERS + own))
    assert found["signing/a"] == {'"Eigener Name"@de-at', '"Conclusion: Contract"@en'}


def test_what_entries_say_counts(make_register: MakeRegister) -> None:
    entry = """evidence:a a vg:Evidence ; oa:hasSource source:a ;
    vg:cites [ rdf:subject signing:a ; vg:concerns contract:a ; rdfs:label "Genannt"@de ] ;
    dcterms:creator organisation:a ; dcterms:date "2026-11-22"^^xsd:date .
"""
    found = names(register_with(make_register, CONTRACT + "signing:a a vg:Signing .\n" + entry))
    assert found["signing/a"] == {'"Genannt"@de', '"Conclusion: Contract"@en'}


def test_where_the_others_have_no_name_there_is_none(make_register: MakeRegister) -> None:
    unnamed = "contract:a a vg:Contract .\n"
    found = names(register_with(make_register, unnamed + OTHERS, PEOPLE.replace("office:a a", "office:b a")))
    assert not {"signing/a", "grant/a", "tenure/a"} & {*found}


def test_another_language_serves_where_there_is_no_name_in_one(make_register: MakeRegister) -> None:
    found = names(register_with(make_register, CONTRACT.replace(' , "Contract"@en', "") + OTHERS))
    assert found["signing/a"] == {'"Abschluss: Vertrag"@de', '"Conclusion: Vertrag"@en'}


TWO = 'contract:b a vg:Contract ; rdfs:label "B"@de , "B"@en .\nsigning:a vg:concerns contract:b .\n'


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations((CONTRACT + OTHERS + TWO).splitlines()))
def test_the_order_of_statements_is_of_no_matter(make_register: MakeRegister, lines: list[str]) -> None:
    found = names(register_with(make_register, "\n".join(lines)))
    assert found["signing/a"] == {'"Abschluss: Vertrag"@de', '"Conclusion: Contract"@en'}


def test_each_template_is_of_a_class_of_the_vocabulary() -> None:
    assert all(kind.value.startswith(VG) for kind in TEMPLATES)
