"""What the query endpoint and the graph store share: limits, cache, metrics, and how an answer is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property, partial
from typing import Final, NamedTuple

from prometheus_client import CollectorRegistry

from vertragsgraph.problem import Problem, unexpected
from vertragsgraph.settings import Settings
from vertragsgraph.sparql import compression
from vertragsgraph.sparql.access import AccessLog
from vertragsgraph.sparql.board import Board
from vertragsgraph.sparql.cache import Headers, ResultCache, decoded, encoded
from vertragsgraph.sparql.clients import client_of, networks
from vertragsgraph.sparql.conditional import names_any, names_tag
from vertragsgraph.sparql.dataset import Dataset
from vertragsgraph.sparql.engine import Answer, EmbeddedEngine, Engine, answering
from vertragsgraph.sparql.exchange import COMMON, BrokenOffError, Exchange, length
from vertragsgraph.sparql.inquiry import Inquiry
from vertragsgraph.sparql.limits import ClientLimits
from vertragsgraph.sparql.metrics import QueryMetrics
from vertragsgraph.sparql.protocol import PreparedRequest
from vertragsgraph.sparql.scan import is_volatile

VARY: Final = (b"vary", b"Accept, Accept-Encoding")
REVALIDATE: Final = (b"cache-control", b"no-cache")


class Question(NamedTuple):
    """A query, the content coding its answer may have, and the identity of the dataset that is asked.

    `key` is what its answer is known by (`PreparedRequest.key`); None once it is told that the answer is good for this
    once only.
    `cache_key` is what the response is kept under.
    """

    request: PreparedRequest
    coding: str | None
    identity: str
    key: str | None
    cache_key: str


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

    def publish(self) -> None:
        """Put down how things stand with the workers, for whoever is asked for the metrics."""
        if isinstance(self.engine, EmbeddedEngine):
            self.metrics.publish(self.engine.pool)

    def client(self, peer: str, headers: Mapping[bytes, bytes]) -> str:
        """Return who asks, by the address of the connection's other end and what proxies say in the headers."""
        return client_of(peer, headers, self._trusted)

    async def handle(self, exchange: Exchange, respond: Callable[[Exchange], Awaitable[str]]) -> None:
        """Have a request answered by `respond`, which returns the outcome; send problems, count and log.

        Raise `BrokenOffError` where a response can't be completed, which is in the log then.
        """
        peer = exchange.peer
        exchange.client = self.client(peer[0] if peer else "", exchange.headers)
        outcome = "failed"
        try:
            outcome = await respond(exchange)
        except Problem as problem:
            outcome = outcome_of(problem)
            await exchange.send_problem(problem)
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
            await exchange.send_problem(unexpected())
        finally:
            if exchange.admitted:
                self.limits.leave(exchange.client)
            self.count(exchange, outcome)

    async def admit(self, exchange: Exchange) -> None:
        """Count a request among those of its client that are computed until `handle` is done with it; wait for its turn.

        Raise `Problem` (429) where that would take too long.
        """
        if not exchange.admitted:
            await self.limits.admit(exchange.client)
            exchange.admitted = True

    def count(self, inquiry: Inquiry, outcome: str) -> None:
        """Count and log what became of a request."""
        seconds = inquiry.seconds
        self.metrics.queries.count(outcome, seconds)
        self._log.write(inquiry, outcome, seconds)

    def question(self, request: PreparedRequest, accept_encoding: str | None) -> Question:
        """Return what a request comes down to as things stand now; whether its query is volatile is left to be told."""
        identity = self.engine.dataset.identity
        key = request.key(identity)
        coding = compression.choose(accept_encoding)
        return Question(request, coding, identity, key, f"{key} {coding}")

    def enter(self, client: str, question: Question) -> Question:
        """Count a question that must be computed, and return it as it is to be answered; `limits.leave` is due for it.

        Raise `Problem` (429) where the client must wait: before the query is looked through, which takes time.
        """
        self.limits.enter(client)
        return as_asked(question)

    async def answer(self, exchange: Exchange, request: PreparedRequest) -> str:
        """Answer a prepared request from the cache or the engine; return the outcome."""
        question = self.question(request, exchange.header(b"accept-encoding"))
        entry = self.cache.get(question.cache_key)
        if is_known(exchange, question.key, exists=entry is not None):
            return await _confirm(exchange, question.key)
        if entry is not None:
            head, body, _ = entry
            await exchange.send(200, decoded(head), body)
            return "cached"
        await self.admit(exchange)
        question = as_asked(question)
        async with answering(self.engine, question.request, partial(self.limits.spend, exchange.client)) as answer:
            return await self._send(exchange, question, answer)

    async def deliver(self, exchange: Exchange, question: Question, answer: Answer) -> str:
        """Send an answer that has begun, or raise the `Problem` that it is; return the outcome."""
        if answer.problem is not None:
            raise answer.problem
        return await self._send(exchange, question, answer)

    def keep(self, question: Question, head: bytes, body: bytes) -> None:
        """Keep a response, its head as it is sent, for those who ask the same; unless it is good for this once only."""
        if question.key is not None:
            self.cache.put(question.cache_key, (head, body, question.key))

    async def _send(self, exchange: Exchange, question: Question, answer: Answer) -> str:
        """Send an answer; return the outcome."""
        question = about(question, answer)
        if is_known(exchange, question.key, exists=True):
            return await _confirm(exchange, question.key)
        body = answer.whole
        headers = [*common(answer.format.content_type), *validators(question.key)]
        if body is None:
            await self._stream(exchange, headers, answer, question.coding)
            return "ok"
        if question.coding and len(body) >= compression.LEAST:
            body = await compression.compress(body, question.coding)
            headers.append((b"content-encoding", question.coding.encode()))
        headers.append(length(body))
        await exchange.send(200, headers, body)
        self.keep(question, encoded(headers), body)
        return "ok"

    async def _stream(self, exchange: Exchange, headers: Headers, answer: Answer, coding: str | None) -> None:
        if coding:
            headers.append((b"content-encoding", coding.encode()))
        await exchange.begin(200, headers)
        if exchange.method == "HEAD":
            await exchange.end()
            return
        chunks = aiter(answer)
        await exchange.stream(compression.compressed(chunks, coding) if coding else chunks)

    async def swap(self, dataset: Dataset) -> None:
        """Answer new queries from another dataset; raise `Problem` where it can't be opened, then nothing changes."""
        await self.engine.swap(dataset)
        self.cache.clear()


def as_asked(question: Question) -> Question:
    """Return a question whose answer is good for this once only where its query is volatile."""
    return question._replace(key=None) if is_volatile(question.request.query) else question


def about(question: Question, answer: Answer) -> Question:
    """Return the question that was answered.

    While a query waited another dataset may have taken the place of the one it was asked of; then its answer is good for
    this once only, because its key is that of an answer from the former.
    """
    return question if answer.identity == question.identity else question._replace(key=None)


def common(content_type: str) -> Headers:
    """Return the headers that all answers in a format have."""
    return [*COMMON, VARY, (b"content-type", content_type.encode())]


def not_modified(key: str | None) -> Headers:
    """Return the headers of a response that says that nothing has changed (RFC 9110, section 15.4.5)."""
    return [*COMMON, VARY, *validators(key)]


def etag(key: str) -> bytes:
    """Return the entity tag for a key: weak, because blank nodes may be named anew, and whatever the content coding."""
    return b'W/"%s"' % key.encode()


def is_known(inquiry: Inquiry, key: str | None, *, exists: bool) -> bool:
    """Tell whether a GET or HEAD is answered by 304 (RFC 9110, section 13.1.2), as the client has the answer by this key.

    `exists` says whether it is known that there is an answer: any will do for who asks with `*`.
    """
    if_none_match = inquiry.headers.get(b"if-none-match")
    if if_none_match is None or key is None or inquiry.method not in {"GET", "HEAD"}:
        return False
    text = if_none_match.decode("latin-1")
    return names_tag(text, f'"{key}"') or (exists and names_any(text))


async def _confirm(exchange: Exchange, key: str | None) -> str:
    await exchange.send(304, not_modified(key))
    return "not-modified"


def validators(key: str | None) -> Headers:
    """Return the headers that say how long an answer is good for: until another release, or for this once only."""
    if key is None:
        return [(b"cache-control", b"no-store")]
    return [(b"etag", etag(key)), REVALIDATE]


def outcome_of(problem: Problem) -> str:
    """Return the outcome by which a problem is counted."""
    if problem.status == 429:
        return "limited"
    if problem.status == 503:
        return "stopped"
    return "refused" if problem.status < 500 else "failed"
