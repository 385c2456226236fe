from __future__ import annotations

import asyncio
import gzip
import importlib
from collections.abc import AsyncIterator

import pytest

from vertragsgraph.sparql import compression


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (None, None),
        ("", None),
        ("gzip", "gzip"),
        ("br, gzip;q=0.2", "gzip"),
        ("gzip;q=0", None),
        ("identity", None),
        ("gzip;q=x", None),
    ],
)
def test_choice(header: str | None, coding: str | None) -> None:
    assert compression.choose(header) == coding


def test_gzip() -> None:
    data = "Übung ".encode() * 10_000
    packed = asyncio.run(compression.compress(data, "gzip"))
    assert len(packed) < len(data) / 10
    assert gzip.decompress(packed) == data


def test_a_stream_that_fails_is_not_ended() -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield b"a" * 100_000
        raise ValueError

    async def run() -> bytes:
        parts = []
        with pytest.raises(ValueError):
            async for part in compression.compressed(failing(), "gzip"):
                parts.append(part)  # noqa: PERF401 (what came before the failure counts)
        return b"".join(parts)

    with pytest.raises(EOFError):
        gzip.decompress(asyncio.run(run()))


def test_zstd_where_there_is_one() -> None:
    if compression.choose("zstd") is None:
        pytest.skip("neither Python 3.14 nor the package zstandard")
    packed = asyncio.run(compression.compress(b"a" * 10_000, "zstd"))
    for module in ("compression.zstd", "zstandard"):
        try:
            found = importlib.import_module(module)
        except ImportError:
            continue
        assert found.decompress(packed) == b"a" * 10_000 if module == "compression.zstd" else True
    assert packed[:4] == b"\x28\xb5\x2f\xfd"
