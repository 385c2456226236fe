"""`/releases/…`: every release under its own address, what changed between two, and how to cite one."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import suppress
from functools import partial
from typing import Any, Final

from babel.dates import format_date
from babel.numbers import format_decimal
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from vertragsgraph.problem import Problem
from vertragsgraph.release import Release, ReleaseError, citation, open_release
from vertragsgraph.release.compare import MEDIA_TYPE as RDF_PATCH
from vertragsgraph.release.compare import as_rdf_patch, as_text, compare
from vertragsgraph.release.manifest import Links
from vertragsgraph.release.search.identifiers import AUTHORITIES
from vertragsgraph.sparql.negotiation import Format, best_format
from vertragsgraph.texts import Language, both
from vertragsgraph.web.catalogue import CATALOGUE
from vertragsgraph.web.conditional import entity_tag, not_modified
from vertragsgraph.web.feed import atom
from vertragsgraph.web.history import history_of
from vertragsgraph.web.language import language_of
from vertragsgraph.web.memento import memento_headers
from vertragsgraph.web.sending import REVALIDATED, send_file
from vertragsgraph.web.site import site_of
from vertragsgraph.web.templating import HTML, page
from vertragsgraph.web.values import LOCALES
from vertragsgraph.web.visits import begin
from vertragsgraph.web.ways import root_of

router = APIRouter()

_LONGEST: Final = 100
_ID: Final = re.compile(rf"[0-9A-Za-z][0-9A-Za-z.-]{{0,{_LONGEST}}}")
COMPARISONS: Final = (HTML, Format("txt", "text/plain"), Format("rdfp", RDF_PATCH))
CITATIONS: Final = {
    "txt": Format("txt", "text/plain"),
    "bib": Format("bib", "application/x-bibtex"),
    "json": Format("json", "application/vnd.citationstyles.csl+json"),
    "cff": Format("cff", "application/yaml"),
}


@router.api_route("/releases/", methods=["GET", "HEAD"], response_class=Response)
async def listing(request: Request) -> Response:
    """Return the list of all releases; for clients that want RDF, the catalogue, which has them as versions."""
    if best_format(request.headers.get("accept"), (HTML, *CATALOGUE)) not in {HTML, None}:
        return RedirectResponse(f"{root_of(request)}catalog", status_code=303, headers={"Vary": "Accept"})
    releases = await history_of(request).releases()
    return page(request, "releases.html", site_of(request), releases=releases, **_formats(request))


@router.api_route("/releases/feed.atom", methods=["GET", "HEAD"], response_class=Response)
async def feed(request: Request) -> Response:
    """Return the feed of releases (RFC 4287)."""
    site = site_of(request)
    releases = await history_of(request).releases()
    body = await asyncio.to_thread(atom, site.register, releases, language_of(request))
    headers = {"Vary": "Accept-Language", "Cache-Control": REVALIDATED}
    return Response(body, media_type="application/atom+xml; charset=utf-8", headers=headers)


@router.api_route("/releases/{name}", methods=["GET", "HEAD"], response_class=Response)
async def release(name: str, request: Request) -> Response:
    """Redirect from a release to the page about it."""
    named_release(request, name)
    return RedirectResponse(f"{name}/", status_code=303)


@router.api_route("/releases/{name}/", methods=["GET", "HEAD"], response_class=Response)
async def release_page(name: str, request: Request) -> Response:
    """Return the page about a release."""
    found = named_release(request, name)
    site = site_of(request)
    others = await history_of(request).releases()
    earlier = next((other for other in others if other.created < found.created), None)
    citations = {form: cited(found, form, language_of(request)) for form in ("txt", "bib")}
    return page(
        request,
        "release.html",
        site,
        shown=found,
        earlier=earlier,
        citations=citations,
        targets=_targets(found.manifest.links),
        **_formats(request),
    )


@router.api_route("/releases/{name}/compare/{other}", methods=["GET", "HEAD"], response_class=Response)
async def comparison(name: str, other: str, request: Request) -> Response:
    """Return what was added and removed from release `other` to release `name`: a page, text, or an RDF patch."""
    after, before = named_release(request, name), named_release(request, other)
    wanted, history = request.query_params.get("format"), history_of(request)
    chosen = next((offer for offer in COMPARISONS if offer.name == wanted), None)
    chosen = chosen or best_format(request.headers.get("accept"), COMPARISONS) or COMPARISONS[1]
    if chosen == HTML:
        found = await history.comparison(before, after)
        more = format_decimal(found.total - len(found.changes), locale=LOCALES[language_of(request)])
        rest = more if found.total > len(found.changes) else ""
        return page(
            request, "comparison.html", site_of(request), before=before, after=after, changes=found.changes, rest=rest
        )
    tag = entity_tag(before.identity, after.identity, chosen.name)
    headers = {"ETag": tag, "Vary": "Accept", "Cache-Control": REVALIDATED}
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    await begin()
    changes_in_full = compare(before, after)
    patch = chosen.name == "rdfp"
    lines = as_rdf_patch(changes_in_full, before.manifest, after.manifest) if patch else as_text(changes_in_full)
    return StreamingResponse(
        history.in_pieces(lines), media_type=f"{chosen.media_type}; charset=utf-8", headers=headers
    )


@router.api_route("/releases/{name}/cite.{form}", methods=["GET", "HEAD"], response_class=Response)
async def cite(name: str, form: str, request: Request) -> Response:
    """Return how to cite a release: as a sentence, for BibTeX, as CSL-JSON or as CITATION.cff."""
    found = named_release(request, name)
    if form not in CITATIONS:
        raise Problem(404, both("there is no such form of citation; there are: {known}", known=", ".join(CITATIONS)))
    headers = {"Vary": "Accept-Language"}
    media_type = f"{CITATIONS[form].media_type}; charset=utf-8"
    return Response(cited(found, form, language_of(request)), media_type=media_type, headers=headers)


@router.api_route("/releases/{name}/{path:path}", methods=["GET", "HEAD"], response_class=Response)
async def release_file(name: str, path: str, request: Request) -> Response:
    """Return a file of a release, which only a redaction changes; its manifest is `release.json`."""
    found = named_release(request, name)
    if path == "release.json":
        return Response(found.manifest.text(), media_type="application/json", headers={"Cache-Control": REVALIDATED})
    headers = memento_headers(request, found, path) if path.startswith("dumps/") else None
    stored = path.startswith("store/")
    response = None if stored else send_file(request, found, path, found.manifest.modified, headers)
    if response is None:
        raise Problem(404, both("release {id} has no file {path}; release.json lists all", id=name, path=path))
    return response


def cited(found: Release, form: str, language: Language) -> str:
    """Return the citation of a release in one of the forms of `CITATIONS`."""
    if form == "json":
        return json.dumps(citation.csl(found, language), ensure_ascii=False, indent=2) + "\n"
    return {"txt": citation.text, "bib": citation.bibtex, "cff": citation.cff}[form](found, language)


def named_release(request: Request, name: str) -> Release:
    """Return the release with an id; raise `Problem` (404) where there is none."""
    folder = site_of(request).releases / name
    if _ID.fullmatch(name) and not folder.is_symlink():
        with suppress(ReleaseError):
            return open_release(folder)
    message = both("there is no release {id} here; see /releases/ for those there are", id=name[:_LONGEST])
    raise Problem(404, message)


def _targets(links: Links | None) -> list[tuple[str, int, int]]:
    """Return the name of each target that is linked to, and of Wikidata; how many entities have a link to it, and how many none."""
    if links is None:
        return []
    known = [authority for authority in AUTHORITIES if authority.key in links.without]
    counts = [(authority.name, links.without[authority.key]) for authority in known]
    rows = [(name, links.entities - without, without) for name, without in counts]
    return [row for row in rows if row[1] or row[0] == "Wikidata"]


def _formats(request: Request) -> dict[str, Any]:
    """Return how days and numbers are written in the language of a page."""
    language = language_of(request)
    return {
        "day": partial(format_date, format="long", locale=LOCALES[language]),
        "number": partial(format_decimal, locale=LOCALES[language]),
    }
