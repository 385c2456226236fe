"""What the endpoint counts, for Prometheus: in this process's row of the board, shown added up over all of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from vertragsgraph.sparql.api.shared_counters import Board
from vertragsgraph.sparql.engine.pool import Pool

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

# Where each stands in a row of the board: three kinds of requests, what is counted of the workers, how things stand.
_OUTCOME: Final = {outcome: number for number, outcome in enumerate(OUTCOMES)}
_BUCKETS: Final = len(OUTCOMES)
_SUM: Final = _BUCKETS + len(_SECONDS)
_SIZE: Final = _SUM + 1
_WORKERS: Final = 3 * _SIZE
_COUNTED: Final = _WORKERS + len(_COUNTERS)
KEPT: Final = range(_COUNTED)
"""Numbers that go on when a web process is replaced; the others say how things stand in it."""


class Requests:
    """Requests of one kind, by outcome, and how long they took; `place` is where their numbers stand in a row of the board."""

    def __init__(self, board: Board, place: int, name: str, what: str) -> None:
        self._board = board
        self._numbers = board.numbers
        self._place = place * _SIZE
        self._names = (f"vertragsgraph_{name}", what)

    def count(self, outcome: str, seconds: float) -> None:
        """Count a request."""
        numbers, place = self._numbers, self._place
        numbers[place + _OUTCOME[outcome]] += 1
        numbers[place + _BUCKETS + bisect_left(_SECONDS, seconds)] += 1
        numbers[place + _SUM] += seconds

    def counted(self, outcome: str) -> int:
        """Return how many requests had an outcome."""
        return int(self._board.total(self._place + _OUTCOME[outcome]))

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics (`prometheus_client`)."""
        total, place, (name, what) = self._board.total, self._place, self._names
        plural = f"{name[:-1]}ies" if name.endswith("query") else f"{name}s"
        requests = CounterMetricFamily(plural, f"{what}, by outcome.", labels=["outcome"])
        for outcome, number in _OUTCOME.items():
            requests.add_metric([outcome], total(place + number))
        yield requests
        reached = accumulate(total(place + _BUCKETS + i) for i in range(len(_SECONDS)))
        bounds = ("+Inf" if bound == float("inf") else str(float(bound)) for bound in _SECONDS)
        buckets = list(zip(bounds, reached, strict=True))
        text = f"{what}: time from the request to the end of the response."
        yield HistogramMetricFamily(f"{name}_seconds", text, buckets=buckets, sum_value=total(place + _SUM))


class QueryMetrics(Collector):
    """Queries, pages, the queries that pages ask, and the workers."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._numbers = board.numbers
        self._workers_before = [board.numbers[_WORKERS + i] for i in range(len(_COUNTERS))]
        self.queries = Requests(board, 0, "query", "Queries")
        self.pages = Requests(board, 1, "page", "Pages, documents and files")
        self.page_queries = Requests(board, 2, "page_query", "Queries that pages ask the engine")

    def publish(self, pool: Pool) -> None:
        """Put down how things stand with the workers of this process."""
        crew = pool.crew
        for i, count in enumerate((crew.started, crew.killed, crew.died)):
            self._numbers[_WORKERS + i] = self._workers_before[i] + count
        for i, value in enumerate((crew.alive, crew.computing, pool.waiting)):
            self._numbers[_COUNTED + i] = value

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics (`prometheus_client`)."""
        for requests in (self.queries, self.pages, self.page_queries):
            yield from requests.collect()
        for i, (name, text) in enumerate(_COUNTERS.items()):
            yield CounterMetricFamily(name, text, self._board.total(_WORKERS + i))
        for i, (name, text) in enumerate(_GAUGES.items()):
            yield GaugeMetricFamily(name, text, self._board.total(_COUNTED + i))
