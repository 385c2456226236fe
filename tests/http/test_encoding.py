from __future__ import annotations

import asyncio
import gzip
import sys
from collections.abc import AsyncIterator

import pytest

from vertragsgraph.http import encoding

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (None, None),
        ("", None),
        ("gzip", "gzip"),
        ("br, gzip;q=0.2", "gzip"),
        ("gzip;q=0", None),
        ("identity", None),
        ("gzip;q=x", "gzip"),
        ("gzip;q=1.0;foo=bar", "gzip"),
        ("*;q=.5", "zstd"),
        ("GZIP ; q = 0.5 , *; q=0", "gzip"),
    ],
)
def test_choice(header: str | None, coding: str | None) -> None:
    assert encoding.choose(header) == coding


def test_gzip() -> None:
    data = "Übung ".encode() * 10_000
    packed = asyncio.run(encoding.compress(data, "gzip"))
    assert len(packed) < len(data) / 10
    assert gzip.decompress(packed) == data


def test_a_stream_that_fails_is_not_ended() -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield b"a" * 100_000
        raise ValueError

    async def run() -> bytes:
        parts = []
        with pytest.raises(ValueError):
            async for part in encoding.compressed(failing(), "gzip"):
                parts.append(part)  # noqa: PERF401 (what came before the failure counts)
        return b"".join(parts)

    with pytest.raises(EOFError):
        gzip.decompress(asyncio.run(run()))


def test_zstd_goes_before_gzip() -> None:
    assert encoding.choose("gzip, zstd") == "zstd"
    assert encoding.choose("gzip, zstd;q=0.5") == "gzip"
    data = "Übung ".encode() * 10_000
    packed = asyncio.run(encoding.compress(data, "zstd"))
    assert len(packed) < len(data) / 10
    assert zstd.decompress(packed) == data
