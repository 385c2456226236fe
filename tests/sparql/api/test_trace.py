"""The way of a query through the code is short: as many functions and changes of module as before, or fewer."""

from __future__ import annotations

import sys
from pathlib import Path

import uvloop

from vertragsgraph.sparql.engine.dataset import Dataset

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))

from trace_query import traced


def test_a_short_query_takes_few_functions_in_few_modules(dataset: Dataset) -> None:
    traces = uvloop.run(traced(dataset, "http://example.org/id/7"))
    counts = {kind: (len(trace.calls), trace.changes) for kind, trace in traces.items()}
    most = {"GET, first time": (60, 33), "GET, cached": (18, 8), "POST": (136, 70), "syntax error": (125, 50)}
    for kind, (calls, changes) in most.items():
        assert counts[kind][0] <= calls, counts
        assert counts[kind][1] <= changes, counts
