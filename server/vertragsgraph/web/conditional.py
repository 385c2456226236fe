"""Conditional requests (RFC 9110, section 13): releases never change, so a validator is known before anything is computed."""

from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import Response


def entity_tag(digest: str, *parts: str) -> str:
    """Return a strong validator for one representation: what of the release (digest), and which form of it."""
    if not parts:
        return f'"{digest}"'
    return f'"{hashlib.sha256(chr(10).join((digest, *parts)).encode()).hexdigest()[:32]}"'


def not_modified(request: Request, tag: str, headers: dict[str, str]) -> Response | None:
    """Return the 304 response where the client has this representation already, else None."""
    asked = request.headers.get("if-none-match", "")
    known = {item.strip().removeprefix("W/") for item in asked.split(",")}
    if tag not in known and "*" not in known:
        return None
    return Response(status_code=304, headers={**headers, "ETag": tag})
