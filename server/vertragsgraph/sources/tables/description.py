"""What a table says, as the file beside it describes it (CSV on the Web: Metadata Vocabulary for Tabular Data, W3C 2015)."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import csvw
from csvw.metadata import Dialect

from vertragsgraph.finding import Finding, Place
from vertragsgraph.register import Register
from vertragsgraph.register.files import read_text
from vertragsgraph.register.names import slug
from vertragsgraph.sources.folder import METADATA, TABLE_SUFFIXES, table_name
from vertragsgraph.sources.tables.literals import REMEMBERED, datatype_iri, lexical_form, writer
from vertragsgraph.sources.tables.rows import RULE, failure
from vertragsgraph.sources.tables.templates import PREFIXES, NoIriError, Template
from vertragsgraph.sources.turtle import SourceError
from vertragsgraph.texts import Language, both

_CONTEXT: Final = "http://www.w3.org/ns/csvw"
_SOURCE: Final = '{"@id": "id/source/…"}'
_DAY: Final = '"2026-11-27"'
_INHERITED: Final[Mapping[str, object]] = {"lang": "und", "default": ""}
"""Inherited properties of which the library gives a default where a column has none of its own, and that default."""


@dataclass(frozen=True)
class Column:
    """A column: where its cells stand (`number` from 1; 0 for a virtual one), and what each of them says.

    `about` makes the subject, `predicate` the property, `value` the object; where there is no `value`, `write` makes a literal
    of what `read` gives: the texts that RDF has for the values of a cell, nothing for an empty one. It raises `ValueError` or
    `ArithmeticError` for what is no value of the datatype.
    """

    number: int
    name: str
    titles: tuple[str, ...]
    about: Template | None
    predicate: Template
    value: Template | None
    read: Callable[[str], str | tuple[str, ...] | None]
    write: Callable[[str], str]
    datatype: str
    is_silent: bool
    is_ordered: bool

    def is_called(self, title: str) -> bool:
        """Tell whether a header calls the column so."""
        return title in (self.name, *self.titles)


@dataclass(frozen=True)
class Description:
    """A table and its columns; its `source`, who judged what it says (`creator`), and on which `day`."""

    table: Path
    metadata: Path
    columns: tuple[Column, ...]
    dialect: Dialect
    source: str
    creator: str
    day: str

    @property
    def slug(self) -> str:
        """The name of the table without what its kind of file ends in, as IRIs have it."""
        return slug(table_name(self.table))


def read_description(table: Path, register: Register) -> Description:
    """Return what stands beside a table: `NAME.csv-metadata.json`.

    Relative IRIs are resolved against the register's base, as those of Turtle files are. Raises `SourceError` where that is no
    description of the table, or lacks what a register needs: for each column a subject and a property, or that it says nothing,
    and of the table its source and the day on which somebody judged that.
    """
    path = table.with_name(table_name(table) + METADATA)
    document = _read_json(path)
    described = document_of(document, table_name(table), path)
    source, creator = (_iri(described.get(f"dc:{name}"), register) for name in ("source", "creator"))
    day = described.get("dc:date")
    columns, dialect = columns_of(document, described, path, register.base, register.base)
    faults = [fault for column in columns if not column.is_silent for fault in _faults(column)]
    if not source:
        faults.append(both('the source of the table is missing: write "dc:source": {example}', example=_SOURCE))
    if not (isinstance(day, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", day)):
        faults.append(
            both('the day on which the table was judged is missing: write "dc:date": {example}', example=_DAY)
        )
    if faults:
        raise SourceError([Finding(fault, Place(path), rule=RULE) for fault in faults])
    return Description(table, path, columns, dialect, source, creator or register.publisher.iri, str(day))


def _faults(column: Column) -> Iterator[Mapping[Language, str]]:
    if column.about is None:
        yield both('it isn\'t said what column "{column}" is about: write its "aboutUrl"', column=column.name)
    if column.predicate.text.startswith("#"):
        yield both(
            'it isn\'t said what column "{column}" says: write its "propertyUrl", or "suppressOutput": true',
            column=column.name,
        )
    if column.is_ordered:
        yield both('column "{column}" is ordered; lists can\'t be cited, so leave out "ordered"', column=column.name)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(read_text(path, RULE))
    except json.JSONDecodeError as error:
        place = Place(path, error.lineno, error.colno)
        raise failure(both("this is no JSON: {reason}", reason=error.msg), place) from error
    context = document.get("@context") if isinstance(document, dict) else None
    if _CONTEXT not in (context if isinstance(context, list) else [context]):
        message = both('this is no description of a table: it begins with "@context": "{context}"', context=_CONTEXT)
        raise failure(message, Place(path))
    return dict(document)


def document_of(document: dict[str, Any], name: str, path: Path) -> dict[str, Any]:
    """Return what a description says of a table: as a whole, or the one among its `tables` that has its name."""
    tables = document.get("tables", [document])
    found = [each for each in tables if isinstance(each, dict)] if isinstance(tables, list) else []
    named = [each for each in found if table_name(Path(str(each.get("url")))) == name]
    if len(named) != 1:
        message = both('no table has the "url" of the one beside this file: {name}', name=f"{name}{TABLE_SUFFIXES[0]}")
        raise failure(message, Place(path))
    for part in ("tableSchema", "dialect"):
        if isinstance(named[0].get(part, document.get(part)), str):
            message = both('"{part}" is the address of another file; nothing is fetched: write it here', part=part)
            raise failure(message, Place(path))
    return named[0]


def columns_of(
    document: dict[str, Any],
    described: dict[str, Any],
    path: Path,
    url: str,
    base: str,
    prefixes: Mapping[str, str] = PREFIXES,
) -> tuple[tuple[Column, ...], Dialect]:
    """Return the columns of a table, with what they inherit, and how its file is written.

    Raises `SourceError` for what the library doesn't take, and for what it warns of.
    """
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            group = csvw.TableGroup.fromvalue(document) if "tables" in document else None
            tables: Sequence[Any] = group.tables if group else [csvw.Table.fromvalue(document)]
            table = next(each for each in tables if str(each.url) == described["url"])
            above = [part for part in (table.tableSchema, table, group) if part]
            dialect = table.dialect or (group.dialect if group else None) or Dialect()
            columns = tuple(_column(each, above, url, base, prefixes) for each in table.tableSchema.columns)
        reasons = [str(each.message) for each in warned if issubclass(each.category, UserWarning)]
    except (ValueError, TypeError, KeyError, AttributeError, AssertionError, StopIteration) as error:
        reasons = [f"{error or type(error).__name__}"]
    if reasons:
        faults = [
            both("this is no description of a table by CSV on the Web: {reason}", reason=each) for each in reasons
        ]
        raise SourceError([Finding(fault, Place(path), rule=RULE) for fault in faults])
    return columns, dialect


def _column(column: Any, above: Sequence[Any], url: str, base: str, prefixes: Mapping[str, str]) -> Column:
    def inherited(name: str) -> Any:
        unsaid = _INHERITED.get(name)
        values = (getattr(part, name) for part in (column, *above))
        return next((value for value in values if value not in (None, unsaid)), unsaid)

    def template(name: str) -> Template | None:
        text = inherited(name)
        return Template(str(text), url, base, prefixes) if text is not None else None

    for name in _INHERITED:
        setattr(column, name, inherited(name))
    titles = tuple(title for some in (column.titles or {}).values() for title in some)
    name = column.name or (
        quote(titles[0], safe="").replace("-", "%2D") if titles else f"_col.{_number(column, above)}"
    )
    datatype = datatype_iri(inherited("datatype"))
    return Column(
        0 if column.virtual else _number(column, above),
        name,
        titles,
        template("aboutUrl"),
        template("propertyUrl") or Template(f"#{name}", url, base, prefixes),
        template("valueUrl"),
        lru_cache(REMEMBERED)(partial(_texts, column.read, datatype)),
        writer(datatype, column.lang),
        datatype,
        bool(column.suppressOutput),
        bool(inherited("ordered") and inherited("separator")),
    )


def _texts(read: Callable[[str], Any], datatype: str, cell: str) -> str | tuple[str, ...] | None:
    value = read(cell)
    if isinstance(value, list):
        return tuple(lexical_form(each, datatype) for each in value if each is not None) or None
    return None if value is None else lexical_form(value, datatype)


def _number(column: Any, above: Sequence[Any]) -> int:
    return next(number for number, each in enumerate(above[0].columns, 1) if each is column)


def _iri(value: object, register: Register) -> str:
    """Return the IRI that a common property names: `{"@id": …}` or a text; nothing where it names none."""
    text = value.get("@id") if isinstance(value, dict) else value
    if not isinstance(text, str) or not text:
        return ""
    try:
        return (Template(text, register.base, register.base).term({}) or "")[1:-1]
    except NoIriError:
        return ""
