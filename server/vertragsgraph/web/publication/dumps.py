"""`/dumps/…`: the current release's files."""

from __future__ import annotations

from typing import Final

from babel.numbers import format_decimal
from fastapi import APIRouter, Request
from starlette.responses import Response

from vertragsgraph.http.problem import Problem
from vertragsgraph.release.catalogue import schema_org
from vertragsgraph.release.contents.formats import FORMATS
from vertragsgraph.release.contents.table import METADATA
from vertragsgraph.texts import Language, both, marked, translate
from vertragsgraph.web.publication.file_response import send_file
from vertragsgraph.web.publication.memento import links, memento_of
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.rendering.templating import page
from vertragsgraph.web.site.site import site_of

router = APIRouter()

FOLDER: Final = "dumps/"


@router.api_route("/dumps/", methods=["GET", "HEAD"], response_class=Response)
async def listing(request: Request) -> Response:
    """Return the list of the dumps."""
    site = site_of(request)
    manifest = site.release.manifest
    contents = {item.file(manifest.key): item.contents_of(manifest.format).text for item in FORMATS}
    files = [
        {
            "name": path.removeprefix(FOLDER),
            "contents": contents.get(path.removesuffix(".gz"), marked("What the columns of the table are (CSVW).")),
            "media_type": entry.media_type,
            "size": size(entry.bytes, language_of(request)),
            "sha256": entry.sha256,
        }
        for path, entry in manifest.files.items()
        if path.startswith(FOLDER)
    ]
    structured = schema_org.dataset(site.release, language_of(request))
    return page(request, "dumps.html", site, structured=structured, files=files)


@router.api_route("/dumps/{name}", methods=["GET", "HEAD"], response_class=Response)
async def dump(name: str, request: Request) -> Response:
    """Return a dump of the current release: whole or in ranges (RFC 9110, section 14), its SHA-256 as validator."""
    if redirect := await memento_of(request, FOLDER + name):
        return redirect
    site = site_of(request)
    release = site.release
    link = f'{links(request, FOLDER + name)}, <{site.register.url}>; rel="collection"; type="text/html"'
    link += columns_of(name, f"{site.register.url}{FOLDER}")
    headers = {"Link": link, "Vary": "Accept-Datetime"}
    response = send_file(request, release, FOLDER + name, site.modified, headers)
    if response is None:
        offered = ", ".join(path.removeprefix(FOLDER) for path in release.manifest.files if path.startswith(FOLDER))
        raise Problem(404, both("there is no such dump; there are: {offered}", offered=offered))
    return response


def columns_of(name: str, folder: str) -> str:
    """Return the link (after others) from a table to the description of its columns in the same folder, `""` from other files.

    That is how it is found by what reads tables (Model for Tabular Data and Metadata on the Web, section 5.2).
    """
    return f', <{folder}{METADATA}>; rel="describedby"; type="application/csvm+json"' if name.endswith(".csv") else ""


def size(count: int, language: Language) -> str:
    """Return a number of bytes as people read it, in the form of their language.

    >>> size(1536, "de"), size(12, "en"), size(1536, "fr")
    ('1,5 KiB', '12 B', '1,5 Kio')
    """
    value = float(count)
    units = [
        marked("{number} B"),
        marked("{number} KiB"),
        marked("{number} MiB"),
        marked("{number} GiB"),
        marked("{number} TiB"),
    ]
    while value >= 1024 and len(units) > 1:
        value /= 1024
        units.pop(0)
    return translate(units[0], language, number=format_decimal(value, format="#,##0.#", locale=language))
