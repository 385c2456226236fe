"""Namespaces and terms that the views ask for by name."""

from __future__ import annotations

from typing import Final

from vertragsgraph.register import ONTOLOGY_IRI

VG: Final = f"{ONTOLOGY_IRI}#"
AS: Final = "https://www.w3.org/ns/activitystreams#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
ORG: Final = "http://www.w3.org/ns/org#"
OA: Final = "http://www.w3.org/ns/oa#"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
PAV: Final = "http://purl.org/pav/"
PROV: Final = "http://www.w3.org/ns/prov#"
SH: Final = "http://www.w3.org/ns/shacl#"
DC: Final = "http://purl.org/dc/elements/1.1/"
DCTERMS: Final = "http://purl.org/dc/terms/"
SCHEMA: Final = "https://schema.org/"
VANN: Final = "http://purl.org/vocab/vann/"

TYPE: Final = RDF + "type"
LABEL: Final = RDFS + "label"
COMMENT: Final = RDFS + "comment"
SUBJECT: Final = RDF + "subject"
PREDICATE: Final = RDF + "predicate"
OBJECT: Final = RDF + "object"
MEMBER: Final = ORG + "member"

# What leads to the same or a similar thing in other registers and vocabularies, from the closest to the loosest.
LINKS: Final = (
    OWL + "sameAs",
    SKOS + "exactMatch",
    SKOS + "closeMatch",
    SKOS + "broadMatch",
    SKOS + "narrowMatch",
    SKOS + "relatedMatch",
    RDFS + "seeAlso",
)

PROLOGUE: Final = "\n".join(
    f"PREFIX {name}: <{namespace}>"
    for name, namespace in {
        "vg": VG,
        "rdf": RDF,
        "rdfs": RDFS,
        "owl": OWL,
        "skos": SKOS,
        "org": ORG,
        "oa": OA,
        "prov": PROV,
        "dcterms": DCTERMS,
        "schema": SCHEMA,
    }.items()
)
"""The prefixes of the views' own queries."""
