"""From triples of pyoxigraph to a graph of rdflib, on which pyshacl and owlrl work."""

from __future__ import annotations

from collections.abc import Iterable

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from vertragsgraph.rdf import terms
from vertragsgraph.rdf.terms import Node


def rdflib_graph(triples: Iterable[Triple]) -> rdflib.Graph:
    """Return triples as a graph of rdflib, literals as they are written; several times as fast as letting it parse them."""
    graph = rdflib.Graph()
    iris: dict[str, rdflib.URIRef] = {}

    def iri(node: NamedNode) -> rdflib.URIRef:
        return iris.get(node.value) or iris.setdefault(node.value, rdflib.URIRef(node.value))

    def term(node: Node) -> rdflib.term.Node:
        if isinstance(node, NamedNode):
            return iri(node)
        if isinstance(node, Literal):
            datatype = None if node.language or node.datatype == terms.STRING else iri(node.datatype)
            return rdflib.Literal(node.value, lang=node.language, datatype=datatype, normalize=False)
        return rdflib.BNode(node.value if isinstance(node, BlankNode) else str(node))

    graph.addN((term(subject), term(predicate), term(target), graph) for subject, predicate, target in triples)
    return graph
