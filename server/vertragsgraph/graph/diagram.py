"""The model as a diagram: the classes of the ontology and what connects them, and the same in Mermaid ("Class diagrams")."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
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
    "http://www.w3.org/ns/oa#": "oa",
    "http://www.w3.org/2001/XMLSchema#": "xsd",
    str(RDFS): "rdfs",
}

BEGIN: Final = "<!-- diagram:begin -->\n"
END: Final = "\n<!-- diagram:end -->"


@dataclass(frozen=True)
class Model:
    """The own classes of an ontology (IRIs) and what connects them; everything is in order.

    `broader` pairs a class with a broader one; `links` are properties with the classes that they lead from and to.
    """

    classes: tuple[str, ...]
    broader: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str, str], ...]


def model(ontology: Graph) -> Model:
    """Return the own classes of an ontology and what connects them.

    Of a property and its inverse the one that doesn't carry `owl:inverseOf` is taken. Properties of other vocabularies are
    taken where the ontology says what they connect (`schema:domainIncludes`, `schema:rangeIncludes`).
    """
    classes = {str(node) for node in ontology.subjects(RDF.type, OWL.Class) if _own(node)}
    broader = {(str(one), str(other)) for one, other in ontology.subject_objects(RDFS.subClassOf)}
    links = {
        (start, str(node), end)
        for node in ontology.subjects(RDF.type, OWL.ObjectProperty)
        if (node, OWL.inverseOf, None) not in ontology
        for start in _places(ontology, node, RDFS.domain, SCHEMA.domainIncludes)
        for end in _places(ontology, node, RDFS.range, SCHEMA.rangeIncludes)
    }
    return Model(
        tuple(sorted(classes)),
        tuple(sorted(pair for pair in broader if classes.issuperset(pair))),
        tuple(sorted(link for link in links if classes.issuperset({link[0], link[2]}))),
    )


def draw(ontology: Graph) -> str:
    """Return the model of an ontology as a Mermaid class diagram.

    Boxes are classes with their literal-valued properties, hollow arrows point from a class to the broader one, plain
    arrows are properties. Lines are sorted, so the same ontology gives the same text.
    """
    found = model(ontology)
    classes = {f"class {_short(each)}" for each in found.classes}
    broader = {f"{_short(broad)} <|-- {_short(narrow)}" for narrow, broad in found.broader}
    links = {f"{_short(start)} --> {_short(end)} : {_short(name)}" for start, name, end in found.links}
    lines = sorted({*classes, *_members(ontology)}) + sorted({*broader, *links})
    return "\n".join(["classDiagram", "direction LR", *lines])


def _members(ontology: Graph) -> Iterator[str]:
    for node in ontology.subjects(RDF.type, OWL.DatatypeProperty):
        kinds = ", ".join(sorted(_short(str(kind)) for kind in ontology.objects(node, RDFS.range)))
        for place in _places(ontology, node, RDFS.domain, SCHEMA.domainIncludes):
            # Mermaid takes what is in brackets for a method: type and name only
            yield f"{_short(place)} : {_short(str(node))} {kinds}".rstrip()


def _places(ontology: Graph, node: Node, *predicates: URIRef) -> Iterator[str]:
    """Yield the own classes that a property's domain or range names."""
    for predicate in predicates:
        yield from (str(place) for place in ontology.objects(node, predicate) if _own(place))


def _own(node: Node) -> bool:
    return isinstance(node, URIRef) and node.startswith(OWN)


def _short(iri: str) -> str:
    """Return a name for people: without a prefix for the ontology's own terms."""
    for namespace, prefix in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri.removeprefix(OWN)


def put_into(document: Path, ontology: Graph) -> None:
    """Write the diagram of an ontology into a Markdown document, between its marks `<!-- diagram:begin/end -->`."""
    before, begin, rest = document.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    document.write_text(f"{before}{begin}```mermaid\n{draw(ontology)}\n```{end}{after}", "utf-8")


if __name__ == "__main__":
    put_into(Path(sys.argv[2]), Graph().parse(sys.argv[1]))
