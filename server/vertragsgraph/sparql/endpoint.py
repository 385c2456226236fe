"""The SPARQL endpoint: SPARQL 1.1 Protocol for queries, as a bare ASGI application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from typing import Final

from prometheus_client import CollectorRegistry
from starlette.requests import Request
from starlette.responses import Response

from vertragsgraph.problem import Problem
from vertragsgraph.settings import Settings
from vertragsgraph.sparql import compression
from vertragsgraph.sparql.cache import Entry, Headers, ResultCache
from vertragsgraph.sparql.engine import Answer, EmbeddedEngine, Engine
from vertragsgraph.sparql.exchange import COMMON, BrokenOffError, ClientGoneError, Exchange, Receive, Scope, Send
from vertragsgraph.sparql.limits import ClientLimits, client_of, networks
from vertragsgraph.sparql.metrics import PoolCollector, QueryMetrics
from vertragsgraph.sparql.negotiation import best
from vertragsgraph.sparql.protocol import ALLOW, PreparedRequest, prepare
from vertragsgraph.sparql.scan import is_volatile

Page = Callable[[Request], Response]
Description = Callable[[Exchange], Awaitable[None]]

VARY: Final = (b"vary", b"Accept, Accept-Encoding")
_SHORT: Final = 4_096
_PREFLIGHT: Final[Headers] = [
    *COMMON,
    (b"allow", ALLOW.encode()),
    (b"access-control-allow-methods", ALLOW.encode()),
    (b"access-control-allow-headers", b"Accept, Content-Type, If-None-Match"),
    (b"access-control-max-age", b"86400"),
]


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


class SparqlEndpoint:
    """The query endpoint: an ASGI application for one path.

    `page` makes the page for browsers, `description` sends the service description; both for a GET without parameters.
    """

    def __init__(self, service: Service, *, page: Page | None = None, description: Description | None = None) -> None:
        self._service = service
        self._page = page
        self._description = description

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        exchange = Exchange(scope, receive, send)
        if (
            exchange.method in {"GET", "HEAD"}
            and not exchange.query_string
            and self._page is not None
            and wants_page(exchange)
        ):
            await self._page(Request(scope, receive))(scope, receive, send)
            return
        await self._service.handle(scope, exchange, lambda: self._respond(exchange))

    async def _respond(self, exchange: Exchange) -> str:
        if exchange.method == "OPTIONS":
            await exchange.send(204, _PREFLIGHT)
            return "ok"
        if exchange.method in {"GET", "HEAD"} and not exchange.query_string and self._description is not None:
            await self._description(exchange)
            return "ok"
        shortcut = shortcut_of(exchange)
        if shortcut is not None and (entry := self._service.cache.get_by_shortcut(shortcut)) is not None:
            return await self._repeat(exchange, entry)
        return await self._service.answer(exchange, await self._prepare(exchange), shortcut)

    async def _prepare(self, exchange: Exchange) -> PreparedRequest:
        limit = self._service.settings.query_bytes
        body = await exchange.body(limit) if exchange.method == "POST" else b""
        return prepare(
            exchange.method,
            exchange.query_string,
            exchange.header(b"content-type"),
            exchange.header(b"accept"),
            body,
            max_bytes=limit,
        )

    async def _repeat(self, exchange: Exchange, entry: Entry) -> str:
        if_none_match = exchange.headers.get(b"if-none-match")
        if if_none_match is not None and entry.etag in if_none_match:
            await exchange.send(304, [*COMMON, VARY, (b"etag", entry.etag), (b"cache-control", b"no-cache")])
            return "not-modified"
        await exchange.send(200, entry.headers, entry.body)
        return "cached"


def shortcut_of(exchange: Exchange) -> Hashable | None:
    """Return what makes up a GET request as far as its answer depends on it, unparsed; None where it is too long."""
    if exchange.method != "GET" or len(exchange.query_string) > _SHORT:
        return None
    headers = exchange.headers
    accept, encoding = headers.get(b"accept"), headers.get(b"accept-encoding")
    if len(accept or b"") + len(encoding or b"") > _SHORT:
        return None
    return (exchange.query_string, accept, encoding)


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


def wants_page(exchange: Exchange) -> bool:
    """Tell whether a browser asks: HTML is named, and wanted no less than Turtle."""
    accept = exchange.header(b"accept")
    return accept is not None and "text/html" in accept and best(accept, ("text/html", "text/turtle")) == "text/html"


def outcome_of(problem: Problem) -> str:
    """Return the outcome by which a problem is counted."""
    if problem.status == 429:
        return "limited"
    if problem.status == 503:
        return "stopped"
    return "refused" if problem.status < 500 else "failed"
