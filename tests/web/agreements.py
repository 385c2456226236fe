"""A small register, all of it invented: partners that change, that are people or not public, and money in every form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from vertragsgraph.graph.collect import read_document
from vertragsgraph.rdf.namespaces import VG
from vertragsgraph.register import load_register, shipped_folder, start_register

BASE = "https://example.org/a/"
LANGUAGES = ("de", "en", "fr")
KINDS = ("contract", "signing", "grant", "organisation", "change", "person", "office", "tenure", "topic", "source")
PREFIXES = (
    "".join(f"@prefix {kind}: <id/{kind}/> .\n" for kind in (*KINDS, "evidence"))
    + """
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
)

CONTRACTS = """
# name, when concluded, parties, grants
ferry | 2020-05-04 | vg:partner organisation:ferrymen | ferry-boats
locks | 2019-06-03 | vg:partner organisation:canoes | locks-yearly , locks-rooms
quiet | 2021-01-11 | vg:partnerNotPublic true | quiet-range
both | 2022-02-07 | vg:partner organisation:rowers ; vg:partnerNotPublic true | both-ceiling , both-least
weaver | 2023-03-06 | vg:personPartner person:ida ; vg:publicationBasis "§ 5 RegG"@de , "section 5"@en | weaver-monthly
several | 2024-04-08 | vg:partner organisation:rowers , organisation:ferrymen | several-weekly
"""
GRANTS = {
    "ferry-boats": 'schema:amount 12500.5 ; schema:currency "UAH" ; schema:funder organisation:example-authority',
    "locks-yearly": 'schema:amount 40000.0 ; vg:amountPer "P1Y"^^xsd:duration ; schema:currency "EUR" ; '
    'schema:startDate "2021"^^xsd:gYear ; schema:endDate "2023"^^xsd:gYear ; '
    "schema:funder organisation:example-authority , organisation:river-office",
    "locks-rooms": 'vg:inKind "Räume im Schleusenhaus"@de , "rooms in the lock-keeper’s house"@en , '
    '"des locaux dans la maison éclusière"@fr ; schema:funder organisation:river-office',
    "quiet-range": 'schema:minValue 5000.0 ; schema:maxValue 9000.0 ; schema:currency "EUR"',
    "both-ceiling": 'schema:maxValue 20000.0 ; schema:currency "EUR" ; schema:startDate "2022-02-07"^^xsd:date',
    "both-least": 'schema:minValue 700.0 ; vg:amountPer "P6M"^^xsd:duration ; schema:currency "CHF" ; '
    'schema:startDate "2022-03-01"^^xsd:date ; schema:endDate "2023-02-28"^^xsd:date',
    "weaver-monthly": 'vg:amountJustUnder 300.0 ; vg:amountPer "P1M"^^xsd:duration ; schema:currency "EUR" ; '
    'schema:endDate "2024-02"^^xsd:gYearMonth',
    "several-weekly": 'schema:minValue 50.0 ; schema:maxValue 80.0 ; vg:amountPer "P7D"^^xsd:duration ; '
    'schema:currency "EUR" ; schema:startDate "2024-02-01"^^xsd:date ; schema:endDate "2024-02-28"^^xsd:date',
}
ORGANISATIONS = {
    "river-office": "River Office",
    "ferrymen": "Guild of Ferrymen",
    "rowers": "Rowing Club",
    "canoes": "Canoe Club",
    "boating": "Boating Federation",
    "juniors": "Junior Boaters",
    "swimmers": "Swimming Club",
    "divers": "Diving Club",
}
CHANGES = {
    "ferrymen-named": "vg:changeKind vg:Renamed ; org:originalOrganization organisation:ferrymen ; "
    'org:resultingOrganization organisation:ferrymen ; vg:formerName "Bargees’ Union"@en , "Bund der Treidler"@de ; '
    'dcterms:date "2022-07-01"^^xsd:date',
    "boating-founded": "vg:changeKind vg:Merged ; org:originalOrganization organisation:canoes , organisation:rowers ; "
    'org:resultingOrganization organisation:boating ; dcterms:date "2023-01"^^xsd:gYearMonth',
    "juniors-separated": "vg:changeKind vg:Split ; org:originalOrganization organisation:boating ; "
    "org:resultingOrganization organisation:boating , organisation:juniors ; "
    'dcterms:date "2025"^^xsd:gYear',
    "rowers-before": "vg:changeKind vg:Merged ; org:originalOrganization organisation:rowers , organisation:divers ; "
    'org:resultingOrganization organisation:rowers ; dcterms:date "2018"^^xsd:gYear',
    "swimmers-renamed": "vg:changeKind vg:Renamed ; org:originalOrganization organisation:swimmers ; "
    'org:resultingOrganization organisation:divers ; dcterms:date "2010"^^xsd:gYear',
    "juniors-dissolved": "vg:changeKind vg:Dissolved ; org:originalOrganization organisation:juniors",
}
PEOPLE = """
person:ida a vg:Person ; NAME:Ida_Weaver .
person:otto a vg:Person ; NAME:Otto_Lock .
office:lock-keeper a vg:Office ; NAME:lock-keeper ; org:postIn organisation:river-office .
tenure:otto-lock-keeper a vg:Tenure ; NAME:Otto_Lock_as_lock-keeper ; org:member person:otto ; vg:inOffice office:lock-keeper ;
    schema:startDate "2018-01-01"^^xsd:date ; schema:endDate "2021-12-31"^^xsd:date .
"""
SOURCE = """
source:deed a vg:SourceDocument ; NAME:deed_(invented) ; dcterms:title "Deed"@en ; dcterms:identifier "D1" .
"""


def contract_blocks() -> Iterator[str]:
    for line in CONTRACTS.strip().splitlines()[1:]:
        name, date, parties, grants = (part.strip() for part in line.split("|"))
        funding = " , ".join(f"grant:{grant.strip()}" for grant in grants.split(","))
        actor = (
            "vg:actor person:ida ;"
            if name == "weaver"
            else "vg:actedAs tenure:otto-lock-keeper ;"
            if name == "locks"
            else ""
        )
        yield f"""
contract:{name} a vg:Contract ; NAME:Contract_{name} ;
    vg:contractingParty organisation:example-authority{" , organisation:river-office" if name == "both" else ""} ;
    {parties} ; vg:topic topic:sport ; vg:fundingStatus vg:Funded ; schema:funding {funding} .
signing:{name} a vg:Signing ; NAME:Conclusion_{name} ; vg:concerns contract:{name} ; {actor} vg:date "{date}"^^xsd:date ."""


def files() -> dict[str, str]:
    """Return what the register says, by files."""
    blocks = {
        "contracts/agreements.ttl": [
            *contract_blocks(),
            *(f"grant:{name} a vg:Grant ; NAME:Grant_{name} ; {said} ." for name, said in GRANTS.items()),
        ],
        "organisations/clubs.ttl": [
            f"organisation:{slug} a vg:Organisation ; NAME:{name.replace(' ', '_')} ."
            for slug, name in ORGANISATIONS.items()
        ],
        "changes.ttl": [
            f"change:{name} a org:ChangeEvent ; NAME:Change_{name} ; {said} ." for name, said in CHANGES.items()
        ],
        "people.ttl": [PEOPLE],
        "sources/deed.ttl": [SOURCE],
    }
    return {path: PREFIXES + named("\n".join(parts)) for path, parts in blocks.items()}


def named(text: str) -> str:
    """Write labels in each language for `NAME:…`, and whole numbers as the store keeps them."""

    def labels(found: re.Match[str]) -> str:
        name = found[1].replace("_", " ")
        return "rdfs:label " + " , ".join(f'"{name}"@{language}' for language in LANGUAGES)

    return re.sub(r"NAME:(\S+)", labels, re.sub(r"\b(\d+)\.0\b", r'"\1"^^xsd:decimal', text))


def evidence_for(triples: list[Triple], demanding: set[NamedNode]) -> str:
    """Write an entry of evidence for each statement that demands it: all of them stand in the deed."""
    statements = [triple for triple in triples if triple.predicate in demanding]
    return PREFIXES + "".join(
        f"""
evidence:deed-{number} a vg:Evidence ; vg:supportKind vg:Cited ; oa:hasSource source:deed ;
    vg:supports [ rdf:subject {said.subject} ; rdf:predicate {said.predicate} ; rdf:object {said.object} ] ;
    dcterms:creator organisation:editors ; dcterms:date "2026-11-27"^^xsd:date ."""
        for number, said in enumerate(statements)
    )


def write_register(folder: Path) -> Path:
    """Write the register that `init` makes, and into it what is said here."""
    start_register(folder, base=BASE, languages=LANGUAGES)
    shipped = load_register(shipped_folder())
    demanding = {
        triple.subject
        for triple in read_document(shipped, shipped.ontology)
        if triple.predicate.value == f"{VG}demandsEvidence" and isinstance(triple.object, Literal)
    }
    triples = []
    for name, text in files().items():
        path = folder / "data" / name
        if not path.parent.exists():
            single = path.parent.with_suffix(".ttl")  # a folder in place of the file that there is
            text_there = single.read_text("utf-8") if single.exists() else ""
            path.parent.mkdir()
            if text_there:
                (path.parent / single.name).write_text(text_there, "utf-8")
                single.unlink()
        path.write_text(text, "utf-8")
        triples += [quad.triple for quad in parse(text, RdfFormat.TURTLE, base_iri=BASE)]
    (folder / "data/evidence.ttl").write_text(evidence_for(triples, demanding), "utf-8")
    return folder
