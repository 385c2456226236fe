"""Documents and dumps as they were: Memento (RFC 7089).

`/doc/…` and `/dumps/…` are original resource and TimeGate in one (pattern 1.1); the mementos are the same paths below
`/releases/{id}/`, and `/timemap/…` lists them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from vertragsgraph.http.conditional import as_http_date, http_date
from vertragsgraph.http.problem import Problem
from vertragsgraph.register.names import is_resource
from vertragsgraph.release import Release
from vertragsgraph.texts import both
from vertragsgraph.web.rendering.urls import root_of
from vertragsgraph.web.site.past_releases import History, history_of
from vertragsgraph.web.site.site import site_of

router = APIRouter()


async def memento_of(request: Request, path: str) -> Response | None:
    """Return the redirect to the memento that `Accept-Datetime` asks for; None where it asks for none.

    `path` is that of the original below the start page. Raises `Problem` (400) for what is no date (section 4.5.3).
    """
    asked = request.headers.get("accept-datetime")
    if asked is None:
        return None
    instant = http_date(asked)
    if instant is None:
        example = as_http_date(datetime.now(UTC))
        raise Problem(400, both("Accept-Datetime must be a date such as {example}", example=example))
    chosen = nearest(await history_of(request).releases(), instant)
    headers = {"Vary": "Accept-Datetime, Accept, Accept-Language", "Link": links(request, path)}
    return RedirectResponse(f"{root_of(request)}releases/{chosen.id}/{quote(path)}", status_code=302, headers=headers)


def nearest(releases: list[Release], instant: datetime) -> Release:
    """Return the release that was the newest at an instant; before the first there is only the first."""
    return next((release for release in releases if release.created <= instant), releases[-1])


def links(request: Request, path: str) -> str:
    """Return the links of an original: it is its own TimeGate, and has a TimeMap (section 2.2)."""
    url, path = site_of(request).register.url, quote(path)
    return (
        f'<{url}{path}>; rel="original timegate", <{url}timemap/{path}>; rel="timemap"; type="application/link-format"'
    )


def memento_headers(request: Request, release: Release, path: str) -> dict[str, str]:
    """Return the headers of a memento (section 2.1.1, 2.2)."""
    return {"Memento-Datetime": as_http_date(release.created), "Link": links(request, path)}


@router.api_route("/timemap/{path:path}", methods=["GET", "HEAD"], response_class=Response)
async def timemap(path: str, request: Request) -> Response:
    """Return the list of a document's or dump's mementos, the oldest first (RFC 7089, section 5; RFC 6690)."""
    history = history_of(request)
    found = [release for release in reversed(await history.releases()) if await _has(history, release, path)]
    if not found:
        raise Problem(404, both("no release has {path}; time maps exist for doc/… and dumps/…", path=path))
    # Absolute, because a target is resolved against the origin, not against the address of the time map (RFC 6690, 2.1).
    url = site_of(request).register.url
    entries = [
        f'<{url}{path}>; rel="original timegate"',
        f'<{url}timemap/{path}>; rel="self"; type="application/link-format"',
    ]
    for number, release in enumerate(found):
        relation = " ".join(
            word
            for word, fits in (("first", number == 0), ("last", number == len(found) - 1), ("memento", True))
            if fits
        )
        instant = as_http_date(release.created)
        entries.append(f'<{url}releases/{release.id}/{path}>; rel="{relation}"; datetime="{instant}"')
    return Response(",\n".join(entries) + "\n", media_type="application/link-format")


async def _has(history: History, release: Release, path: str) -> bool:
    if path.startswith("dumps/"):
        return path in release.manifest.files
    name = path.removeprefix("doc/").partition(".")[0]  # the document in a format of its own is about the same resource
    return path.startswith("doc/") and is_resource(name) and await history.describes(release, name)
