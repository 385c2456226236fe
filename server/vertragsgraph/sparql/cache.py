"""Results of repeated queries, in memory. A release is immutable: what was true of it once stays true."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final, NamedTuple

_SHORTCUTS: Final = 8_192
_ENTRY_BYTES: Final = 512  # what an entry takes besides its body, roughly

Headers = list[tuple[bytes, bytes]]


class Entry(NamedTuple):
    """A complete response with status 200; `etag` is among its headers as well."""

    headers: Headers
    body: bytes
    etag: bytes


class ResultCache:
    """Responses by key, the least recently used given up first; `size` is what they take, in bytes.

    A shortcut leads from a request as it came, unparsed, to the key.
    """

    def __init__(self, size: int) -> None:
        self._left = size
        self._largest = size // 16
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._shortcuts: dict[Hashable, str] = {}

    def get(self, key: str) -> Entry | None:
        """Return what is kept under a key."""
        entry = self._entries.get(key)
        if entry is not None:
            self._entries.move_to_end(key)
        return entry

    def get_by_shortcut(self, shortcut: Hashable) -> Entry | None:
        """Return what is kept for a request that has been seen in just this form."""
        key = self._shortcuts.get(shortcut)
        return None if key is None else self.get(key)

    def put(self, key: str, entry: Entry) -> None:
        """Keep a response, unless it is too large to be worth it."""
        if len(entry.body) > self._largest or key in self._entries:
            return
        self._entries[key] = entry
        self._left -= len(entry.body) + _ENTRY_BYTES
        while self._left < 0:
            _, old = self._entries.popitem(last=False)
            self._left += len(old.body) + _ENTRY_BYTES

    def put_shortcut(self, shortcut: Hashable, key: str) -> None:
        """Remember in which form a request came."""
        if len(self._shortcuts) >= _SHORTCUTS:
            self._shortcuts.clear()
        self._shortcuts[shortcut] = key

    def clear(self) -> None:
        """Forget everything."""
        self._left += sum(len(entry.body) + _ENTRY_BYTES for entry in self._entries.values())
        self._entries.clear()
        self._shortcuts.clear()
