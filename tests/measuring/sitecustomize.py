"""Measures the coverage of worker processes, which may open no file once they serve, and which SIGKILL ends.

While `make test` measures, PYTHONPATH leads here; coverage.py itself takes care of all other processes (`patch` in
pyproject.toml). Here data are collected in memory and written again and again into a file that was opened before.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Final

WORKER: Final = "vertragsgraph.sparql.worker.worker"
CONFIGURATION: Final = Path(__file__).parents[2] / "pyproject.toml"
SECONDS: Final = 0.25  # a worker that is killed loses what it ran for the first time within these


def measure() -> None:
    """Measure this process until it is killed."""
    import coverage

    if started := coverage.Coverage.current():  # it would write at the end, and into a file that it opens then
        started.stop()
    measuring = coverage.Coverage(data_file=None, config_file=str(CONFIGURATION))
    measuring.start()
    target = Path(measuring.get_option("run:data_file"))  # type: ignore[arg-type]
    file = (
        (CONFIGURATION.parent / target).with_name(f"{target.name}.worker.{os.getpid()}.{time.time_ns()}").open("wb", 0)
    )

    def write() -> None:
        while True:
            time.sleep(SECONDS)
            with closing(sqlite3.connect(measuring.get_data().data_filename(), uri=True)) as data:
                os.pwrite(file.fileno(), data.serialize(), 0)

    threading.Thread(target=write, daemon=True).start()


if WORKER in sys.orig_argv:
    measure()
