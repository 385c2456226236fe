"""What a published ontology should say of itself (the checks of FOOPS!)."""

from __future__ import annotations

import hashlib

import pytest
from rdflib import DCTERMS, FOAF, OWL, RDF, RDFS, XSD, Graph, Literal, Namespace, URIRef

from vertragsgraph.register import ONTOLOGY_IRI, Register

VANN = Namespace("http://purl.org/vocab/vann/")
BIBO = Namespace("http://purl.org/ontology/bibo/")
SCHEMA = Namespace("https://schema.org/")
VG = Namespace(f"{ONTOLOGY_IRI}#")
IRI = URIRef(ONTOLOGY_IRI)


def own_terms(ontology: Graph) -> list[URIRef]:
    return sorted({s for s in ontology.subjects(RDF.type) if isinstance(s, URIRef) and s.startswith(str(VG))})


def test_the_ontology_has_the_iri_under_which_it_is_published(ontology: Graph) -> None:
    assert list(ontology.subjects(RDF.type, OWL.Ontology)) == [IRI]
    assert str(IRI).startswith("https://w3id.org/")


def test_the_version_has_an_iri_of_its_own_that_ends_with_its_number(ontology: Graph) -> None:
    version = ontology.value(IRI, OWL.versionIRI)
    assert version != IRI
    assert str(version) == f"{IRI}/{ontology.value(IRI, OWL.versionInfo)}"


@pytest.mark.parametrize(
    "predicate",
    [
        DCTERMS.license,
        DCTERMS.creator,
        DCTERMS.contributor,
        DCTERMS.publisher,
        DCTERMS.created,
        DCTERMS.issued,
        DCTERMS.modified,
        DCTERMS.source,
        DCTERMS.bibliographicCitation,
        OWL.versionInfo,
        FOAF.logo,
        BIBO.status,
        VANN.preferredNamespacePrefix,
        VANN.preferredNamespaceUri,
        SCHEMA.includedInDataCatalog,
    ],
)
def test_the_metadata_are_complete(ontology: Graph, predicate: URIRef) -> None:
    assert ontology.value(IRI, predicate, any=True) is not None


@pytest.mark.parametrize("predicate", [DCTERMS.title, DCTERMS.description, DCTERMS.abstract])
def test_texts_about_the_ontology_are_in_both_languages(ontology: Graph, predicate: URIRef) -> None:
    assert sorted(text.language for text in ontology.objects(IRI, predicate)) == ["de", "en"]


@pytest.mark.parametrize("predicate", [DCTERMS.created, DCTERMS.issued, DCTERMS.modified])
def test_dates_are_dates(ontology: Graph, predicate: URIRef) -> None:
    date = ontology.value(IRI, predicate)
    assert isinstance(date, Literal)
    assert date.datatype == XSD.date
    assert date.ill_typed is False


def test_the_preferred_namespace_is_that_of_the_terms(ontology: Graph) -> None:
    assert str(ontology.value(IRI, VANN.preferredNamespaceUri)) == str(VG)
    assert str(ontology.value(IRI, VANN.preferredNamespacePrefix)) == "vg"


@pytest.mark.parametrize("predicate", [RDFS.label, RDFS.comment])
def test_every_term_has_label_and_definition_in_both_languages(ontology: Graph, predicate: URIRef) -> None:
    languages = {
        term: sorted(text.language for text in ontology.objects(term, predicate)) for term in own_terms(ontology)
    }
    assert {term: found for term, found in languages.items() if found != ["de", "en"]} == {}


def test_every_term_says_where_it_is_defined(ontology: Graph) -> None:
    assert [term for term in own_terms(ontology) if (term, RDFS.isDefinedBy, IRI) not in ontology] == []


def test_the_vocabulary_is_small(ontology: Graph) -> None:
    def count(*kinds: URIRef) -> int:
        return len([term for term in own_terms(ontology) if any((term, RDF.type, kind) in ontology for kind in kinds)])

    assert count(OWL.Class) <= 25
    assert count(OWL.ObjectProperty, OWL.DatatypeProperty) <= 42


def test_foreign_terms_are_reused(ontology: Graph) -> None:
    aligned = {
        str(broader).removesuffix(str(broader).replace("#", "/").rsplit("/", 1)[-1])
        for predicate in (RDFS.subClassOf, RDFS.subPropertyOf)
        for broader in ontology.objects(None, predicate)
    }
    assert aligned >= {
        "http://www.w3.org/ns/org#",
        "http://www.w3.org/ns/prov#",
        "http://www.w3.org/ns/oa#",
        "http://www.w3.org/2004/02/skos/core#",
        "http://xmlns.com/foaf/0.1/",
        "http://purl.org/dc/terms/",
        "https://schema.org/",
    }


def test_every_class_has_an_example_that_the_register_holds(ontology: Graph, data: Graph, register: Register) -> None:
    wrong = []
    for term in own_terms(ontology):
        if (term, RDF.type, OWL.Class) not in ontology:
            continue
        example = ontology.value(term, VANN.example)
        kinds = {*data.objects(example, RDF.type), *ontology.objects(example, RDF.type)}
        if example is None or not any(term in ontology.transitive_objects(kind, RDFS.subClassOf) for kind in kinds):
            wrong.append(str(term).removeprefix(str(VG)))
    # a partner is one by what contracts say; the last three are made of the evidence
    assert sorted(wrong) == ["Disagreement", "Evidence", "Partner", "Statement"]
    partner = ontology.value(VG.Partner, VANN.example)
    assert (None, VG.partner, partner) in data


def test_the_example_of_a_statement_is_the_one_its_evidence_names(ontology: Graph, register: Register) -> None:
    line = f"<{register.iri('id/contract/drk-hessen')}> <{VG.partner}> <{register.iri('id/organisation/drk-hessen')}> ."
    name = hashlib.sha256(line.encode()).hexdigest()[:16]
    assert str(ontology.value(VG.Statement, VANN.example)) == register.iri(f"id/statement/{name}")
    evidence = str(ontology.value(VG.Evidence, VANN.example)).rpartition("/")[2]
    text = (register.data / "evidence" / "drk-hessen.ttl").read_text("utf-8")
    entry = text.partition(f"evidence:{evidence} a vg:Evidence")[2].partition("\n\n")[0]
    assert "rdf:subject contract:drk-hessen ; rdf:predicate vg:partner" in entry
