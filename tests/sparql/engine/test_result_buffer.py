from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import pytest

from vertragsgraph.http.problem import Problem
from vertragsgraph.sparql.engine.result_buffer import ResultBuffer, Spool


async def drain(buffer: ResultBuffer) -> bytes:
    parts = []
    while data := await buffer.read():
        parts.append(data)
    return b"".join(parts)


def test_what_does_not_fit_into_memory_goes_to_a_file_and_comes_back_in_order() -> None:
    async def run() -> None:
        spool = Spool(10_000_000)
        buffer = ResultBuffer(1000, spool, lambda: None)
        data = [bytes([i % 256]) * 700 for i in range(500)]
        for piece in data[:250]:
            assert buffer.feed(piece)
        assert spool.left < 10_000_000
        assert await buffer.read() == data[0]
        for piece in data[250:]:
            buffer.feed(piece)
        buffer.finish()
        assert await drain(buffer) == b"".join(data[1:])
        assert spool.left == 10_000_000

    asyncio.run(run())


def test_a_full_spool_asks_for_a_pause_until_it_is_read() -> None:
    async def run() -> None:
        resumed = []
        buffer = ResultBuffer(10, Spool(100), lambda: resumed.append(1))
        assert buffer.feed(b"a" * 10)
        assert not buffer.feed(b"b" * 200)
        assert await buffer.read() == b"a" * 10
        assert not resumed
        assert await buffer.read() == b"b" * 200
        assert resumed

    asyncio.run(run())


def test_a_reader_waits_for_more_and_is_told_of_a_failure() -> None:
    async def run() -> None:
        buffer = ResultBuffer(10, Spool(100), lambda: None)
        reading = asyncio.ensure_future(buffer.read())
        await asyncio.sleep(0)
        buffer.feed(b"a")
        assert await reading == b"a"
        buffer.feed(b"b")
        buffer.fail(Problem(503, "gone"))
        with pytest.raises(Problem):
            await buffer.read()

    asyncio.run(run())


def test_only_a_complete_unread_result_is_whole() -> None:
    async def run() -> None:
        buffer, read = (ResultBuffer(100, Spool(100), lambda: None) for _ in range(2))
        for one in (buffer, read):
            one.feed(b"a")
        assert await read.read() == b"a"
        for one in (buffer, read):
            one.feed(b"b")
        assert (buffer.finish(), read.finish()) == (b"ab", None)
        assert await read.read() == b"b"

    asyncio.run(run())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_disk_breaks_this_result_off_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Path("/dev/full").open("r+b", buffering=0))  # noqa: SIM115

    async def run() -> None:
        spool = Spool(1_000)
        buffer = ResultBuffer(1, spool, lambda: None)
        assert buffer.feed(b"a")
        assert buffer.feed(b"b" * 100), "the worker needn't wait"
        assert buffer.feed(b"c" * 100), "what comes later is dropped"
        buffer.finish()
        with pytest.raises(Problem, match="No space left on device"):
            await drain(buffer)
        assert spool.left == 1_000

    asyncio.run(run())
