"""What diagrams of the ontology show: its classes and what connects them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rdflib import OWL, RDF, RDFS, Graph, Namespace, URIRef
from rdflib.term import Node

from vertragsgraph.rdf.namespaces import VG, WELL_KNOWN

SCHEMA: Final = Namespace(WELL_KNOWN["schema"])


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
        for start in ends(ontology, node, RDFS.domain, SCHEMA.domainIncludes)
        for end in ends(ontology, node, RDFS.range, SCHEMA.rangeIncludes)
    }
    return Model(
        tuple(sorted(classes)),
        tuple(sorted(pair for pair in broader if classes.issuperset(pair))),
        tuple(sorted(link for link in links if classes.issuperset({link[0], link[2]}))),
    )


def ends(ontology: Graph, node: Node, *predicates: URIRef) -> Iterator[str]:
    """Yield the own classes that a property's domain or range names."""
    for predicate in predicates:
        yield from (str(place) for place in ontology.objects(node, predicate) if _own(place))


def _own(node: Node) -> bool:
    return isinstance(node, URIRef) and node.startswith(VG)
