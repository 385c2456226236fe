"""A press text becomes a contract in a text editor: what a keeper writes, and how much that is. Text and names are invented."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from vertragsgraph.authoring.fixing import fix
from vertragsgraph.register import load_register

TEXT = (
    "Wiesbaden. Das Hessische Ministerium für Soziales und Integration hat am 12. März 2020 einen Integrationsvertrag mit der "
    "Sportjugend Musterhessen e.V. geschlossen. Für das Land unterschrieb Minister Kai Klose. Für den Verband unterschrieb "
    "seine Vorsitzende Erika Muster. Der Vertrag hat das Thema „Integration durch Sport“. Er soll das Ehrenamt von Menschen mit "
    "Migrationshintergrund stärken. Das Land fördert ihn mit 25.000 Euro. „Sport verbindet“, sagte Klose.\n"
)
CONTRACT = """
contract:sportjugend a vg:IntegrationContract ;
    rdfs:label "Integrationsvertrag mit der Sportjugend Musterhessen"@de , "Integration contract with Sportjugend Musterhessen"@en .
signing:sportjugend a vg:Signing ;
    rdfs:label "Abschluss des Vertrags mit der Sportjugend"@de , "Conclusion of the contract with Sportjugend"@en .
grant:sportjugend a vg:Grant , schema:MonetaryGrant ;
    rdfs:label "Förderung der Sportjugend"@de , "Grant to Sportjugend"@en .
utterance:klose-sport a vg:Utterance ; rdfs:label "Kai Klose: Sport verbindet"@de , "Kai Klose: sport connects"@en .

evidence:sportjugend-abschluss a vg:Evidence ; oa:hasSource source:s9 ;
    oa:exact "hat am 12. März 2020 einen Integrationsvertrag mit der Sportjugend Musterhessen e.V. geschlossen" ;
    vg:states [ rdf:subject contract:sportjugend ; vg:partner organisation:sportjugend ] ,
        [ rdf:subject signing:sportjugend ; vg:concerns contract:sportjugend ; vg:date "2020-03-12"^^xsd:date ] ,
        [ rdf:subject organisation:sportjugend ; org:classification form:eingetragener-verein ] .

evidence:sportjugend-land a vg:Evidence ; oa:hasSource source:s9 ;
    oa:exact "Das Hessische Ministerium für Soziales und Integration hat am 12. März 2020" ;
    vg:states [ rdf:subject contract:sportjugend ; vg:contractingParty organisation:hmsi ;
        vg:partyWording "Das Hessische Ministerium für Soziales und Integration"@de ] .

evidence:sportjugend-minister a vg:Evidence ; oa:hasSource source:s9 ;
    oa:exact "Für das Land unterschrieb Minister Kai Klose" ;
    vg:states [ rdf:subject signing:sportjugend ; vg:actedAs tenure:kai-klose-minister , tenure:erika-muster-vorsitzende ] ,
        [ rdf:subject tenure:kai-klose-minister ; vg:heldOn "2020-03-12"^^xsd:date ] .

evidence:sportjugend-vorsitzende a vg:Evidence ; oa:hasSource source:s9 ;
    oa:exact "Für den Verband unterschrieb seine Vorsitzende Erika Muster" ;
    vg:states [ rdf:subject signing:sportjugend ; vg:actedAs tenure:erika-muster-vorsitzende ] ,
        [ rdf:subject tenure:erika-muster-vorsitzende ; org:member person:erika-muster ;
            vg:inOffice office:vorsitz-sportjugend ; vg:heldOn "2020-03-12"^^xsd:date ] ,
        [ rdf:subject office:vorsitz-sportjugend ; org:postIn organisation:sportjugend ] .

evidence:sportjugend-thema a vg:Evidence ; oa:hasSource source:s9 ;
    oa:exact "Der Vertrag hat das Thema „Integration durch Sport“" ;
    vg:states [ rdf:subject contract:sportjugend ; vg:theme "Integration durch Sport"@de ;
        vg:topic topic:integration , topic:sport ] .

evidence:sportjugend-ehrenamt a vg:Evidence ; oa:hasSource source:s9 ;
    oa:exact "Er soll das Ehrenamt von Menschen mit Migrationshintergrund stärken" ;
    vg:states [ rdf:subject contract:sportjugend ; vg:topic topic:ehrenamt , topic:menschen-mit-migrationshintergrund ] .

evidence:sportjugend-foerderung a vg:Evidence ; oa:hasSource source:s9 ; oa:exact "Das Land fördert ihn mit 25.000 Euro" ;
    vg:states [ rdf:subject contract:sportjugend ; vg:fundingStatus vg:Funded ; schema:funding grant:sportjugend ] ,
        [ rdf:subject grant:sportjugend ; schema:amount "25000"^^xsd:decimal ; schema:currency "EUR" ] .

evidence:sportjugend-klose a vg:Evidence ; oa:hasSource source:s9 ; oa:exact "„Sport verbindet“, sagte Klose" ;
    vg:reports [ rdf:subject utterance:klose-sport ; vg:words "Sport verbindet"@de ; vg:concerns contract:sportjugend ;
        vg:actedAs tenure:kai-klose-minister ; dcterms:references topic:sport ] .
"""
AGENTS = """
organisation:sportjugend a vg:Organisation ; rdfs:label "Sportjugend Musterhessen"@de , "Sportjugend Musterhessen"@en .
person:erika-muster a vg:Person ; rdfs:label "Erika Muster"@de , "Erika Muster"@en .
office:vorsitz-sportjugend a vg:Office ; rdfs:label "Vorsitz der Sportjugend"@de , "Chair of Sportjugend"@en .
tenure:erika-muster-vorsitzende a vg:Tenure ; rdfs:label "Erika Muster als Vorsitzende"@de , "Erika Muster as chair"@en .
"""
SOURCE = """
source:s9 a vg:SourceDocument ; rdfs:label "S9: Pressetext"@de , "S9: press text"@en ; dcterms:identifier "S9" ;
    dcterms:issued "2020-03-12"^^xsd:date ; schema:url <https://example.org/presse/sportjugend> .
"""
WRITTEN = {"contracts/sportjugend.ttl": CONTRACT, "people.ttl": AGENTS, "sources.ttl": SOURCE}


def run(register: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vertragsgraph", "check", "--register", str(register), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LANG": "C.UTF-8"})


def test_a_press_text_of_seven_sentences_takes_sixty_lines_in_three_files(register_copy: Path) -> None:
    assert len(re.findall(r"[^\d.]\.(?= [A-Z„]|\n)|\d\. (?=Für)", TEXT.removeprefix("Wiesbaden. "))) == 7
    assert sum(text.strip().count("\n") + 1 for text in WRITTEN.values()) <= 60
    assert len(WRITTEN) <= 3
    for name, text in WRITTEN.items():
        with (register_copy / "data" / name).open("a", encoding="utf-8") as file:
            file.write(text)
    texts = register_copy / "texts"
    texts.mkdir()
    (texts / "S9.txt").write_text(TEXT, "utf-8")
    found = run(register_copy, "--fix", "--sources", str(texts))
    assert found.returncode == 0, found.stdout + found.stderr
    assert "sportjugend" not in "".join(line for line in found.stdout.splitlines() if "warning" in line)
    assert "8 of 8 quotations from them match" in found.stderr and ", 0 neither" in found.stderr
    text = (register_copy / "data/contracts/sportjugend.ttl").read_text("utf-8")
    assert text.count(" ; oa:start ") == text.count("dcterms:creator organisation:vertragsgraph ; dcterms:date ") == 8
    assert "schema:sha256" in (register_copy / "data/sources.ttl").read_text("utf-8").rpartition("source:s9")[2]
    assert fix(load_register(register_copy), [texts]) == ([], []), "there is nothing left to write"
