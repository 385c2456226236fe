"""What the endpoint counts, for Prometheus: in this process's row of the board, shown added up over all of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from vertragsgraph.sparql.board import Board

if TYPE_CHECKING:
    from vertragsgraph.sparql.pool import Pool

OUTCOMES: Final = ("ok", "cached", "not-modified", "refused", "limited", "stopped", "failed", "broken", "gone")
"""`refused` (4xx), `limited` (429), `stopped` (503), `failed` (other 5xx), `broken` (cut off after its first bytes),
`gone` (the client left)."""

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, float("inf"))
_GAUGES: Final = {
    "vertragsgraph_workers_alive": "Workers that are ready or computing.",
    "vertragsgraph_workers_computing": "Workers that compute a query.",
    "vertragsgraph_queue_length": "Queries that wait for a worker.",
}
_COUNTERS: Final = {
    "vertragsgraph_workers_started": "Workers started.",
    "vertragsgraph_workers_killed": "Workers ended on purpose.",
    "vertragsgraph_workers_died": "Workers that ended by themselves.",
}

# Where each stands in a row of the board.
_OUTCOME: Final = {outcome: number for number, outcome in enumerate(OUTCOMES)}
_BUCKETS: Final = len(OUTCOMES)
_SUM: Final = _BUCKETS + len(_SECONDS)
_WORKERS: Final = _SUM + 1
_COUNTED: Final = _WORKERS + len(_COUNTERS)
_END: Final = _COUNTED + len(_GAUGES)
KEPT: Final = range(_COUNTED)
"""Numbers that go on when a web process is replaced; the others say how things stand in it."""


class QueryMetrics(Collector):
    """Queries by outcome, their duration, and the workers."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._numbers = board.numbers
        self._workers_before = [board.numbers[_WORKERS + i] for i in range(len(_COUNTERS))]

    def count(self, outcome: str, seconds: float) -> None:
        """Count a query."""
        numbers = self._numbers
        numbers[_OUTCOME[outcome]] += 1
        numbers[_BUCKETS + bisect_left(_SECONDS, seconds)] += 1
        numbers[_SUM] += seconds

    def counted(self, outcome: str) -> int:
        """Return how many queries had an outcome."""
        return int(self._board.total(_OUTCOME[outcome]))

    def publish(self, pool: Pool) -> None:
        """Put down how things stand with the workers of this process."""
        counts = pool.counts
        for i, count in enumerate((counts.started, counts.killed, counts.died)):
            self._numbers[_WORKERS + i] = self._workers_before[i] + count
        for i, value in enumerate((pool.alive, pool.computing, pool.waiting)):
            self._numbers[_COUNTED + i] = value

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics (`prometheus_client`)."""
        total = self._board.total
        queries = CounterMetricFamily("vertragsgraph_queries", "Queries by outcome.", labels=["outcome"])
        for outcome, number in _OUTCOME.items():
            queries.add_metric([outcome], total(number))
        yield queries
        reached = accumulate(total(_BUCKETS + i) for i in range(len(_SECONDS)))
        bounds = ("+Inf" if bound == float("inf") else str(float(bound)) for bound in _SECONDS)
        buckets = list(zip(bounds, reached, strict=True))
        text = "Time from request to the end of the response."
        yield HistogramMetricFamily("vertragsgraph_query_seconds", text, buckets=buckets, sum_value=total(_SUM))
        for i, (name, text) in enumerate(_COUNTERS.items()):
            yield CounterMetricFamily(name, text, total(_WORKERS + i))
        for i, (name, text) in enumerate(_GAUGES.items()):
            yield GaugeMetricFamily(name, text, total(_COUNTED + i))
