"""Reading register.toml, with the line of everything that is wrong in it."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, get_args
from urllib.parse import urlsplit

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from vertragsgraph.finding import Finding, FindingsError, Place, Severity
from vertragsgraph.register.files import read_text
from vertragsgraph.register.model import FILE_NAME, Register
from vertragsgraph.register.values import UnknownCodeError
from vertragsgraph.texts import LANGUAGES, Language, both, marked, translate

RULE: Final = "register"

_RESERVED_HOST: Final = re.compile(r"(^|\.)(example\.(com|net|org)|example|invalid|test|localhost)$|^127\.|^::1$")


class RegisterError(FindingsError):
    """The register can't be read: no folder, no register.toml, or something wrong in it."""


def load_register(folder: Path) -> Register:
    """Read the register in `folder`; its register.toml may be named as well.

    Raises `RegisterError` with file and line for a missing folder or file, a TOML syntax error, an unknown or missing
    key, or a value that is not what its key asks for.
    """
    if folder.name == FILE_NAME and folder.is_file():
        folder = folder.parent
    file = folder / FILE_NAME
    try:
        text = read_text(file, RULE)
    except FindingsError as error:
        missing = isinstance(error.__cause__, FileNotFoundError | NotADirectoryError)
        raise RegisterError([_missing(folder)] if missing else error.findings) from error
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of too many digits and too many brackets, too
        raise RegisterError([_syntax(error, text, file)]) from error
    try:
        register = Register.model_validate(values)
    except ValidationError as error:
        raise RegisterError([_complaint(item, text, file) for item in error.errors()]) from error
    register._folder = folder.absolute()
    return register


def _missing(folder: Path) -> Finding:
    if not folder.is_dir():
        return Finding(both("there is no such folder; name one that has a register.toml"), Place(folder), rule=RULE)
    message = both("there is no register.toml in this folder; name a register's folder with --register")
    return Finding(message, Place(folder), rule=RULE)


def _syntax(error: Exception, text: str, file: Path) -> Finding:
    found = re.fullmatch(r"(?P<reason>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)", str(error))
    if found:
        reason, place = found["reason"], Place(file, int(found["line"]), int(found["column"]))
    else:
        reason, place = str(error), Place(file, text.count("\n") + 1)
    return Finding(both("TOML syntax error: {reason}", reason=reason), place, rule=RULE)


def _complaint(error: ErrorDetails, text: str, file: Path) -> Finding:
    keys = [str(part) for part in error["loc"]]
    name = ".".join(keys)
    line = line_of_key(text, keys)
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(keys[-1], _known_keys(keys[:-1]), n=1)
        if near:
            message = both('unknown key "{key}"; did you mean "{near}"?', key=name, near=near[0])
        else:
            known = ", ".join(_known_keys(keys[:-1]))
            message = both('unknown key "{key}"; known here are: {known}', key=name, known=known)
    elif error["type"] == "missing":
        message = both('the key "{key}" is missing; add it', key=name)
    else:
        message = _wrong_value(name, error)
    return Finding(message, Place(file, line), rule=RULE)


def _wrong_value(key: str, error: ErrorDetails) -> dict[Language, str]:
    """Say what a value must be and, of a code, which one was probably meant or which there are."""
    wanted = both(_wanted(error))
    message = {
        language: translate('the value of "{key}" must be {wanted}', language, key=key, wanted=wanted[language])
        for language in LANGUAGES
    }
    reason = error.get("ctx", {}).get("error")
    if isinstance(reason, UnknownCodeError):
        near = difflib.get_close_matches(str(error["input"]).upper(), reason.known, n=1)
        hint = (
            both("; did you mean {near}?", near=near[0])
            if near
            else both("; known are: {known}", known=", ".join(reason.known))
        )
        return {language: message[language] + hint[language] for language in LANGUAGES}
    return message


def _wanted(error: ErrorDetails) -> str:
    """Return what a value should have been, as an English key of the texts."""
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return {
        "string_type": marked("a text in quotation marks"),
        "string_too_short": marked("a text that isn't empty"),
        "literal_error": marked("one of de, en"),
        "tuple_type": marked("a list in square brackets"),
    }.get(error["type"], marked("a table of keys, as docs/register.md shows it"))


def _known_keys(table: list[str]) -> list[str]:
    model: Any = Register
    for key in table:
        annotation = model.model_fields[key].annotation
        model = next((part for part in get_args(annotation) if part is not type(None)), annotation)
    return list(model.model_fields)


def unconfirmed(register: Register) -> list[Finding]:
    """Return a finding for each key of register.toml that isn't fit for the public yet.

    That is an address, a publisher or an area under a name reserved for examples (RFC 2606, RFC 6761), a base or public
    URL that leads to this machine only, and each key of `[portal]` that is listed as `unconfirmed`.
    """
    urls = {
        "base": register.base,
        "public_url": register.public_url or "",
        "publisher.iri": register.publisher.iri,
        "publisher.homepage": register.publisher.homepage or "",
        "spatial.iri": register.spatial.iri,
    }
    suspects = {key: urlsplit(url).hostname or "" for key, url in urls.items()}
    suspects["contact.email"] = register.contact.email.rpartition("@")[2]
    messages = [
        (key, both('the value of "{key}" is a placeholder ({host}); put the real one', key=key, host=host))
        for key, host in suspects.items()
        if _RESERVED_HOST.search(host.lower())
    ]
    for name in register.portal.unconfirmed:
        key = f"portal.{name}"
        message = both(
            'nobody has confirmed "{key}" with the portal; do so, then take it off the list portal.unconfirmed', key=key
        )
        messages.append((key, message))
    return _at_their_lines(register, messages)


def warnings(register: Register) -> list[Finding]:
    """Return a warning for each keyword that CKAN, the software of most portals, refuses with the dataset."""
    messages = []
    for language in LANGUAGES:
        for word in getattr(register.keywords, language):
            if not re.fullmatch(r"[\w .-]{2,100}", word):
                message = both(
                    'portals that use CKAN refuse the keyword "{word}": it has 2 to 100 letters, digits, blanks, hyphens, '
                    "underscores or dots",
                    word=word,
                )
                messages.append((f"keywords.{language}", message))
    return _at_their_lines(register, messages, Severity.WARNING)


def _at_their_lines(
    register: Register, messages: Iterable[tuple[str, dict[Language, str]]], severity: Severity = Severity.VIOLATION
) -> list[Finding]:
    """Return messages about keys of register.toml as findings."""
    file = register.shown(register.folder / FILE_NAME)
    text = read_text(file, RULE) if file.is_file() else ""
    return [
        Finding(message, Place(file, line_of_key(text, key.split("."))), severity, RULE) for key, message in messages
    ]


def line_of_key(text: str, keys: list[str]) -> int:
    r"""Return the line (from 1) of a key in a TOML text: of the key, else of its nearest table, else 1.

    tomllib tells no lines. This reads `[table]` headers and `key =` at the start of lines, which is how a
    register.toml is written; inside multi-line strings it may be led astray, so it is used for messages only.

    >>> line_of_key('key = "a"\n[title]\nde = "A"', ["title", "de"])
    3
    """
    lines = dict(_key_lines(text))
    return next((lines[path] for n in range(len(keys), 0, -1) if (path := tuple(keys[:n])) in lines), 1)


def _key_lines(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(r"\s*\[\[?\s*([\w.\-]+)\s*\]", line):
            table = tuple(header[1].split("."))
            yield table, number
        elif key := re.match(r'\s*([\w.\-"]+)\s*=', line):
            yield (*table, *key[1].replace('"', "").split(".")), number
