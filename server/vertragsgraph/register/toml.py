"""The TOML files of a register, held against their models: the line of everything that is wrong in one."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from vertragsgraph.finding import Finding, FindingsError, Place
from vertragsgraph.register.values import UnknownCodeError
from vertragsgraph.texts import LANGUAGES, Language, both, marked


class RegisterError(FindingsError):
    """The register can't be read: no folder, no register.toml, or something wrong in it or in the table of kinds."""


def values(text: str, file: Path, rule: str) -> dict[str, Any]:
    """Return what a text says; raises `RegisterError` with the place of a syntax error."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of too many digits and too many brackets, too
        raise RegisterError([_syntax(error, text, file, rule)]) from error


def complaints(error: ValidationError, model: type[BaseModel], text: str, file: Path, rule: str) -> list[Finding]:
    """Return what a model says is wrong with a text as findings, each with its line."""
    return [
        Finding(_complaint(item, model), Place(file, line_of_key(text, _keys(item))), rule=rule)
        for item in error.errors()
    ]


def _syntax(error: Exception, text: str, file: Path, rule: str) -> Finding:
    found = re.fullmatch(r"(?P<reason>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)", str(error))
    if found:
        reason, place = found["reason"], Place(file, int(found["line"]), int(found["column"]))
    else:
        reason, place = str(error), Place(file, text.count("\n") + 1)
    return Finding(both("TOML syntax error: {reason}", reason=reason), place, rule=rule)


def _keys(error: ErrorDetails) -> list[str]:
    return [str(part) for part in error["loc"] if part != "[key]"]


def _complaint(error: ErrorDetails, model: type[BaseModel]) -> dict[Language, str]:
    keys = _keys(error)
    name = ".".join(keys)
    if error["type"] == "extra_forbidden":
        known = _known_keys(model, keys[:-1])
        if near := difflib.get_close_matches(keys[-1], known, n=1):
            return both('unknown key "{key}"; did you mean "{near}"?', key=name, near=near[0])
        return both('unknown key "{key}"; known here are: {known}', key=name, known=", ".join(known))
    if error["type"] == "missing":
        return missing(name)
    return _wrong_value(name, error)


def missing(key: str) -> dict[Language, str]:
    """Return what is said of a key that has to be there and isn't."""
    return both('the key "{key}" is missing; add it', key=key)


def _wrong_value(key: str, error: ErrorDetails) -> dict[Language, str]:
    """Say what a value must be and, of a code, which one was probably meant or which there are."""
    message = both('the value of "{key}" must be {wanted}', key=key, wanted=both(_wanted(error)))
    reason = error.get("ctx", {}).get("error")
    if isinstance(reason, UnknownCodeError):
        codes = {code.lower(): code for code in reason.known}
        near = difflib.get_close_matches(str(error["input"]).lower(), codes, n=1)
        hint = (
            both("; did you mean {near}?", near=codes[near[0]])
            if near
            else both("; known are: {known}", known=", ".join(reason.known))
        )
        return {language: message[language] + hint[language] for language in LANGUAGES}
    return message


def _wanted(error: ErrorDetails) -> str:
    """Return what a value should have been, as an English key of the texts."""
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return _WANTED.get(error["type"], marked("a table of keys, as docs/register.md and docs/kinds.md show it"))


_WANTED: Final = {
    "string_type": marked("a text in quotation marks"),
    "string_too_short": marked("a text that isn't empty"),
    "tuple_type": marked("a list in square brackets"),
    "bool_type": marked("true or false"),
    "bool_parsing": marked("true or false"),
    "float_type": marked("a number"),
    "float_parsing": marked("a number"),
    "int_type": marked("a whole number"),
    "int_parsing": marked("a whole number"),
    "too_short": marked("a list that isn't empty"),
    "greater_than_equal": marked("a number that isn't negative"),
}


def _known_keys(model: Any, keys: list[str]) -> list[str]:
    """Return the keys of a table that stands in a model at some keys; of lists and named tables, any member has the same."""
    for key in keys:
        if isinstance(model, type) and issubclass(model, BaseModel):
            fields = {field.alias or name: field for name, field in model.model_fields.items()}
            model = fields[key].annotation
            model = (
                next((part for part in get_args(model) if part is not type(None)), model) if _is_union(model) else model
            )
        else:
            model = get_args(model)[-1 if get_origin(model) is dict else 0]
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _is_union(annotation: Any) -> bool:
    return type(None) in get_args(annotation)


def line_of_key(text: str, keys: list[str]) -> int:
    r"""Return the line (from 1) of a key in a TOML text: of the key, else of its nearest table, else 1.

    tomllib tells no lines. This reads `[table]` headers, `key =` at the start of lines and tables that begin a line of a
    list, which is how these files are written; inside multi-line strings it may be led astray, so it is used for messages
    only.

    >>> line_of_key('key = "a"\n[title]\nde = "A"', ["title", "de"])
    3
    >>> line_of_key('a = [\n  { b = 1 },\n  { b = 2 },\n]', ["a", "1", "b"])
    3
    """
    lines = dict(_key_lines(text))
    return next((lines[path] for n in range(len(keys), 0, -1) if (path := tuple(keys[:n])) in lines), 1)


def _key_lines(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    table: tuple[str, ...] = ()
    members: dict[tuple[str, ...], int] = {}
    key: tuple[str, ...] = ()
    indent: str | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]", line):
            key = table = tuple(header[2].split("."))
            if header[1] == "[[":
                members[table] = members.get(table, -1) + 1
                table = (*table, str(members[table]))
            yield table, number
        elif found := re.match(r'\s*([\w.\-"]+)\s*=', line):
            key = (*table, *found[1].replace('"', "").split("."))
            yield key, number
            indent = None
        elif (found := re.match(r"(\s*)\{", line)) and indent in {
            None,
            found[1],
        }:  # what stands deeper belongs to one of these
            indent = found[1]
            members[key] = members.get(key, -1) + 1
            yield (*key, str(members[key])), number
