"""A register: its folder, its register.toml, its IRIs.

A register is a folder with `register.toml` and `data/`; where it has no `ontology/` or `shapes/` of its own, those
shipped with the package serve.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, PrivateAttr, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from vertragsgraph.finding import Finding, FindingsError, Place
from vertragsgraph.texts import LANGUAGES, Language, both, marked, translate

FILE_NAME: Final = "register.toml"
ONTOLOGY_IRI: Final = "https://w3id.org/vertragsgraph/ontology"
ASSERTED_ROLES: Final = ("contracts", "agents", "topics", "sources", "evidence", "links")
ROLES: Final = (*ASSERTED_ROLES, "entailed")

# What a value must be, as said in messages (keys of the texts).
ABSOLUTE_IRI: Final = marked("an absolute http(s) IRI")
ENDS_WITH_SLASH: Final = marked("an IRI that ends with a slash")
EMAIL: Final = marked("an e-mail address")
SLUG: Final = marked("lower-case ASCII letters, digits and single hyphens")
KEYWORD: Final = marked("a text without commas, at which harvesters would split it")
FREQUENCY: Final = marked("a code of the EU's list of frequencies, such as IRREG")
THEME: Final = marked("a code of the EU's list of data themes, such as SOCI")
DATE: Final = marked("a year, month or day in quotation marks, such as 2018-05-09")
AVAILABILITY: Final = marked("AVAILABLE, EXPERIMENTAL, STABLE or TEMPORARY")
PUBLISHER_TYPE: Final = marked("a code of the ADMS list of publisher types, such as NonProfitOrganisation")
PORTAL_KEY: Final = marked("the name of a key of [portal], such as contributor")
_RESERVED_HOST: Final = re.compile(r"(^|\.)(example\.(com|net|org)|example|invalid|test|localhost)$|^127\.|^::1$")


class RegisterError(FindingsError):
    """The register can't be read: no folder, no register.toml, or something wrong in it."""


def _absolute(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", value):
        raise ValueError(ABSOLUTE_IRI)
    return value


def _ends_with_slash(value: str) -> str:
    if not value.endswith("/"):
        raise ValueError(ENDS_WITH_SLASH)
    return value


def _like(pattern: str, wanted: str, value: str) -> str:
    if not re.fullmatch(pattern, value):
        raise ValueError(wanted)
    return value


Iri = Annotated[str, AfterValidator(_absolute)]
BaseIri = Annotated[Iri, AfterValidator(_ends_with_slash)]
Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Keyword = Annotated[Line, AfterValidator(partial(_like, r"[^,]+", KEYWORD))]
Frequency = Annotated[str, AfterValidator(partial(_like, r"[A-Z0-9_]+", FREQUENCY))]
Theme = Annotated[
    str, AfterValidator(partial(_like, "AGRI|ECON|EDUC|ENER|ENVI|GOVE|HEAL|INTR|JUST|REGI|SOCI|TECH|TRAN", THEME))
]
Date = Annotated[str, AfterValidator(partial(_like, r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", DATE))]
Availability = Annotated[str, AfterValidator(partial(_like, "AVAILABLE|EXPERIMENTAL|STABLE|TEMPORARY", AVAILABILITY))]
PublisherType = Annotated[
    str,
    AfterValidator(
        partial(
            _like,
            "Academia-ScientificOrganisation|Company|IndustryConsortium|(Local|National|Regional|SupraNational)Authority"
            "|Non(Governmental|Profit)Organisation|StandardisationBody",
            PUBLISHER_TYPE,
        )
    ),
]
PortalKey = Annotated[
    str, AfterValidator(partial(_like, "contributor|geocoding_level|geocoding|publisher_type|availability", PORTAL_KEY))
]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Table):
    """A text in the languages of the interface."""

    de: Line
    en: Line

    def in_language(self, language: Language) -> str:
        """Return the text in one language."""
        return str(getattr(self, language))


class Publisher(_Table):
    """Who publishes the register (DCAT-AP.de: dct:publisher)."""

    iri: Iri
    name: Text
    homepage: Iri | None = None


class Contact(_Table):
    """Whom to write to (DCAT-AP.de: dcat:contactPoint)."""

    name: Text
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class Licence(_Table):
    """The licence of the data; `iri` is the one DCAT-AP.de knows it by."""

    iri: Iri
    name: Text
    attribution: Text


class Spatial(_Table):
    """The area the register is about."""

    iri: Iri
    name: Text


class Keywords(_Table):
    """Keywords by language; none holds a comma, at which harvesters would split it."""

    de: tuple[Keyword, ...] = ()
    en: tuple[Keyword, ...] = ()


class Temporal(_Table):
    """The time the register is about: a year, month or day each; either may be left out."""

    start: Date | None = None
    end: Date | None = None


class Portal(_Table):
    """What portals want to know by their own lists (DCAT-AP.de 3.0, ADMS, EU authority tables)."""

    contributor: Iri | None = None
    geocoding_level: Iri | None = None
    geocoding: Iri | None = None
    publisher_type: PublisherType | None = None
    availability: Availability | None = None
    unconfirmed: tuple[PortalKey, ...] = ()


class Register(_Table):
    """What register.toml says; every key is explained in `docs/register.md`."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    base: BaseIri
    public_url: BaseIri | None = None
    title: Text
    description: Text
    languages: tuple[Language, ...] = ("de", "en")
    publisher: Publisher
    contact: Contact
    licence: Licence
    spatial: Spatial
    temporal: Temporal = Temporal()
    keywords: Keywords = Keywords()
    themes: tuple[Theme, ...] = ()
    frequency: Frequency | None = None
    sources: tuple[Iri, ...] = ()
    provenance: Text | None = None
    portal: Portal = Portal()

    _folder: Path = PrivateAttr(default=Path())

    @property
    def folder(self) -> Path:
        """The register's folder, absolute."""
        return self._folder

    @property
    def data(self) -> Path:
        """The folder of the data."""
        return self._folder / "data"

    @property
    def ontology(self) -> Path:
        """The folder of the ontology: the register's own or the shipped one."""
        return self._own_or_shipped("ontology")

    @property
    def shapes(self) -> Path:
        """The folder of the shapes: the register's own or the shipped one."""
        return self._own_or_shipped("shapes")

    @property
    def url(self) -> str:
        """Where catalogue and manifest say the files are: `public_url`, by default the base IRI."""
        return self.public_url or self.base

    def iri(self, path: str) -> str:
        """Return the IRI for a path below the base IRI."""
        return self.base + path.removeprefix("/")

    def graph(self, role: str) -> str:
        """Return the IRI of the named graph with a role (one of `ROLES`)."""
        return f"{self.base}graph/{role}"

    def shown(self, path: Path) -> Path:
        """Return a path as messages show it: relative to the current folder where it lies below it."""
        here = Path.cwd()
        return path.relative_to(here) if path.is_relative_to(here) else path

    def canonical(self) -> str:
        """Return the contents of register.toml in one form, whatever the order and layout of the file (for the digest)."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def _own_or_shipped(self, name: str) -> Path:
        own = self._folder / name
        return own if own.is_dir() else shipped_folder() / name


def shipped_folder() -> Path:
    """Return the folder of the register that comes with the package (in a checkout: the checkout itself)."""
    package = Path(__file__).parent
    shipped = package / "shipped"
    return shipped if shipped.is_dir() else package.parent.parent


def find_folder(start: Path) -> Path:
    """Return the nearest folder with a register.toml, from `start` upwards; the shipped register's where there is none."""
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder
    return shipped_folder()


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

    That is an address or a publisher under a name reserved for examples (RFC 2606, RFC 6761), a base or public URL that
    leads to this machine only, and each key of `[portal]` that is listed as `unconfirmed`.
    """
    urls = {"base": register.base, "public_url": register.url, "publisher.iri": register.publisher.iri}
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
