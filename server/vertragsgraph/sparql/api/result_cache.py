"""Results of repeated queries, in memory. A release is immutable: what was true of it once stays true."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, TypeVar

_ENTRY_BYTES: Final = 768  # what an entry takes besides the bytes that it holds: its key, and Python's objects

Entry = tuple[bytes, bytes, str]
"""A complete response with status 200: its headers as they are sent, its body, and the key that its entity tag is of.

Plain tuples of bytes and text, because the garbage collector doesn't look at them again and again.
"""

Shortcut = tuple[str, bytes, bytes | None, bytes | None]
"""All that a response depends on, as it came: identity of the dataset, query string, Accept, Accept-Encoding."""

Key = TypeVar("Key")
Kept = TypeVar("Kept")


class Bounded(OrderedDict[Key, Kept]):
    """A table that takes no more than a number of bytes; the least recently used entries are given up where it is full.

    It is looked up by `get`, and `move_to_end` says that what was found was of use: most requests come down to these two,
    so they are those of the dictionary.
    """

    def __init__(self, size: int, size_of: Callable[[Key, Kept], int]) -> None:
        super().__init__()
        self._size = self._left = size
        self._size_of = size_of

    def put(self, key: Key, value: Kept) -> None:
        """Add an entry, unless there is one by this key."""
        if key in self:
            return
        self[key] = value
        self._left -= self._size_of(key, value)
        while self._left < 0:
            self._left += self._size_of(*self.popitem(last=False))

    def clear(self) -> None:
        """Forget everything."""
        super().clear()
        self._left = self._size


class ResultCache:
    """Responses by key; `size` is what all of this takes, in bytes.

    `shortcuts` lead from a request as it came, unparsed, to the key of its entry; they may take an eighth of the size.
    """

    def __init__(self, size: int) -> None:
        self.entries: Bounded[str, Entry] = Bounded(size - size // 8, _entry_size)
        self.shortcuts: Bounded[Shortcut, str] = Bounded(size // 8, _shortcut_size)
        self._largest = size // 16

    def keep(self, cache_key: str, head: bytes, body: bytes, key: str | None) -> None:
        """Keep a response, unless it is too large to be worth it, or good for once only (there is no key)."""
        if key is not None and len(body) <= self._largest:
            self.entries.put(cache_key, (head, body, key))

    def clear(self) -> None:
        """Forget everything."""
        self.entries.clear()
        self.shortcuts.clear()


def _entry_size(_: str, entry: Entry) -> int:
    return len(entry[0]) + len(entry[1]) + _ENTRY_BYTES


def _shortcut_size(shortcut: Shortcut, _: str) -> int:
    return sum(len(part) for part in shortcut if part) + _ENTRY_BYTES
