"""What register.toml says, as a model: its tables, what each value must be, and the IRIs and folders that follow."""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import punctuation
from typing import Final
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationInfo, field_validator

from vertragsgraph import __version__
from vertragsgraph.register.values import (
    NOT_BEFORE_START,
    RELEASED,
    Availability,
    BaseIri,
    Date,
    Email,
    Frequency,
    Iri,
    Keyword,
    Languages,
    Line,
    Lines,
    PortalKey,
    PublisherType,
    Slug,
    Theme,
    Uri,
)
from vertragsgraph.texts import Language

FILE_NAME: Final = "register.toml"
ASSERTED_ROLES: Final = ("contracts", "agents", "topics", "sources", "evidence", "links", "tombstones")
ROLES: Final = (*ASSERTED_ROLES, "entailed")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Table):
    """A text of one line in the languages of the interface."""

    de: Line
    en: Line

    def in_language(self, language: Language) -> str:
        """Return the text in one language."""
        return str(getattr(self, language))


class Prose(Text):
    """A text that may go over several lines."""

    de: Lines
    en: Lines


class Publisher(_Table):
    """Who publishes the register (DCAT-AP.de: dct:publisher)."""

    iri: Iri
    name: Text
    homepage: Iri | None = None


class Contact(_Table):
    """Whom to write to (DCAT-AP.de: dcat:contactPoint)."""

    name: Text
    email: Email


class Licence(_Table):
    """The licence of the data; `iri` is the one DCAT-AP.de knows it by."""

    iri: Uri
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

    @field_validator("end")
    @classmethod
    def _not_before_start(cls, end: str | None, info: ValidationInfo) -> str | None:
        start = info.data.get("start")
        if end and start and end < start[: len(end)] and info.context is not RELEASED:
            raise ValueError(NOT_BEFORE_START)
        return end


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

    key: Slug
    base: BaseIri
    public_url: BaseIri | None = None
    title: Text
    description: Prose
    languages: Languages = ("de", "en")
    publisher: Publisher
    contact: Contact
    licence: Licence
    spatial: Spatial
    temporal: Temporal = Temporal()
    keywords: Keywords = Keywords()
    themes: tuple[Theme, ...] = ()
    frequency: Frequency | None = None
    sources: tuple[Iri, ...] = ()
    federation: tuple[Iri, ...] = ()
    provenance: Prose | None = None
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

    @property
    def agent(self) -> str:
        """How this register introduces itself to other servers (User-Agent): the software, and whom to write to."""
        return quote(f"vertragsgraph/{__version__} ({self.url}; {self.contact.email})", safe=punctuation + " ")

    @property
    def is_local(self) -> bool:
        """Whether the base IRI leads to this machine only: then it is a draft, and nobody else can have cited it."""
        return re.search(r"(^|\.)localhost$|^127\.|^::1$", urlsplit(self.base).hostname or "") is not None

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
    package = Path(__file__).parents[1]
    shipped = package / "shipped"
    return shipped if shipped.is_dir() else package.parents[1]


def find_folder(start: Path) -> Path:
    """Return the nearest folder with a register.toml, from `start` upwards; the shipped register's where there is none."""
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder
    return shipped_folder()
