"""What the query endpoint and the graph store share: limits, cache, metrics, and how an answer is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from functools import cached_property
from typing import Final

from prometheus_client import CollectorRegistry

from vertragsgraph.problem import Problem
from vertragsgraph.settings import Settings
from vertragsgraph.sparql import compression
from vertragsgraph.sparql.access import AccessLog
from vertragsgraph.sparql.board import Board
from vertragsgraph.sparql.cache import Entry, Headers, ResultCache
from vertragsgraph.sparql.dataset import Dataset
from vertragsgraph.sparql.departures import Departures
from vertragsgraph.sparql.engine import Answer, EmbeddedEngine, Engine
from vertragsgraph.sparql.exchange import COMMON, BrokenOffError, ClientGoneError, Exchange, length
from vertragsgraph.sparql.limits import ClientLimits, client_of, networks
from vertragsgraph.sparql.metrics import QueryMetrics
from vertragsgraph.sparql.protocol import PreparedRequest
from vertragsgraph.sparql.scan import is_volatile

VARY: Final = (b"vary", b"Accept, Accept-Encoding")
PUBLISH_SECONDS: Final = 1.0


class Service:
    """What the query endpoint and the graph store share: limits, cache, metrics, and how an answer is sent.

    `board` is what the web processes share, where there are several; `log` takes a line for each query.
    """

    def __init__(
        self, engine: Engine, settings: Settings, *, board: Board | None = None, log: AccessLog | None = None
    ) -> None:
        board = board or Board()
        self.engine = engine
        self.settings = settings
        self.limits = ClientLimits(board, settings.client_queries, settings.client_rate, settings.client_burst)
        self.cache = ResultCache(settings.cache_bytes)
        self.metrics = QueryMetrics(board)
        self._departures = Departures()
        self._log = log or AccessLog()
        self._trusted = networks(settings.trusted_proxies)

    @cached_property
    def registry(self) -> CollectorRegistry:
        """The metrics, for Prometheus."""
        registry = CollectorRegistry()
        registry.register(self.metrics)
        return registry

    def publish(self) -> None:
        """Put down how things stand with the workers, for whoever is asked for the metrics."""
        if isinstance(self.engine, EmbeddedEngine):
            self.metrics.publish(self.engine.pool)

    async def keep_publishing(self) -> None:
        """Do so again and again, until cancelled."""
        while True:
            self.publish()
            await asyncio.sleep(PUBLISH_SECONDS)

    async def handle(self, exchange: Exchange, respond: Callable[[Exchange], Awaitable[str]]) -> None:
        """Have a request answered by `respond`, which returns the outcome; send problems, count and log."""
        peer = exchange.peer
        exchange.client = client_of(peer[0] if peer else "", exchange.header(b"x-forwarded-for"), self._trusted)
        outcome = "failed"
        try:
            outcome = await respond(exchange)
        except Problem as problem:
            outcome = outcome_of(problem)
            await exchange.send_problem(problem)
        except ClientGoneError:
            outcome = "gone"
        except BrokenOffError:
            outcome = "broken"
            raise
        finally:
            self.count(exchange, outcome)

    def count(self, exchange: Exchange, outcome: str) -> None:
        """Count and log what became of a request."""
        seconds = exchange.seconds
        self.metrics.count(outcome, seconds)
        self._log.write(exchange, outcome, seconds)

    async def answer(self, exchange: Exchange, request: PreparedRequest, shortcut: Hashable | None) -> str:
        """Answer a prepared request from the cache or the engine; return the outcome."""
        coding = compression.choose(exchange.header(b"accept-encoding"))
        identity = self.engine.dataset.identity
        if is_volatile(request.query):
            await self._ask(exchange, request, coding, identity, None)
            return "ok"
        key = request.key(identity)
        if matches(exchange.headers.get(b"if-none-match"), key):
            await exchange.send(304, [*COMMON, VARY, *validators(key)])
            return "not-modified"
        cache_key = f"{key} {coding}"
        entry = self.cache.get(cache_key)
        if entry is not None:
            await exchange.send(200, entry.headers, entry.body)
            return "cached"
        if await self._ask(exchange, request, coding, identity, key) and shortcut is not None:
            self.cache.put_shortcut(shortcut, cache_key)
        return "ok"

    async def _ask(
        self, exchange: Exchange, request: PreparedRequest, coding: str | None, identity: str, key: str | None
    ) -> bool:
        """Have the engine answer; return whether the response is kept in the cache under `key`.

        The key is that of an answer from the dataset with this identity: while the query waited, another one may have
        taken its place. Raise `ClientGoneError` where the client leaves meanwhile; then the query is stopped.
        """
        self.limits.enter(exchange.client)
        self._departures.watch(exchange)
        try:
            answer = await self.engine.answer(request)
            try:
                return await self._send(exchange, answer, coding, key if answer.identity == identity else None)
            finally:
                answer.close()
        except asyncio.CancelledError:
            if exchange.gone and exchange.task is not None and exchange.task.uncancel() == 0:
                raise ClientGoneError from None
            raise
        finally:
            self.limits.leave(exchange.client)
            if listening := self._departures.end(exchange):
                await asyncio.wait([listening])

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
        headers.append(length(body))
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
