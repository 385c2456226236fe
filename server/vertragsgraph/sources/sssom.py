"""Mappings to other vocabularies in SSSOM/TSV (Simple Standard for Sharing Ontological Mappings)."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from pyoxigraph import NamedNode, Triple

from vertragsgraph.finding import Finding, FindingsError, Place
from vertragsgraph.rdf import curie, terms
from vertragsgraph.rdf.namespaces import OWL, SSSOM, WELL_KNOWN
from vertragsgraph.register.files import read_text
from vertragsgraph.sources.syntax import cut
from vertragsgraph.sources.tsv import Cell, read_rows, write_rows
from vertragsgraph.sources.turtle import SourceError
from vertragsgraph.texts import ENGLISH, Language, both

RULE: Final = "sssom"
REQUIRED: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification")
COMMON: Final = ("subject_label", "object_label", "predicate_modifier", "confidence", "author_id", "author_label")
"""Columns that are meant more often than the others."""
OTHERS: Final = tuple(
    """creator_id creator_label reviewer_id reviewer_label mapping_date review_date publication_date comment see_also
    mapping_tool mapping_tool_id mapping_tool_version mapping_provider mapping_source mapping_cardinality cardinality_scope
    predicate_label predicate_type record_id license issue_tracker_item other reviewer_agreement curation_rule
    curation_rule_text match_string similarity_score similarity_measure subject_category subject_type subject_source
    subject_source_version subject_match_field subject_preprocessing object_category object_type object_source
    object_source_version object_match_field object_preprocessing""".split()  # noqa: SIM905 - it is read more easily
)
"""The other slots of a mapping (SSSOM 1.1, class Mapping)."""
BUILT_IN: Final = {prefix: WELL_KNOWN[prefix] for prefix in ("owl", "rdf", "rdfs", "semapv", "skos", "sssom", "xsd")}
"""Prefixes and namespaces that every SSSOM file knows (SSSOM, "IRI prefixes")."""

PREDICATES: Final = frozenset(
    [*(term.value for term in terms.LINKS), f"{OWL}equivalentClass", f"{OWL}equivalentProperty"]
)
NOTHING_FOUND: Final = SSSOM + "NoTermFound"

_METADATA: Final = re.compile(r"#([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_PREFIX: Final = re.compile(r"""\s{2,}["']?([\w.-]+)["']?:\s+["']?([^\s"']+)["']?(\s+#.*)?""")
# XML 1.0 has no character for these, so no release can hold them.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Row:
    """A row of the table: its cells by column, and the line on which it begins."""

    line: int
    cells: Mapping[str, Cell]

    def __getitem__(self, column: str) -> str:
        """Return the text of a cell without white space around it; nothing where there is no such cell."""
        cell = self.cells.get(column)
        return cell.text.strip() if cell else ""

    def finding(self, file: Path, column: str, message: Mapping[Language, str]) -> Finding:
        """Return a finding about a cell, or about the row where it has no such cell."""
        cell = self.cells.get(column)
        place = Place(file, cell.line, cell.column) if cell else Place(file, self.line)
        return Finding({language: f"{column}: {text}" for language, text in message.items()}, place, rule=RULE)


@dataclass(frozen=True)
class Link:
    """A mapping that the register asserts, and the row that says so."""

    subject: NamedNode
    predicate: NamedNode
    object: NamedNode
    justification: NamedNode
    row: Row

    @property
    def line(self) -> int:
        """The line of the row."""
        return self.row.line

    @property
    def triple(self) -> Triple:
        """The mapping as a triple of the graph `links`."""
        return Triple(self.subject, self.predicate, self.object)


@dataclass(frozen=True)
class MappingSet:
    """An SSSOM/TSV file: the lines of its metadata (as YAML, without `#`), its prefixes, columns, rows and mappings.

    Of the metadata, lines up to `curie_map_end` are what stands before the end of the `curie_map`.
    """

    metadata: Sequence[str]
    curie_map_end: int
    prefixes: Mapping[str, str]
    columns: Sequence[str]
    rows: Sequence[Row]
    links: Sequence[Link]


class CellError(Exception):
    """What stands in a cell won't do: `message` says why, in every language."""

    def __init__(self, message: Mapping[Language, str]) -> None:
        self.message = message
        super().__init__(message[ENGLISH])


def read_mappings(path: Path, base: str) -> Sequence[Link]:
    """Return the mappings of an SSSOM/TSV file in their order; raises what `read_mapping_set` raises."""
    return read_mapping_set(path, base).links


def read_mapping_set(path: Path, base: str) -> MappingSet:
    """Read an SSSOM/TSV file with its metadata in front (`#` and YAML).

    Namespaces in the `curie_map` may be relative: they are resolved against `base`. Rows that deny a mapping
    (`predicate_modifier` "Not") or say that none was found (`sssom:NoTermFound`) are checked, but are no mappings.
    Raises `SourceError` with a finding for each thing wrong: columns, cells, prefixes, predicates.
    """
    try:
        text = read_text(path, RULE)
    except FindingsError as error:
        raise SourceError(error.findings) from error
    metadata, start = _metadata(text)
    table = read_rows(text[start:], len(metadata) + 1)
    heading = next(table, [Cell("", len(metadata) + 1, 1)])
    if findings := list(_wrong_columns(path, heading, metadata)):
        raise SourceError(findings)
    prefixes, curie_map_end = _curie_map(metadata, base, path)
    columns = [cell.text.strip() for cell in heading]
    rows = list(_rows(path, table, columns, findings))
    links = list(_links(path, rows, prefixes, findings))
    if findings:
        raise SourceError(sorted(findings, key=lambda finding: finding.place or Place(path)))
    return MappingSet(metadata, curie_map_end, prefixes, columns, rows, links)


def write_mapping_set(metadata: Iterable[str], columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return the text of an SSSOM/TSV file (SSSOM 1.0, "TSV")."""
    return "".join(f"#{line}\n" for line in metadata) + write_rows(columns, rows)


def expand(entity: str, prefixes: Mapping[str, str]) -> NamedNode:
    """Return the IRI for an entity reference: a CURIE or an IRI. Raises `CellError` where it is neither."""
    prefix, colon, local = entity.partition(":")
    if colon and prefix not in prefixes and not local.startswith("//"):
        message = both(
            'the prefix "{prefix}:" is not in the curie_map of this file; known are: {known}',
            prefix=cut(prefix),
            known=", ".join(sorted(prefixes)),
        )
        raise CellError(message)
    try:
        return NamedNode(curie.expand(entity, prefixes) if colon and prefix in prefixes else entity)
    except ValueError as error:
        raise CellError(both('"{entity}" is no CURIE (PREFIX:NAME) and no IRI', entity=cut(entity))) from error


def _metadata(text: str) -> tuple[list[str], int]:
    """Return the lines of metadata without the `#` before them, and where what follows them begins."""
    lines, position = [], 0
    while found := _METADATA.match(text, position):
        lines.append(found[1])
        position = found.end()
    return lines, position


def _curie_map(metadata: Sequence[str], base: str, path: Path) -> tuple[dict[str, str], int]:
    """Return the prefixes that the metadata declare, and those that need no declaration; and where the `curie_map` ends.

    The `curie_map` is the only part of the metadata that the build needs, and the only one it reads: lines
    `PREFIX: NAMESPACE`, indented below `curie_map:`, as the SSSOM tools write it.
    """
    namespaces = dict(BUILT_IN)
    inside, end = False, 0
    for number, line in enumerate(map(str.rstrip, metadata), 1):
        if line.lstrip().startswith("#") or not line.strip():
            continue
        if found := re.fullmatch(r"\s?curie_map:\s*(.*)", line):
            if found[1] not in {"", "{}"}:
                message = both("write one prefix a line below curie_map:, indented: PREFIX: NAMESPACE")
                raise SourceError([Finding(message, Place(path, number), rule=RULE)])
            inside, end = True, number
        elif inside and (entry := _PREFIX.fullmatch(line)):
            end = number
            try:
                namespaces[entry[1]] = urljoin(base, entry[2])
            except ValueError as error:
                message = both('"{namespace}" is no IRI of a namespace', namespace=cut(entry[2]))
                raise SourceError([Finding(message, Place(path, number), rule=RULE)]) from error
        else:
            inside = False
    return namespaces, end


def _wrong_columns(path: Path, heading: Sequence[Cell], metadata: Sequence[str]) -> Iterator[Finding]:
    """Yield what is wrong with the line of column names."""
    names = [cell.text.strip() for cell in heading]
    line = Place(path, heading[0].line)
    for separator in (";", ","):
        if len(names) == 1 and separator in names[0]:
            message = both('the columns are separated by "{separator}"; save the table with tabs', separator=separator)
            yield Finding(message, line, rule=RULE)
            return
    if missing := [column for column in REQUIRED if column not in names]:
        yield Finding(both("these columns are missing: {columns}", columns=", ".join(missing)), line, rule=RULE)
    known = (*REQUIRED, *COMMON, *OTHERS)
    extensions = re.findall(r"(?m)^\s*(?:- )?\s*slot_name:\s*(\S+)", "\n".join(metadata))
    for name, count in Counter(filter(None, names)).items():
        cell = heading[names.index(name)]
        place = Place(path, cell.line, cell.column)
        if count > 1:
            yield Finding(both("the column {column} stands here twice; keep one", column=cut(name)), place, rule=RULE)
        if name not in known and name not in extensions:
            yield Finding(_unknown_column(name, [column for column in known if column not in names]), place, rule=RULE)


def _unknown_column(name: str, known: Sequence[str]) -> dict[Language, str]:
    likely = [column for column in known if column in {*REQUIRED, *COMMON}]
    if near := [*difflib.get_close_matches(name, likely, n=1), *difflib.get_close_matches(name, known, n=1)]:
        return both("SSSOM has no column {column}; did you mean {near}?", column=cut(name), near=near[0])
    return both(
        "SSSOM has no column {column}; take it away, or declare it in the metadata under extension_definitions",
        column=cut(name),
    )


def _rows(
    path: Path, table: Iterable[Sequence[Cell]], columns: Sequence[str], findings: list[Finding]
) -> Iterator[Row]:
    """Yield the rows below the line of column names that have something in them; what is wrong goes into the findings."""
    for cells in table:
        if any(cell.text.strip() for cell in cells):
            row = Row(cells[0].line, dict(zip(columns, cells, strict=False)))
            findings += (
                row.finding(path, column, text) for column in row.cells for text in _wrong_text(row.cells[column])
            )
            if surplus := next((cell for cell in cells[len(columns) :] if cell.text.strip()), None):
                message = both("this row has more cells than the table has columns; a tab is too much")
                findings.append(Finding(message, Place(path, surplus.line, surplus.column), rule=RULE))
            yield row


def _wrong_text(cell: Cell) -> Iterator[dict[Language, str]]:
    """Yield what is wrong with a cell, whatever its column."""
    if cell.is_open:
        yield both("the quotation mark with which this cell begins is never closed; close it, or take it away")
    elif control := _CONTROL.search(cell.text):
        character = f"U+{ord(control[0]):04X}"
        yield both("the control character {character} can't be published; take it out", character=character)


def _links(path: Path, rows: Iterable[Row], prefixes: Mapping[str, str], findings: list[Finding]) -> Iterator[Link]:
    """Yield the mappings that rows assert; what is wrong goes into the findings."""
    for row in rows:
        nodes = {}
        for column in REQUIRED:
            try:
                nodes[column] = _node(row[column], column, prefixes)
            except CellError as error:
                findings.append(row.finding(path, column, error.message))
        if len(nodes) == len(REQUIRED):
            subject, predicate, target, justification = (nodes[column] for column in REQUIRED)
            if row["predicate_modifier"] != "Not" and NOTHING_FOUND not in {subject.value, target.value}:
                yield Link(subject, predicate, target, justification, row)


def _node(text: str, column: str, prefixes: Mapping[str, str]) -> NamedNode:
    if not text:
        raise CellError(both("this cell must not be empty"))
    node = expand(text, prefixes)
    if column == "predicate_id" and node.value not in PREDICATES:
        known = ", ".join(sorted(curie.shorten(iri) or iri for iri in PREDICATES))
        message = both("{predicate} is no predicate of a mapping; known are: {known}", predicate=cut(text), known=known)
        raise CellError(message)
    return node
