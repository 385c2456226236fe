"""The pages of sources: fetched from the web, politely, or read from a folder in which somebody has put them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from vertragsgraph.documents import UnreadableError
from vertragsgraph.documents.fetching import fetch
from vertragsgraph.documents.reading import ACCEPTED, KINDS, read
from vertragsgraph.rereading.quotations import Source
from vertragsgraph.texts import both

LARGEST: Final = 8 * 2**20
"""Bytes that a page may have."""


@dataclass(frozen=True)
class Page:
    """The text of a page, and the address or file that it was read from."""

    address: str
    text: str


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
        try:
            fetched = fetch(source.url, self.agent, accept=ACCEPTED, largest=LARGEST, timeout=self.timeout)
        finally:
            self._last = time.monotonic()
        return Page(fetched.address, read(fetched.content, fetched.kind, fetched.charset).text)


@dataclass(frozen=True)
class Folder:
    """Reads pages from files that bear the name or the key of their source: `s1.html`, `S1.txt`."""

    path: Path

    def __call__(self, source: Source) -> Page:
        """Return the page in the file of a source."""
        stems = {source.name.casefold(), source.key.casefold()}
        for file in sorted(self.path.iterdir()):
            if file.stem.casefold() in stems and file.suffix.lower() in KINDS and file.is_file():
                return Page(str(file), read(file.read_bytes(), KINDS[file.suffix.lower()]).text)
        raise UnreadableError(
            both(
                "there is no {name}.html or {name}.txt in {folder}; save the page there",
                name=source.name,
                folder=self.path,
            )
        )
