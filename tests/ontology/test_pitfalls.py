"""Pitfalls of ontologies, by the codes of OOPS! (https://oops.linkeddata.es/catalogue.jsp).

Each is a query for what is wrong; each query is also shown an ontology that has the pitfall, so that it is known to
find it. The queries look at the terms of one namespace, `:`.
"""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, Store
from rdflib import Graph

from vertragsgraph.rdf.namespaces import ONTOLOGY_IRI

PREFIXES = f"""
PREFIX : <{ONTOLOGY_IRI}#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX schema: <https://schema.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
OWN = "FILTER (STRSTARTS(STR(?x), STR(:)))"
PROPERTIES = "(owl:ObjectProperty, owl:DatatypeProperty)"
PROPERTY = f"?x a ?kind . FILTER (?kind IN {PROPERTIES})"
OTHER_OF_THAT_NAME = (
    """?y a ?kind2 . FILTER (?y != ?x && REPLACE(STR(?x), "^.*[#/]", "") = REPLACE(STR(?y), "^.*[#/]", ""))"""
)

PITFALLS = {
    "P04 unconnected": f"""?x a owl:Class . {OWN}
        FILTER NOT EXISTS {{ ?x rdfs:subClassOf|^rdfs:subClassOf ?y . FILTER (STRSTARTS(STR(?y), STR(:))) }}
        FILTER NOT EXISTS {{ ?p rdfs:domain|rdfs:range|schema:domainIncludes|schema:rangeIncludes ?x }}""",
    "P05 wrong inverse": f"""?x owl:inverseOf ?y . {OWN} FILTER (STRSTARTS(STR(?y), STR(:)))
        FILTER NOT EXISTS {{ ?x rdfs:domain|schema:domainIncludes ?a ; rdfs:range|schema:rangeIncludes ?b .
            ?y rdfs:domain|schema:domainIncludes ?b ; rdfs:range|schema:rangeIncludes ?a }}""",
    "P06 cycle": f"?x rdfs:subClassOf+|rdfs:subPropertyOf+ ?x . {OWN}",
    "P07 merged": f"""?x rdfs:label ?l . {OWN} FILTER (REGEX(STR(?x), "[a-z](And|Or)[A-Z]") || REGEX(?l, " (and|or|und|oder) "))""",
    "P08 no annotation": f"""?x a ?k . {OWN} FILTER (STRSTARTS(STR(?k), STR(owl:)))
        FILTER NOT EXISTS {{ ?x rdfs:label ?l ; rdfs:comment ?c }}""",
    "P10 no disjointness": f"""?x a owl:Class . {OWN}
        FILTER NOT EXISTS {{ ?x rdfs:subClassOf*/(owl:disjointWith|^owl:disjointWith|^rdf:first) ?d }}""",
    "P11 no domain or range": f"""{PROPERTY} {OWN}
        FILTER NOT EXISTS {{ ?x rdfs:domain|schema:domainIncludes ?d ; rdfs:range|schema:rangeIncludes ?r }}""",
    "P12 equivalent properties undeclared": f"""{PROPERTY} {OWN} {OTHER_OF_THAT_NAME} FILTER (?kind2 IN {PROPERTIES})
        FILTER NOT EXISTS {{ ?x rdfs:subPropertyOf|owl:equivalentProperty|^owl:equivalentProperty ?y }}""",
    "P13 no inverse": f"""?x a owl:ObjectProperty . {OWN} FILTER NOT EXISTS {{ ?x a owl:SymmetricProperty }}
        FILTER NOT EXISTS {{ ?x owl:inverseOf|^owl:inverseOf ?y . FILTER (STRSTARTS(STR(?y), STR(:))) }}""",
    "P19 several domains or ranges": f"""{{ ?x rdfs:domain ?d, ?e }} UNION {{ ?x rdfs:range ?d, ?e }} {OWN}
        FILTER (?d != ?e)""",
    "P22 mixed naming": f"""?x a ?k . {OWN} BIND (REPLACE(STR(?x), "^.*#", "") AS ?name)
        FILTER (CONTAINS(?name, "_") || CONTAINS(?name, "-") ||
                (?k IN (owl:Class, owl:NamedIndividual) && !REGEX(?name, "^[A-Z]")) ||
                (?k IN (owl:ObjectProperty, owl:DatatypeProperty, owl:AnnotationProperty) && !REGEX(?name, "^[a-z]")))""",
    "P24 recursive definition": f"""?x rdfs:subClassOf|owl:equivalentClass ?b . {OWN} FILTER (ISBLANK(?b))
        ?b (!(rdfs:subClassOf|rdfs:isDefinedBy|rdf:type))+ ?x .""",
    "P25 inverse of itself": f"?x owl:inverseOf ?x . {OWN}",
    "P26 inverse of a symmetric one": f"?x a owl:SymmetricProperty ; owl:inverseOf|^owl:inverseOf ?y . {OWN}",
    "P30 equivalent classes undeclared": f"""?x a owl:Class . {OWN} {OTHER_OF_THAT_NAME} FILTER (?kind2 = owl:Class)
        FILTER NOT EXISTS {{ ?x rdfs:subClassOf|owl:equivalentClass|^owl:equivalentClass ?y }}""",
    "P32 same label": f"""?x rdfs:label ?l ; a ?kind . ?y rdfs:label ?m ; a ?kind . {OWN}
        FILTER (?x != ?y && LCASE(STR(?l)) = LCASE(STR(?m)) && LANG(?l) = LANG(?m))""",
    "P33 chain of one": f"?x owl:propertyChainAxiom ?c . ?c rdf:rest rdf:nil . {OWN}",
    "P34 untyped class": """?p rdfs:domain|rdfs:range|^rdfs:subClassOf|rdfs:subClassOf ?x .
        FILTER (ISIRI(?x) && !STRSTARTS(STR(?x), STR(xsd:)) && ?x != rdfs:Literal)
        FILTER NOT EXISTS { ?x a owl:Class }""",
    "P35 untyped property": f"""?x rdfs:domain|rdfs:range|rdfs:subPropertyOf|^rdfs:subPropertyOf|owl:inverseOf|^owl:inverseOf ?y .
        FILTER (?x != rdfs:label)
        FILTER NOT EXISTS {{ ?x a ?kind . FILTER (?kind IN {PROPERTIES} || ?kind = owl:AnnotationProperty) }}""",
    "P36 file extension": '?x a owl:Ontology . FILTER REGEX(STR(?x), "[.](owl|rdf|ttl|n3|rdfxml|xml)$")',
    "P38 no ontology": "BIND (: AS ?x) FILTER NOT EXISTS { ?o a owl:Ontology }",
    "P40 hijacking": """?x rdfs:subClassOf|rdfs:domain|rdfs:range|owl:equivalentClass|owl:propertyChainAxiom|owl:disjointWith ?y .
        FILTER (ISIRI(?x) && !STRSTARTS(STR(?x), STR(:)))
        # A chain of own properties says nothing about what others say.
        FILTER NOT EXISTS { ?x owl:propertyChainAxiom/rdf:rest*/rdf:first ?step . FILTER (STRSTARTS(STR(?step), STR(:))) }""",
    "P41 no licence": "?x a owl:Ontology . FILTER NOT EXISTS { ?x dcterms:license|dcterms:rights ?l }",
}

SEEDS = {
    "P04 unconnected": ":A a owl:Class .",
    "P05 wrong inverse": ":p rdfs:domain :A ; rdfs:range :B ; owl:inverseOf :q . :q rdfs:domain :A ; rdfs:range :B .",
    "P06 cycle": ":A rdfs:subClassOf :B . :B rdfs:subClassOf :A .",
    "P07 merged": ':A rdfs:label "style and period"@en .',
    "P08 no annotation": ':A a owl:Class ; rdfs:label "a"@en .',
    "P10 no disjointness": ":A a owl:Class .",
    "P11 no domain or range": ":p a owl:ObjectProperty ; rdfs:domain :A .",
    "P12 equivalent properties undeclared": ":agent a owl:ObjectProperty . schema:agent a owl:ObjectProperty .",
    "P13 no inverse": ":p a owl:ObjectProperty .",
    "P19 several domains or ranges": ":p rdfs:range :A , :B .",
    "P22 mixed naming": ":an_act a owl:Class .",
    "P24 recursive definition": ":A owl:equivalentClass [ owl:onProperty :p ; owl:someValuesFrom :A ] .",
    "P25 inverse of itself": ":p owl:inverseOf :p .",
    "P26 inverse of a symmetric one": ":p a owl:SymmetricProperty . :q owl:inverseOf :p . :p owl:inverseOf :r .",
    "P30 equivalent classes undeclared": ":Person a owl:Class . schema:Person a owl:Class .",
    "P32 same label": ':A a owl:Class ; rdfs:label "act"@en . :B a owl:Class ; rdfs:label "Act"@en .',
    "P33 chain of one": ":p owl:propertyChainAxiom ( :q ) .",
    "P34 untyped class": ":p rdfs:domain :A .",
    "P35 untyped property": ":p rdfs:subPropertyOf :q .",
    "P36 file extension": "<https://example.org/o.owl> a owl:Ontology .",
    "P38 no ontology": ":A a owl:Class .",
    "P40 hijacking": "schema:Person rdfs:subClassOf :Person .",
    "P41 no licence": "<https://example.org/o> a owl:Ontology .",
}


def found(store: Store, pitfall: str) -> list[str]:
    rows = store.query(f"{PREFIXES} SELECT DISTINCT ?x WHERE {{ {PITFALLS[pitfall]} }}")
    return sorted(str(row["x"]) for row in rows)


@pytest.fixture(scope="module")
def published(ontology: Graph) -> Store:
    store = Store()
    store.load(ontology.serialize(format="nt"), RdfFormat.N_TRIPLES)
    return store


@pytest.mark.parametrize("pitfall", PITFALLS)
def test_the_ontology_is_free_of(published: Store, pitfall: str) -> None:
    assert found(published, pitfall) == []


@pytest.mark.parametrize("pitfall", PITFALLS)
def test_the_query_finds(pitfall: str) -> None:
    store = Store()
    store.load(PREFIXES + SEEDS[pitfall], RdfFormat.TURTLE)
    assert found(store, pitfall)
