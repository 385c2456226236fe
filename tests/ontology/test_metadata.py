"""What a published ontology should say of itself (the checks of FOOPS!)."""

from __future__ import annotations

import re

import pytest
from rdflib import DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef

from vertragsgraph.rdf.namespaces import ONTOLOGY_IRI

from .conftest import ROOT
from .test_logic import closed

VANN = Namespace("http://purl.org/vocab/vann/")
SCHEMA = Namespace("https://schema.org/")
BIBO = Namespace("http://purl.org/ontology/bibo/")
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

    assert count(OWL.Class) <= 32
    assert count(OWL.ObjectProperty, OWL.DatatypeProperty) <= 88


def test_foreign_terms_are_reused(ontology: Graph) -> None:
    aligned = {
        str(broader).removesuffix(str(broader).replace("#", "/").rsplit("/", 1)[-1])
        for predicate in (RDFS.subClassOf, RDFS.subPropertyOf)
        for broader in ontology.objects(None, predicate)
    }
    assert aligned >= {
        "http://www.w3.org/ns/org#",
        "http://www.w3.org/ns/prov#",
        "http://www.w3.org/2004/02/skos/core#",
        "http://xmlns.com/foaf/0.1/",
        "http://purl.org/dc/terms/",
        "https://schema.org/",
    }


def examples(ontology: Graph, apart: bool = False) -> dict[str, Graph]:
    """What the example of each class says; about the same resources as the others, or (`apart`) about its own."""
    prefixes = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in ontology.namespaces())
    classes = [term for term in own_terms(ontology) if (term, RDF.type, OWL.Class) in ontology]
    texts = {term.removeprefix(str(VG)): ontology.value(term, SKOS.example) for term in classes}
    return {
        name: Graph().parse(data=f"{prefixes}@prefix ex: <https://example.org/{name if apart else ''}> .\n{text}")
        for name, text in texts.items()
    }


def test_every_class_has_an_example_of_it(ontology: Graph) -> None:
    apart = examples(ontology, apart=True)
    graph, contradictions = closed(ontology, *apart.values())
    assert contradictions == []
    wrong = []
    for name, example in apart.items():
        instances = [item for item in graph.subjects(RDF.type, VG[name]) if (item, None, None) in example]
        mentioned = {*example.objects()} & {*ontology.subjects(RDF.type, VG[name])}
        entailed = [item for item in graph.subjects(RDF.type, VG[name]) if (None, None, item) in example]
        if not (instances or mentioned or entailed):
            wrong.append(name)
    assert wrong == []


def test_the_examples_tell_one_story_with_known_terms(ontology: Graph) -> None:
    story = Graph()
    for example in examples(ontology).values():
        story += example
    assert closed(ontology, story)[1] == []
    used = {*story.predicates(), *story.objects(None, RDF.type)} - {RDF.type, RDFS.label, RDF.Statement}
    used -= {RDF.subject, RDF.predicate, RDF.object}
    assert {term for term in used if (term, RDF.type, None) not in ontology} == set()


def test_the_vocabulary_says_nothing_of_a_register() -> None:
    for folder in ("ontology", "shapes"):
        for path in (ROOT / folder).iterdir():
            assert not re.search(r"hess|vertragsgraph/(?!ontology|shapes)", path.read_text("utf-8"), re.IGNORECASE), (
                path
            )


def test_the_version_before_is_named(ontology: Graph) -> None:
    before = ontology.value(IRI, OWL.priorVersion)
    assert str(before).startswith(f"{IRI}/")
    assert before != ontology.value(IRI, OWL.versionIRI)


def test_the_authors_have_a_name(ontology: Graph) -> None:
    for predicate in (DCTERMS.creator, DCTERMS.contributor, DCTERMS.publisher):
        assert ontology.value(ontology.value(IRI, predicate), FOAF.name)
