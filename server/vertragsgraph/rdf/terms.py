"""The IRIs of other people's and our own terms that the graph is made with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from vertragsgraph.rdf.curie import expand

Node: TypeAlias = NamedNode | BlankNode | Literal | Triple
"""Whatever stands as subject, predicate or object."""


def renamed(triple: Triple, name: Callable[[BlankNode], NamedNode | BlankNode]) -> Triple:
    """Return a triple with what `name` gives in place of its blank nodes."""
    subject, predicate, target = triple
    if isinstance(subject, BlankNode):
        subject = name(subject)
    if isinstance(target, BlankNode):
        target = name(target)
    return Triple(subject, predicate, target)


def _term(name: str) -> NamedNode:
    return NamedNode(expand(name))


TYPE: Final = _term("rdf:type")
SUBJECT: Final = _term("rdf:subject")
PREDICATE: Final = _term("rdf:predicate")
OBJECT: Final = _term("rdf:object")
LABEL: Final = _term("rdfs:label")
ALTERNATIVE: Final = _term("skos:altLabel")
COMMENT: Final = _term("rdfs:comment")
LABELS: Final = (_term("skos:prefLabel"), LABEL, _term("dcterms:title"), _term("foaf:name"), _term("schema:name"))
"""What names a thing, the best first."""
LINKS: Final = (
    _term("owl:sameAs"),
    *(_term(f"skos:{how}Match") for how in ("exact", "close", "broad", "narrow", "related")),
)
"""What leads to the same or a similar thing in other registers and vocabularies, from the closest to the loosest."""
SAME: Final = LINKS[:2]
"""Those of the links that lead to the same thing."""

AXIOM: Final = _term("owl:Axiom")
ANNOTATED_SOURCE: Final = _term("owl:annotatedSource")
ANNOTATED_PROPERTY: Final = _term("owl:annotatedProperty")
ANNOTATED_TARGET: Final = _term("owl:annotatedTarget")

VALUE: Final = _term("rdf:value")
CONFORMS_TO: Final = _term("dcterms:conformsTo")

INTEGER: Final = _term("xsd:integer")
POSITIVE_INTEGER: Final = _term("xsd:positiveInteger")
DOUBLE: Final = _term("xsd:double")
DATE: Final = _term("xsd:date")
STRING: Final = _term("xsd:string")

CREATOR: Final = _term("dcterms:creator")
DAY: Final = _term("dcterms:date")

HAS_SOURCE: Final = _term("oa:hasSource")
HAS_SELECTOR: Final = _term("oa:hasSelector")
SPECIFIC_RESOURCE: Final = _term("oa:SpecificResource")
FRAGMENT_SELECTOR: Final = _term("oa:FragmentSelector")
TEXT_QUOTE_SELECTOR: Final = _term("oa:TextQuoteSelector")
TEXT_POSITION_SELECTOR: Final = _term("oa:TextPositionSelector")
EXACT: Final = _term("oa:exact")
START: Final = _term("oa:start")
END: Final = _term("oa:end")
PREFIX: Final = _term("oa:prefix")
SUFFIX: Final = _term("oa:suffix")
PAGE: Final = _term("vg:page")
PDF_PAGE: Final = _term("vg:pdfPage")
FOLIO: Final = _term("vg:folio")
PARAGRAPH: Final = _term("vg:paragraph")
ROW: Final = _term("vg:row")
SEEN_BY: Final = _term("vg:seenBy")
SEEN_ON: Final = _term("vg:seenOn")

TOMBSTONE: Final = _term("as:Tombstone")
VERSION_IRI: Final = _term("owl:versionIRI")

DERIVED_FROM: Final = _term("prov:wasDerivedFrom")

STATEMENT: Final = _term("vg:Statement")
RDF_STATEMENT: Final = _term("rdf:Statement")
EVIDENCE: Final = _term("vg:Evidence")
STATED: Final = _term("vg:Stated")
HAS_EVIDENCE: Final = _term("vg:evidence")
SUPPORTS: Final = _term("vg:supports")
SUPPORT_KIND: Final = _term("vg:supportKind")
SUPPORT_KINDS: Final = tuple(_term(f"vg:{kind}") for kind in ("Stated", "Implied", "Reported", "Inferred", "Cited"))
STATING: Final = dict(
    zip((_term(f"vg:{how}") for how in ("states", "implies", "reports", "infers", "cites")), SUPPORT_KINDS, strict=True)
)
"""What an entry of evidence says that a passage says, in sources only: the kind of support for each of these properties."""
REIFIES: Final = _term("rdf:reifies")
DISAGREEMENT: Final = _term("vg:Disagreement")
BETWEEN: Final = _term("vg:between")
