"""What register.toml says, as a model: its tables, what each value must be, and the IRIs and folders that follow."""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import punctuation
from typing import Any, Final
from urllib.parse import quote, urlsplit

from pydantic import ConfigDict, Field, PrivateAttr, RootModel, ValidationInfo, field_validator

from vertragsgraph import __version__
from vertragsgraph.register.legal import Legal
from vertragsgraph.register.tables import Prose, Table, Text
from vertragsgraph.register.values import (
    NOT_BEFORE_START,
    RELEASED,
    Availability,
    BaseIri,
    Box,
    Date,
    Email,
    Frequency,
    Iri,
    Keyword,
    Languages,
    Point,
    PortalKey,
    PublisherType,
    Slug,
    Tag,
    Theme,
    Uri,
)
from vertragsgraph.texts import Language, looked_up, spoken

FILE_NAME: Final = "register.toml"
ASSERTED_ROLES: Final = ("contracts", "agents", "topics", "sources", "evidence", "links", "tombstones")
ROLES: Final = (*ASSERTED_ROLES, "entailed")
REIFIERS: Final = "reifiers"
"""The role of the graph that says in RDF 1.2 which statement a node stands for. It isn't one of `ROLES`: clients that know
RDF 1.1 only must never meet a triple term."""
ABOUT: Final = ("ontology", "shapes", "catalog", "void", "queries")
"""The roles of the graphs that say what the register is and what it is said with; they are no part of its data."""


class Publisher(Table):
    """Who publishes the register (DCAT-AP.de: dct:publisher)."""

    iri: Iri
    name: Text
    homepage: Iri | None = None


class Contact(Table):
    """Whom to write to (DCAT-AP.de: dcat:contactPoint)."""

    name: Text
    email: Email


class Licence(Table):
    """The licence of the data; `iri` is the one DCAT-AP.de knows it by."""

    iri: Uri
    name: Text
    attribution: Text


class Spatial(Table):
    """The area the register is about, with its bounds (west, south, east, north) and a point in it (east, north) by WGS 84."""

    iri: Iri
    name: Text
    bbox: Box | None = None
    centroid: Point | None = None


class Keywords(RootModel[dict[Tag, tuple[Keyword, ...]]]):
    """Keywords by language; none holds a comma, at which harvesters would split it."""

    model_config = ConfigDict(frozen=True)

    def in_language(self, language: str) -> tuple[str, ...]:
        """Return the keywords in a language."""
        return self.root.get(language, ())


class Temporal(Table):
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


class Portal(Table):
    """What portals want to know by their own lists (DCAT-AP.de 3.0, ADMS, EU authority tables)."""

    contributor: Iri | None = None
    geocoding_level: Iri | None = None
    geocoding: Iri | None = None
    publisher_type: PublisherType | None = None
    availability: Availability | None = None
    unconfirmed: tuple[PortalKey, ...] = ()


def _of_title(given: dict[str, Any]) -> tuple[str, ...]:
    return tuple(given["title"].root) if "title" in given else ("en",)  # where it is wrong, that is said of it


class Register(Table):
    """What register.toml says; every key is explained in `docs/register.md`."""

    key: Slug
    base: BaseIri
    public_url: BaseIri | None = None
    service_url: BaseIri | None = None
    title: Text
    description: Prose
    languages: Languages = Field(default_factory=_of_title)
    publisher: Publisher
    contact: Contact
    licence: Licence
    spatial: Spatial
    temporal: Temporal = Temporal()
    keywords: Keywords = Keywords({})
    themes: tuple[Theme, ...] = ()
    frequency: Frequency | None = None
    sources: tuple[Iri, ...] = ()
    federation: tuple[Iri, ...] = ()
    provenance: Prose | None = None
    portal: Portal = Portal()
    legal: Legal = Legal()
    draft: bool = False

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
    def spoken(self) -> tuple[Language, ...]:
        """The languages that its pages and its own words are in: those of its languages that have a catalogue, else English."""
        return spoken(self.languages)

    def speaks(self, tag: str) -> Language:
        """Return the language in which the interface speaks of what is in a language: its own, else the first of `spoken`."""
        return Language(looked_up(tag)) or self.spoken[0]

    @property
    def url(self) -> str:
        """Where catalogue and manifest say the files are: `public_url`, by default the base IRI."""
        return self.public_url or self.base

    @property
    def services(self) -> str:
        """Where the services are, an address that takes POST without a redirect: `service_url`, by default as `url`."""
        return self.service_url or self.url

    @property
    def agent(self) -> str:
        """How this register introduces itself to other servers (User-Agent): the software, and whom to write to."""
        return quote(f"vertragsgraph/{__version__} ({self.url}; {self.contact.email})", safe=punctuation + " ")

    @property
    def is_draft(self) -> bool:
        """Whether names may still change without leaving a trace: by its own word, or because nobody else can have cited it."""
        return self.draft or self.is_local

    @property
    def is_local(self) -> bool:
        """Whether the base IRI leads to this machine only."""
        return leads_here(self.base)

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


def leads_here(iri: str) -> bool:
    """Tell whether an IRI leads to this machine only, so that nobody else can have cited it."""
    return re.search(r"(^|\.)localhost$|^127\.|^::1$", urlsplit(iri).hostname or "") is not None


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
