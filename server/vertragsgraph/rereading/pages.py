"""The pages of sources: fetched from the web, politely, or read from a folder in which somebody has put them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

import httpx

from vertragsgraph.rereading.page_text import decoded, text_of
from vertragsgraph.rereading.quotations import Source
from vertragsgraph.texts import ENGLISH, Language, both

LARGEST: Final = 8 * 2**20
"""Bytes that a page may have."""
_HTML: Final = ("text/html", "application/xhtml+xml")
_SUFFIXES: Final = (".html", ".htm", ".xhtml", ".txt")


@dataclass(frozen=True)
class Page:
    """The text of a page, and the address or file that it was read from."""

    address: str
    text: str


class UnreadableError(Exception):
    """A page can't be had; `message` says why, and what to do."""

    def __init__(self, message: dict[Language, str]) -> None:
        super().__init__(message[ENGLISH])
        self.message = message


Reader: TypeAlias = Callable[[Source], Page]
"""Returns the page of a source; raises `UnreadableError`."""


@dataclass
class Fetcher:
    """Fetches pages by one GET each; `agent` says who asks, and between two requests at least `pause` seconds pass."""

    agent: str
    pause: float = 1.0
    timeout: float = 30.0
    sleep: Callable[[float], None] = time.sleep
    _last: float = field(default=float("-inf"), init=False)

    def __call__(self, source: Source) -> Page:
        """Return the page at the address of a source."""
        if not source.url:
            raise UnreadableError(both("{source} has no address; add schema:url if there is one", source=source.key))
        if (wait := self.pause - (time.monotonic() - self._last)) > 0:
            self.sleep(wait)
        headers = {"User-Agent": self.agent, "Accept": "text/html, application/xhtml+xml, text/plain;q=0.9"}
        try:
            with (
                httpx.Client(headers=headers, timeout=self.timeout, follow_redirects=True, max_redirects=5) as client,
                client.stream("GET", source.url) as response,
            ):
                return self._page(response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _refused(source.url, str(error) or type(error).__name__) from error
        finally:
            self._last = time.monotonic()

    def _page(self, response: httpx.Response) -> Page:
        address = str(response.url)
        if not response.is_success:
            raise _refused(address, f"HTTP {response.status_code}")
        kind = response.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
        if kind not in {*_HTML, "text/plain"}:
            message = both("{url} is no page but {kind}, in which no text is looked for", url=address, kind=kind)
            raise UnreadableError(message)
        content = b""
        for part in response.iter_bytes():
            content += part
            if len(content) > LARGEST:
                raise _refused(address, f"> {LARGEST // 2**20} MiB")
        text = decoded(content, response.charset_encoding)
        return Page(address, text_of(text) if kind in _HTML else text)


def _refused(url: str, reason: str) -> UnreadableError:
    return UnreadableError(
        both(
            "{url} can't be read: {reason}; look whether the page has moved, or try again later", url=url, reason=reason
        )
    )


@dataclass(frozen=True)
class Folder:
    """Reads pages from files that bear the name or the key of their source: `s1.html`, `S1.txt`."""

    path: Path

    def __call__(self, source: Source) -> Page:
        """Return the page in the file of a source."""
        stems = {source.name.casefold(), source.key.casefold()}
        for file in sorted(self.path.iterdir()):
            if file.stem.casefold() in stems and file.suffix.lower() in _SUFFIXES and file.is_file():
                text = decoded(file.read_bytes())
                return Page(str(file), text if file.suffix.lower() == ".txt" else text_of(text))
        raise UnreadableError(
            both(
                "there is no {name}.html or {name}.txt in {folder}; save the page there",
                name=source.name,
                folder=self.path,
            )
        )
