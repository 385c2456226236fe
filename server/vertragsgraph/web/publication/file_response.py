"""Sending what lies in files: with validators, digests, ranges and precompressed, in constant memory."""

from __future__ import annotations

import asyncio
import base64
import gzip
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from vertragsgraph.http.conditional import as_http_date, entity_tag, not_modified
from vertragsgraph.http.encoding import choose
from vertragsgraph.http.ranges import wanted_ranges
from vertragsgraph.release import Release
from vertragsgraph.release.contents.formats import media_type

_UNPACKED: Final = 262_144
"""Bytes that are unpacked at a time, in a thread."""
_UTF8: Final = ("text/", "application/n-triples", "application/n-quads", "application/trig")
REVALIDATED: Final = "public, no-cache"
"""Nothing of a release may be used again unasked: a new one takes its name, and what was taken down must be gone at once."""


def send_file(
    request: Request, release: Release, name: str, modified: datetime, more: Mapping[str, str] | None = None
) -> Response | None:
    """Return a file of a release, whole or ranges of it; None where the release has no such file.

    `name` is its path below the release's folder, `modified` the instant since which it is what is found at the address
    asked for, `more` are further headers. Where the release holds the file compressed, too, and the client takes that,
    it is sent as a content coding (RFC 9110, section 8.4). The SHA-256 of the manifest is validator (ETag) and digest
    (RFC 9530) of what is sent. Raise `Problem` (416) where ranges are asked for that aren't there.

    A file that the release holds compressed only is unpacked for those who take it in no other way, without ranges.
    """
    files = release.manifest.files
    compressed = files.get(f"{name}.gz")
    entry = files.get(name) or (compressed and compressed.model_copy(update={"media_type": media_type(name)}))
    if entry is None:
        return None
    headers = {
        "Last-Modified": as_http_date(modified),
        "Cache-Control": REVALIDATED,
        "Content-Disposition": f'inline; filename="{release.id}-{Path(name).name}"',
        "Content-Type": entry.media_type + ("; charset=utf-8" if entry.media_type.startswith(_UTF8) else ""),
        **(more or {}),
    }
    if compressed:
        headers["Vary"] = ", ".join(filter(None, (headers.get("Vary"), "Accept-Encoding")))
        if choose(request.headers.get("accept-encoding"), ("gzip",)):
            name, entry = f"{name}.gz", compressed
            headers["Content-Encoding"] = "gzip"
        elif name not in files:
            headers |= {"ETag": entity_tag(entry.sha256, "unpacked"), "Accept-Ranges": "none"}
            unpacked = StreamingResponse(_unpacked(request, release.folder / f"{name}.gz"), headers=headers)
            return not_modified(request, headers["ETag"], headers, modified=modified) or unpacked
    headers["ETag"] = entity_tag(entry.sha256)
    headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(entry.sha256)).decode()}:"
    if unchanged := not_modified(request, headers["ETag"], headers, modified=modified):
        return unchanged
    return _File(release.folder / name, wanted_ranges(request, entry.bytes, headers), headers)


async def _unpacked(request: Request, path: Path) -> AsyncIterator[bytes]:
    """Yield what a compressed file holds, piece by piece, to HEAD nothing."""
    if request.method == "HEAD":
        return
    with await asyncio.to_thread(gzip.open, path, "rb") as file:
        while chunk := await asyncio.to_thread(file.read, _UNPACKED):
            yield chunk


class _File(FileResponse):
    """A file, of which those ranges are sent that were found to be wanted."""

    chunk_size = 32_768  # so much memory is held for each client that stops reading

    def __init__(self, path: Path, ranges: str, headers: dict[str, str]) -> None:
        super().__init__(path, headers=headers, media_type=headers["Content-Type"])
        self._ranges = ranges

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it (ASGI)."""
        asked: list[Any] = [(name, value) for name, value in scope["headers"] if name not in {b"range", b"if-range"}]
        if self._ranges:
            asked.append((b"range", self._ranges.encode()))
        await super().__call__({**scope, "headers": asked}, receive, send)
