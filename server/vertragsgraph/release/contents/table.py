"""The resources of one kind as a table: CSV (RFC 4180), its columns described (CSVW, Metadata Vocabulary for Tabular Data)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

from vertragsgraph.rdf import edtf
from vertragsgraph.rdf.namespaces import RDFS
from vertragsgraph.rdf.paths import Step
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.rdf.triple_lookup import Facts, facts
from vertragsgraph.register import Kinds, Register
from vertragsgraph.register.kinds import TableColumn
from vertragsgraph.spreadsheet import cell, separator
from vertragsgraph.texts import ENGLISH, distance, text_in, with_language

METADATA: Final = "csv-metadata.json"
SUBCLASS_OF: Final = f"<{RDFS}subClassOf>"
LABELS: Final = (nt.RDFS_LABEL, nt.SKOS_PREF_LABEL)
DATE_FORMAT: Final = edtf.PATTERN
"""What stands in a column of dates, as it is written: a day, a month, a year, or EDTF (of which these are a part)."""


@dataclass(frozen=True)
class Column:
    """A column of the table of kinds, once for each language of the register where it holds labels.

    `languages` are those of its heading.
    """

    said: TableColumn
    languages: tuple[str, ...]
    language: str | None = None

    @property
    def name(self) -> str:
        """The name, which says the language."""
        return f"{self.said.name}_{self.language}" if self.language else self.said.name

    @property
    def heading(self) -> dict[str, str]:
        """The heading in each language; it names the language of the column's values where there is one."""
        title = self.said.title
        texts = {tag: title[tag] for tag in self.languages if tag in title} or {ENGLISH: text_in(title, ENGLISH)}
        return {tag: with_language(text, self.language, tag) if self.language else text for tag, text in texts.items()}


def columns_of(kinds: Kinds, register: Register) -> tuple[Column, ...]:
    """Return the columns of the table of a register."""
    return tuple(
        Column(column, register.spoken, language)
        for column in kinds.table.table
        for language in (register.languages if column.form == "label" else (None,))
    )


def write(
    lines: Iterable[str], ontology: Iterable[str], register: Register, kinds: Kinds, folder: Path, work: Path
) -> None:
    """Write `{key}.csv` and its description into `folder`, one row for each resource of a kind, in the order of their IRIs.

    `lines` are the N-Triples of the register, `ontology` those of its ontology; `work` is where a passing file may lie.
    The text is UTF-8 with a byte order mark, without which spreadsheets take umlauts for something else.
    """
    columns = columns_of(kinds, register)
    known = {f"<{step.property}>" for column in columns for step in _steps(column)} | {
        nt.RDF_TYPE,
        SUBCLASS_OF,
        *LABELS,
    }
    with (
        facts(chain(lines, ontology), known, work / "facts.sqlite") as found,
        (folder / f"{register.key}.csv").open("x", encoding="utf-8-sig", newline="") as out,
    ):
        between = separator(found.is_in_a_literal)
        rows = csv.writer(out)
        rows.writerow(text_in(column.heading, register.spoken[0]) for column in columns)
        for instance in _instances(found, f"<{kinds.table.iri}>"):
            rows.writerow(cell(between.join(_values(instance, column, found))) for column in columns)
    text = json.dumps(metadata(register, columns, between), ensure_ascii=False, indent=2) + "\n"
    (folder / METADATA).write_text(text, "utf-8", newline="\n")


def metadata(register: Register, columns: Sequence[Column], between: str) -> dict[str, Any]:
    """Return the description of the table (CSVW): headings in each language, datatypes, key.

    `between` stands between several values of one cell.
    """
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": register.spoken[0]}],
        "@type": "Table",
        "url": f"{register.key}.csv",
        "dc:title": _texts(register.title.root),
        "dc:license": {"@id": register.licence.iri},
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "lineTerminators": ["\r\n"]},
        "tableSchema": {
            "columns": [_column(column, register.spoken[0], between) for column in columns],
            "primaryKey": columns[0].name,
            "aboutUrl": f"{{+{columns[0].name}}}",
        },
    }


def _texts(texts: dict[str, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in texts.items()]


def _column(column: Column, language: str, between: str) -> dict[str, Any]:
    # As they stand in the table: csvw, which most people read such descriptions with, compares titles in one language only.
    described: dict[str, Any] = {
        "name": column.name,
        "titles": text_in(column.heading, language),
        "rdfs:label": _texts(column.heading),
    }
    if column.said.datatype == "date":
        # A year is as good as a day, where no more is known.
        described["datatype"] = {"base": "string", "format": DATE_FORMAT}
    else:
        described["datatype"] = column.said.datatype
    if column.language:
        described["lang"] = column.language
    if column.said.path or column.language:
        described["separator"] = between
    else:
        described["required"] = True
    return described


def _instances(found: Facts, class_iri: str) -> list[str]:
    """Return the instances of a class and its subclasses, each once, sorted."""
    classes, to_do = {class_iri}, [class_iri]
    while to_do:
        below = set(found.subjects(SUBCLASS_OF, to_do.pop())) - classes
        classes |= below
        to_do += below
    return sorted({instance for name in classes for instance in found.subjects(nt.RDF_TYPE, name)})


def _steps(column: Column) -> tuple[Step, ...]:
    return column.said.path.steps if column.said.path else ()


def _values(instance: str, column: Column, found: Facts) -> list[str]:
    def along(term: str, step: Step) -> Sequence[str]:
        predicate = f"<{step.property}>"
        return found.subjects(predicate, term) if step.inverse else found.objects(term, predicate)

    def is_a(term: str, iri: str) -> bool:
        return f"<{iri}>" in found.objects(term, nt.RDF_TYPE)

    path = column.said.path
    return sorted(
        {_shown(term, column, found) for term in (path.follow(instance, along, is_a) if path else [instance])}
    )


def _shown(term: str, column: Column, found: Facts) -> str:
    """Return a literal's text or an IRI; in a column of a language a resource's label in it, else in the register's others."""
    if term[0] == '"':
        return _text(term)
    labels = [nt.literal(label) for name in LABELS for label in found.objects(term, name)]
    if not column.language:
        return term[1:-1]
    wanted = (column.language, *column.languages, ENGLISH)
    labels.sort(key=lambda label: [distance(label.language, language) for language in wanted])
    return nt.unescaped(labels[0].escaped) if labels else term[1:-1]


def _text(term: str) -> str:
    return nt.unescaped(nt.literal(term).escaped)
