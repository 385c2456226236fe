"""Mappings to other vocabularies in SSSOM/TSV (Simple Standard for Sharing Ontological Mappings)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from pyoxigraph import NamedNode, Triple

from vertragsgraph.finding import Finding, Place
from vertragsgraph.sources.syntax import WELL_KNOWN, unreadable
from vertragsgraph.sources.turtle import SourceError
from vertragsgraph.texts import Language, both

RULE: Final = "sssom"
REQUIRED: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification")
BUILT_IN: Final = ("owl", "rdf", "rdfs", "semapv", "skos", "sssom", "xsd")
"""Prefixes that every SSSOM file knows (SSSOM, "IRI prefixes")."""

SKOS: Final = WELL_KNOWN["skos"]
OWL: Final = WELL_KNOWN["owl"]
PREDICATES: Final = frozenset(
    {SKOS + f"{how}Match" for how in ("exact", "close", "broad", "narrow", "related")}
    | {OWL + name for name in ("sameAs", "equivalentClass", "equivalentProperty")}
)
NOTHING_FOUND: Final = WELL_KNOWN["sssom"] + "NoTermFound"


@dataclass(frozen=True)
class Link:
    """A mapping that the register asserts: a row of an SSSOM file, and its line."""

    subject: NamedNode
    predicate: NamedNode
    object: NamedNode
    line: int

    @property
    def triple(self) -> Triple:
        """The mapping as a triple of the graph `links`."""
        return Triple(self.subject, self.predicate, self.object)


def read_mappings(path: Path, base: str) -> list[Link]:
    """Read an SSSOM/TSV file with its metadata in front (`#` and YAML) and return its mappings in their order.

    Namespaces in the `curie_map` may be relative: they are resolved against `base`. Rows that deny a mapping
    (`predicate_modifier` "Not") or say that none was found (`sssom:NoTermFound`) are checked, but are no mappings.
    Raises `SourceError` with a finding for each thing wrong: missing columns, unknown prefixes, other predicates.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines(keepends=True)
    except OSError as error:
        raise SourceError([unreadable(error, path)]) from error
    except UnicodeDecodeError as error:
        message = both("this is not UTF-8: save the file in UTF-8")
        raise SourceError([Finding(message, Place(path), rule=RULE)]) from error
    header = list(takewhile(lambda line: line.startswith("#"), lines))
    findings: list[Finding] = []
    links: list[Link] = []
    try:
        namespaces = _namespaces(header, base)
        for number, row in _rows(lines[len(header) :], len(header)):
            try:
                links.extend(_links(row, namespaces, number))
            except _Complaint as complaint:
                findings.append(Finding(complaint.message, Place(path, number), rule=RULE))
    except _Complaint as complaint:
        findings.append(Finding(complaint.message, Place(path, complaint.line), rule=RULE))
    except csv.Error as error:
        findings.append(
            Finding(both("this is no table of tab-separated values: {reason}", reason=error), Place(path), rule=RULE)
        )
    if findings:
        raise SourceError(findings)
    return links


class _Complaint(Exception):
    def __init__(self, message: Mapping[Language, str], line: int = 0) -> None:
        self.message = message
        self.line = line


def _namespaces(header: Sequence[str], base: str) -> dict[str, str]:
    """Return the prefixes that the header declares, and those that need no declaration.

    The `curie_map` is the only part of the header that the build needs, and the only one it reads: lines
    `PREFIX: NAMESPACE`, indented below `curie_map:`, as the SSSOM tools write it.
    """
    namespaces = {prefix: WELL_KNOWN[prefix] for prefix in BUILT_IN}
    inside = False
    for number, line in enumerate(header, 1):
        content = line.removeprefix("#").rstrip()
        if content.lstrip().startswith("#") or not content.strip():
            continue
        if found := re.fullmatch(r"\s?curie_map:\s*(.*)", content):
            if found[1] not in {"", "{}"}:
                raise _Complaint(both("write one prefix a line below curie_map:, indented: PREFIX: NAMESPACE"), number)
            inside = True
        elif inside and (
            entry := re.fullmatch(r"""\s{2,}["']?([\w.-]+)["']?:\s+["']?([^\s"']+)["']?(\s+#.*)?""", content)
        ):
            namespaces[entry[1]] = urljoin(base, entry[2])
        else:
            inside = False
    return namespaces


def _rows(lines: Sequence[str], before: int) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows below the line of column names, each with its line; `before` lines stand before that."""
    reader = csv.reader(lines, delimiter="\t")
    columns = next(reader, [])
    if missing := [column for column in REQUIRED if column not in columns]:
        message = both("these columns are missing: {columns}", columns=", ".join(missing))
        raise _Complaint(message, before + 1)
    number = before + reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield number, dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        number = before + reader.line_num + 1


def _links(row: Mapping[str, str], namespaces: Mapping[str, str], line: int) -> Iterator[Link]:
    for column in REQUIRED:
        if not row.get(column):
            raise _Complaint(both("there is no {column} in this row", column=column))
    subject, predicate, target, _ = (_iri(row[column], namespaces) for column in REQUIRED)
    if predicate.value not in PREDICATES:
        known = ", ".join(sorted(_curie(iri) for iri in PREDICATES))
        raise _Complaint(
            both(
                "{predicate} is no predicate of a mapping; known are: {known}",
                predicate=row["predicate_id"],
                known=known,
            )
        )
    if row.get("predicate_modifier") != "Not" and NOTHING_FOUND not in {subject.value, target.value}:
        yield Link(subject, predicate, target, line)


def _iri(entity: str, namespaces: Mapping[str, str]) -> NamedNode:
    prefix, colon, local = entity.partition(":")
    if colon and prefix in namespaces:
        iri = namespaces[prefix] + local
    elif colon and local.startswith("//"):
        iri = entity
    elif colon:
        known = ", ".join(sorted(namespaces))
        raise _Complaint(
            both(
                'the prefix "{prefix}:" is not in the curie_map of this file; known are: {known}',
                prefix=prefix,
                known=known,
            )
        )
    else:
        raise _Complaint(both('"{entity}" is no CURIE (PREFIX:NAME) and no IRI', entity=entity))
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise _Complaint(both('"{entity}" is no CURIE (PREFIX:NAME) and no IRI', entity=entity)) from error


def _curie(iri: str) -> str:
    prefix = next(prefix for prefix in BUILT_IN if iri.startswith(WELL_KNOWN[prefix]))
    return f"{prefix}:{iri.removeprefix(WELL_KNOWN[prefix])}"
