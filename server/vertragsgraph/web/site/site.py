"""What the pages and documents of one release are made from."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Hashable, Mapping
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from starlette.requests import Request
from starlette.types import Scope

from vertragsgraph.linked_data import tombstones
from vertragsgraph.linked_data.lists import Index, opened
from vertragsgraph.linked_data.resources import Description, Surveyed, describe
from vertragsgraph.linked_data.terms import Label, Labels, ontology_labels, short_name
from vertragsgraph.links.routes import LinkService
from vertragsgraph.rdf.asking import Ask
from vertragsgraph.reconcile import Service, open_service
from vertragsgraph.register import ASSERTED_ROLES, Kinds, Register
from vertragsgraph.release import Release
from vertragsgraph.release.contents.queries import Example, read_examples
from vertragsgraph.release.release import CURRENT
from vertragsgraph.search import FILE_NAME, SearchIndex
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.engine.dataset import dataset_of
from vertragsgraph.sparql.engine.federation import allowed
from vertragsgraph.texts import Language, own_or_translated
from vertragsgraph.web.site import visits
from vertragsgraph.web.site.kept import Kept

T = TypeVar("T")
_SHOWN: Final = "vertragsgraph.release"
KEPT: Final = 64
"""Pages of which it is kept what they are made from: a few megabytes."""


@dataclass(frozen=True)
class Site:
    """A release as it is shown; what is small of it is in memory.

    `ask` asks it one of our own queries, and gives the whole result. `vocabulary` holds the labels of the ontology's terms,
    `examples` the example queries that can be asked here in the order of their names, `federation` the IRIs of the endpoints
    that queries may ask; `search` finds resources by words and names. `since` is the instant from which on it is served.
    `as_of` is the day on which a past release is shown, None for the one that is shown as of today.
    """

    release: Release
    ask: Ask
    register: Register
    vocabulary: Labels
    examples: tuple[Example, ...]
    federation: tuple[str, ...]
    search: SearchIndex
    since: datetime
    as_of: date | None = None
    _once: Kept = field(default_factory=Kept)
    _recent: Kept = field(default_factory=lambda: Kept(KEPT))

    @cached_property
    def reconciliation(self) -> Service:
        """The reconciliation service over the release."""
        return open_service(self.release, self.ask, self.search)

    @cached_property
    def links(self) -> LinkService:
        """The links of the release to other registers."""
        return LinkService(self.search, self.register, self.release.manifest.modified, self.ask)

    @property
    def kinds(self) -> Kinds:
        """What is done with each kind of resource."""
        return self.release.kinds

    @property
    def modified(self) -> datetime:
        """The instant since which what is found under stable names has been as it is.

        It is later than that of any release which was served before, also where an older one is served again.
        """
        return max(self.release.manifest.modified, self.since)

    @property
    def day(self) -> date:
        """The day on which it is told what is in force: of a past release its own, so that it never says anything else."""
        return self.as_of or datetime.now(UTC).date()

    @property
    def releases(self) -> Path:
        """The folder of all releases."""
        return self.release.folder.parent

    async def once(self, name: str, compute: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return what `compute` gives, computed once for the release, which never changes, and on nobody's account."""
        return await self._once.get(name, compute, Context())

    async def recently(self, key: Hashable, compute: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return what `compute` gives for one of many keys; that of the `KEPT` keys asked for last is kept."""
        if key not in self._recent:
            await visits.begin()
        return await self._recent.get(key, compute)

    def forget(self) -> None:
        """Keep nothing that was computed for single pages: the next is made as if it were the first."""
        self._recent.clear()

    async def index(self, name: str) -> Index:
        """Return the list at a path; raises `KeyError` where there is none."""
        listing = self.kinds.listed[name].list
        if listing is None:
            raise KeyError(name)
        file = await self.once("lists", lambda: opened(self.release, self.ask, self.register.spoken))

        async def index() -> Index:
            return Index(file, listing, self.release.base)

        return await self.once(f"list-{name}", index)

    async def describe(self, path: str) -> Description | None:
        """Return what the release says about the resource at a path below its base IRI."""
        return await describe(self.release.base + path, self.surveyed, self.ask)

    @cached_property
    def surveyed(self) -> Surveyed:
        """What is known of the release to those who describe its resources."""
        asserted = [self.register.graph(role) for role in self.release.roles if role in ASSERTED_ROLES]
        return Surveyed(asserted, self.register.graph("entailed"), self.release.context.keys, self._is_part)

    def _is_part(self, iri: str) -> bool:
        """Tell whether a resource is a part of what it is connected with."""
        path = iri.removeprefix(f"{self.release.base}id/")
        return path != iri and self.kinds.is_part(path.partition("/")[0])

    async def is_withdrawn(self, path: str) -> bool:
        """Tell whether a tombstone stands for the resource at a path below the base IRI."""
        if tombstones.ROLE not in self.release.roles:
            return False
        graph = self.register.graph(tombstones.ROLE)
        return self.release.base + path in await self.once(graph, lambda: tombstones.withdrawn(graph, self.ask))

    def label(self, iri: str, labels: Labels, language: Language) -> Label:
        """Return the label of a resource or term, in the language where there is one; its short name as the last resort."""
        found = labels.get(iri, language) or self.vocabulary.get(iri, language)
        return found or Label(short_name(iri, self.release.prefixes), "")

    def title(self, texts: Mapping[str, str] | None, iri: str, language: Language) -> str:
        """Return what a table calls something; where it has no name for it, the label of a term of the ontology."""
        return own_or_translated(texts, language) if texts else self.label(iri, Labels(), language).text


def open_site(release: Release, ask: Ask, settings: Settings, as_of: date | None = None) -> Site:
    """Return the site of a release; `ask` asks that very release. It is shown as of a day, by default of each as it comes."""
    folder = release.folder
    federation = allowed(dataset_of(release), settings)
    examples = tuple(example for example in read_examples(folder / "queries") if example.services <= {*federation})
    search = SearchIndex(folder / FILE_NAME, release.kinds.main)
    vocabulary = ontology_labels(folder / "ontology.ttl")
    since = _served_since(release)
    return Site(release, ask, release.register, vocabulary, examples, federation, search, since, as_of)


def _served_since(release: Release) -> datetime:
    """Return when a release was activated; one that takes the place of a damaged one is served from now on."""
    link = release.folder.parent / CURRENT
    with suppress(OSError):
        if link.readlink().name == release.folder.name:
            return datetime.fromtimestamp(int(link.lstat().st_mtime), UTC)
    return datetime.now(UTC).replace(microsecond=0)


def site_of(request: Request) -> Site:
    """Return the site that is being served when a request comes in."""
    site = cast(Site, request.app.state.site)
    request.scope.setdefault(_SHOWN, site.release)
    return site


def show(request: Request, release: Release) -> None:
    """Take note that the response to a request is made from a release that need not be the current one."""
    request.scope[_SHOWN] = release


def shown_release(scope: Scope) -> Release | None:
    """Return the release from which the response to a request is made; None where it is made from none."""
    return scope.get(_SHOWN)
