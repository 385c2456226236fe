"""What annotations of an ontology let follow, in registers that no line of Python knows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vertragsgraph.gate.checks.contradictions import check_contradictions
from vertragsgraph.gate.places import Places
from vertragsgraph.graph import collect
from vertragsgraph.graph.reasoning.explanation import asserted_grounds
from vertragsgraph.register import ASSERTED_ROLES, Register, load_register

MakeRegister = Callable[..., Register]

PREFIXES = """
@prefix : <https://example.org/o#> .
@prefix own: <id/> .
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
"""
SHORT = {
    "https://w3id.org/vertragsgraph/hessen/id/": "own:",
    "https://w3id.org/vertragsgraph/ontology#": "vg:",
    "https://example.org/o#": ":",
    "http://www.w3.org/ns/prov#": "prov:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://xmlns.com/foaf/0.1/": "foaf:",
    "http://www.w3.org/2001/XMLSchema#": "xsd:",
}


def short(text: str) -> str:
    for long, prefix in SHORT.items():
        text = text.replace(f"<{long}", prefix)
    return text.replace("<", "").replace(">", "").removesuffix("\n").removesuffix(" .")


def entailed(register: Register) -> list[str]:
    """Return what is entailed, without the classes of things."""
    graphs = collect(register, register.folder / "graphs")
    lines = graphs.path("entailed").read_text("utf-8").splitlines() if "entailed" in graphs.roles else []
    return sorted(short(line) for line in lines if "#type>" not in line)


def made(make_register: MakeRegister, annotations: str, *files: str) -> Register:
    data = {f"{role}.ttl": PREFIXES + text for role, text in zip(("contracts", "organisations"), files, strict=False)}
    return make_register(data, ontology=PREFIXES + annotations)


def test_names_follow_for_those_who_know_the_class_by_another_vocabulary(make_register: MakeRegister) -> None:
    annotations = ":Firm rdfs:subClassOf foaf:Agent . :owns rdfs:range :Firm . foaf:Agent vg:nameProperty foaf:name ."
    contracts = "own:c :owns own:f ; rdfs:label 'not an agent' ."
    firms = "own:f rdfs:label 'Wasser'@de , 'Eau'@fr , 'no language' . own:g a :Firm ; rdfs:label 'Gas'@de ."
    assert entailed(made(make_register, annotations, contracts, firms)) == [
        'own:f foaf:name "Eau"@fr',
        'own:f foaf:name "Wasser"@de',
        'own:f foaf:name "no language"',
        'own:g foaf:name "Gas"@de',
    ]


def test_dates_have_bounds_by_properties_of_an_ontologys_own(make_register: MakeRegister) -> None:
    annotations = (
        ":Lease vg:dateProperty :from , :until . :Flat rdfs:subClassOf :Lease . :since rdfs:subPropertyOf :from ."
    )
    data = """own:a a :Flat ; :since "2018"^^xsd:gYear ; :until "2020-02"^^xsd:gYearMonth .
        own:b a :Lease ; :from "some day" . own:c a :Other ; :from "2018"^^xsd:gYear ."""
    found = [line for line in entailed(made(make_register, annotations, data)) if " vg:" in line]
    assert found == ['own:a vg:earliest "2018-01-01"^^xsd:date', 'own:a vg:latest "2020-02-29"^^xsd:date']


def test_what_comes_into_being_by_an_act_has_its_dates(make_register: MakeRegister) -> None:
    annotations = """:Act vg:dateProperty :on . :Decree rdfs:subClassOf :Act ; vg:generates :about .
        :Rumour rdfs:subClassOf :Act ."""
    data = """own:d a :Decree ; :about own:law , <https://elsewhere.example/x> ; :on "2018"^^xsd:gYear .
        own:e a :Decree ; :about own:law ; :on "2019-06-03"^^xsd:date .
        own:r a :Rumour ; :about own:other ; :on "2017"^^xsd:gYear ."""
    found = [line for line in entailed(made(make_register, annotations, data)) if not line.startswith("own:r")]
    assert found == [
        "own:d prov:generated https://elsewhere.example/x",
        "own:d prov:generated own:law",
        'own:d vg:earliest "2018-01-01"^^xsd:date',
        'own:d vg:latest "2018-12-31"^^xsd:date',
        "own:e prov:generated own:law",
        'own:e vg:earliest "2019-06-03"^^xsd:date',
        'own:e vg:latest "2019-06-03"^^xsd:date',
        'own:law dcterms:date "2018"^^xsd:gYear',
        'own:law dcterms:date "2019-06-03"^^xsd:date',
        'own:law vg:earliest "2018-01-01"^^xsd:date',
        'own:law vg:latest "2019-06-03"^^xsd:date',
    ]


def test_more_follows_from_what_was_declared(make_register: MakeRegister) -> None:
    annotations = """:Decree vg:generates :about . <http://www.w3.org/ns/prov#generated> rdfs:range :Thing .
        :Thing rdfs:subClassOf :Being ."""
    register = made(make_register, annotations, "own:d a :Decree ; :about own:law .")
    graphs = collect(register, register.folder / "graphs")
    types = [short(line) for line in graphs.path("entailed").read_text("utf-8").splitlines() if "#type>" in line]
    assert [line.rpartition(" ")[2] for line in types] == [":Being", ":Thing"]


@pytest.mark.parametrize(
    "annotations",
    [
        "",
        ":C vg:nameProperty 'text' .",
        "[] vg:nameProperty foaf:name .",
        ":C vg:generates [] .",
        ":C vg:dateProperty 1 .",
    ],
)
def test_annotations_that_say_nothing_do_no_harm(make_register: MakeRegister, annotations: str) -> None:
    assert entailed(made(make_register, annotations, "own:a a :C ; rdfs:label 'A'@de .")) == []


def test_a_bound_that_somebody_asserts_is_held_against_the_dates(register_copy: Path) -> None:
    (register_copy / "data" / "contracts" / "drk-hessen.ttl").open("a").write(
        'signing:drk-hessen vg:latest "2020-01-01"^^xsd:date .\n'
    )
    register = load_register(register_copy)
    [found] = check_contradictions(register, collect(register, register_copy / "graphs"), Places(register))
    message = found.text("en")
    assert 'signing:drk-hessen has "2019-06-03"^^xsd:date and "2020-01-01"^^xsd:date as vg:latest' in message
    assert 'vg:date "2019-06-03"^^xsd:date (' in message, "the date that the bound follows from, with its place"


def test_the_grounds_of_what_was_passed_on_are_found(register_copy: Path, tmp_path: Path) -> None:
    register = load_register(register_copy)
    graphs = collect(register, register_copy / "graphs")
    [line] = [
        line
        for line in graphs.path("entailed").read_bytes().splitlines(keepends=True)
        if line.startswith(
            f"<{register.base}id/contract/iaf> <https://w3id.org/vertragsgraph/ontology#earliest>".encode()
        )
    ]
    found = asserted_grounds([line], graphs.paths(ASSERTED_ROLES), graphs.logic.rules, register.base, tmp_path)
    assert [short(ground.decode()) for ground in found[line]] == [
        "own:signing/iaf http://www.w3.org/1999/02/22-rdf-syntax-ns#type vg:Signing",
        "own:signing/iaf vg:concerns own:contract/iaf",
        'own:signing/iaf vg:date "2019-06-03"^^xsd:date',
    ]
