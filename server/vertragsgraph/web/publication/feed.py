"""Feeds (Atom, RFC 4287): of all releases, and of those in which a resource changed; each entry says what changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import Final
from xml.etree import ElementTree as ET

from babel.dates import format_date
from fastapi import APIRouter, Request
from starlette.responses import Response

from vertragsgraph import __version__
from vertragsgraph.changes import Telling, tell
from vertragsgraph.http.conditional import entity_tag, not_modified
from vertragsgraph.http.problem import Problem
from vertragsgraph.linked_data.terms import Label, Labels, labels_of
from vertragsgraph.release import Release
from vertragsgraph.release.catalogue import citation
from vertragsgraph.texts import Language, both, locale_of, translate
from vertragsgraph.web.publication.file_response import REVALIDATED
from vertragsgraph.web.rendering.changes import fragment
from vertragsgraph.web.rendering.language import asked_for, language_of
from vertragsgraph.web.rendering.templating import page
from vertragsgraph.web.rendering.urls import way_of
from vertragsgraph.web.site.past_releases import History, history_of
from vertragsgraph.web.site.site import Site, site_of

router = APIRouter()

RECENT: Final = 20
"""Releases of which a feed says what changed; a reader has those before."""
TOLD: Final = 10
"""Resources of each kind that an entry tells of one by one, new, changed and gone."""
_ATOM: Final = "http://www.w3.org/2005/Atom"
_MEDIA_TYPE: Final = "application/atom+xml"
_CONTENT_TYPE: Final = f"{_MEDIA_TYPE}; charset=utf-8"


@dataclass(frozen=True)
class Entry:
    """An entry: its IRI, its title, when it came and was changed, the address of its page, a text, and HTML."""

    id: str
    title: str
    published: datetime
    updated: datetime
    address: str
    summary: str
    content: str


@router.api_route("/releases/feed.atom", methods=["GET", "HEAD"], response_class=Response)
async def feed_of_releases(request: Request) -> Response:
    """Return the feed of releases, the newest first; each of the last says what changed since the one before."""
    site, history, language = site_of(request), history_of(request), language_of(request)
    releases = await history.releases()
    headers = _headers(request, releases)
    if unchanged := not_modified(request, headers["ETag"], headers):
        return unchanged
    contents: dict[str, str] = {}
    async for after, told in _told(history, releases, language):
        contents[after.id] = _html(site, told, language)
    entries = [_entry(site, release, language, contents.get(release.id, "")) for release in releases]
    title = site.register.title.in_language(language)
    body = _atom(request, site, f"{site.register.base}releases/", title, "releases/", entries, _last_change(releases))
    return Response(body, media_type=_CONTENT_TYPE, headers=headers)


@router.api_route("/doc/{kind}/{name}.atom", methods=["GET", "HEAD"], response_class=Response)
async def feed_of_resource(kind: str, name: str, request: Request) -> Response:
    """Return the feed of a resource that people look for: the last releases in which it changed, and how."""
    site, history, language = site_of(request), history_of(request), language_of(request)
    path, releases = f"{kind}/{name}", await history.releases()
    await _require(site, history, releases, path)
    headers = _headers(request, releases)
    if unchanged := not_modified(request, headers["ETag"], headers):
        return unchanged
    iri = site.register.iri(f"id/{path}")
    entries = []
    async for after, told in _told(history, releases, language, iri):
        entries.append(_entry(site, after, language, _html(site, told, language), f"/doc/{path}"))
    title = f"{(await _name(site, path, language)).text} · {site.register.title.in_language(language)}"
    updated = entries[0].updated if entries else releases[-1].created
    body = _atom(request, site, iri, title, f"doc/{path}", entries, updated)
    return Response(body, media_type=_CONTENT_TYPE, headers=headers)


@router.api_route("/doc/{kind}/{name}.changes", methods=["GET", "HEAD"], response_class=Response)
async def changes_of_resource(kind: str, name: str, request: Request) -> Response:
    """Return the page that says the same as the feed of a resource."""
    site, history, language = site_of(request), history_of(request), language_of(request)
    path, releases = f"{kind}/{name}", await history.releases()
    await _require(site, history, releases, path)
    start, to = f"{site.release.base}id/", way_of(request)
    found = [each async for each in _told(history, releases, language, site.register.iri(f"id/{path}"))]
    return page(
        request,
        "resource_changes.html",
        site,
        title=await _name(site, path, language),
        path=path,
        found=found,
        first=releases[: RECENT + 1][-1],
        href=lambda iri: to(f"doc/{iri.removeprefix(start)}") if iri.startswith(start) else "",
        day=partial(format_date, format="long", locale=locale_of(language)),
    )


async def _told(
    history: History, releases: Sequence[Release], language: Language, iri: str = ""
) -> AsyncIterator[tuple[Release, Telling]]:
    """Yield the last releases, each with what changed in it; for a resource those in which it did, and that."""
    for after, before in pairwise(releases[: RECENT + 1]):
        changes = None if iri else await history.changes(before, after)
        if changes:
            yield after, tell(changes, language, TOLD)
        elif iri and (found := await history.changes_of(iri, before, after)) and found[1]:
            yield after, tell(found[0], language, TOLD, only=found[1])


async def _require(site: Site, history: History, releases: Sequence[Release], path: str) -> None:
    """Raise `Problem` (404) where nobody looks for a resource, or none has ever been at a path below `/id/`."""
    kinds = [kind for kind in site.kinds.kinds if kind in site.kinds.main]
    known = await history.describes(releases[0], path) or await site.is_withdrawn(f"id/{path}")
    if path.partition("/")[0] not in kinds or not known:
        message = both("no feed is kept of {path}; there are some of each {kinds}", path=path, kinds=", ".join(kinds))
        raise Problem(404, message)


async def _name(site: Site, path: str, language: Language) -> Label:
    found = await site.describe(f"id/{path}")
    return site.label(site.register.iri(f"id/{path}"), labels_of(found.triples) if found else Labels(), language)


def _html(site: Site, told: Telling, language: Language) -> str:
    base, url = site.release.base, site.register.url

    def href(iri: str) -> str:
        return f"{url}doc/{iri.removeprefix(f'{base}id/')}" if iri.startswith(f"{base}id/") else ""

    if not told.says_something:
        return f"<p>{translate('Nothing that is told of has changed.', language)}</p>"
    return fragment(told, language, href)


def _headers(request: Request, releases: Sequence[Release]) -> dict[str, str]:
    state = [f"{release.id} {release.identity} {release.manifest.modified}" for release in releases]
    tag = entity_tag(*state, request.url.path, request.url.query, language_of(request), __version__)
    return {"ETag": tag, "Vary": "Accept-Language", "Cache-Control": REVALIDATED}


def _last_change(releases: Sequence[Release]) -> datetime:
    return max(release.manifest.modified for release in releases)


def _entry(site: Site, release: Release, language: Language, content: str, path: str = "") -> Entry:
    """Return the entry on a release, or on what it says of the resource with a document at a path."""
    return Entry(
        f"{citation.release_iri(release)}{path}",
        release.id,
        release.created,
        release.manifest.modified,
        f"{site.register.url}releases/{release.id}{path or '/'}",
        citation.text(release, language),
        content,
    )


def _atom(
    request: Request, site: Site, iri: str, title: str, path: str, entries: Sequence[Entry], updated: datetime
) -> bytes:
    language, chosen = language_of(request), asked_for(request)
    own = f"{path}feed.atom" if path.endswith("/") else f"{path}.atom"
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": language})
    _add(feed, "id", text=iri)
    _add(feed, "title", text=title)
    _add(feed, "updated", text=updated.isoformat())
    _add(_add(feed, "author"), "name", text=site.register.publisher.name.in_language(language))
    query = f"?lang={chosen}" if chosen else ""
    _add(feed, "link", rel="self", href=f"{site.register.url}{own}{query}", type=_MEDIA_TYPE)
    _add(feed, "link", rel="alternate", href=f"{site.register.url}{path}", type="text/html")
    for item in entries:
        entry = _add(feed, "entry")
        _add(entry, "id", text=item.id)
        _add(entry, "title", text=item.title)
        _add(entry, "published", text=item.published.isoformat())
        _add(entry, "updated", text=item.updated.isoformat())
        _add(entry, "link", rel="alternate", href=item.address, type="text/html")
        _add(entry, "summary", text=item.summary)
        if item.content:
            _add(entry, "content", text=item.content, type="html")
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _add(parent: ET.Element, name: str, *, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text or None
    return element
