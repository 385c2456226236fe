from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import rdflib
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from owlrl.OWLRL import OWLRL_Semantics
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from vertragsgraph.finding import FindingsError
from vertragsgraph.graph import Graphs, collect
from vertragsgraph.register import Register, load_register
from vertragsgraph.register.names import dataset_iri

MakeRegister = Callable[..., Register]

BASE = "https://w3id.org/vertragsgraph/hessen/"
ONTOLOGY_PREFIXES = """
@prefix : <https://example.org/o#> .
@prefix own: <id/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

CLASSES = st.sampled_from([f":C{n}" for n in range(5)])
PROPERTIES = st.sampled_from([f":p{n}" for n in range(4)])
DATA_PROPERTIES = st.sampled_from([":d0", ":d1"])
RESOURCES = st.sampled_from([f"own:r{n}" for n in range(4)])


def form(text: str, *terms: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*terms).map(lambda chosen: text.format(*chosen))


EXPRESSIONS = st.one_of(
    form("[ a owl:Restriction ; owl:onProperty {} ; owl:someValuesFrom {} ]", PROPERTIES, CLASSES),
    form("[ a owl:Restriction ; owl:onProperty {} ; owl:someValuesFrom owl:Thing ]", PROPERTIES),
    form("[ a owl:Restriction ; owl:onProperty {} ; owl:allValuesFrom {} ]", PROPERTIES, CLASSES),
    form("[ a owl:Restriction ; owl:onProperty {} ; owl:hasValue {} ]", PROPERTIES, RESOURCES),
    form("[ a owl:Class ; owl:intersectionOf ( {} {} ) ]", CLASSES, CLASSES),
    form("[ a owl:Class ; owl:unionOf ( {} {} ) ]", CLASSES, CLASSES),
)
AXIOMS = st.one_of(
    form("{} rdfs:subClassOf {} .", CLASSES, CLASSES | EXPRESSIONS),
    form("{} owl:equivalentClass {} .", CLASSES, CLASSES | EXPRESSIONS),
    form("{} rdfs:subClassOf {} .", EXPRESSIONS, CLASSES),
    form("{} rdfs:subPropertyOf {} .", PROPERTIES, PROPERTIES),
    form("{} owl:equivalentProperty {} .", PROPERTIES, PROPERTIES),
    form("{} owl:inverseOf {} .", PROPERTIES, PROPERTIES),
    form("{} rdfs:domain {} .", PROPERTIES, CLASSES | EXPRESSIONS),
    form("{} rdfs:range {} .", PROPERTIES, CLASSES | EXPRESSIONS),
    form("{} rdfs:subPropertyOf {} .", DATA_PROPERTIES, DATA_PROPERTIES),
    form("{} rdfs:domain {} .", DATA_PROPERTIES, CLASSES | EXPRESSIONS),
    form("{} a owl:SymmetricProperty .", PROPERTIES),
    form("{} a owl:TransitiveProperty .", PROPERTIES),
    form("{} owl:propertyChainAxiom ( {} {} ) .", PROPERTIES, PROPERTIES, PROPERTIES),
    form("{} owl:propertyChainAxiom ( {} {} {} ) .", PROPERTIES, PROPERTIES, PROPERTIES, PROPERTIES),
)
STATEMENTS = st.one_of(
    form("{} a {} .", RESOURCES, CLASSES),
    form("{} {} {} .", RESOURCES, PROPERTIES, RESOURCES),
    form('{} {} "a text" .', RESOURCES, DATA_PROPERTIES),
)
DECLARATIONS = "".join(f":C{n} a owl:Class . " for n in range(5)) + "".join(
    f":p{n} a owl:ObjectProperty . " for n in range(4)
)


def entailed(graphs: Graphs) -> set[str]:
    lines = graphs.path("entailed").read_text("utf-8").splitlines() if "entailed" in graphs.roles else []
    return {line for line in lines if "catalog#dataset" not in line}  # the header for OWL's tools follows from nothing


def asserted(graphs: Graphs) -> set[str]:
    paths = [graphs.path(role) for role in graphs.roles if role != "entailed"]
    return {line for path in paths for line in path.read_text("utf-8").splitlines()}


def stored(graphs: Graphs, roles: Iterable[str]) -> Store:
    store = Store()
    for role in roles:
        store.bulk_load(path=graphs.path(role), format=RdfFormat.N_TRIPLES)
    return store


def collected(make_register: MakeRegister, axioms: Iterable[str], statements: Iterable[str]) -> Graphs:
    ontology = ONTOLOGY_PREFIXES + DECLARATIONS + "\n".join(axioms)
    data = ONTOLOGY_PREFIXES + "\n".join(statements)
    register = make_register({"contracts.ttl": data}, ontology=ontology)
    return collect(register, register.folder / "graphs")


def closed_by_owlrl(axioms: Iterable[str], statements: Iterable[str]) -> set[str]:
    """Return what owlrl concludes about the resources of the register, in terms of the ontology."""
    graph = rdflib.Graph()
    graph.parse(
        data=ONTOLOGY_PREFIXES + DECLARATIONS + "\n".join([*axioms, *statements]), format="turtle", publicID=BASE
    )
    OWLRL_Semantics(graph, False, False).closure()
    return {
        f"{s.n3()} {p.n3()} {o.n3()} ."
        for s, p, o in graph
        if isinstance(s, rdflib.URIRef)
        and s.startswith(BASE)
        and (p.startswith("https://example.org/") or (p == rdflib.RDF.type and o.startswith("https://example.org/")))
    }


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(AXIOMS, min_size=1, max_size=6, unique=True), st.lists(STATEMENTS, min_size=1, max_size=6, unique=True))
@example([":p0 a owl:TransitiveProperty ."], ["own:r0 :p0 own:r1 .", "own:r1 :p0 own:r2 .", "own:r2 :p0 own:r3 ."])
@example(
    [
        ":p0 owl:propertyChainAxiom ( :p1 :p2 ) .",
        ":p1 owl:inverseOf :p3 .",
        "[ owl:onProperty :p0 ; owl:someValuesFrom :C1 ] rdfs:subClassOf :C0 .",
    ],
    ["own:r1 :p3 own:r0 .", "own:r1 :p2 own:r2 .", "own:r2 a :C1 ."],
)
def test_the_same_follows_as_by_owlrl(make_register: MakeRegister, axioms: list[str], statements: list[str]) -> None:
    graphs = collected(make_register, axioms, statements)
    assert entailed(graphs) == closed_by_owlrl(axioms, statements) - asserted(graphs)


def test_the_queries_that_the_rules_are_read_as_give_the_same(register_copy: Path) -> None:
    """Runs every rule as the SPARQL query it stands for, naively, over the shipped register."""
    register = load_register(register_copy)
    graphs = collect(register, register_copy / "graphs")
    whole, naive = stored(graphs, graphs.roles), stored(graphs, graphs.roles[:-1])
    rules = (*graphs.logic.rules.axioms, *graphs.logic.rules.declared)
    before = -1
    while len(naive) != before:
        before = len(naive)
        for rule in rules:
            naive.extend([Quad(*triple) for triple in naive.query(rule.construct)])  # type: ignore[misc]

    header = str(NamedNode(dataset_iri(register.base)))

    def own(store: Store) -> set[Quad]:
        """What is said of the register's resources, but for bounds and totals, which no rule gives, and what they are made of."""
        found = {quad for quad in store if str(quad.subject).startswith(f"<{register.base}")}
        made = ("#earliest", "#latest", ":dated", "#totalAtLeast", "#totalAtMost")
        return {quad for quad in found if not quad.predicate.value.endswith(made) and str(quad.subject) != header}

    assert own(naive) == own(whole)


def test_nothing_follows_from_identity(make_register: MakeRegister) -> None:
    statements = ["own:r0 owl:sameAs own:r1 , <https://elsewhere.example/x> ; a :C0 .", "own:r1 a :C1 ."]
    graphs = collected(make_register, [":C0 rdfs:subClassOf :C2 .", ":p0 rdfs:subPropertyOf owl:sameAs ."], statements)
    assert entailed(graphs) == {f"<{BASE}id/r0> {TYPE} <https://example.org/o#C2> ."}


def test_nothing_is_said_about_resources_of_other_people(make_register: MakeRegister) -> None:
    axioms = [":p0 owl:inverseOf :p1 ; rdfs:range :C0 .", ":p2 owl:propertyChainAxiom ( :p0 :p0 ) ."]
    statements = ["own:r0 :p0 <https://elsewhere.example/x> .", "<https://elsewhere.example/x> :p0 own:r1 ."]
    assert entailed(collected(make_register, axioms, statements)) == {
        f"<{BASE}id/r0> <https://example.org/o#p2> <{BASE}id/r1> .",
        f"<{BASE}id/r1> <https://example.org/o#p1> <https://elsewhere.example/x> .",
        f"<{BASE}id/r1> {TYPE} <https://example.org/o#C0> .",
    }


def test_what_goes_without_saying_is_not_said(make_register: MakeRegister) -> None:
    axioms = [
        ":C0 rdfs:subClassOf owl:Thing , rdfs:Resource .",
        ":p0 rdfs:range rdfs:Literal .",
        ":p1 rdfs:domain owl:Thing .",
    ]
    assert entailed(collected(make_register, axioms, ["own:r0 a :C0 ; :p0 'a' ; :p1 own:r1 ."])) == set()


def test_an_ontology_that_contradicts_itself_is_refused(make_register: MakeRegister) -> None:
    with pytest.raises(FindingsError, match="contradicts itself"):
        collected(make_register, [":C1 a owl:Nothing ."], ["own:r0 a :C0 ."])


@pytest.mark.parametrize(
    "axiom",
    [
        ":p0 owl:propertyChainAxiom () .",
        ":C1 owl:intersectionOf () .",
        ":C0 rdfs:subClassOf 'a text' .",
        ":p0 rdfs:subPropertyOf 'a text' ; rdfs:range 1 ; owl:inverseOf 'x' ; owl:propertyChainAxiom 'y' .",
        "[] a owl:AllDisjointClasses .",
        "[] a owl:AllDisjointClasses ; owl:members :C0 .",
    ],
)
def test_axioms_that_say_nothing_do_no_harm(make_register: MakeRegister, axiom: str) -> None:
    graphs = collected(make_register, [axiom, ":C0 rdfs:subClassOf :C2 ."], ["own:r0 a :C0 ; :p0 own:r1 ."])
    assert entailed(graphs) == {f"<{BASE}id/r0> {TYPE} <https://example.org/o#C2> ."}


def test_a_list_without_an_end_is_refused(make_register: MakeRegister) -> None:
    endless = ":p0 owl:propertyChainAxiom _:l . _:l rdf:first :p1 ; rdf:rest _:l ."
    with pytest.raises(FindingsError, match="can't be understood"):
        collected(make_register, [endless], ["own:r0 a :C0 ."])


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ("<https://w3id.org/vertragsgraph/ontology#Contract>", 4),
        ("<https://schema.org/Organization>", None),
        ("<http://www.w3.org/ns/org#Organization>", None),
        ("<http://xmlns.com/foaf/0.1/Person>", None),
        ("<http://www.w3.org/ns/prov#Entity>", None),
    ],
)
def test_who_knows_other_vocabularies_finds_the_register(register_copy: Path, wanted: str, count: int | None) -> None:
    graphs = collect(load_register(register_copy), register_copy / "graphs")
    store = stored(graphs, graphs.roles)
    found = {quad.subject.value for quad in store.quads_for_pattern(None, None, None) if str(quad.object) == wanted}
    assert found
    assert count is None or len(found) == count


def test_the_parsed_result_has_no_anonymous_terms(make_register: MakeRegister) -> None:
    axioms = [
        "[ owl:onProperty :p0 ; owl:someValuesFrom :C0 ] rdfs:subClassOf :C1 .",
        ":C1 rdfs:subClassOf [ owl:onProperty :p1 ; owl:hasValue own:r3 ] .",
    ]
    graphs = collected(make_register, axioms, ["own:r0 :p0 own:r1 .", "own:r1 a :C0 ."])
    found = {str(quad.triple) for quad in parse("\n".join(entailed(graphs)), format=RdfFormat.N_TRIPLES)}
    assert found == {
        f"<{BASE}id/r0> {TYPE} <https://example.org/o#C1>",
        f"<{BASE}id/r0> <https://example.org/o#p1> <{BASE}id/r3>",
    }
