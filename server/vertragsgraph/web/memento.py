"""Documents and dumps as they were: Memento (RFC 7089).

`/doc/…` and `/dumps/…` are original resource and TimeGate in one (pattern 1.1); the mementos are the same paths below
`/releases/{id}/`, and `/timemap/…` lists them.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from vertragsgraph.problem import Problem
from vertragsgraph.release import Release
from vertragsgraph.texts import both
from vertragsgraph.web.history import History, history_of
from vertragsgraph.web.ways import root_of

router = APIRouter()

# A resource's path below /id/ and /doc/: slugs are lower-case ASCII, so nothing else can name one.
RESOURCE: Final = re.compile(r"[a-z][a-z0-9-]*(?:/[a-z0-9][a-z0-9_-]*)+")


async def memento_of(request: Request, path: str) -> Response | None:
    """Return the redirect to the memento that `Accept-Datetime` asks for; None where it asks for none.

    `path` is that of the original below the start page. Raises `Problem` (400) for what is no date (section 4.5.3).
    """
    asked = request.headers.get("accept-datetime")
    if asked is None:
        return None
    try:
        instant = parsedate_to_datetime(asked)
    except ValueError:
        raise Problem(
            400, both("Accept-Datetime must be a date such as {example}", example=_http(datetime.now(UTC)))
        ) from None
    chosen = nearest(await history_of(request).releases(), instant.replace(tzinfo=instant.tzinfo or UTC))
    headers = {"Vary": "Accept-Datetime, Accept, Accept-Language", "Link": links(request, path)}
    return RedirectResponse(f"{root_of(request)}releases/{chosen.id}/{path}", status_code=302, headers=headers)


def nearest(releases: list[Release], instant: datetime) -> Release:
    """Return the release that was the newest at an instant; before the first there is only the first."""
    return next((release for release in releases if release.created <= instant), releases[-1])


def links(request: Request, path: str) -> str:
    """Return the links of an original: it is its own TimeGate, and has a TimeMap (section 2.2)."""
    root = root_of(request)
    return f'<{root}{path}>; rel="original timegate", <{root}timemap/{path}>; rel="timemap"; type="application/link-format"'


def memento_headers(request: Request, release: Release, path: str) -> dict[str, str]:
    """Return the headers of a memento (section 2.1.1, 2.2)."""
    return {"Memento-Datetime": _http(release.created), "Link": links(request, path)}


@router.api_route("/timemap/{path:path}", methods=["GET", "HEAD"], response_class=Response)
async def timemap(path: str, request: Request) -> Response:
    """Return the list of a document's or dump's mementos, the oldest first (RFC 7089, section 5; RFC 6690)."""
    history = history_of(request)
    found = [release for release in reversed(await history.releases()) if await _has(history, release, path)]
    if not found:
        raise Problem(404, both("no release has {path}; time maps exist for doc/… and dumps/…", path=path))
    root = root_of(request)
    entries = [
        f'<{root}{path}>; rel="original timegate"',
        f'<{root}timemap/{path}>; rel="self"; type="application/link-format"',
    ]
    for number, release in enumerate(found):
        relation = " ".join(
            word
            for word, fits in (("first", number == 0), ("last", number == len(found) - 1), ("memento", True))
            if fits
        )
        instant = _http(release.created)
        entries.append(f'<{root}releases/{release.id}/{path}>; rel="{relation}"; datetime="{instant}"')
    return Response(",\n".join(entries) + "\n", media_type="application/link-format")


async def _has(history: History, release: Release, path: str) -> bool:
    if path.startswith("dumps/"):
        return path in release.manifest.files
    name = path.removeprefix("doc/").partition(".")[0]  # the document in a format of its own is about the same resource
    is_resource = path.startswith("doc/") and RESOURCE.fullmatch(name) is not None
    return is_resource and await history.describes(release, name)


def _http(instant: datetime) -> str:
    return format_datetime(instant.astimezone(UTC), usegmt=True)
