"""Reading register.toml, with the line of everything that is wrong in it."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args
from urllib.parse import urlsplit

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from vertragsgraph.finding import Finding, FindingsError, Place
from vertragsgraph.register.model import EMAIL, FILE_NAME, SLUG, Register
from vertragsgraph.texts import LANGUAGES, both, marked, translate

_RESERVED_HOST: Final = re.compile(r"(^|\.)(example\.(com|net|org)|example|invalid|test|localhost)$|^127\.|^::1$")


class RegisterError(FindingsError):
    """The register can't be read: no folder, no register.toml, or something wrong in it."""


def load_register(folder: Path) -> Register:
    """Read the register in `folder`.

    Raises `RegisterError` with file and line for a missing folder or file, a TOML syntax error, an unknown or missing
    key, or a value that is not what its key asks for.
    """
    file = folder / FILE_NAME
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        raise RegisterError([_missing(folder)]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise RegisterError(
            [Finding(both("can't be read: {reason}", reason=error), Place(file), rule="register")]
        ) from error
    try:
        register = Register.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise RegisterError([_syntax(error, file)]) from error
    except ValidationError as error:
        raise RegisterError([_complaint(item, text, file) for item in error.errors()]) from error
    register._folder = folder.absolute()
    return register


def _missing(folder: Path) -> Finding:
    if not folder.is_dir():
        return Finding(
            both("there is no such folder; name one that has a register.toml"), Place(folder), rule="register"
        )
    message = both("there is no register.toml in this folder; name a register's folder with --register")
    return Finding(message, Place(folder), rule="register")


def _syntax(error: tomllib.TOMLDecodeError, file: Path) -> Finding:
    found = re.search(
        r"^(?P<reason>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$", str(error)
    )
    reason = found["reason"] if found else str(error)
    line, column = (int(found["line"] or 0), int(found["column"] or 0)) if found else (0, 0)
    return Finding(both("TOML syntax error: {reason}", reason=reason), Place(file, line, column), rule="register")


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
        wanted = both(_wanted(error))
        message = {
            language: translate('the value of "{key}" must be {wanted}', language, key=name, wanted=wanted[language])
            for language in LANGUAGES
        }
    return Finding(message, Place(file, line), rule="register")


def _wanted(error: ErrorDetails) -> str:
    """Return what a value should have been, as an English key of the texts."""
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    if error["type"] == "string_pattern_mismatch":
        return {"email": EMAIL, "key": SLUG}[str(error["loc"][-1])]
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
    file = register.folder / FILE_NAME
    text = file.read_text("utf-8") if file.is_file() else ""
    return [
        Finding(message, Place(file, line_of_key(text, key.split("."))), rule="register") for key, message in messages
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
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\[?\s*([\w.\-]+)\s*\]", line):
            table = tuple(header[1].split("."))
            yield table, number
        elif key := re.match(r'\s*([\w.\-"]+)\s*=', line):
            yield (*table, *key[1].replace('"', "").split(".")), number
