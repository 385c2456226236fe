"""`/releases/…`: every release under its own address, what changed between two, and how to cite one."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from babel.dates import format_date
from babel.numbers import format_decimal
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from vertragsgraph import __version__
from vertragsgraph.changes import Telling, tell
from vertragsgraph.http.accept import best_format
from vertragsgraph.http.conditional import entity_tag, not_modified
from vertragsgraph.http.problem import Problem
from vertragsgraph.rdf.media_types import JSON_LD, RDF_XML, TURTLE, Format
from vertragsgraph.release import Release
from vertragsgraph.release.catalogue import citation, describe_release, schema_org
from vertragsgraph.release.compare import MEDIA_TYPE as RDF_PATCH
from vertragsgraph.release.compare import as_rdf_patch, as_text, compare
from vertragsgraph.release.contents.linking import Links
from vertragsgraph.release.manifest import FILE_NAME, SIGNATURE
from vertragsgraph.search.identifiers import AUTHORITIES
from vertragsgraph.texts import Language, both, locale_of
from vertragsgraph.web.publication.catalogue import CATALOGUE, rdf_format
from vertragsgraph.web.publication.dumps import columns_of
from vertragsgraph.web.publication.file_response import REVALIDATED, send_file
from vertragsgraph.web.publication.memento import memento_headers
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.rendering.templating import HTML, page
from vertragsgraph.web.rendering.urls import root_of, way_of
from vertragsgraph.web.site.past_releases import history_of
from vertragsgraph.web.site.site import Site, show, site_of
from vertragsgraph.web.site.visits import begin

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
    """Return the list of all releases; for clients that want RDF, the catalogue in which they are described."""
    if best_format(request.headers.get("accept"), (HTML, *CATALOGUE)) not in {HTML, None}:
        return RedirectResponse(f"{root_of(request)}catalog-all", status_code=303, headers={"Vary": "Accept"})
    releases = await history_of(request).releases()
    return page(request, "releases.html", site_of(request), releases=releases, **_formats(request))


@router.api_route("/releases/{name}", methods=["GET", "HEAD"], response_class=Response)
async def release(name: str, request: Request) -> Response:
    """Redirect from a release to the page about it."""
    named_release(request, name)
    return RedirectResponse(f"{name}/", status_code=303)


@router.api_route("/releases/{name}/", methods=["GET", "HEAD"], response_class=Response)
async def release_page(name: str, request: Request) -> Response:
    """Return the page about a release; for clients that want RDF, its description as a version of the dataset (DCAT)."""
    found = named_release(request, name)
    site = site_of(request)
    others = await history_of(request).releases()
    earlier = _earlier(others, found)
    chosen = best_format(request.headers.get("accept"), (HTML, *CATALOGUE)) or HTML
    if chosen != HTML:
        return await _description(request, found, earlier, chosen)
    told = await _told(request, earlier, found) if earlier else None
    citations = {form: cited(found, form, language_of(request)) for form in ("txt", "bib")}
    return page(
        request,
        "release.html",
        site,
        shown=found,
        earlier=earlier,
        told=told,
        href=_href(request, site),
        citations=citations,
        at_hand={other.id for other in others},
        signed=(found.folder / SIGNATURE).is_file(),
        structured=schema_org.version(found, language_of(request)),
        catalogue=CATALOGUE,
        targets=_targets(found.manifest.links),
        **_formats(request),
    )


@router.api_route("/releases/{name}/catalog.{extension}", methods=["GET", "HEAD"], response_class=Response)
async def description(name: str, extension: str, request: Request) -> Response:
    """Return the description of a release as a version of the dataset, in the format of a suffix."""
    found = named_release(request, name)
    earlier = _earlier(await history_of(request).releases(), found)
    return await _description(request, found, earlier, rdf_format(extension))


async def _description(request: Request, found: Release, earlier: Release | None, form: Format) -> Response:
    manifest, before = found.manifest, earlier.manifest if earlier else None
    tag = entity_tag(manifest.text(), before.id if before else "", __version__, form.name)
    headers = {"ETag": tag, "Vary": "Accept", "Cache-Control": REVALIDATED}
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    described = await asyncio.to_thread(describe_release, found.register, manifest, before)
    write = {TURTLE: described.turtle, RDF_XML: described.rdfxml, JSON_LD: described.jsonld}[form]
    return Response(await asyncio.to_thread(write), media_type=form.content_type, headers=headers)


def _earlier(releases: Sequence[Release], found: Release) -> Release | None:
    """Return the release before one, of all, the newest first."""
    return next((other for other in releases if (other.created, other.id) < (found.created, found.id)), None)


@router.api_route("/releases/{name}/compare/{other}", methods=["GET", "HEAD"], response_class=Response)
async def comparison(name: str, other: str, request: Request) -> Response:
    """Return what was added and removed from release `other` to release `name`: a page, text, or an RDF patch."""
    before, after = named_release(request, other), named_release(request, name)
    wanted, history = request.query_params.get("format"), history_of(request)
    chosen = next((offer for offer in COMPARISONS if offer.name == wanted), None)
    chosen = chosen or best_format(request.headers.get("accept"), COMPARISONS) or COMPARISONS[1]
    if chosen == HTML:
        site = site_of(request)
        told = await _told(request, before, after)
        if told is None:
            raise Problem(
                404,
                both(
                    "release {before} or {after} is damaged, so they can't be compared",
                    before=before.id,
                    after=after.id,
                ),
            )
        return page(request, "comparison.html", site, before=before, after=after, told=told, href=_href(request, site))
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


async def _told(request: Request, before: Release, after: Release) -> Telling | None:
    """Return what changed from one release to another; None where it can't be told."""
    changes = await history_of(request).changes(before, after)
    return tell(changes, language_of(request)) if changes else None


def _href(request: Request, site: Site) -> Callable[[str], str]:
    """Return what gives the reference to the document about a resource of the register."""
    start, to = f"{site.release.base}id/", way_of(request)
    return lambda iri: to(f"doc/{iri.removeprefix(start)}") if iri.startswith(start) else ""


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
    """Return a file of a release, which only a redaction changes; `release.json` is its manifest."""
    found = named_release(request, name)
    if path in {FILE_NAME, SIGNATURE}:
        return await _manifest_file(request, found, path)
    headers = memento_headers(request, found, path) if path.startswith("dumps/") else None
    if headers:
        headers["Link"] += columns_of(path, f"{site_of(request).register.url}releases/{name}/dumps/")
    stored = path.startswith("store/")
    response = None if stored else send_file(request, found, path, found.manifest.modified, headers)
    if response is None:
        raise Problem(404, both("release {id} has no file {path}; release.json lists all", id=name, path=path))
    return response


async def _manifest_file(request: Request, found: Release, name: str) -> Response:
    """Return the manifest or its signature as it is on the disk, since the one is about the bytes of the other."""
    try:
        body = await asyncio.to_thread((found.folder / name).read_bytes)
    except OSError as error:
        raise Problem(404, both("release {id} isn't signed", id=found.id)) from error
    media_type = "application/json" if name == FILE_NAME else "application/octet-stream"
    headers = {"Cache-Control": REVALIDATED, "ETag": entity_tag(hashlib.sha256(body).hexdigest())}
    return not_modified(request, headers["ETag"], headers) or Response(body, media_type=media_type, headers=headers)


def cited(found: Release, form: str, language: Language) -> str:
    """Return the citation of a release in one of the forms of `CITATIONS`."""
    if form == "json":
        return json.dumps(citation.csl(found, language), ensure_ascii=False, indent=2) + "\n"
    return {"txt": citation.text, "bib": citation.bibtex, "cff": citation.cff}[form](found, language)


def named_release(request: Request, name: str) -> Release:
    """Return the release with an id; raise `Problem` (404) where there is none."""
    found = history_of(request).named(name) if _ID.fullmatch(name) else None
    if found:
        show(request, found)
        return found
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
        "day": partial(format_date, format="long", locale=locale_of(language)),
        "number": partial(format_decimal, locale=locale_of(language)),
    }
