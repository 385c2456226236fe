"""The ontology as logic: within OWL 2 RL by its grammar (test_profiles.py asks OWLAPI), and contradicted by nothing."""

from __future__ import annotations

import pytest
from owlrl.OWLRL import OWLRL_Semantics
from rdflib import OWL, RDF, RDFS, XSD, Graph, Namespace, URIRef

from vertragsgraph.rdf.namespaces import ONTOLOGY_IRI
from vertragsgraph.register import Register

VG = Namespace(f"{ONTOLOGY_IRI}#")

# Each of these may stand where the ontology uses it by the grammar of OWL 2 RL (OWL 2 Profiles, section 4.2).
ALLOWED = {
    *(OWL.Ontology, OWL.versionIRI, OWL.versionInfo, OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty),
    *(OWL.AnnotationProperty, OWL.NamedIndividual, OWL.AllDisjointClasses, OWL.members, OWL.differentFrom),
    *(OWL.inverseOf, OWL.SymmetricProperty, OWL.FunctionalProperty, OWL.propertyChainAxiom),
    *(OWL.priorVersion, OWL.backwardCompatibleWith, OWL.incompatibleWith),
}
DATATYPES = {RDFS.Literal, XSD.decimal, XSD.integer, XSD.boolean, XSD.string}


def closed(*graphs: Graph) -> tuple[Graph, list[str]]:
    """Return the graphs together, closed by the rules of OWL 2 RL, and what they contradict."""
    graph = Graph()
    for part in graphs:
        graph += part
    semantics = OWLRL_Semantics(graph, axioms=False, daxioms=False)
    semantics.closure()
    return graph, semantics.error_messages


def test_only_constructs_of_the_profile_are_used(ontology: Graph) -> None:
    used = {term for triple in ontology for term in triple if isinstance(term, URIRef) and term.startswith(str(OWL))}
    assert used - ALLOWED == set()


def reserved(ontology: Graph) -> set[URIRef]:
    """Return the IRIs that stand for classes and properties and are reserved (OWL 2 Structural Specification, section 2.4).

    `rdfs:label` and the like are annotation properties that OWL itself has (section 5.5).
    """
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    axioms = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.inverseOf, OWL.equivalentClass)
    terms = {term for kind in kinds for term in ontology.subjects(RDF.type, kind)}
    terms |= {term for axiom in axioms for pair in ontology.subject_objects(axiom) for term in pair}
    terms -= {OWL.Thing, OWL.Nothing, RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, *DATATYPES}
    return {term for term in terms if str(term).startswith((str(RDF), str(RDFS), str(OWL), str(XSD)))}


def test_reserved_vocabulary_stands_for_no_class_and_no_property(ontology: Graph) -> None:
    assert reserved(ontology) == set()
    ontology = ontology + Graph().add((VG.Statement, RDFS.subClassOf, RDF.Statement))
    assert reserved(ontology) == {RDF.Statement}


def test_only_datatypes_of_the_profile_are_used(ontology: Graph) -> None:
    properties = ontology.subjects(RDF.type, OWL.DatatypeProperty)
    assert {kind for item in properties for kind in ontology.objects(item, RDFS.range)} <= DATATYPES


def test_classes_are_named_wherever_they_stand(ontology: Graph) -> None:
    for predicate in (RDFS.subClassOf, RDFS.domain, RDFS.range):
        assert all(isinstance(o, URIRef) for o in ontology.objects(None, predicate))


def test_a_property_is_of_one_kind(ontology: Graph) -> None:
    kinds = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.Class, OWL.NamedIndividual}
    several = [s for s in ontology.subjects() if len(kinds & set(ontology.objects(s, RDF.type))) > 1]
    assert several == []


def test_functional_properties_are_simple(ontology: Graph) -> None:
    """No property that is implied by a chain may be functional (OWL 2 Structural Specification, section 11.2)."""
    chained = {*ontology.subjects(OWL.propertyChainAxiom)}
    chained |= {
        inverse for inverse in ontology.subjects(OWL.inverseOf) if ontology.value(inverse, OWL.inverseOf) in chained
    }
    assert not chained & {*ontology.subjects(RDF.type, OWL.FunctionalProperty)}


def test_the_ontology_alone_contradicts_nothing(ontology: Graph) -> None:
    assert closed(ontology)[1] == []


@pytest.mark.slow
def test_the_data_contradict_nothing_and_say_what_they_should(ontology: Graph, data: Graph, register: Register) -> None:
    graph, contradictions = closed(ontology, data)
    assert contradictions == []
    base = register.iri("id/")

    def instances(kind: URIRef) -> set[str]:
        return {str(s).removeprefix(base) for s in graph.subjects(RDF.type, kind) if str(s).startswith(base)}

    schema, org = Namespace("https://schema.org/"), Namespace("http://www.w3.org/ns/org#")
    partners = {
        f"organisation/{name}" for name in ("bildungsstaette-anne-frank", "drk-hessen", "hessischer-jugendring", "iaf")
    }
    assert len(instances(VG.Contract)) == 4
    assert instances(VG.Partner) == partners
    assert partners < instances(schema.Organization) == instances(org.Organization)
    assert not instances(schema.Organization) & instances(schema.Person)


@pytest.mark.parametrize(
    "seed",
    [
        ("person/kai-klose", RDF.type, VG.Organisation),
        ("organisation/iaf", RDF.type, VG.Person),
        ("signing/iaf", RDF.type, VG.Presentation),
        ("person/kai-klose", VG.partnerIn, "contract/iaf"),
    ],
)
def test_a_contradiction_is_found(
    ontology: Graph, data: Graph, register: Register, seed: tuple[str | URIRef, ...]
) -> None:
    subject, predicate, value = (URIRef(register.iri(f"id/{x}")) if not isinstance(x, URIRef) else x for x in seed)
    part = Graph()
    for node in (subject, value):
        part += data.triples((node, None, None))
    part.add((subject, predicate, value))
    assert closed(ontology, part)[1]
