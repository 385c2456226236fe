"""A register of invented contracts with a life: extended, amended, ended, replaced, signed on several days and by a deputy."""

from __future__ import annotations

import shutil
from collections import defaultdict
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from vertragsgraph.rdf.namespaces import VG
from vertragsgraph.register import load_register, shipped_folder, start_register

BASE = "https://vertraege.musterland.example/"
SHA256 = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
PREFIXES = f"""@prefix : <{BASE}id/> . @prefix vg: <{VG}> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix schema: <https://schema.org/> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix oa: <http://www.w3.org/ns/oa#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix prov: <http://www.w3.org/ns/prov#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
CONTRACT = """vg:contractingParty :organisation\\/ministerium ; vg:topic :topic\\/sport ; vg:theme "Breitensport"@de ;
    vg:fundingStatus vg:NotStated"""
CONTRACTS = f"""
# Signed on two days, for one side by a deputy; amended once, extended twice; with its text and an annex.
:contract\\/chor a vg:Contract ; rdfs:label "Vertrag mit dem Chorverband"@de , "Contract with the choir association"@en ;
    vg:partner :organisation\\/chorverband ; {CONTRACT} ;
    dcterms:identifier "KU 41-12/2019" , "Chor 7" ;
    schema:startDate "2020-01-01"^^xsd:date ; schema:duration "P3Y"^^xsd:duration ;
    vg:contractText :document\\/chor ; vg:annex :document\\/chor-plan .
:document\\/chor a vg:ContractDocument ; rdfs:label "Vertragstext Chorverband"@de , "Text of the choir contract"@en ;
    schema:url <https://example.org/chor.pdf> ; schema:sha256 "{SHA256}" ; schema:encodingFormat "application/pdf" ;
    dcterms:language "de" ; dcterms:identifier "Blatt 17" .
:document\\/chor-plan a vg:ContractDocument ; rdfs:label "Finanzplan der Chöre"@de , "Budget of the choirs"@en .
:signing\\/chor a vg:Signing ; rdfs:label "Abschluss Chor"@de , "Conclusion choir"@en ; vg:concerns :contract\\/chor ;
    vg:date "2019-12-12"^^xsd:date ; dcterms:hasPart :signature\\/chor-land , :signature\\/chor-verband .
:signature\\/chor-land a vg:Signature ; rdfs:label "Unterschrift des Landes"@de , "Signature of the state"@en ;
    vg:date "2019-12-10"^^xsd:date ; vg:actedAs :tenure\\/berg ; vg:inPlaceOf :tenure\\/tal ;
    vg:onBehalfOf :organisation\\/ministerium ; schema:location :place\\/musterstadt .
:signature\\/chor-verband a vg:Signature ; rdfs:label "Unterschrift des Verbands"@de , "Signature of the association"@en ;
    vg:date "2019-12-12"^^xsd:date ; vg:actor :person\\/see ; vg:onBehalfOf :organisation\\/chorverband .
:amendment\\/chor a vg:Amendment ; rdfs:label "Änderung Chor"@de , "Amendment choir"@en ; vg:concerns :contract\\/chor ;
    vg:date "2021"^^xsd:gYear ; vg:effectiveFrom "2021-07"^^xsd:gYearMonth ;
    vg:content "Kinderchöre nehmen teil."@de , "Children’s choirs take part."@en .
:extension\\/chor-eins a vg:Extension ; rdfs:label "Erste Verlängerung Chor"@de , "First extension choir"@en ;
    vg:concerns :contract\\/chor ; vg:date "2022-10-05"^^xsd:date ; vg:effectiveUntil "2024-12-31"^^xsd:date .
:extension\\/chor-zwei a vg:Extension ; rdfs:label "Zweite Verlängerung Chor"@de , "Second extension choir"@en ;
    vg:concerns :contract\\/chor ; vg:date "2024-11"^^xsd:gYearMonth ; vg:effectiveUntil "2199-12-31"^^xsd:date ;
    vg:contractText :document\\/chor-zwei .
:document\\/chor-zwei a vg:ContractDocument ; rdfs:label "Zweite Vereinbarung"@de , "Second agreement"@en .

# Ended before its time by the partner, then replaced.
:contract\\/rudern a vg:Contract ; rdfs:label "Vertrag mit den Ruderern"@de , "Contract with the rowers"@en ;
    vg:partner :organisation\\/ruderverband ; {CONTRACT} ;
    schema:startDate "2015"^^xsd:gYear ; schema:endDate "2018-12-31"^^xsd:date .
:signing\\/rudern a vg:Signing ; rdfs:label "Abschluss Rudern"@de , "Conclusion rowing"@en ; vg:concerns :contract\\/rudern .
:termination\\/rudern a vg:Termination ; rdfs:label "Kündigung Rudern"@de , "Notice rowing"@en ;
    vg:concerns :contract\\/rudern ; vg:date "2017-02-03"^^xsd:date ; vg:effectiveUntil "2017-06"^^xsd:gYearMonth ;
    vg:onBehalfOf :organisation\\/ruderverband ;
    vg:reason "Das Bootshaus brannte ab."@de , "The boathouse burnt down."@en .
:contract\\/rudern-neu a vg:Contract ; rdfs:label "Neuer Vertrag mit den Ruderern"@de , "New contract with the rowers"@en ;
    vg:partner :organisation\\/ruderverband ; {CONTRACT} ; dcterms:replaces :contract\\/rudern ;
    schema:startDate "2190-01"^^xsd:gYearMonth ; schema:endDate "2195"^^xsd:gYear .
:signing\\/rudern-neu a vg:Signing ; rdfs:label "Abschluss Rudern neu"@de , "New conclusion rowing"@en ;
    vg:concerns :contract\\/rudern-neu .

# For an indefinite term; and one of which nothing is known.
:contract\\/wandern a vg:Contract ; rdfs:label "Vertrag mit den Wanderern"@de , "Contract with the hikers"@en ;
    vg:partner :organisation\\/ruderverband ; {CONTRACT} ;
    schema:startDate "2016-05-01"^^xsd:date ; vg:indefinite true .
:signing\\/wandern a vg:Signing ; rdfs:label "Abschluss Wandern"@de , "Conclusion hiking"@en ; vg:concerns :contract\\/wandern .
:contract\\/still a vg:Contract ; rdfs:label "Stiller Vertrag"@de , "Silent contract"@en ;
    vg:partner :organisation\\/ruderverband ; {CONTRACT} .
:signing\\/still a vg:Signing ; rdfs:label "Abschluss still"@de , "Silent conclusion"@en ; vg:concerns :contract\\/still .
"""
OTHERS = {
    "organisations.ttl": """
:organisation\\/ministerium a vg:Ministry ; rdfs:label "Sportministerium"@de , "Ministry of Sport"@en .
:organisation\\/chorverband a vg:Organisation ; rdfs:label "Chorverband"@de , "Choir association"@en .
:organisation\\/ruderverband a vg:Organisation ; rdfs:label "Ruderverband"@de , "Rowing association"@en .
:organisation\\/redaktion a foaf:Agent , prov:Agent ; rdfs:label "Redaktion"@de , "Editors"@en .
:office\\/ministerin a vg:MinisterialOffice ; rdfs:label "Ministerin"@de , "Minister"@en ;
    org:postIn :organisation\\/ministerium .
:office\\/staatssekretaer a vg:Office ; rdfs:label "Staatssekretär"@de , "State secretary"@en ;
    org:postIn :organisation\\/ministerium .
:place\\/musterstadt a dcterms:Location ; rdfs:label "Musterstadt"@de , "Musterstadt"@en .
""",
    "people.ttl": """
:person\\/tal a vg:Person ; rdfs:label "Thea Tal"@de , "Thea Tal"@en .
:person\\/berg a vg:Person ; rdfs:label "Bert Berg"@de , "Bert Berg"@en .
:person\\/see a vg:Person ; rdfs:label "Sina See"@de , "Sina See"@en .
:tenure\\/tal a vg:Tenure ; rdfs:label "Tal als Ministerin"@de , "Tal as minister"@en ; org:member :person\\/tal ;
    vg:inOffice :office\\/ministerin ; vg:heldOn "2019"^^xsd:gYear .
:tenure\\/berg a vg:Tenure ; rdfs:label "Berg als Staatssekretär"@de , "Berg as state secretary"@en ;
    org:member :person\\/berg ; vg:inOffice :office\\/staatssekretaer ; vg:heldOn "2019"^^xsd:gYear .
""",
    "topics.ttl": """
:topic\\/verzeichnis a skos:ConceptScheme ; rdfs:label "Themen"@de , "Topics"@en .
:topic\\/sport a vg:Topic ; skos:prefLabel "Sport"@de , "sport"@en ; skos:scopeNote "Sport."@de , "Sport."@en ;
    skos:inScheme :topic\\/verzeichnis ; skos:topConceptOf :topic\\/verzeichnis .
""",
    "sources.ttl": """
:source\\/akte a vg:SourceDocument ; rdfs:label "Akte des Ministeriums"@de , "File of the ministry"@en ;
    dcterms:identifier "A1" ; schema:url <https://example.org/akte> .
""",
}


def write_register(folder: Path) -> Path:
    """Write the register into a folder that isn't there yet."""
    start_register(folder, "musterland", BASE, ["de", "en"])
    shutil.rmtree(folder / "data")
    data = folder / "data"
    data.mkdir()
    files = {"contracts.ttl": CONTRACTS, **OTHERS}
    for name, text in files.items():
        (data / name).write_text(PREFIXES + text, "utf-8")
    demanding = _demanding()
    asserted = defaultdict[str, list[Triple]](list)
    for name in files:
        for quad in parse(path=data / name, format=RdfFormat.TURTLE):
            if quad.predicate in demanding:
                asserted[str(quad.subject)].append(quad.triple)
    entries = (_entry(number, of) for number, of in enumerate(asserted.values(), 1))
    (data / "evidence.ttl").write_text(PREFIXES + "".join(entries), "utf-8")
    load_register(folder)
    return folder


def _demanding() -> set[NamedNode]:
    """Return the properties whose statements demand evidence."""
    ontology = parse(path=shipped_folder() / "ontology/vertragsgraph.ttl", format=RdfFormat.TURTLE)
    true = Literal(value=True)
    return {
        quad.subject
        for quad in ontology
        if quad.predicate == NamedNode(VG + "demandsEvidence")
        and quad.object == true
        and isinstance(quad.subject, NamedNode)
    }


def _entry(number: int, triples: list[Triple]) -> str:
    supported = " ,\n    ".join(
        f"[ rdf:subject {t.subject} ; rdf:predicate {t.predicate} ; rdf:object {t.object} ]" for t in triples
    )
    return f""":evidence\\/e{number} a vg:Evidence ; vg:supports {supported} ;
    vg:supportKind vg:Cited ; oa:hasSource :source\\/akte ; dcterms:creator :organisation\\/redaktion ;
    dcterms:date "2026-11-20"^^xsd:date .
"""
