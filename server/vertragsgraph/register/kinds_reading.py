"""Reading the table of kinds, with the line of everything that is wrong in it."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from pydantic import ValidationError

from vertragsgraph.finding import Finding, Place
from vertragsgraph.rdf.namespaces import WELL_KNOWN
from vertragsgraph.rdf.paths import PropertyPath
from vertragsgraph.register import toml
from vertragsgraph.register.files import read_text
from vertragsgraph.register.kinds import FILE_NAME, Kinds, Listing
from vertragsgraph.register.model import Register, shipped_folder
from vertragsgraph.register.toml import RegisterError
from vertragsgraph.texts import ENGLISH, Language, both, in_catalogue

RULE: Final = "kinds"
Complaint: TypeAlias = tuple[tuple[object, ...], dict[Language, str]]
"""The keys that lead to something in the table, and what is wrong with it."""


def load_kinds(register: Register) -> Kinds:
    """Read `kinds.toml` beside register.toml or in the folder of the ontology; without one, the shipped table serves.

    Raises `RegisterError` with file and line for all that is wrong in it.
    """
    text, table = _own(register)
    if not table:
        return shipped_kinds(register.spoken)
    if table.get("extends") is True:
        table = _extended(tomllib.loads(_shipped()), table)
    try:
        kinds = Kinds.of(_in_languages(table, register.spoken))
    except ValidationError as error:
        file = register.shown(_file(register))
        raise RegisterError(toml.complaints(error, Kinds, text, file, RULE)) from error
    if found := findings(register, _contradictions(kinds)):
        raise RegisterError(found)
    return kinds


def own_terms(register: Register) -> tuple[dict[str, str], list[tuple[tuple[object, ...], str]]]:
    """Return the prefixes of the register's own table, and the terms (IRIs) that it names, each with the keys that lead there.

    The table is one that `load_kinds` has read.
    """
    _, table = _own(register)
    prefixes = table.get("prefixes", {})
    return prefixes, list(_terms(table, (), WELL_KNOWN | prefixes))


def _own(register: Register) -> tuple[str, dict[str, Any]]:
    """Return the text of the register's own table and what it says; nothing where it has none."""
    path = _file(register)
    text = read_text(path, RULE) if path.exists() else ""
    return text, toml.values(text, register.shown(path), RULE)


def _file(register: Register) -> Path:
    beside = register.folder / FILE_NAME
    return beside if beside.exists() else register.ontology / FILE_NAME


def _terms(
    value: object, keys: tuple[object, ...], prefixes: dict[str, str]
) -> Iterator[tuple[tuple[object, ...], str]]:
    """Yield the terms in all that can be read as a path, whatever key it stands at: others are no names of terms."""
    if isinstance(value, dict | list):
        for key, member in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _terms(member, (*keys, key), prefixes)
    elif isinstance(value, str):
        with suppress(ValueError):
            for step in PropertyPath.read(value, prefixes).steps:
                yield from ((keys, term) for term in (step.property, step.only) if term)


@cache
def shipped_kinds(languages: tuple[Language, ...] = ()) -> Kinds:
    """Return the table that comes with the package, in further languages as far as the catalogues have them."""
    return Kinds.of(_in_languages(tomllib.loads(_shipped()), languages))


def _in_languages(value: Any, languages: tuple[Language, ...]) -> Any:
    """Return a part of the table with what the catalogues have of its titles and comments, where a language is missing."""
    if isinstance(value, list):
        return [_in_languages(member, languages) for member in value]
    if not isinstance(value, dict):
        return value
    found = {key: _in_languages(member, languages) for key, member in value.items()}
    if isinstance(english := found.get(ENGLISH), str):
        missing = [language for language in languages if language not in found]
        return found | {tag: text for tag in missing if (text := in_catalogue(english, tag))}
    return found


def _shipped() -> str:
    return (shipped_folder() / "ontology" / FILE_NAME).read_text("utf-8")


def findings(register: Register, complaints: Iterable[Complaint]) -> list[Finding]:
    """Return complaints about the register's table as findings, each with its line."""
    path = _file(register)
    text = _own(register)[0]
    return [
        Finding(message, Place(register.shown(path), toml.line_of_key(text, [str(key) for key in keys])), rule=RULE)
        for keys, message in complaints
    ]


def _extended(shipped: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return the shipped table with what a register's own adds: kinds, further keys of kinds, lines before the others."""
    table = {key: value for key, value in {**shipped, **own}.items() if key != "extends"}
    if isinstance(kinds := own.get("kinds", {}), dict):
        named = {
            name: _merged(shipped["kinds"].get(name, {}), kind)
            for name, kind in kinds.items()
            if isinstance(kind, dict)
        }
        table["kinds"] = {**shipped["kinds"], **kinds, **named}
    if isinstance(lines := own.get("lines", []), list):
        table["lines"] = [*lines, *shipped["lines"]]
    return table


def _merged(shipped: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return what is said of a kind with what a register says of it, of its list key by key."""
    theirs, mine = shipped.get("list"), own.get("list")
    if isinstance(theirs, dict) and isinstance(mine, dict):
        own = {**own, "list": {**theirs, **mine}}
    return {**shipped, **own}


def _contradictions(kinds: Kinds) -> Iterator[Complaint]:
    """Yield what is wrong with a table whose values are right, each by itself."""
    yield from _of_tables(kinds)
    for name, kind in kinds.kinds.items():
        for number, told in enumerate(kind.wikidata):
            if len(told.path.sequences) > 1:
                message = both("what Wikidata is told has the evidence of one path; write a statement for each")
                yield ("kinds", name, "wikidata", number, "path"), message
        if kind.list:
            if kinds.listed[kind.list.path] is not kind:
                message = both('another kind has its list at "{path}"; choose another path', path=kind.list.path)
                yield ("kinds", name, "list", "path"), message
            for number, (key, message) in _of_facets(kind.list, kinds):
                yield ("kinds", name, "list", "facets", number, key), message
    begun = Counter((line.start, line.name) for line in kinds.lines)
    for number, line in enumerate(kinds.lines):
        if begun[line.start, line.name] > 1:
            yield ("lines", number, "name"), both("several lines of this name begin at one kind; keep one of them")
        for key, name in (("from", line.start), ("to", line.end)):
            if not kinds[name].shape:
                message = both('lines lead between kinds that have a shape, and "{kind}" has none', kind=name)
                yield ("lines", number, key), message


def _of_tables(kinds: Kinds) -> Iterator[Complaint]:
    tables = [name for name, kind in kinds.kinds.items() if kind.table]
    if not tables:
        yield (
            ("kinds",),
            both("no kind has a table; give the one of which the register is made a list of columns: table = […]"),
        )
    for name in tables[1:]:
        yield ("kinds", name, "table"), both("the register has one table only, and {kind} has it", kind=tables[0])
    for number, column in enumerate(kinds.table.table if tables else ()):
        if column.path and any(step.repeated for step in column.path.steps):
            message = both("a column of the table takes no path with * or +; list what leads there, with | in between")
            yield ("kinds", tables[0], "table", number, "path"), message


def _of_facets(listing: Listing, kinds: Kinds) -> Iterator[tuple[int, tuple[str, dict[Language, str]]]]:
    days = (facet.period.day for facet in listing.facets if facet.period)
    keys = Counter([*(facet.key for facet in listing.facets), *days, "page", "lang"])
    for number, facet in enumerate(listing.facets):
        if bool(facet.path or facet.values) == bool(facet.period):
            yield (
                number,
                ("path", both("a facet has a path, values of its own that have one each, or both; or a period")),
            )
        if facet.kind and facet.kind not in kinds.kinds:
            yield number, ("kind", both('there is no kind "{kind}" in this table', kind=facet.kind))
        for key in (facet.key, *([facet.period.day] if facet.period else [])):
            if keys[key] > 1:
                yield number, ("key", both('the key "{key}" is taken; choose another one', key=key))
