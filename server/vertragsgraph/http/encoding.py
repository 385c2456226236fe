"""Compression of responses by `Accept-Encoding` (RFC 9110, section 12.5.3): zstd, gzip, or none."""

from __future__ import annotations

import asyncio
import sys
import zlib
from collections.abc import AsyncIterator, Callable
from functools import lru_cache
from typing import Final, Protocol

from vertragsgraph.http.quality import bounded, members

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEAST: Final = 1_024
"""Bytes below which compressing gains nothing."""

_IN_THREAD: Final = 16_384


class Compressor(Protocol):
    """Compresses a stream piece by piece."""

    def compress(self, data: bytes, /) -> bytes:
        """Take a piece; return what is ready."""

    def flush(self) -> bytes:
        """Return the rest."""


_FACTORIES: Final[dict[str, Callable[[], Compressor]]] = {
    "zstd": lambda: zstd.ZstdCompressor(level=3),
    "gzip": lambda: zlib.compressobj(level=4, wbits=31),
}
CODINGS: Final = tuple(_FACTORIES)
"""The content codings that responses may have, the preferred one first."""


def choose(accept_encoding: str | None, offers: tuple[str, ...] = CODINGS) -> str | None:
    """Return the content coding to use, of equals the one offered first; None for none, or where that is wanted more.

    >>> choose("gzip;q=0.5, br"), choose("gzip;q=0"), choose(None)
    ('gzip', None, None)
    """
    return _chosen(bounded(accept_encoding), offers) if accept_encoding else None


@lru_cache(maxsize=256)
def _chosen(accept_encoding: str, offers: tuple[str, ...]) -> str | None:
    wanted = dict(members(accept_encoding))
    chosen = max(offers, key=lambda name: wanted.get(name, wanted.get("*", 0.0)))
    quality = wanted.get(chosen, wanted.get("*", 0.0))
    return chosen if quality > 0 and quality >= wanted.get("identity", 0.0) else None


async def compress(data: bytes, coding: str) -> bytes:
    """Return data compressed; much of it in a thread, so that others are not kept waiting."""
    compressor: Compressor = _FACTORIES[coding]()
    return await _piece(compressor, data) + compressor.flush()


async def compressed(chunks: AsyncIterator[bytes], coding: str) -> AsyncIterator[bytes]:
    """Compress a stream; what fails in `chunks` fails here, before the end of the compressed stream is written."""
    compressor: Compressor = _FACTORIES[coding]()
    async for chunk in chunks:
        if data := await _piece(compressor, chunk):
            yield data
    yield compressor.flush()


async def _piece(compressor: Compressor, data: bytes) -> bytes:
    if len(data) < _IN_THREAD:
        return compressor.compress(data)
    return await asyncio.to_thread(compressor.compress, data)
