"""The model as a diagram, drawn from the ontology (Mermaid, "Class diagrams")."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rdflib import OWL, RDF, RDFS, Graph, Namespace, URIRef
from rdflib.term import Node

from vertragsgraph.register import ONTOLOGY_IRI

SCHEMA: Final = Namespace("https://schema.org/")
OWN: Final = f"{ONTOLOGY_IRI}#"
PREFIXES: Final = {
    str(SCHEMA): "schema",
    "http://purl.org/dc/terms/": "dcterms",
    "http://www.w3.org/ns/org#": "org",
    "http://www.w3.org/ns/prov#": "prov",
    "http://www.w3.org/2001/XMLSchema#": "xsd",
    str(RDFS): "rdfs",
}

BEGIN: Final = "<!-- diagram:begin -->\n"
END: Final = "\n<!-- diagram:end -->"


def draw(ontology: Graph) -> str:
    """Return the own classes of an ontology and what connects them as a Mermaid class diagram.

    Boxes are classes with their literal-valued properties, hollow arrows point from a class to the broader one, plain
    arrows are properties. Of a property and its inverse the one that doesn't carry `owl:inverseOf` is drawn. Properties
    of other vocabularies are drawn where the ontology says what they connect (`schema:domainIncludes`,
    `schema:rangeIncludes`). Lines are sorted, so the same ontology gives the same text.
    """
    lines = sorted({*_classes(ontology), *_members(ontology)}) + sorted({*_broader(ontology), *_arrows(ontology)})
    return "\n".join(["classDiagram", "direction LR", *lines])


def _classes(ontology: Graph) -> Iterator[str]:
    for node in ontology.subjects(RDF.type, OWL.Class):
        if name := _own(node):
            yield f"class {name}"


def _members(ontology: Graph) -> Iterator[str]:
    for node in ontology.subjects(RDF.type, OWL.DatatypeProperty):
        kinds = ", ".join(sorted(_short(kind) for kind in ontology.objects(node, RDFS.range)))
        for place in _places(ontology, node, RDFS.domain, SCHEMA.domainIncludes):
            # Mermaid takes what is in brackets for a method: type and name only
            yield f"{place} : {_short(node)} {kinds}".rstrip()


def _broader(ontology: Graph) -> Iterator[str]:
    for narrow, broad in ontology.subject_objects(RDFS.subClassOf):
        if (one := _own(narrow)) and (other := _own(broad)):
            yield f"{other} <|-- {one}"


def _arrows(ontology: Graph) -> Iterator[str]:
    for node in ontology.subjects(RDF.type, OWL.ObjectProperty):
        if (node, OWL.inverseOf, None) in ontology:
            continue
        for start in _places(ontology, node, RDFS.domain, SCHEMA.domainIncludes):
            for end in _places(ontology, node, RDFS.range, SCHEMA.rangeIncludes):
                yield f"{start} --> {end} : {_short(node)}"


def _places(ontology: Graph, node: Node, *predicates: URIRef) -> Iterator[str]:
    """Yield the own classes that a property's domain or range names."""
    for predicate in predicates:
        yield from filter(None, map(_own, ontology.objects(node, predicate)))


def _own(node: Node) -> str:
    """Return the local name of a term of the ontology's own namespace; nothing for any other."""
    return str(node).removeprefix(OWN) if isinstance(node, URIRef) and node.startswith(OWN) else ""


def _short(node: Node) -> str:
    """Return a name for people: without a prefix for the ontology's own terms."""
    iri = str(node)
    for namespace, prefix in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return _own(node) or iri


def put_into(document: Path, ontology: Graph) -> None:
    """Write the diagram of an ontology into a Markdown document, between its marks `<!-- diagram:begin/end -->`."""
    before, begin, rest = document.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    document.write_text(f"{before}{begin}```mermaid\n{draw(ontology)}\n```{end}{after}", "utf-8")


if __name__ == "__main__":
    put_into(Path(sys.argv[2]), Graph().parse(sys.argv[1]))
