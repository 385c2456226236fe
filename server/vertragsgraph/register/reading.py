"""Reading register.toml, with the line of everything that is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from vertragsgraph.finding import Finding, FindingsError, Place, Severity
from vertragsgraph.register import toml
from vertragsgraph.register.files import read_text
from vertragsgraph.register.model import FILE_NAME, Register
from vertragsgraph.register.tables import Text
from vertragsgraph.register.toml import RegisterError
from vertragsgraph.texts import Language, both

RULE: Final = "register"

_RESERVED_HOST: Final = re.compile(r"(^|\.)(example\.(com|net|org)|example|invalid|test|localhost)$|^127\.|^::1$")
_REDIRECTOR: Final = re.compile(
    r"(^|\.)(w3id\.org|purl\.(org|oclc\.org|archive\.org)|doi\.org|hdl\.handle\.net|n2t\.net|identifiers\.org|nbn-resolving\.org"
    r"|bit\.ly|tinyurl\.com)$"
)


Message: TypeAlias = tuple[str, dict[Language, str]]
"""A key of register.toml, and what is to be said of it."""


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
    values = toml.values(text, file, RULE)
    try:
        register = Register.model_validate(values)
    except ValidationError as error:
        raise RegisterError(toml.complaints(error, Register, text, file, RULE)) from error
    if untold := [
        Finding(toml.missing(".".join(keys)), Place(file, toml.line_of_key(text, keys)), rule=RULE)
        for keys in _untold(register, register.languages)
    ]:
        raise RegisterError(untold)
    register._folder = folder.absolute()
    return register


def _untold(table: BaseModel, languages: Sequence[str]) -> Iterator[list[str]]:
    """Yield the keys at which the texts of a table are missing in one of the register's languages."""
    for name, value in table:
        if isinstance(value, Text):
            yield from ([name, language] for language in languages if language not in value.root)
        elif isinstance(value, BaseModel):
            yield from ([name, *keys] for keys in _untold(value, languages))


def _missing(folder: Path) -> Finding:
    if not folder.is_dir():
        return Finding(both("there is no such folder; name one that has a register.toml"), Place(folder), rule=RULE)
    message = both("there is no register.toml in this folder; name a register's folder with --register")
    return Finding(message, Place(folder), rule=RULE)


def unconfirmed(register: Register) -> list[Finding]:
    """Return a finding for each key of register.toml that isn't fit for the public yet.

    That is an address, a publisher or an area under a name reserved for examples (RFC 2606, RFC 6761), a base, public or
    service URL that leads to this machine only, services at a host that redirects, each key of `[portal]` that is listed
    as `unconfirmed`, what the law wants to be said of who runs the register, and that it is a draft.
    """
    messages = [*_placeholders(register), *_redirected(register)]
    for name in register.portal.unconfirmed:
        key = f"portal.{name}"
        message = both(
            'nobody has confirmed "{key}" with the portal; do so, then take it off the list portal.unconfirmed', key=key
        )
        messages.append((key, message))
    for key in register.legal.missing():
        message = both(
            '"{key}" is missing, without which the legal pages lack what the law wants of them; add it (docs/register.md)',
            key=key,
        )
        messages.append((key, message))
    if register.draft:
        message = both(
            'this is a draft, of which names may still change; take out "draft", and from then on nothing that is released may '
            "vanish"
        )
        messages.append(("draft", message))
    return at_keys(register, messages)


def _placeholders(register: Register) -> Iterator[Message]:
    urls = {
        "base": register.base,
        "public_url": register.public_url or "",
        "service_url": register.service_url or "",
        "publisher.iri": register.publisher.iri,
        "publisher.homepage": register.publisher.homepage or "",
        "spatial.iri": register.spatial.iri,
        "legal.contact_form": register.legal.contact_form or "",
        **{f"legal.{key}": office.url or "" for key, office in register.legal.offices.items()},
    }
    suspects = {key: urlsplit(url).hostname or "" for key, url in urls.items()}
    suspects["contact.email"] = register.contact.email.rpartition("@")[2]
    for key, host in suspects.items():
        if _RESERVED_HOST.search(host.lower()):
            yield key, both('the value of "{key}" is a placeholder ({host}); put the real one', key=key, host=host)


def _redirected(register: Register) -> Iterator[Message]:
    host = urlsplit(register.services).hostname or ""
    if _REDIRECTOR.search(host):
        key = next((key for key in ("service_url", "public_url") if getattr(register, key)), "base")
        yield (
            key,
            both(
                'by "{key}" the services are at {host}, which redirects, and a POST that is redirected gets no answer: put the '
                'address at which the server itself answers as "service_url"',
                key=key,
                host=host,
            ),
        )


def warnings(register: Register) -> list[Finding]:
    """Return a warning for each keyword that CKAN, the software of most portals, refuses with the dataset."""
    messages = []
    for language, words in register.keywords.root.items():
        for word in words:
            if not re.fullmatch(r"[\w .-]{2,100}", word):
                message = both(
                    'portals that use CKAN refuse the keyword "{word}": it has 2 to 100 letters, digits, blanks, hyphens, '
                    "underscores or dots",
                    word=word,
                )
                messages.append((f"keywords.{language}", message))
    return at_keys(register, messages, Severity.WARNING)


def at_keys(register: Register, messages: Iterable[Message], severity: Severity = Severity.VIOLATION) -> list[Finding]:
    """Return messages about keys of register.toml as findings, each with its line."""
    file = register.shown(register.folder / FILE_NAME)
    text = read_text(file, RULE) if file.is_file() else ""
    return [
        Finding(message, Place(file, toml.line_of_key(text, key.split("."))), severity, RULE)
        for key, message in messages
    ]
