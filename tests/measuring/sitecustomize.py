"""Measures the coverage of worker processes, which may open no file once they serve, and which SIGKILL ends.

While `make test` measures, PYTHONPATH leads here; coverage.py itself takes care of all other processes (`patch` in
pyproject.toml). Here data are collected in memory and written again and again into a file that was opened before.
In every process pyshacl and owlrl are left out: none of our code runs in them, and to be traced doubles their time.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import wraps
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any, Final

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


def untraced(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that does the same without being traced."""

    @wraps(function)
    def run(*arguments: Any, **named: Any) -> Any:
        tracing = sys.gettrace()
        sys.settrace(None)
        try:
            return function(*arguments, **named)
        finally:
            sys.settrace(tracing)

    return run


class Untraced(MetaPathFinder):
    """Finds the modules of libraries whose long-running functions are left out, and changes these when they are loaded."""

    def find_spec(self, name: str, path: Sequence[str] | None, _target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in {"pyshacl.entrypoints", "owlrl.OWLRL"}:
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def load_untraced(module: Any) -> None:
            load(module)
            if name == "owlrl.OWLRL":
                module.OWLRL_Semantics.closure = untraced(module.OWLRL_Semantics.closure)
            else:
                module.validate = untraced(module.validate)

        spec.loader.exec_module = load_untraced  # type: ignore[method-assign]
        return spec


sys.meta_path.insert(0, Untraced())
if WORKER in sys.orig_argv:
    measure()
