"""Draws the diagram of docs/model.md: the ontology as a class diagram in Mermaid, between the marks `diagram:begin` and `end`.

python docs/diagram.py ONTOLOGY DOCUMENT
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from rdflib import OWL, RDF, RDFS, Graph

from vertragsgraph.graph.diagram import SCHEMA, ends, model
from vertragsgraph.rdf.curie import shorten

BEGIN = "<!-- diagram:begin -->\n"
END = "\n<!-- diagram:end -->"


def draw(ontology: Graph) -> str:
    """Return the model of an ontology as a Mermaid class diagram.

    Boxes are classes with their literal-valued properties, hollow arrows point from a class to the broader one, plain
    arrows are properties. Lines are sorted, so the same ontology gives the same text.
    """
    found = model(ontology)
    classes = {f"class {short(each)}" for each in found.classes}
    broader = {f"{short(broad)} <|-- {short(narrow)}" for narrow, broad in found.broader}
    links = {f"{short(start)} --> {short(end)} : {short(name)}" for start, name, end in found.links}
    lines = sorted({*classes, *members(ontology)}) + sorted({*broader, *links})
    return "\n".join(["classDiagram", "direction LR", *lines])


def members(ontology: Graph) -> Iterator[str]:
    """Yield the literal-valued properties of classes."""
    for node in ontology.subjects(RDF.type, OWL.DatatypeProperty):
        kinds = ", ".join(sorted(short(str(kind)) for kind in ontology.objects(node, RDFS.range)))
        for place in ends(ontology, node, RDFS.domain, SCHEMA.domainIncludes):
            # Mermaid takes what is in brackets for a method: type and name only
            yield f"{short(place)} : {short(str(node))} {kinds}".rstrip()


def short(iri: str) -> str:
    """Return a name for people: without a prefix for the ontology's own terms."""
    return (shorten(iri) or iri).removeprefix("vg:")


def put_into(document: Path, ontology: Graph) -> None:
    """Write the diagram of an ontology into a Markdown document, between its marks."""
    before, begin, rest = document.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    document.write_text(f"{before}{begin}```mermaid\n{draw(ontology)}\n```{end}{after}", "utf-8")


if __name__ == "__main__":
    put_into(Path(sys.argv[2]), Graph().parse(sys.argv[1]))
