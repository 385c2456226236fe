"""The IRIs of other people's and our own terms that the graph is made with."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from vertragsgraph.sources.syntax import WELL_KNOWN


def short(node: NamedNode) -> str:
    """Return an IRI as people write it.

    >>> short(SUPPORTS)
    'vg:supports'
    """
    for prefix, namespace in WELL_KNOWN.items():
        if node.value.startswith(namespace):
            return f"{prefix}:{node.value.removeprefix(namespace)}"
    return str(node)


def _term(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(WELL_KNOWN[prefix] + local)


TYPE: Final = _term("rdf:type")
SUBJECT: Final = _term("rdf:subject")
PREDICATE: Final = _term("rdf:predicate")
OBJECT: Final = _term("rdf:object")
LABEL: Final = _term("rdfs:label")
COMMENT: Final = _term("rdfs:comment")

AXIOM: Final = _term("owl:Axiom")
ANNOTATED_SOURCE: Final = _term("owl:annotatedSource")
ANNOTATED_PROPERTY: Final = _term("owl:annotatedProperty")
ANNOTATED_TARGET: Final = _term("owl:annotatedTarget")

INTEGER: Final = _term("xsd:integer")
DOUBLE: Final = _term("xsd:double")
DATE: Final = _term("xsd:date")
STRING: Final = _term("xsd:string")

CREATOR: Final = _term("dcterms:creator")
DAY: Final = _term("dcterms:date")

HAS_SOURCE: Final = _term("oa:hasSource")
HAS_SELECTOR: Final = _term("oa:hasSelector")
TEXT_QUOTE_SELECTOR: Final = _term("oa:TextQuoteSelector")
TEXT_POSITION_SELECTOR: Final = _term("oa:TextPositionSelector")
EXACT: Final = _term("oa:exact")
START: Final = _term("oa:start")
END: Final = _term("oa:end")

TOMBSTONE: Final = _term("as:Tombstone")

STATEMENT: Final = _term("vg:Statement")
EVIDENCE: Final = _term("vg:Evidence")
HAS_EVIDENCE: Final = _term("vg:evidence")
SUPPORTS: Final = _term("vg:supports")
SUPPORT_KIND: Final = _term("vg:supportKind")
SUPPORT_KINDS: Final = tuple(_term(f"vg:{kind}") for kind in ("Stated", "Implied", "Reported", "Inferred"))
DISAGREEMENT: Final = _term("vg:Disagreement")
BETWEEN: Final = _term("vg:between")
