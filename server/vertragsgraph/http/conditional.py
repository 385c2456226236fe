"""Conditional requests (RFC 9110, section 13): a validator is known before anything is computed or read."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

_TAG: Final = re.compile(r'"[^"]*"')
_OF_THE_BODY: Final = frozenset({"Content-Type", "Content-Encoding", "Content-Disposition"})


def entity_tag(digest: str, *parts: str) -> str:
    """Return a strong validator for one representation: what of the release (digest), and which form of it."""
    if not parts:
        return f'"{digest}"'
    return f'"{hashlib.sha256(chr(10).join((digest, *parts)).encode()).hexdigest()[:32]}"'


def not_modified(
    request: Request, tag: str, headers: dict[str, str], *, modified: datetime | None = None, exists: bool = True
) -> Response | None:
    """Return the 304 response where the client has this representation already, else None.

    `headers` are those that a 200 response would have, `modified` is the instant of its Last-Modified. `exists` says
    whether it is known that there is a representation: any will do for who asks with `If-None-Match: *`.
    """
    if_none_match = request.headers.get("if-none-match")
    if if_none_match is not None:
        is_known = names_tag(if_none_match, tag) or (exists and names_any(if_none_match))
    else:  # a date counts only where there is no tag (section 13.1.3)
        since = http_date(request.headers.get("if-modified-since"))
        is_known = bool(exists and since and modified and modified <= since)
    if not is_known:
        return None
    return Response(
        status_code=304, headers={k: v for k, v in headers.items() if k not in _OF_THE_BODY} | {"ETag": tag}
    )


def http_date(text: str | None) -> datetime | None:
    """Return the instant that a header names (RFC 9110, section 5.6.7), in UTC; None where there is no such date.

    >>> http_date("Sun, 06 Nov 1994 08:49:37 GMT") == http_date("Sun Nov  6 08:49:37 1994") is not None
    True
    >>> http_date("Thu, 01 Jan 99999999999999999999 00:00:00 GMT")
    """
    try:
        found = parsedate_to_datetime(text or "")
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def as_http_date(instant: datetime) -> str:
    """Return an instant as headers name it.

    >>> as_http_date(datetime(2026, 11, 26, 12, tzinfo=UTC))
    'Thu, 26 Nov 2026 12:00:00 GMT'
    """
    return format_datetime(instant.astimezone(UTC), usegmt=True)


def names_tag(if_none_match: str | None, tag: str) -> bool:
    """Tell whether the header names an entity tag; compared weakly, so that a `W/` that a proxy dropped is not missed.

    >>> names_tag('"a", W/"b"', '"b"'), names_tag('"b"', 'W/"b"'), names_tag("b", '"b"')
    (True, True, False)
    """
    return if_none_match is not None and tag.removeprefix("W/") in _TAG.findall(if_none_match)


def names_any(if_none_match: str | None) -> bool:
    """Tell whether the header stands for any representation (`*`), so that all depends on whether there is one."""
    return if_none_match is not None and if_none_match.strip() == "*"
