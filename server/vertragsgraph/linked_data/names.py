"""Terms that the views ask for by name, and the prefixes of their own queries."""

from __future__ import annotations

from typing import Final

from vertragsgraph.rdf import terms
from vertragsgraph.rdf.namespaces import ORG, RDFS, prologue

TYPE: Final = terms.TYPE.value
LABEL: Final = terms.LABEL.value
COMMENT: Final = terms.COMMENT.value
SUBJECT: Final = terms.SUBJECT.value
PREDICATE: Final = terms.PREDICATE.value
OBJECT: Final = terms.OBJECT.value
MEMBER: Final = ORG + "member"

LINKS: Final = (*(term.value for term in terms.LINKS), RDFS + "seeAlso")
"""What leads to other registers and vocabularies, from the closest to the loosest."""

ABOUT_STATEMENTS: Final = tuple(
    term.value
    for term in (
        *(terms.HAS_EVIDENCE, terms.BETWEEN, terms.SUPPORTS, terms.SUBJECT, terms.PREDICATE, terms.OBJECT),
        *(terms.ANNOTATED_SOURCE, terms.ANNOTATED_PROPERTY, terms.ANNOTATED_TARGET),
    )
)
"""What leads from evidence to a statement, and from what stands for a statement to its parts: that says no more of them."""

PROLOGUE: Final = prologue("vg", "rdf", "rdfs", "owl", "skos", "org", "oa", "prov", "dcterms", "schema")
"""The prefixes of the views' own queries."""
