"""Requests for pages, as far as limits are concerned: what they ask the engine counts as if their client had asked it.

What is kept, or lies in a file, asks nothing and costs nothing, so no limit concerns it.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vertragsgraph.http.fields import joined
from vertragsgraph.http.problem import Problem
from vertragsgraph.rdf.asking import Ask
from vertragsgraph.sparql.api.exchange import outcome_of
from vertragsgraph.sparql.api.service import Service
from vertragsgraph.texts import both

Spend = Callable[[float], object]
Compute = Callable[[str, Spend], Awaitable[bytes]]

_RECENT: Final = 200
_MINUTE: Final = 60.0
_FEW: Final = 5
_FAILED: Final = frozenset({"stopped", "failed", "broken"})
_SAYS_NOTHING: Final = frozenset({"gone", "limited", "refused"})
"""Outcomes that are the client's doing."""
_NO_PAGES: Final = ("/static/", "/health/", "/metrics", "/graph", "/preview")


class Visit:
    """A request for a page. It is one of its client's queries from its first question to the engine to its end."""

    def __init__(self, service: Service, scope: Scope) -> None:
        self._service = service
        self._scope = scope
        self._client = ""
        self._beginning = asyncio.Lock()
        self._admitted = self._ended = False
        self._refusal: Problem | None = None

    async def begin(self) -> None:
        """Wait for the turn of the client; raise `Problem` (429) where that would take too long."""
        async with self._beginning:
            if self._refusal is not None:  # nothing else of this page need wait for what one part of it didn't get
                raise self._refusal
            if self._admitted or self._ended:
                return
            peer = self._scope.get("client")
            self._client = self._service.client(peer[0] if peer else "", joined(self._scope["headers"]))
            try:
                await self._service.limits.admit(self._client)
            except Problem as problem:
                self._refusal = problem
                raise
            self._admitted = True
            self._leave_if_ended()

    def spend(self, seconds: float) -> None:
        """Count computing time."""
        if self._client:
            self._service.limits.spend(self._client, seconds)

    def end(self) -> None:
        """Take note that the page is complete; what is still being computed of it is for others who wait for it."""
        self._ended = True
        self._leave_if_ended()

    def _leave_if_ended(self) -> None:
        if self._admitted and self._ended:
            self._service.limits.leave(self._client)


_visit: ContextVar[Visit | None] = ContextVar("visit", default=None)


async def begin() -> None:
    """Wait for the turn of the client whose request is being answered, if it is one for a page."""
    if visit := _visit.get():
        try:
            await visit.begin()
        except Problem as problem:
            detail = both("you ask for more at a time than is computed for one visitor; wait a moment, then try again")
            raise Problem(problem.status, detail, headers=problem.headers, **problem.extensions) from problem


@contextmanager
def spending() -> Iterator[None]:
    """Count the time inside as computing time of the client whose request is being answered."""
    began = time.monotonic()
    try:
        yield
    finally:
        if visit := _visit.get():
            visit.spend(time.monotonic() - began)


def on_account(service: Service, compute: Compute) -> Ask:
    """Return a way to ask `compute` our own queries; the time that it takes is counted as that of who asks for a page.

    Where a query is stopped, the `Problem` speaks to somebody who wrote none; that of the engine is its cause.
    """

    async def ask(query: str, /) -> bytes:
        visit, began, outcome = _visit.get(), time.perf_counter(), "failed"
        await begin()
        try:
            result = await compute(query, visit.spend if visit else _nobody)
            outcome = "ok"
        except Problem as problem:
            outcome = outcome_of(problem)
            if problem.status != 503:
                raise
            detail = both("this couldn't be made in time: the server has a lot to do; try again in a moment")
            raise Problem(503, detail, headers=problem.headers) from problem
        except asyncio.CancelledError:
            outcome = "gone"
            raise
        finally:
            service.metrics.page_queries.count(outcome, time.perf_counter() - began)
        return result

    return ask


class Visits:
    """Makes each request for a page a visit, and counts it (an ASGI application around another one)."""

    def __init__(self, application: ASGIApp, service: Service) -> None:
        self._application = application
        self._service = service
        self._recent = deque[tuple[float, bool]](maxlen=_RECENT)

    @property
    def are_failing(self) -> bool:
        """Whether most pages that were asked for within the last minute couldn't be made; of a few that says nothing."""
        since = time.monotonic() - _MINUTE
        failed = [has_failed for when, has_failed in self._recent if when > since]
        return len(failed) >= _FEW and 2 * sum(failed) > len(failed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        if scope["type"] != "http" or scope["path"].startswith(_NO_PAGES) or scope["path"].endswith("/sparql"):
            await self._application(scope, receive, send)
            return
        visit = Visit(self._service, scope)
        token = _visit.set(visit)
        try:
            await counted(self._service, self._application, scope, receive, send, self._note)
        finally:
            _visit.reset(token)
            visit.end()

    def _note(self, outcome: str) -> None:
        if outcome not in _SAYS_NOTHING:
            self._recent.append((time.monotonic(), outcome in _FAILED))


async def counted(
    service: Service,
    application: ASGIApp,
    scope: Scope,
    receive: Receive,
    send: Send,
    note: Callable[[str], object] = lambda outcome: None,
) -> None:
    """Have a request answered by an application (ASGI), and count it as one for a page, document or file, by its outcome."""
    began, statuses, outcome = time.perf_counter(), list[int](), ""
    try:
        await application(scope, receive, partial(_sending, send, statuses))
    except asyncio.CancelledError:
        outcome = "gone"
        raise
    except Exception:
        outcome = "broken" if statuses else "failed"
        raise
    finally:
        outcome = outcome or _outcome(statuses)
        note(outcome)
        service.metrics.pages.count(outcome, time.perf_counter() - began)


async def _sending(send: Send, statuses: list[int], message: Message) -> None:
    if message["type"] == "http.response.start":
        statuses.append(message["status"])
    await send(message)


def _outcome(statuses: list[int]) -> str:
    """Return the outcome by which a response is counted."""
    status = statuses[0] if statuses else 500
    if status == 304:
        return "not-modified"
    return "ok" if status < 400 else outcome_of(Problem(status, ""))


def _nobody(seconds: float) -> None:
    """Let nobody pay: what is computed once for a release is computed for all."""
