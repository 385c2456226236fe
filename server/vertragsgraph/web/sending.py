"""Sending what lies in files: with validators, digests and ranges, in constant memory."""

from __future__ import annotations

import base64
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from vertragsgraph.release import Release
from vertragsgraph.web.conditional import entity_tag, not_modified

_UTF8: Final = ("text/", "application/n-triples", "application/n-quads", "application/trig")
# Files under a stable name change with the release; those under a release's own never do.
STABLE: Final = "public, no-cache"
FOREVER: Final = "public, max-age=31536000, immutable"


def send_file(request: Request, release: Release, name: str, cache_control: str) -> Response | None:
    """Return a file of a release, whole or a range of it (RFC 9110, section 14); None where the release has no such file.

    `name` is its path below the release's folder. The SHA-256 of the manifest is validator (ETag) and digest (RFC 9530).
    """
    entry = release.manifest.files.get(name)
    if entry is None:
        return None
    tag = entity_tag(entry.sha256)
    digest = base64.b64encode(bytes.fromhex(entry.sha256)).decode()
    headers = {
        "ETag": tag,
        "Last-Modified": format_datetime(release.created, usegmt=True),
        "Cache-Control": cache_control,
        "Repr-Digest": f"sha-256=:{digest}:",
        "Content-Disposition": f'inline; filename="{release.id}-{Path(name).name}"',
    }
    unchanged = not_modified(request, tag, headers) or _not_modified_since(request, release.created, headers)
    if unchanged:
        return unchanged
    charset = "; charset=utf-8" if entry.media_type.startswith(_UTF8) else ""
    return FileResponse(release.folder / name, media_type=entry.media_type + charset, headers=headers)


def _not_modified_since(request: Request, instant: datetime, headers: dict[str, str]) -> Response | None:
    """Return 304 where If-Modified-Since says so; it counts only without If-None-Match (RFC 9110, section 13.1.3)."""
    since = request.headers.get("if-modified-since")
    if since is None or "if-none-match" in request.headers:
        return None
    try:
        known = parsedate_to_datetime(since)
    except ValueError:
        return None
    if known.tzinfo is None or known < instant:
        return None
    return Response(status_code=304, headers=headers)
