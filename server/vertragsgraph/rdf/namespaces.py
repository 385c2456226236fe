"""The namespaces of vocabularies: one table of those that have a prefix in every release, and each by its name."""

from __future__ import annotations

from typing import Final

ONTOLOGY_IRI: Final = "https://w3id.org/vertragsgraph/ontology"

WELL_KNOWN: Final = {
    "vg": f"{ONTOLOGY_IRI}#",
    "as": "https://www.w3.org/ns/activitystreams#",
    "adms": "http://www.w3.org/ns/adms#",
    "bibo": "http://purl.org/ontology/bibo/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dcterms": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "eurovoc": "http://eurovoc.europa.eu/",
    "fabio": "http://purl.org/spar/fabio/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geonames": "https://sws.geonames.org/",
    "gnd": "https://d-nb.info/gnd/",
    "locn": "http://www.w3.org/ns/locn#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "sssom": "https://w3id.org/sssom/",
    "stw": "http://zbw.eu/stw/descriptor/",
    "time": "http://www.w3.org/2006/time#",
    "vann": "http://purl.org/vocab/vann/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefix to namespace, as everybody writes them. The register's own vocabulary comes first, which also lets it choose
its JSON keys first. Dumps declare all of these: a further one changes every release."""

AS: Final = WELL_KNOWN["as"]
DCAT: Final = WELL_KNOWN["dcat"]
DCTERMS: Final = WELL_KNOWN["dcterms"]
EDTF: Final = WELL_KNOWN["edtf"]
EUROVOC: Final = WELL_KNOWN["eurovoc"]
FABIO: Final = WELL_KNOWN["fabio"]
FOAF: Final = WELL_KNOWN["foaf"]
GEONAMES: Final = WELL_KNOWN["geonames"]
GND: Final = WELL_KNOWN["gnd"]
OA: Final = WELL_KNOWN["oa"]
ORG: Final = WELL_KNOWN["org"]
OWL: Final = WELL_KNOWN["owl"]
PROV: Final = WELL_KNOWN["prov"]
RDF: Final = WELL_KNOWN["rdf"]
RDFS: Final = WELL_KNOWN["rdfs"]
SCHEMA: Final = WELL_KNOWN["schema"]
SEMAPV: Final = WELL_KNOWN["semapv"]
SH: Final = WELL_KNOWN["sh"]
SKOS: Final = WELL_KNOWN["skos"]
SPDX: Final = WELL_KNOWN["spdx"]
SSSOM: Final = WELL_KNOWN["sssom"]
STW: Final = WELL_KNOWN["stw"]
VANN: Final = WELL_KNOWN["vann"]
VG: Final = WELL_KNOWN["vg"]
VOID: Final = WELL_KNOWN["void"]
WD: Final = WELL_KNOWN["wd"]
WDT: Final = WELL_KNOWN["wdt"]
XSD: Final = WELL_KNOWN["xsd"]

# Named by the software, but not often enough in data that dumps declare a prefix for them.
DBPEDIA: Final = "http://dbpedia.org/resource/"
DC: Final = "http://purl.org/dc/elements/1.1/"
EU: Final = "http://publications.europa.eu/resource/authority/"
FORMATS: Final = "http://www.w3.org/ns/formats/"
GEOCODING: Final = "http://dcat-ap.de/def/politicalGeocoding/"
GEOSPARQL: Final = "http://www.opengis.net/ont/geosparql#"
GEOSPARQL_FUNCTIONS: Final = "http://www.opengis.net/def/function/geosparql/"
HYDRA: Final = "http://www.w3.org/ns/hydra/core#"
PAV: Final = "http://purl.org/pav/"
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
SPEX: Final = "https://purl.expasy.org/sparql-examples/ontology#"
VGS: Final = "https://w3id.org/vertragsgraph/shapes#"
VOID_EXT: Final = "http://ldf.fi/void-ext#"


def prologue(*prefixes: str) -> str:
    """Return the `PREFIX` lines of a query that uses some of the well-known prefixes.

    >>> prologue("foaf")
    'PREFIX foaf: <http://xmlns.com/foaf/0.1/>'
    """
    return "\n".join(f"PREFIX {prefix}: <{WELL_KNOWN[prefix]}>" for prefix in prefixes)
