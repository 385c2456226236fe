"""For crawlers: `/robots.txt` and the site map (sitemaps.org, protocol 0.9)."""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from vertragsgraph.http.problem import Problem
from vertragsgraph.texts import both
from vertragsgraph.web.site.shown import is_published
from vertragsgraph.web.site.site import Site, site_of

router = APIRouter()

PER_FILE: Final = 20_000
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,5}")
_PAGES: Final = ("catalog", "ontology", "dumps/", "releases/", "sparql")


@router.api_route("/robots.txt", methods=["GET", "HEAD"])
async def robots(request: Request) -> PlainTextResponse:
    """Return what crawlers may fetch (RFC 9309): everything but queries, whose number has no end.

    Of what isn't published they may fetch nothing.
    """
    site = site_of(request)
    if not is_published(request):
        return PlainTextResponse("User-agent: *\nDisallow: /\n")
    lines = (
        "User-agent: *",
        "Disallow: /sparql?",
        "Disallow: /releases/*/sparql?",
        "Disallow: /queries/",
        "Disallow: /cite?",
        "Disallow: /reconcile",
        "Disallow: /search?",
        f"Sitemap: {site.register.url}sitemap.xml",
    )
    return PlainTextResponse("\n".join(lines) + "\n")


@router.api_route("/sitemap.xml", methods=["GET", "HEAD"], response_class=Response)
async def index(request: Request) -> Response:
    """Return the index of the site maps."""
    site = site_of(request)
    last = _last(site)
    files = "".join(
        f"<sitemap><loc>{escape(site.register.url)}sitemap-{number}.xml</loc></sitemap>"
        for number in range(last // PER_FILE + 1)
    )
    return _xml(f'<sitemapindex xmlns="{_NAMESPACE}">{files}</sitemapindex>')


@router.api_route("/sitemap-{number}.xml", methods=["GET", "HEAD"], response_class=Response)
async def site_map(number: str, request: Request) -> Response:
    """Return one of the site maps: pages of resources; in the first, the pages about the whole, too."""
    site = site_of(request)
    first = int(number) * PER_FILE if _NUMBER.fullmatch(number) else -1
    if not 0 <= first <= _last(site):
        raise Problem(404, both("nothing is served at this address; the start page links to everything there is"))
    rows = site.search.rows("SELECT iri FROM resource WHERE id > ? AND id <= ? ORDER BY id", first, first + PER_FILE)
    paths = [path for (path,) in rows]
    whole = ("", *site.kinds.listed, *_PAGES) if first == 0 else ()
    pages = [*whole, *(f"doc/{path.removeprefix('id/')}" for path in paths)]
    return _xml(f'<urlset xmlns="{_NAMESPACE}">{"".join(_entry(site, path) for path in pages)}</urlset>')


def _last(site: Site) -> int:
    """Return the number of the last resource; they are numbered from 1 without gaps."""
    return int(site.search.rows("SELECT COALESCE(MAX(id), 0) FROM resource")[0][0])


def _entry(site: Site, path: str) -> str:
    return f"<url><loc>{escape(site.register.url + path)}</loc><lastmod>{site.release.created:%Y-%m-%d}</lastmod></url>"


def _xml(text: str) -> Response:
    return Response('<?xml version="1.0" encoding="UTF-8"?>\n' + text, media_type="application/xml")
