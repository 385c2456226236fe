"""How a query is answered, whichever way it came: what is kept, what must be computed, what is told instead."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from functools import cached_property, lru_cache, partial

from prometheus_client import CollectorRegistry

from vertragsgraph.http import encoding
from vertragsgraph.http.clients import client_of, networks
from vertragsgraph.http.problem import BrokenOffError, Problem, unexpected
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.api.access_log import AccessLog
from vertragsgraph.sparql.api.client_limits import ClientLimits
from vertragsgraph.sparql.api.exchange import Exchange, Response, compressed, head_of
from vertragsgraph.sparql.api.metrics import QueryMetrics
from vertragsgraph.sparql.api.result_cache import ResultCache
from vertragsgraph.sparql.api.shared_counters import Board
from vertragsgraph.sparql.engine.dataset import Dataset
from vertragsgraph.sparql.engine.engine import Answer, Engine, MainEngine
from vertragsgraph.sparql.engine.pool import Pool
from vertragsgraph.sparql.engine.problems import superseded
from vertragsgraph.sparql.engine.request import PreparedRequest
from vertragsgraph.sparql.query.scan import is_volatile


class Service:
    """What all queries share: engine, limits, cache, metrics, log; and the steps that an exchange goes through.

    `look_up`, then `ask`, then `complete`, and in any case `finish`: the fast path takes them where nothing need be waited
    for, `handle` and `answer` over ASGI. `board` is what the web processes share, where there are several; `log`
    takes a line for each query.
    """

    def __init__(
        self, engine: MainEngine, settings: Settings, *, board: Board | None = None, log: AccessLog | None = None
    ) -> None:
        board = board or Board()
        self.engine: Engine = engine
        self._main = engine
        self.settings = settings
        self.limits = ClientLimits(
            board, settings.client_queries, settings.client_seconds, settings.client_wait_seconds
        )
        self.cache = ResultCache(settings.cache_bytes)
        self.metrics = QueryMetrics(board)
        self._log = log or AccessLog()
        self._trusted = networks(settings.trusted_proxies)

    @cached_property
    def registry(self) -> CollectorRegistry:
        """The metrics, for Prometheus."""
        registry = CollectorRegistry()
        registry.register(self.metrics)
        return registry

    def beside(self, engine: Engine) -> Service:
        """Return the service of another engine, with the limits, cache, metrics and log of this one."""
        other = copy(self)
        other.engine = engine
        return other

    def spending(self, exchange: Exchange) -> Callable[[float], None]:
        """Return how to count computing time of who asks, beside that of the answer itself."""
        return partial(self.limits.spend, self._client_of(exchange))

    def publish(self) -> None:
        """Put down how things stand with the workers, for whoever is asked for the metrics."""
        if isinstance(self.engine, Pool):
            self.metrics.publish(self.engine)

    def client(self, peer: str, headers: Mapping[bytes, bytes]) -> str:
        """Return who asks, by the address of the connection's other end and what proxies say in the headers."""
        return client_of(peer, headers, self._trusted) if self._trusted else _client_at(peer)

    async def swap(self, dataset: Dataset) -> None:
        """Answer new queries from another dataset; raise `Problem` where it can't be opened, then nothing changes."""
        await self._main.swap(dataset)
        self.cache.clear()

    # The steps of an exchange, none of which waits for anything.

    def look_up(self, exchange: Exchange, request: PreparedRequest) -> Response | None:
        """Note what is asked; return the response where it is known without asking."""
        accept_encoding = exchange.headers.get(b"accept-encoding")
        coding = encoding.choose(accept_encoding.decode("latin-1")) if accept_encoding else None
        identity = self.engine.dataset.identity
        key = request.key(identity)
        exchange.request, exchange.identity, exchange.coding = request, identity, coding
        exchange.key, exchange.cache_key = key, f"{key} {coding}"
        entry = self.cache.entries.get(exchange.cache_key)
        if entry is None and b"if-none-match" not in exchange.headers:
            return None
        if entry is not None:
            self.cache.entries.move_to_end(exchange.cache_key)
        return exchange.known(key, entry)

    def ask(self, exchange: Exchange, begun: Callable[[], object]) -> bool:
        """Have the engine answer; false where the client must wait for its turn first (`admit`). Raise `Problem` (503).

        `begun` is called once, when `complete` can tell more. The query is looked through for whether it is volatile only
        once its client is admitted: it takes time.
        """
        if not exchange.admitted:
            try:
                self.limits.enter(self._client_of(exchange))
            except Problem:
                return False
            exchange.admitted = True
        if is_volatile(exchange.request.query):
            exchange.key = None
        exchange.answer = self.engine.ask(exchange.request, begun)
        return True

    def complete(self, exchange: Exchange, answer: Answer) -> Response | None:
        """Return the response to an answer that has begun; None where it is to be compressed, or sent piece by piece.

        Raise the `Problem` that it is. While a query waited another dataset may have taken the place of the one it was
        asked of; then its answer is good for this once only, because its key is that of an answer from the former.
        """
        if answer.problem is not None:
            raise answer.problem
        if answer.dataset.identity != exchange.identity:
            if self.engine is not self._main:  # then it has to be that release
                raise superseded()
            exchange.key = None
        if response := exchange.known(exchange.key, exists=True):
            return response
        body = answer.whole
        if body is None or (exchange.coding and len(body) >= encoding.LEAST):
            return None
        head = head_of(answer.dataset, answer.format.content_type, exchange.key, None, len(body))
        self.cache.keep(exchange.cache_key, head, body, exchange.key)
        return Response(200, head, body, "ok")

    def finish(self, exchange: Exchange, outcome: str) -> None:
        """Free what an exchange holds, count and log it: once, whoever says so first."""
        if exchange.is_over:
            return
        exchange.is_over = True
        client = self._client_of(exchange)
        answer, exchange.answer = exchange.answer, None  # which refer to each other, by what is called back
        if answer is not None:
            self.limits.spend(client, answer.close())
        if exchange.admitted:
            self.limits.leave(client)
        seconds = time.perf_counter() - exchange.began
        self.metrics.queries.count(outcome, seconds)
        self._log.write(exchange, outcome, seconds)

    # Over ASGI.

    async def handle(self, exchange: Exchange, respond: Callable[[Exchange], Awaitable[str]]) -> None:
        """Have a request answered by `respond`, which returns the outcome; send problems, count and log.

        Raise `BrokenOffError` where a response can't be completed, which is in the log then.
        """
        outcome = "failed"
        try:
            outcome = await respond(exchange)
        except Problem as problem:
            response = exchange.problem(problem)
            outcome = response.outcome
            await exchange.send(response)
        except asyncio.CancelledError:  # the server cancels what it does for clients that leave
            outcome = "gone"
            raise
        except BrokenOffError as error:
            outcome = "broken"
            self._log.write_failure(exchange.id, exchange.method, exchange.path, error)
            raise
        except Exception as error:  # nothing that is met unexpectedly may go unanswered or untold
            self._log.write_failure(exchange.id, exchange.method, exchange.path, error)
            if exchange.status:
                raise BrokenOffError(str(error)) from error
            await exchange.send(exchange.problem(unexpected()))
        finally:
            self.finish(exchange, outcome)

    async def admit(self, exchange: Exchange) -> None:
        """Count a request among those of its client that are computed, when it is its turn.

        Raise `Problem` (429) where that would take too long.
        """
        if not exchange.admitted:
            await self.limits.admit(self._client_of(exchange))
            exchange.admitted = True

    async def answer(self, exchange: Exchange, request: PreparedRequest) -> str:
        """Answer a prepared request; return the outcome."""
        if response := self.look_up(exchange, request):
            return await exchange.send(response)
        await self.admit(exchange)
        if self.engine is not self._main:  # which is open
            await self.engine.open(self.spending(exchange))
        begun = asyncio.Event()
        self.ask(exchange, begun.set)
        await begun.wait()
        return await self.deliver(exchange)

    async def deliver(self, exchange: Exchange) -> str:
        """Send an answer that has begun, or raise the `Problem` that it is; return the outcome."""
        answer = exchange.answer
        if answer is None:
            msg = "nothing has been asked"
            raise RuntimeError(msg)
        if response := self.complete(exchange, answer):
            return await exchange.send(response)
        content_type, coding = answer.format.content_type, exchange.coding
        if answer.whole is None:
            head = head_of(answer.dataset, content_type, exchange.key, coding)
            return await exchange.stream(head, encoding.compressed(aiter(answer), coding) if coding else aiter(answer))
        response = await compressed(answer.dataset, content_type, exchange.key, answer.whole, coding)
        self.cache.keep(exchange.cache_key, response.head, response.body, exchange.key)
        return await exchange.send(response)

    def _client_of(self, exchange: Exchange) -> str:
        if not exchange.client:
            exchange.client = self.client(exchange.peer, exchange.headers)
        return exchange.client


@lru_cache(maxsize=4096)
def _client_at(peer: str) -> str:
    """Return the client at an address that no proxy speaks for: all that most servers ever look at."""
    return client_of(peer, {}, ())
