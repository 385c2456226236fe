"""Fetching a document from the web, by one request whose sender is named, and asking first whether programs may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import httpx

from vertragsgraph.documents.document import UnreadableError
from vertragsgraph.texts import both

TIMEOUT: Final = 30.0
_ROBOTS: Final = 500 * 1024  # bytes of robots.txt that must be read at least (RFC 9309, section 2.5)


@dataclass(frozen=True)
class Fetched:
    """What an address answered with: `address` is the one at which it stands, `kind` its media type, `charset` as declared."""

    address: str
    kind: str
    charset: str | None
    content: bytes


def fetch(
    url: str, agent: str, *, accept: str = "*/*", largest: int, timeout: float = TIMEOUT, mind_robots: bool = False
) -> Fetched:
    """Return what stands at an address, redirects followed, of at most `largest` bytes; `agent` says who asks.

    With `mind_robots`, only what the site lets programs fetch (RFC 9309). Raises `UnreadableError`.
    """
    headers = {"User-Agent": agent, "Accept": accept}
    try:
        with httpx.Client(headers=headers, timeout=timeout, follow_redirects=True, max_redirects=5) as client:
            if mind_robots and not _may_fetch(client, url, agent):
                raise UnreadableError(
                    both(
                        "{url}: its site asks programs not to fetch it (robots.txt); open it in a browser, save it",
                        url=url,
                    )
                )
            with client.stream("GET", url) as response:
                return _read(response, largest)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise refused(url, str(error) or type(error).__name__) from error


def _may_fetch(client: httpx.Client, url: str, agent: str) -> bool:
    parts = urlsplit(url)
    answer = client.get(f"{parts.scheme}://{parts.netloc}/robots.txt")
    if not answer.is_success:
        return True
    robots = RobotFileParser()
    robots.parse(answer.text[:_ROBOTS].splitlines())
    return robots.can_fetch(agent, url)


def _read(response: httpx.Response, largest: int) -> Fetched:
    address = str(response.url)
    if not response.is_success:
        raise refused(address, f"HTTP {response.status_code}")
    content = bytearray()
    for part in response.iter_bytes():
        content.extend(part)
        if len(content) > largest:
            raise refused(address, f"> {largest // 2**20} MiB")
    kind = response.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    return Fetched(address, kind, response.charset_encoding, bytes(content))


def refused(url: str, reason: str) -> UnreadableError:
    """Return the error that says why nothing can be had from an address."""
    return UnreadableError(
        both(
            "{url} can't be read: {reason}; look whether the page has moved, or try again later", url=url, reason=reason
        )
    )
