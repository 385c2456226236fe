"""Results of repeated queries, in memory. A release is immutable: what was true of it once stays true."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Generic, TypeVar

_ENTRY_BYTES: Final = 768  # what an entry takes besides the bytes that it holds: its key, and Python's objects

Headers = list[tuple[bytes, bytes]]

Entry = tuple[bytes, bytes, str]
"""A complete response with status 200: its headers as they are sent, its body, and the key that its entity tag is of.

Plain tuples of bytes and text, because the garbage collector doesn't look at them again and again.
"""

Shortcut = tuple[str, bytes, bytes | None, bytes | None]
"""All that a response depends on, as it came: identity of the dataset, query string, Accept, Accept-Encoding."""

Key = TypeVar("Key")
Kept = TypeVar("Kept")


def encoded(headers: Headers) -> bytes:
    r"""Return headers as they are sent (RFC 9112, section 5).

    >>> encoded([(b"vary", b"Accept"), (b"etag", b'"1"')])
    b'vary: Accept\r\netag: "1"\r\n'
    """
    return b"".join([b"%b: %b\r\n" % header for header in headers])


def decoded(head: bytes) -> Headers:
    r"""Return headers that were encoded.

    >>> decoded(b'vary: Accept\r\netag: "1"\r\n')
    [(b'vary', b'Accept'), (b'etag', b'"1"')]
    """
    return [(name, value) for name, _, value in (line.partition(b": ") for line in head.split(b"\r\n")[:-1])]


class ResultCache:
    """Responses by key, the least recently used given up first; `size` is what all of this takes, in bytes.

    A shortcut leads from a request as it came, unparsed, to the key; shortcuts may take an eighth of the size.
    """

    def __init__(self, size: int) -> None:
        self._entries: _Bounded[str, Entry] = _Bounded(size - size // 8, _entry_size)
        self._shortcuts: _Bounded[Shortcut, str] = _Bounded(size // 8, _shortcut_size)
        self._largest = size // 16

    def get(self, key: str) -> Entry | None:
        """Return what is kept under a key."""
        return self._entries.get(key)

    def get_by_shortcut(self, shortcut: Shortcut) -> Entry | None:
        """Return what is kept for a request that has been seen in just this form."""
        key = self._shortcuts.get(shortcut)
        return None if key is None else self._entries.get(key)

    def put(self, key: str, entry: Entry) -> None:
        """Keep a response, unless it is too large to be worth it."""
        if len(entry[1]) <= self._largest:
            self._entries.put(key, entry)

    def put_shortcut(self, shortcut: Shortcut, key: str) -> None:
        """Remember in which form a request came."""
        self._shortcuts.put(shortcut, key)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self._shortcuts.clear()


class _Bounded(Generic[Key, Kept]):
    """A table that takes no more than a number of bytes; the least recently used entries are given up where it is full."""

    def __init__(self, size: int, size_of: Callable[[Key, Kept], int]) -> None:
        self._size = self._left = size
        self._size_of = size_of
        self._found: OrderedDict[Key, Kept] = OrderedDict()

    def get(self, key: Key) -> Kept | None:
        found = self._found.get(key)
        if found is not None:
            self._found.move_to_end(key)
        return found

    def put(self, key: Key, value: Kept) -> None:
        if key in self._found:
            return
        self._found[key] = value
        self._left -= self._size_of(key, value)
        while self._left < 0:
            self._left += self._size_of(*self._found.popitem(last=False))

    def clear(self) -> None:
        self._found.clear()
        self._left = self._size


def _entry_size(_: str, entry: Entry) -> int:
    return len(entry[0]) + len(entry[1]) + _ENTRY_BYTES


def _shortcut_size(shortcut: Shortcut, _: str) -> int:
    return sum(len(part) for part in shortcut if part) + _ENTRY_BYTES
