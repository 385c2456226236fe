"""Results of repeated queries, in memory. A release is immutable: what was true of it once stays true."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

_SHORTCUTS: Final = 8_192
_ENTRY_BYTES: Final = 512  # what an entry takes besides head and body, roughly

Headers = list[tuple[bytes, bytes]]


Entry = tuple[bytes, bytes, bytes]
"""A complete response with status 200: its headers as they are sent, its body, and its entity tag (also in the headers).

Plain tuples of bytes, because the garbage collector doesn't look at them again and again.
"""


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
        if len(entry[1]) > self._largest or key in self._entries:
            return
        self._entries[key] = entry
        self._left -= _size(entry)
        while self._left < 0:
            _, old = self._entries.popitem(last=False)
            self._left += _size(old)

    def put_shortcut(self, shortcut: Hashable, key: str) -> None:
        """Remember in which form a request came."""
        if len(self._shortcuts) >= _SHORTCUTS:
            self._shortcuts.clear()
        self._shortcuts[shortcut] = key

    def clear(self) -> None:
        """Forget everything."""
        self._left += sum(map(_size, self._entries.values()))
        self._entries.clear()
        self._shortcuts.clear()


def _size(entry: Entry) -> int:
    head, body, _ = entry
    return len(head) + len(body) + _ENTRY_BYTES
