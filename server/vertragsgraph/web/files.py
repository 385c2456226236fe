"""`/dumps/…`: the current release's files."""

from __future__ import annotations

from typing import Final

from babel.numbers import format_decimal
from fastapi import APIRouter, Request
from starlette.responses import Response

from vertragsgraph.problem import Problem
from vertragsgraph.texts import Language, both
from vertragsgraph.web.language import language_of
from vertragsgraph.web.memento import links, memento_of
from vertragsgraph.web.sending import send_file
from vertragsgraph.web.site import site_of
from vertragsgraph.web.templating import page

router = APIRouter()

FOLDER: Final = "dumps/"


@router.api_route("/dumps/", methods=["GET", "HEAD"], response_class=Response)
async def listing(request: Request) -> Response:
    """Return the list of the dumps."""
    site = site_of(request)
    files = [
        {
            "name": path.removeprefix(FOLDER),
            "media_type": entry.media_type,
            "size": size(entry.bytes, language_of(request)),
            "sha256": entry.sha256,
        }
        for path, entry in site.release.manifest.files.items()
        if path.startswith(FOLDER)
    ]
    return page(request, "dumps.html", site, files=files)


@router.api_route("/dumps/{name}", methods=["GET", "HEAD"], response_class=Response)
async def dump(name: str, request: Request) -> Response:
    """Return a dump of the current release: whole or in ranges (RFC 9110, section 14), its SHA-256 as validator."""
    if redirect := await memento_of(request, FOLDER + name):
        return redirect
    site = site_of(request)
    release = site.release
    link = f'{links(request, FOLDER + name)}, <{site.register.url}>; rel="collection"; type="text/html"'
    headers = {"Link": link, "Vary": "Accept-Datetime"}
    response = send_file(request, release, FOLDER + name, site.modified, headers)
    if response is None:
        offered = ", ".join(path.removeprefix(FOLDER) for path in release.manifest.files if path.startswith(FOLDER))
        raise Problem(404, both("there is no such dump; there are: {offered}", offered=offered))
    return response


def size(count: int, language: Language) -> str:
    """Return a number of bytes as people read it, in the form of their language.

    >>> size(1536, "de"), size(12, "en")
    ('1,5 KiB', '12 B')
    """
    value, units = float(count), ["B", "KiB", "MiB", "GiB", "TiB"]
    while value >= 1024 and len(units) > 1:
        value /= 1024
        units.pop(0)
    return f"{format_decimal(value, format='#,##0.#', locale=language)} {units[0]}"
