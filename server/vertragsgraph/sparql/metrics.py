"""What the endpoint counts, for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from vertragsgraph.sparql.pool import Pool

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class QueryMetrics:
    """Queries by outcome, their duration, and what the cache spared.

    Outcomes: `ok`, `cached`, `not-modified`, `refused` (4xx), `limited` (429), `stopped` (503), `failed` (other 5xx),
    `broken` (cut off after its first bytes), `gone` (the client left).
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        counter = Counter("vertragsgraph_queries", "Queries by outcome.", ["outcome"], registry=registry)
        self._outcomes = {
            outcome: counter.labels(outcome)
            for outcome in ("ok", "cached", "not-modified", "refused", "limited", "stopped", "failed", "broken", "gone")
        }
        self._seconds = Histogram(
            "vertragsgraph_query_seconds",
            "Time from request to the end of the response.",
            buckets=_SECONDS,
            registry=registry,
        )

    def count(self, outcome: str, seconds: float) -> None:
        """Count a query."""
        self._outcomes[outcome].inc()
        self._seconds.observe(seconds)


class PoolCollector(Collector):
    """The state of the workers, read when the metrics are."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        pool, counts = self._pool, self._pool.counts
        yield GaugeMetricFamily("vertragsgraph_workers_alive", "Workers that are ready or computing.", pool.alive)
        yield GaugeMetricFamily("vertragsgraph_workers_computing", "Workers that compute a query.", pool.computing)
        yield GaugeMetricFamily("vertragsgraph_queue_length", "Queries that wait for a worker.", pool.waiting)
        yield CounterMetricFamily("vertragsgraph_workers_started", "Workers started.", counts.started)
        yield CounterMetricFamily("vertragsgraph_workers_killed", "Workers ended on purpose.", counts.killed)
        yield CounterMetricFamily("vertragsgraph_workers_died", "Workers that ended by themselves.", counts.died)
