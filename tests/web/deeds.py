"""A small register from scans and paper, whose dates are known only roughly. Everything in it is invented."""

from __future__ import annotations

from pathlib import Path

from vertragsgraph.register import start_register

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
BASE = "https://example.org/r/"
DATES = {
    "around": "2015~",
    "presumably": "2015?",
    "decade": "201X",
    "century": "20XX",
    "before": "../2018",
    "later": "2019/..",
    "between": "2014/2016",
    "month": "2015-06-XX",
    "spring": "2015-03/2015-05",
}
"""Contracts, each with the date of its conclusion."""
PLACES = {
    "around": "vg:pdfPage 3",
    "presumably": 'vg:page "IV" ; vg:pdfPage "7"^^xsd:positiveInteger',
    "decade": 'vg:folio "12r"',
    "century": 'vg:paragraph "4"',
    "before": 'vg:page "12"',
}
"""Where the words stand that prove it; the others are on the first page."""
PAPER = {"decade", "century"}
PREFIXES = """\
@prefix contract: <id/contract/> .
@prefix signing: <id/signing/> .
@prefix grant: <id/grant/> .
@prefix person: <id/person/> .
@prefix office: <id/office/> .
@prefix tenure: <id/tenure/> .
@prefix organisation: <id/organisation/> .
@prefix topic: <id/topic/> .
@prefix source: <id/source/> .
@prefix evidence: <id/evidence/> .
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix schema: <https://schema.org/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix oa: <http://www.w3.org/ns/oa#> .

"""
JUDGED = 'dcterms:creator organisation:editors ; dcterms:date "2026-05-05"^^xsd:date .\n'
SEEN = 'vg:seenBy organisation:archive ; vg:seenOn "2026-05-04"^^xsd:date'
GRANT = """
grant:around a vg:Grant ; {grant} ;
    schema:startDate "2015~"^^edtf:EDTF ; schema:endDate "2019/.."^^edtf:EDTF .
"""
PEOPLE = """
person:doe a vg:Person ; {person} .
office:mayor a vg:Office ; {office} .
tenure:doe-mayor a vg:Tenure ; {tenure} ;
    org:member person:doe ; vg:inOffice office:mayor ;
    schema:startDate "../2014"^^edtf:EDTF ; vg:heldOn "201X"^^edtf:EDTF .
"""
SOURCES = f"""
organisation:archive a foaf:Agent ; {{archive}} .
source:scan a vg:SourceDocument ; {{scan}} ;
    dcterms:identifier "Scan 2021/14" ; dcterms:issued "2015?"^^edtf:EDTF ; schema:url <https://example.org/scan.pdf> .
source:deed a vg:SourceDocument ; {{deed}} ;
    dcterms:identifier "CC 2021/14" ; vg:heldBy organisation:archive .
source:held a vg:SourceDocument ; {{held}} ;
    dcterms:identifier "S2" ; schema:sha256 "{"0" * 64}" ; vg:heldBy organisation:archive .
"""


def labels(text: str) -> str:
    return "rdfs:label " + " , ".join(f'"{text}"@{language}' for language in ("en", "de", "fr"))


def contract(name: str) -> str:
    funding = "vg:Funded ; schema:funding grant:around" if name == "around" else "vg:NotStated"
    return f"""
contract:{name} a vg:Contract ; {labels(f"Contract {name}")} ;
    vg:contractingParty organisation:example-authority ; vg:partner organisation:example-partner ;
    vg:theme "Bootsbau {name}"@de ; vg:topic topic:sport ; vg:fundingStatus {funding} .
signing:{name} a vg:Signing ; {labels(f"Conclusion {name}")} ;
    vg:concerns contract:{name} ; vg:date "{DATES[name]}"^^edtf:EDTF .
"""


def statements(name: str) -> list[str]:
    told = [
        (f"contract:{name}", "vg:contractingParty", "organisation:example-authority"),
        (f"contract:{name}", "vg:partner", "organisation:example-partner"),
        (f"contract:{name}", "vg:theme", f'"Bootsbau {name}"@de'),
        (f"contract:{name}", "vg:topic", "topic:sport"),
        (f"contract:{name}", "vg:fundingStatus", "vg:Funded" if name == "around" else "vg:NotStated"),
        (f"signing:{name}", "vg:concerns", f"contract:{name}"),
        (f"signing:{name}", "vg:date", f'"{DATES[name]}"^^edtf:EDTF'),
    ]
    if name == "around":
        told += [
            ("contract:around", "schema:funding", "grant:around"),
            ("grant:around", "schema:startDate", '"2015~"^^edtf:EDTF'),
            ("grant:around", "schema:endDate", '"2019/.."^^edtf:EDTF'),
            ("tenure:doe-mayor", "org:member", "person:doe"),
            ("tenure:doe-mayor", "vg:inOffice", "office:mayor"),
            ("tenure:doe-mayor", "schema:startDate", '"../2014"^^edtf:EDTF'),
            ("tenure:doe-mayor", "vg:heldOn", '"201X"^^edtf:EDTF'),
        ]
    return [f"[ rdf:subject {s} ; rdf:predicate {p} ; rdf:object {o} ]" for s, p, o in told]


def entry(name: str) -> str:
    return f"""
evidence:{name} a vg:Evidence ;
    vg:supports {" , ".join(statements(name))} ;
    vg:supportKind vg:Stated ; oa:hasSource source:{"deed" if name in PAPER else "scan"} ;
    oa:exact "Über den Bootsbau {name} ist man einig geworden" ;
    {PLACES.get(name, 'vg:page "1"')} ; {SEEN} ;
    {JUDGED}"""


HELD = f"""
evidence:held a vg:Evidence ;
    vg:supports [ rdf:subject contract:around ; rdf:predicate vg:topic ; rdf:object topic:sport ] ;
    vg:supportKind vg:Stated ; oa:hasSource source:held ;
    oa:exact "Bootsbau" ; oa:start 3 ; oa:end 11 ;
    {JUDGED}"""
CITED = f"""
evidence:cited a vg:Evidence ;
    vg:supports [ rdf:subject contract:later ; rdf:predicate vg:topic ; rdf:object topic:sport ] ;
    vg:supportKind vg:Cited ; oa:hasSource source:scan ; vg:pdfPage 9 ;
    {JUDGED}"""


def write_register(folder: Path) -> Path:
    """Write the register that `init` makes, with one text at hand, and beside it what comes from scans and paper."""
    start_register(folder, base=BASE, languages=["en", "de", "fr"])
    named = {
        name: labels(f"A {name}") for name in ("grant", "person", "office", "tenure", "archive", "scan", "deed", "held")
    }
    files = {
        "contracts/deeds.ttl": "".join(map(contract, DATES)) + GRANT.format(**named),
        "people/deeds.ttl": PEOPLE.format(**named),
        "sources/deeds.ttl": SOURCES.format(**named),
        "evidence/deeds.ttl": "".join(map(entry, DATES)) + HELD + CITED,
    }
    for name, text in files.items():
        path = folder / "data" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(PREFIXES + text, "utf-8")
    return folder
