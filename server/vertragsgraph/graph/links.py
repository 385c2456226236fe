"""Mappings to other vocabularies (SSSOM) as triples: the link itself, and what is known of how it came about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.finding import Complaints
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.namespaces import DCTERMS, PAV, RDFS, SEMAPV, SSSOM
from vertragsgraph.register import Register
from vertragsgraph.register.names import mapping_iri
from vertragsgraph.sources import Link, SourceError
from vertragsgraph.sources.sssom import CellError, expand, read_mapping_set
from vertragsgraph.texts import both

REVIEWED: Final = frozenset(SEMAPV + name for name in ("ManualMappingCuration", "MappingReview"))
REVIEWERS: Final = ("reviewer_id", "reviewer_label")

Prefixes: TypeAlias = Mapping[str, str]
ToTerm: TypeAlias = Callable[[str, Prefixes], NamedNode | Literal]


def _number(text: str, _: Prefixes) -> Literal:
    if not re.fullmatch(r"0(\.\d+)?|1(\.0+)?", text):
        raise CellError(both('"{text}" is no number from 0 to 1, such as 0.95', text=text))
    # As the store writes it: 1, not 1.0.
    return Literal(str(float(text)).removesuffix(".0"), datatype=terms.DOUBLE)


def _date(text: str, _: Prefixes) -> Literal:
    with suppress(ValueError):
        return Literal(date.fromisoformat(text).isoformat(), datatype=terms.DATE)
    raise CellError(both('"{text}" is no day, such as 2026-11-22', text=text))


def _text(text: str, _: Prefixes) -> Literal:
    return Literal(text)


SLOTS: Final[Mapping[str, tuple[str, ToTerm]]] = {
    "mapping_justification": (f"{SSSOM}mapping_justification", expand),
    "confidence": (f"{SSSOM}confidence", _number),
    "author_id": (f"{PAV}authoredBy", expand),
    "author_label": (f"{SSSOM}author_label", _text),
    "creator_id": (DCTERMS + "creator", expand),
    "reviewer_id": (f"{SSSOM}reviewer_id", expand),
    "reviewer_label": (f"{SSSOM}reviewer_label", _text),
    "mapping_date": (DCTERMS + "created", _date),
    "review_date": (f"{SSSOM}review_date", _date),
    "subject_label": (f"{SSSOM}subject_label", _text),
    "object_label": (f"{SSSOM}object_label", _text),
    "mapping_tool": (f"{SSSOM}mapping_tool", _text),
    "see_also": (f"{RDFS}seeAlso", expand),
    "comment": (f"{RDFS}comment", _text),
}
"""Columns that go into the graph: the property that SSSOM gives each, and how its cells are read."""
SEVERAL: Final = frozenset({"author_id", "author_label", "creator_id", "reviewer_id", "reviewer_label", "see_also"})
"""Columns whose cells may hold several values with | between them."""


def link_triples(path: Path, register: Register, complaints: Complaints) -> Iterator[Triple]:
    """Yield the triples for the reviewed mappings of an SSSOM/TSV file; what is wrong with it goes into the complaints.

    A mapping counts as reviewed where somebody made or reviewed it by hand (`mapping_justification`), or where a reviewer
    is named. Each yields the link and a node of the type `owl:Axiom`, as SSSOM's own RDF has it, that tells its
    justification, confidence, authors and date.
    """
    with complaints.gathered():
        mappings = read_mapping_set(path, register.base)
        for link in mappings.links:
            if link.justification.value in REVIEWED or any(link.row[column] for column in REVIEWERS):
                with complaints.gathered():
                    described = list(_described(link, mappings.prefixes, register.base, path))
                    yield link.triple
                    yield from described


def _described(link: Link, prefixes: Prefixes, base: str, path: Path) -> Iterator[Triple]:
    """Yield what a mapping's row says about it. Raises `SourceError` where a cell won't do."""
    node = mapping_iri(link.triple, base)
    yield Triple(node, terms.TYPE, terms.AXIOM)
    yield Triple(node, terms.ANNOTATED_SOURCE, link.subject)
    yield Triple(node, terms.ANNOTATED_PROPERTY, link.predicate)
    yield Triple(node, terms.ANNOTATED_TARGET, link.object)
    for column, (predicate, to_term) in SLOTS.items():
        cell = link.row[column]
        for value in cell.split("|") if column in SEVERAL else [cell]:
            if value.strip():
                try:
                    yield Triple(node, NamedNode(predicate), to_term(value.strip(), prefixes))
                except CellError as error:
                    raise SourceError([link.row.finding(path, column, error.message)]) from error
