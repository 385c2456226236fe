"""A small register with a kind of its own, which no line of Python knows: concessions, with French names."""

from __future__ import annotations

import shutil
from pathlib import Path

from vertragsgraph.register import shipped_folder, start_register

ONTOLOGY = """\
@prefix own: <https://example.org/vocabulary#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .

own:Concession a owl:Class ;
    rdfs:label "Konzession"@de , "concession"@en , "concession (fr)"@fr .
own:holder a owl:ObjectProperty ;
    rdfs:label "vergeben an"@de , "granted to"@en ;
    rdfs:domain own:Concession ; rdfs:range vg:Organisation .
own:holderOf a owl:ObjectProperty ;
    rdfs:label "hat die Konzession"@de , "holds the concession"@en ;
    owl:inverseOf own:holder .
own:resource a owl:ObjectProperty ;
    rdfs:label "gilt für"@de , "is for"@en .
own:grantedOn a owl:DatatypeProperty ;
    rdfs:label "vergeben am"@de , "granted on"@en .
own:clause a owl:DatatypeProperty ;
    rdfs:label "Klausel"@de , "clause"@en .
"""
KINDS = """\
extends = true

[prefixes]
own = "https://example.org/vocabulary#"

[kinds.concession]
class = "own:Concession"
main = true
shape = "hexagon"
links = "wanted"
wikidata = [
    { property = "P710", path = "own:holder" },
]

[kinds.concession.list]
path = "concessions"
title = { de = "Konzessionen", en = "Concessions", fr = "Concessions" }
order = "own:grantedOn"
facets = [
    { key = "year", path = "own:grantedOn", form = "year", title = { de = "Jahr", en = "Year" } },
    { key = "holder", path = "own:holder", kind = "organisation" },
    { key = "resource", path = "own:resource" },
]
columns = [
    { name = "granted", path = "own:grantedOn" },
    { name = "holder", path = "own:holder" },
    { name = "clause", path = "own:clause" },
]

[kinds.concession.reconciliation]
place = 1
properties = [
    { key = "granted", path = "own:grantedOn", form = "year", title = { de = "Jahr der Vergabe", en = "year of grant" } },
]

[[lines]]
from = "concession"
to = "organisation"
name = "own:holder"
inverse = "own:holderOf"
"""
SHAPES = """\
@prefix own: <https://example.org/vocabulary#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

own:ConcessionShape a sh:NodeShape ; sh:targetClass own:Concession ;
    sh:property [ sh:path own:holder ; sh:minCount 1 ;
        sh:message "Eine Konzession hat jemand."@de , "Somebody holds a concession."@en ] .
"""
DATA = """\
@prefix concession: <id/concession/> .
@prefix organisation: <id/organisation/> .
@prefix own: <https://example.org/vocabulary#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

concession:quelle a own:Concession ; rdfs:label "Wasser der Quelle Niederselters"@de , "Water of the Niederselters spring"@en ;
    own:holder organisation:example-partner ; own:grantedOn "2024-03-01"^^xsd:date ;
    own:clause "Preis fest | nie mehr" , "jährliche Prüfung" .
concession:kies a own:Concession ; rdfs:label "Kiesabbau am Main"@de , "Gravel at the Main"@en ;
    own:holder organisation:example-authority ; own:grantedOn "2025"^^xsd:gYear .
"""


def write_register(folder: Path, kinds: str = KINDS) -> Path:
    """Write the register that `init` makes, and into its four folders what the kind needs; no other file is touched."""
    start_register(folder, base="https://example.org/r/", languages=["de", "en"])
    for part in ("ontology", "shapes"):
        shutil.copytree(shipped_folder() / part, folder / part)
    files = {
        "ontology/concession.ttl": ONTOLOGY,
        "ontology/kinds.toml": kinds,
        "shapes/concession.ttl": SHAPES,
        "data/contracts/concessions.ttl": DATA,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return folder
