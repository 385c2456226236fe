"""The access log: valid lines, whatever the moment and whoever reads them."""

from __future__ import annotations

import json
import os
import time
from datetime import datetime

import pytest

from vertragsgraph.sparql.api.access_log import AccessLog
from vertragsgraph.sparql.api.exchange import Exchange


def exchange() -> Exchange:
    return Exchange("GET", "/sparql", b"", {}, "")


@pytest.mark.parametrize("nanoseconds", [0, 59_999_600_000, 59_999_999_999, 60_000_000_000])
def test_every_moment_is_written_as_a_valid_time(monkeypatch: pytest.MonkeyPatch, nanoseconds: int) -> None:
    reader, writer = os.pipe()
    monkeypatch.setattr(time, "time_ns", lambda: 1_800_000_000_000_000_000 + nanoseconds)
    AccessLog(writer).write(exchange(), "ok", 0.001)
    line = json.loads(os.read(reader, 4_096))
    written = datetime.fromisoformat(line["time"])
    assert abs(written.timestamp() - 1_800_000_000 - nanoseconds / 1e9) < 0.001


def test_a_reader_that_is_behind_loses_lines_but_not_the_log() -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    log = AccessLog(writer)
    for _ in range(1_000):
        log.write(exchange(), "ok", 0.001)
    os.read(reader, 1_000_000)
    log.write(exchange(), "cached", 0.001)
    assert b'"outcome":"cached"' in os.read(reader, 1_000_000)
