"""Mappings to other vocabularies (SSSOM) as triples: the link itself, and what is known of how it came about."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urljoin

from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.finding import Finding, Place
from vertragsgraph.graph import terms
from vertragsgraph.graph.complaints import Complaints
from vertragsgraph.graph.names import mapping_iri
from vertragsgraph.register import Register
from vertragsgraph.sources import read_mappings
from vertragsgraph.sources.sssom import BUILT_IN
from vertragsgraph.sources.syntax import WELL_KNOWN
from vertragsgraph.texts import Language, both

RULE: Final = "sssom"
REVIEWED: Final = frozenset(f"semapv:{name}" for name in ("ManualMappingCuration", "MappingReview"))
REVIEWERS: Final = ("reviewer_id", "reviewer_label")

Prefixes: TypeAlias = Mapping[str, str]
ToTerm: TypeAlias = Callable[[str, Prefixes], NamedNode | Literal]

_SSSOM: Final = WELL_KNOWN["sssom"]
_PAV: Final = "http://purl.org/pav/"


class _CellError(Exception):
    def __init__(self, message: dict[Language, str]) -> None:
        self.message = message


def _iri(text: str, prefixes: Prefixes) -> NamedNode:
    prefix, colon, local = text.partition(":")
    if colon and (prefix in prefixes or local.startswith("//")):
        with suppress(ValueError):
            return NamedNode(prefixes[prefix] + local if prefix in prefixes else text)
    raise _CellError(both('"{text}" is no IRI, nor a CURIE with a prefix from the curie_map of this file', text=text))


def _number(text: str, _: Prefixes) -> Literal:
    if not re.fullmatch(r"0(\.\d+)?|1(\.0+)?", text):
        raise _CellError(both('"{text}" is no number from 0 to 1, such as 0.95', text=text))
    # As the store writes it: 1, not 1.0.
    return Literal(str(float(text)).removesuffix(".0"), datatype=terms.DOUBLE)


def _date(text: str, _: Prefixes) -> Literal:
    with suppress(ValueError):
        return Literal(date.fromisoformat(text).isoformat(), datatype=terms.DATE)
    raise _CellError(both('"{text}" is no day, such as 2026-11-22', text=text))


def _text(text: str, _: Prefixes) -> Literal:
    return Literal(text)


SLOTS: Final[Mapping[str, tuple[str, ToTerm]]] = {
    "mapping_justification": (f"{_SSSOM}mapping_justification", _iri),
    "confidence": (f"{_SSSOM}confidence", _number),
    "author_id": (f"{_PAV}authoredBy", _iri),
    "author_label": (f"{_SSSOM}author_label", _text),
    "creator_id": (WELL_KNOWN["dcterms"] + "creator", _iri),
    "reviewer_id": (f"{_SSSOM}reviewer_id", _iri),
    "reviewer_label": (f"{_SSSOM}reviewer_label", _text),
    "mapping_date": (WELL_KNOWN["dcterms"] + "created", _date),
    "review_date": (f"{_SSSOM}review_date", _date),
    "subject_label": (f"{_SSSOM}subject_label", _text),
    "object_label": (f"{_SSSOM}object_label", _text),
    "mapping_tool": (f"{_SSSOM}mapping_tool", _text),
    "see_also": (f"{WELL_KNOWN['rdfs']}seeAlso", _iri),
    "comment": (f"{WELL_KNOWN['rdfs']}comment", _text),
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
        links = {link.line: link.triple for link in read_mappings(path, register.base)}
        prefixes, rows = _read(path, register.base)
        for line, row in rows:
            if line in links and _is_reviewed(row):
                try:
                    described = list(_described(links[line], row, prefixes, register.base))
                except _CellError as error:
                    complaints.extend([Finding(error.message, Place(path, line), rule=RULE)])
                else:
                    yield links[line]
                    yield from described


def _is_reviewed(row: Mapping[str, str]) -> bool:
    return row["mapping_justification"] in REVIEWED or any(row.get(column) for column in REVIEWERS)


def _described(link: Triple, row: Mapping[str, str], prefixes: Prefixes, base: str) -> Iterator[Triple]:
    node = mapping_iri(link, base)
    yield Triple(node, terms.TYPE, terms.AXIOM)
    yield Triple(node, terms.ANNOTATED_SOURCE, link.subject)
    yield Triple(node, terms.ANNOTATED_PROPERTY, link.predicate)
    yield Triple(node, terms.ANNOTATED_TARGET, link.object)
    for column, (predicate, to_term) in SLOTS.items():
        cell = row.get(column) or ""
        for value in cell.split("|") if column in SEVERAL else [cell]:
            if value.strip():
                yield Triple(node, NamedNode(predicate), to_term(value.strip(), prefixes))


def _read(path: Path, base: str) -> tuple[Prefixes, Iterator[tuple[int, dict[str, str]]]]:
    """Return prefixes and rows, each with its line, of a file that is known to be sound."""
    lines = path.read_text("utf-8-sig").splitlines(keepends=True)
    header = list(takewhile(lambda line: line.startswith("#"), lines))
    prefixes = {prefix: WELL_KNOWN[prefix] for prefix in BUILT_IN}
    for line in header:
        if entry := re.match(r"""#\s{2,}["']?([\w.-]+)["']?:\s+["']?([^\s"']+)""", line):
            prefixes[entry[1]] = urljoin(base, entry[2])
    return prefixes, _rows(lines[len(header) :], len(header))


def _rows(lines: list[str], before: int) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(lines, delimiter="\t")
    columns = next(reader)
    line = before + reader.line_num + 1
    for cells in reader:
        yield line, dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        line = before + reader.line_num + 1
