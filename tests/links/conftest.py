"""The shipped register's release, and a server of another register that plays Wikidata."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from vertragsgraph.links.http_client import PoliteClient
from vertragsgraph.links.register_entities import Local
from vertragsgraph.links.wikidata_entities import Foreign
from vertragsgraph.register import load_register
from vertragsgraph.release import Release, build

ROOT = Path(__file__).parents[2]
BASE = "https://foreign.example.org/"

TOML = f"""\
key = "foreign"
base = "{BASE}"
title = {{ de = "Fremdes Register", en = "Foreign register" }}
description = {{ de = "Spielt Wikidata.", en = "Plays Wikidata." }}
publisher = {{ iri = "{BASE}id/organisation/us", name = {{ de = "Wir", en = "Us" }} }}
contact = {{ name = {{ de = "Redaktion", en = "Editors" }}, email = "foreign@example.org" }}
spatial = {{ iri = "https://sws.geonames.org/2905330/", name = {{ de = "Hessen", en = "Hesse" }} }}

[licence]
iri = "http://dcat-ap.de/def/licenses/dl-zero-de/2.0"
name = {{ de = "Datenlizenz", en = "Data licence" }}
attribution = {{ de = "Wir", en = "Us" }}
"""
PREFIXES = """\
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <http://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix item: <id/organisation/> .
@prefix person: <id/person/> .
@prefix place: <id/place/> .
@prefix contract: <id/contract/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ITEMS = """\
item:q11 a vg:Organisation ; rdfs:label "Hessischer Jugendring"@de ;
    schema:description "Verband in Hessen"@de ; wdt:P31 wd:Q215380 .
item:q12 a vg:Organisation ; rdfs:label "Bayerischer Jugendring"@de ; wdt:P31 wd:Q43229 .
person:q21 a vg:Person ; rdfs:label "Kai Klose"@de ; wdt:P31 wd:Q5 ;
    schema:description "deutscher Politiker, Minister für Soziales und Integration in Hessen"@de .
person:q22 a vg:Person ; rdfs:label "Kai Klose"@de ; schema:description "Handballer"@de ; wdt:P31 wd:Q5 .
item:q23 a vg:Organisation ; rdfs:label "Kai Klose"@de ; schema:description "Musikgruppe"@de ; wdt:P31 wd:Q215380 .
item:q31 a vg:Organisation ; rdfs:label "Bildungsstätte Anne Frank"@de ; owl:sameAs item:q32 .
item:q32 a vg:Organisation ; rdfs:label "Anne Frank Bildungsstätte"@de ; wdt:P31 wd:Q43229 .
place:q41 a vg:Place ; rdfs:label "Hesse"@en , "Hessen"@de ; wdt:P31 wd:Q27096213 ; wdt:P227 "4024729-6" .
item:q51 a vg:Organisation ; rdfs:label "DRK Landesverband Hessen"@de ; wdt:P31 wd:Q43229 ; wdt:P361 wd:Q694104 .
item:q52 a vg:Organisation ; rdfs:label "DRK Landesverband Hessen"@de ; wdt:P31 wd:Q43229 ; wdt:P361 wd:Q8461 .
contract:q61 a vg:Contract ; rdfs:label "Integrationsvertrag mit dem DRK-Landesverband Hessen"@de ;
    wdt:P585 "2019-01-01T00:00:00Z"^^xsd:dateTime .
contract:q62 a vg:Contract ; rdfs:label "Integrationsvertrag mit dem DRK-Landesverband Hessen"@de ;
    wdt:P585 "1987-01-01T00:00:00Z"^^xsd:dateTime .
wd:Q215380 wdt:P279 wd:Q43229 .
"""
ONTOLOGY = """\
<https://w3id.org/vertragsgraph/ontology> a owl:Ontology .
vg:Organisation a owl:Class . vg:Person a owl:Class . vg:Place a owl:Class .
vg:Contract a owl:Class . wdt:P361 a owl:ObjectProperty . wdt:P585 a owl:DatatypeProperty .
wdt:P31 a owl:ObjectProperty . wdt:P279 a owl:ObjectProperty . wdt:P227 a owl:DatatypeProperty .
schema:description a owl:DatatypeProperty .
"""
SHAPES = (
    "vg:NamedShape a sh:NodeShape ; sh:targetClass vg:Person ; sh:property [ sh:path rdfs:label ; sh:minCount 1 ] .\n"
)


@pytest.fixture(scope="session")
def hessen(release: Release) -> Release:
    return release


@pytest.fixture(scope="session")
def local(hessen: Release) -> Local:
    return Local(hessen)


def build_foreign(folder: Path) -> None:
    for name, text in {"data/organisations.ttl": ITEMS, "ontology/o.ttl": ONTOLOGY, "shapes/s.ttl": SHAPES}.items():
        path = folder / name
        path.parent.mkdir(parents=True)
        path.write_text(PREFIXES + text, "utf-8")
    (folder / "register.toml").write_text(TOML, "utf-8")
    build(load_register(folder), folder / "releases")


@dataclass
class Wikidata:
    """A server that plays Wikidata; `fail` makes its next answers fail."""

    url: str
    http: httpx.Client = field(default_factory=httpx.Client)

    def fail(self, *failures: str) -> None:
        self.http.post(f"{self.url}/_fail", json=failures).raise_for_status()

    def asked(self) -> list[dict[str, Any]]:
        return self.http.get(f"{self.url}/_asked").json()  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def other_server(once: Callable[[str, Callable[[Path], object]], Path]) -> Iterator[Wikidata]:
    folder = once("foreign", build_foreign)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(Path(__file__).parent / "serve_foreign.py"), str(folder / "releases"), str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "LC_ALL": "C"})
    found = Wikidata(f"http://127.0.0.1:{port}")
    try:
        for _ in range(200):
            try:
                if found.http.get(f"{found.url}/reconcile").is_success:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        else:
            pytest.fail("the other server did not start")
        yield found
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def wikidata(other_server: Wikidata) -> Wikidata:
    other_server.fail()
    other_server.asked()
    return other_server


@pytest.fixture
def waits() -> list[float]:
    """The seconds that the client would have waited."""
    return []


@pytest.fixture
def client(tmp_path: Path, waits: list[float]) -> Callable[..., PoliteClient]:
    def make(**more: Any) -> PoliteClient:
        return PoliteClient(
            "vertragsgraph-tests (test@example.org)", tmp_path / "cache", **{"pause": 0, "sleep": waits.append, **more}
        )

    return make


@pytest.fixture
def foreign(wikidata: Wikidata, client: Callable[..., PoliteClient]) -> Foreign:
    return Foreign(client(), f"{wikidata.url}/reconcile", f"{wikidata.url}/sparql", ("de", "en"))
