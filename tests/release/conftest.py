"""A small register of its own, so that these tests stay quick and don't depend on what the shipped one says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vertragsgraph.register import Register, load_register

TOML = """\
key = "test"
base = "https://example.org/r/"
title = { de = "Verträge", en = "Contracts" }
description = { de = "Ein Register zum Prüfen.", en = "A register for tests." }
publisher = { iri = "https://example.org/r/id/organisation/us", name = { de = "Wir", en = "Us" } }
contact = { name = { de = "Redaktion", en = "Editors" }, email = "register@example.com" }
spatial = { iri = "https://sws.geonames.org/2905330/", name = { de = "Hessen", en = "Hesse" } }

[licence]
iri = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
name = { de = "Datenlizenz", en = "Data licence" }
attribution = { de = "Wir", en = "Us" }
"""

PREFIXES = """\
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix contract: <id/contract/> .
@prefix organisation: <id/organisation/> .
@prefix signing: <id/signing/> .
"""

CONTRACTS = """\
contract:a a vg:IntegrationContract ; rdfs:label "Vertrag „A“"@de, "Contract A"@en ; vg:partner organisation:x ; vg:amount 40000 .
contract:b a vg:Contract ; rdfs:label "Vertrag B/2 \\"b\\""@de ; vg:partner organisation:y .
signing:a a vg:Signing ; rdfs:label "Abschluss A"@de ; vg:concerns contract:a ; vg:date "2019-06-03"^^xsd:date .
signing:b a vg:Signing ; rdfs:label "Abschluss B"@de ; vg:concerns contract:b ; vg:date "2018"^^xsd:gYear .
"""

ORGANISATIONS = """\
organisation:x a vg:Organisation ; rdfs:label "Überall e.V."@de .
organisation:y a vg:Organisation ; rdfs:label "Y"@de ; vg:page <https://example.org/a%2Fb> .
"""

ONTOLOGY = """\
<https://w3id.org/vertragsgraph/ontology> a owl:Ontology .
vg:Contract a owl:Class ; owl:disjointWith [ a owl:Class ; owl:unionOf ( vg:Organisation [ owl:complementOf vg:Signing ] ) ] .
vg:IntegrationContract a owl:Class ; rdfs:subClassOf vg:Contract .
vg:Organisation a owl:Class .
vg:Signing a owl:Class .
vg:partner a owl:ObjectProperty ; owl:inverseOf vg:partnerIn .
vg:partnerIn a owl:ObjectProperty .
vg:concerns a owl:ObjectProperty .
vg:page a owl:ObjectProperty .
vg:amount a owl:DatatypeProperty .
vg:date a owl:DatatypeProperty .
"""

SHAPES = """\
vg:OrganisationShape a sh:NodeShape ; sh:targetSubjectsOf vg:page ; sh:property [ sh:path rdfs:label ; sh:minCount 1 ;
    sh:message "Eine Bezeichnung fehlt."@de, "There is no label."@en ] .
"""


def write_register(folder: Path) -> Path:
    """Write the register into `folder` and return it."""
    files = {
        "data/contracts.ttl": CONTRACTS,
        "data/organisations.ttl": ORGANISATIONS,
        "ontology/o.ttl": ONTOLOGY,
        "shapes/s.ttl": SHAPES,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PREFIXES + text, "utf-8")
    (folder / "data/queries").mkdir()
    (folder / "data/queries/all.rq").write_text("SELECT * { ?s ?p ?o }\n", "utf-8")
    (folder / "register.toml").write_text(TOML, "utf-8")
    return folder


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return load_register(write_register(tmp_path / "register"))


@pytest.fixture
def add_contract(register: Register) -> Callable[[str], None]:
    """Change the register: write another contract into its data."""

    def add(name: str) -> None:
        with (register.data / "contracts.ttl").open("a", encoding="utf-8") as file:
            file.write(
                f'contract:{name} a vg:Contract ; rdfs:label "Vertrag {name}"@de ; vg:partner organisation:x .\n'
            )

    return add


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    return tmp_path / "releases"
