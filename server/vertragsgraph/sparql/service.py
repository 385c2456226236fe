"""What the query endpoint and the graph store share: limits, cache, metrics, and how an answer is sent."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Hashable
from typing import Final

from prometheus_client import CollectorRegistry

from vertragsgraph.problem import Problem
from vertragsgraph.settings import Settings
from vertragsgraph.sparql import compression
from vertragsgraph.sparql.cache import Entry, Headers, ResultCache
from vertragsgraph.sparql.dataset import Dataset
from vertragsgraph.sparql.engine import Answer, EmbeddedEngine, Engine
from vertragsgraph.sparql.exchange import COMMON, BrokenOffError, ClientGoneError, Exchange, Scope
from vertragsgraph.sparql.limits import ClientLimits, client_of, networks
from vertragsgraph.sparql.metrics import PoolCollector, QueryMetrics
from vertragsgraph.sparql.protocol import PreparedRequest
from vertragsgraph.sparql.scan import is_volatile

VARY: Final = (b"vary", b"Accept, Accept-Encoding")

log = logging.getLogger(__name__)


class Service:
    """What the query endpoint and the graph store share: limits, cache, metrics, and how an answer is sent.

    `registry` holds the metrics for Prometheus.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.registry = CollectorRegistry()
        self.engine = engine
        self.settings = settings
        self.limits = ClientLimits(settings.client_queries, settings.client_rate, settings.client_burst)
        self.cache = ResultCache(settings.cache_bytes)
        self.metrics = QueryMetrics(self.registry)
        if isinstance(engine, EmbeddedEngine):
            self.registry.register(PoolCollector(engine.pool))
        self._trusted = networks(settings.trusted_proxies)

    def client(self, scope: Scope, exchange: Exchange) -> str:
        """Return who asks."""
        peer = scope.get("client")
        return client_of(peer[0] if peer else "", exchange.header(b"x-forwarded-for"), self._trusted)

    async def handle(self, scope: Scope, exchange: Exchange, respond: Callable[[], Awaitable[str]]) -> None:
        """Have a request answered by `respond`, which returns the outcome; send problems, count and log."""
        exchange.client = self.client(scope, exchange)
        outcome = "failed"
        try:
            outcome = await respond()
        except Problem as problem:
            outcome = outcome_of(problem)
            await exchange.send_problem(problem)
        except ClientGoneError:
            outcome = "gone"
        except BrokenOffError:
            outcome = "broken"
            raise
        finally:
            self.metrics.count(outcome, exchange.seconds)
            exchange.log(outcome)

    async def answer(self, exchange: Exchange, request: PreparedRequest, shortcut: Hashable | None) -> str:
        """Answer a prepared request from the cache or the engine; return the outcome."""
        coding = compression.choose(exchange.header(b"accept-encoding"))
        if is_volatile(request.query):
            await self._ask(exchange, request, coding, None)
            return "ok"
        key = request.key(self.engine.dataset.identity)
        if matches(exchange.headers.get(b"if-none-match"), key):
            await exchange.send(304, [*COMMON, VARY, *validators(key)])
            return "not-modified"
        cache_key = f"{key} {coding}"
        entry = self.cache.get(cache_key)
        if entry is not None:
            await exchange.send(200, entry.headers, entry.body)
            return "cached"
        if await self._ask(exchange, request, coding, key) and shortcut is not None:
            self.cache.put_shortcut(shortcut, cache_key)
        return "ok"

    async def _ask(self, exchange: Exchange, request: PreparedRequest, coding: str | None, key: str | None) -> bool:
        """Have the engine answer; return whether the response is kept in the cache under `key`."""
        self.limits.enter(exchange.client)
        kept = False

        async def work() -> None:
            nonlocal kept
            answer = await self.engine.answer(request)
            try:
                kept = await self._send(
                    exchange, answer, coding, key if answer.identity == self.engine.dataset.identity else None
                )
            finally:
                answer.close()

        try:
            await exchange.unless_gone(work)
        finally:
            self.limits.leave(exchange.client)
        return kept

    async def _send(self, exchange: Exchange, answer: Answer, coding: str | None, key: str | None) -> bool:
        headers = [*COMMON, VARY, (b"content-type", answer.format.content_type.encode()), *validators(key)]
        body = answer.whole
        if body is None:
            if coding:
                headers.append((b"content-encoding", coding.encode()))
            await exchange.begin(200, headers)
            if exchange.method == "HEAD":
                await exchange.end()
            else:
                chunks = aiter(answer)
                await exchange.stream(
                    compression.compressed(chunks, coding) if coding else chunks, self.settings.stalled_seconds
                )
            return False
        if coding and len(body) >= compression.LEAST:
            body = await compression.compress(body, coding)
            headers.append((b"content-encoding", coding.encode()))
        await exchange.send(200, headers, body)
        if key is None:
            return False
        self.cache.put(f"{key} {coding}", Entry(headers, body, etag(key)))
        return True

    async def swap(self, dataset: Dataset) -> None:
        """Answer new queries from another dataset; raise `Problem` where it can't be opened, then nothing changes."""
        await self.engine.swap(dataset)
        self.cache.clear()


def etag(key: str) -> bytes:
    """Return the entity tag for a key: weak, because blank nodes may be named anew, and whatever the content coding."""
    return b'W/"%s"' % key.encode()


def matches(if_none_match: bytes | None, key: str) -> bool:
    """Tell whether `If-None-Match` names the key's entity tag (RFC 9110, section 13.1.2: weak comparison)."""
    return if_none_match is not None and b'"%s"' % key.encode() in if_none_match


def validators(key: str | None) -> Headers:
    """Return the headers that say how long an answer is good for: until another release, or for this once only."""
    if key is None:
        return [(b"cache-control", b"no-store")]
    return [(b"etag", etag(key)), (b"cache-control", b"no-cache")]


def outcome_of(problem: Problem) -> str:
    """Return the outcome by which a problem is counted."""
    if problem.status == 429:
        return "limited"
    if problem.status == 503:
        return "stopped"
    return "refused" if problem.status < 500 else "failed"
