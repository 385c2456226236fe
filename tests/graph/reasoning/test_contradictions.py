from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vertragsgraph.gate.checks.contradictions import message_of
from vertragsgraph.graph import collect
from vertragsgraph.graph.reasoning.contradictions import Contradiction, contradictions
from vertragsgraph.register import ASSERTED_ROLES, Register, load_register

MakeRegister = Callable[..., Register]

PREFIXES = """
@prefix : <https://example.org/o#> .
@prefix own: <id/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def found_in(register: Register) -> list[Contradiction]:
    graphs = collect(register, register.folder / "graphs")
    return contradictions(graphs.logic, graphs.paths(), graphs.paths(ASSERTED_ROLES), register.base)


def short(text: object) -> str:
    """Write a triple of the tests as their Turtle does."""
    names = {
        "<https://w3id.org/vertragsgraph/hessen/id/": "own:",
        "<https://example.org/o#": ":",
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type": "a",
    }
    for long, prefix in names.items():
        text = str(text).replace(long, prefix)
    return str(text).replace(">", "")


@pytest.mark.parametrize(
    ("axioms", "statements", "grounds"),
    [
        pytest.param(
            ":C0 owl:disjointWith :C1 .", "own:r0 a :C0 , :C1 .", ["own:r0 a :C0", "own:r0 a :C1"], id="classes"
        ),
        pytest.param(
            "[] a owl:AllDisjointClasses ; owl:members ( :C0 :C1 :C2 ) .",
            "own:r0 a :C2 , :C1 . own:r1 a :C0 .",
            ["own:r0 a :C1", "own:r0 a :C2"],
            id="one of several classes",
        ),
        pytest.param(
            ":C0 owl:disjointWith :C1 . :C2 rdfs:subClassOf :C1 . :p0 rdfs:domain :C0 .",
            "own:r0 a :C2 ; :p0 own:r1 .",
            ["own:r0 :p0 own:r1", "own:r0 a :C2"],
            id="classes that follow",
        ),
        pytest.param(
            ":C0 owl:disjointWith :C1 . :p0 owl:propertyChainAxiom ( :p1 :p2 ) ; rdfs:range :C1 .",
            "own:r0 :p1 own:r1 ; :p2 own:r2 . own:r1 :p2 own:r3 ; a :C1 . own:r3 a :C0 ; :p1 own:r0 .",
            ["own:r3 a :C0", "own:r0 :p1 own:r1", "own:r1 :p2 own:r3"],
            id="a class that follows from a chain",
        ),
        pytest.param(
            ":p0 owl:propertyDisjointWith :p1 . :p2 owl:inverseOf :p1 .",
            "own:r0 :p0 own:r1 . own:r1 :p2 own:r0 .",
            ["own:r0 :p0 own:r1", "own:r1 :p2 own:r0"],
            id="properties",
        ),
        pytest.param(
            "[] a owl:AllDisjointProperties ; owl:members ( :p0 :p1 :p2 ) .",
            "own:r0 :p0 own:r1 ; :p2 own:r1 .",
            ["own:r0 :p0 own:r1", "own:r0 :p2 own:r1"],
            id="one of several properties",
        ),
        pytest.param(
            ":p0 a owl:FunctionalProperty .",
            "own:r0 :p0 own:r1 , own:r2 . own:r3 :p0 own:r1 .",
            ["own:r0 :p0 own:r1", "own:r0 :p0 own:r2"],
            id="functional",
        ),
        pytest.param(
            ":p0 a owl:FunctionalProperty .", "own:r0 :p0 'a' , 'b' .", ['own:r0 :p0 "a"', 'own:r0 :p0 "b"'], id="texts"
        ),
        pytest.param(
            ":p0 a owl:InverseFunctionalProperty .",
            "own:r0 :p0 own:r2 . own:r1 :p0 own:r2 .",
            ["own:r0 :p0 own:r2", "own:r1 :p0 own:r2"],
            id="inverse functional",
        ),
        pytest.param(
            ":p0 a owl:AsymmetricProperty .",
            "own:r0 :p0 own:r1 . own:r1 :p0 own:r0 , own:r2 .",
            ["own:r0 :p0 own:r1", "own:r1 :p0 own:r0"],
            id="asymmetric",
        ),
        pytest.param(
            ":p0 a owl:AsymmetricProperty .", "own:r0 :p0 own:r0 .", ["own:r0 :p0 own:r0"], id="asymmetric, itself"
        ),
        pytest.param(
            ":p0 a owl:IrreflexiveProperty .",
            "own:r0 :p0 own:r0 ; :p0 own:r1 .",
            ["own:r0 :p0 own:r0"],
            id="irreflexive",
        ),
    ],
)
def test_what_excludes_each_other_is_told_with_its_grounds(
    make_register: MakeRegister, axioms: str, statements: str, grounds: list[str]
) -> None:
    register = make_register({"contracts.ttl": PREFIXES + statements}, ontology=PREFIXES + axioms)
    [found] = found_in(register)
    assert [short(triple) for triple in found.grounds] == grounds
    message = message_of(found, register)
    assert message["en"].startswith(("<id/r", "<https://example.org/o#p"))
    assert "{" not in message["en"] + message["de"]


@pytest.mark.parametrize(
    ("axioms", "statements"),
    [
        (":C0 owl:disjointWith :C1 .", "own:r0 a :C0 . own:r1 a :C1 ."),
        (":p0 a owl:FunctionalProperty .", "own:r0 :p0 own:r1 . own:r1 :p0 own:r0 . own:r2 :p0 own:r1 ."),
        (":p0 a owl:InverseFunctionalProperty .", "own:r0 :p0 own:r1 , own:r2 ."),
        (":p0 a owl:AsymmetricProperty , owl:IrreflexiveProperty .", "own:r0 :p0 own:r1 . own:r1 :p0 own:r2 ."),
        (":p0 owl:propertyDisjointWith :p1 .", "own:r0 :p0 own:r1 ; :p1 own:r2 . own:r1 :p1 own:r0 ."),
        (":C0 rdfs:subClassOf :C1 .", "own:r0 a :C0 , :C1 ."),
    ],
)
def test_what_goes_together_is_no_contradiction(make_register: MakeRegister, axioms: str, statements: str) -> None:
    assert found_in(make_register({"contracts.ttl": PREFIXES + statements}, ontology=PREFIXES + axioms)) == []


def test_the_shipped_register_has_no_contradictions(register_copy: Path) -> None:
    assert found_in(load_register(register_copy)) == []


def test_nobody_is_a_person_and_an_organisation(register_copy: Path) -> None:
    vg = "https://w3id.org/vertragsgraph/ontology#"
    (register_copy / "data" / "people.ttl").open("a").write(f"<id/organisation/drk-hessen> a <{vg}Person> .\n")
    register = load_register(register_copy)
    found = found_in(register)
    assert {triple.subject.value for one in found for triple in one.triples} == {
        register.iri("id/organisation/drk-hessen")
    }
    [one] = found
    assert [triple.object.value for triple in one.triples] == [f"{vg}Organisation", f"{vg}Person"]
    assert message_of(one, register)["en"].startswith(
        "organisation:drk-hessen can't be vg:Organisation and vg:Person at once"
    )
    assert len(one.grounds) == 2
