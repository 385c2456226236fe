"""Query engines: they answer a prepared request as a stream of bytes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import IO, Protocol

from vertragsgraph.problem import Problem
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.dataset import Dataset
from vertragsgraph.sparql.negotiation import GRAPHS, SOLUTIONS, Format, by_name
from vertragsgraph.sparql.pool import Pool
from vertragsgraph.sparql.protocol import PreparedRequest, not_acceptable


class Answer(Protocol):
    """A result whose first bytes exist; until they do, only `close` may be called.

    Iterating yields its bytes and raises `Problem` where it is cut off: what was read until then is not the result.
    """

    @property
    def problem(self) -> Problem | None:
        """Why there is no result; None where there is one."""

    @property
    def format(self) -> Format:
        """The serialisation."""

    @property
    def identity(self) -> str:
        """Identity of the dataset that was asked."""

    @property
    def whole(self) -> bytes | None:
        """The complete result where it is there already; then there is no need to iterate."""

    @property
    def seconds(self) -> float:
        """For how long the engine has computed it so far."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Iterate over the bytes, once."""

    def close(self) -> None:
        """Stop computing and free what is held; to be called in any case."""


@asynccontextmanager
async def answering(
    engine: Engine, request: PreparedRequest, spend: Callable[[float], object] = lambda seconds: None
) -> AsyncIterator[Answer]:
    """Have a query answered; inside, the first bytes of the result exist. Raise `Problem` where there is none.

    In the end, whatever it was, `spend` is told for how many seconds the engine has computed.
    """
    begun = asyncio.get_running_loop().create_future()
    answer = engine.ask(request, lambda: None if begun.done() else begun.set_result(None))
    try:
        await begun
        if answer.problem is not None:
            raise answer.problem
        yield answer
    finally:
        answer.close()
        spend(answer.seconds)


class Engine(Protocol):
    """Something that answers SPARQL queries on one dataset at a time."""

    @property
    def dataset(self) -> Dataset:
        """The dataset that new queries are answered from."""

    async def start(self) -> None:
        """Get ready; raise `Problem` where that fails."""

    def ask(self, request: PreparedRequest, begun: Callable[[], object]) -> Answer:
        """Have a query answered; `begun` is called once, when the first bytes exist or it is known that there are none.

        Raise `Problem` (503) where no more queries are taken.
        """

    async def swap(self, dataset: Dataset) -> None:
        """Answer new queries from another dataset, while running ones finish on the old one."""

    async def close(self) -> None:
        """End everything."""


class EmbeddedEngine:
    """The engine inside: Oxigraph in worker processes."""

    def __init__(self, dataset: Dataset, settings: Settings, *, spare: int = 1) -> None:
        self._settings = settings
        self.pool = Pool(dataset, settings, spare=spare)

    @property
    def dataset(self) -> Dataset:
        """The dataset that new queries are answered from."""
        return self.pool.dataset

    async def start(self) -> None:
        """Start the workers; return when the first is ready. Raise `Problem` where the store can't be opened."""
        await self.pool.start()

    async def swap(self, dataset: Dataset) -> None:
        """Answer new queries from another dataset, while running ones finish on the old one."""
        await self.pool.swap(dataset)

    async def close(self) -> None:
        """End the workers."""
        await self.pool.close()

    def ask(self, request: PreparedRequest, begun: Callable[[], object]) -> EmbeddedAnswer:
        """Have a query answered; `begun` is called once, when the first bytes exist or it is known that there are none."""
        limit = self._settings.query_seconds
        return EmbeddedAnswer(self.pool, request, min(request.seconds or limit, limit), begun)


class EmbeddedAnswer:
    """A result from a worker."""

    def __init__(self, pool: Pool, request: PreparedRequest, seconds: float, begun: Callable[[], object]) -> None:
        self._pool = pool
        self._request = request
        self._job = pool.submit(request, seconds, begun)

    @property
    def problem(self) -> Problem | None:
        """Why there is no result; None where there is one."""
        problem = self._job.problem
        if problem is not None and problem.status == 406 and not problem.detail:
            return not_acceptable(problem.extensions["kind"])
        return problem

    @property
    def format(self) -> Format:
        """The serialisation."""
        head = self._job.head
        if head is not None:
            chosen = self._request.graph if head.kind == "graph" else self._request.solutions
            if chosen is not None and chosen.name == head.format:
                return chosen
        msg = f"a worker answered with {head}, which was not asked for"
        raise RuntimeError(msg)

    @property
    def identity(self) -> str:
        """Identity of the dataset that was asked."""
        return self._job.identity

    @property
    def seconds(self) -> float:
        """For how long workers have computed it so far, by the clock."""
        job = self._job
        running = asyncio.get_running_loop().time() - job.started if job.worker is not None else 0.0
        return job.computed + running

    @property
    def whole(self) -> bytes | None:
        """The complete result where it is there already and in memory."""
        whole = self._job.whole
        return self._job.result.whole() if whole is None else whole

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Iterate over the bytes; raise `Problem` where the result is cut off."""
        if self._job.whole is not None:
            yield self._job.whole
            return
        while data := await self._job.result.read():
            yield data

    def close(self) -> None:
        """Stop computing and free what is held."""
        self._pool.abandon(self._job)


def run_once(
    dataset: Dataset,
    query: str,
    out: IO[bytes],
    settings: Settings,
    *,
    result_format: str | None = None,
    seconds: float | None = None,
) -> None:
    """Write the result of one query, from a worker of its own.

    `result_format` is a short name or a media type; by default solutions are CSV and graphs Turtle. Raise `Problem` where
    there is no result, or where it is cut off after a part of it has been written.
    """
    request = PreparedRequest(
        query,
        solutions=by_name(result_format or "csv", SOLUTIONS),
        graph=by_name(result_format or "ttl", GRAPHS),
        seconds=seconds,
    )
    # One worker, which nobody else waits for.
    alone = settings.model_copy(update={"workers": 1, "nice_after_seconds": float("inf")})
    asyncio.run(_run_once(EmbeddedEngine(dataset, alone, spare=0), request, out))


async def _run_once(engine: EmbeddedEngine, request: PreparedRequest, out: IO[bytes]) -> None:
    try:
        await engine.start()
        async with answering(engine, request) as answer:
            async for data in answer:
                out.write(data)
        out.flush()
    finally:
        await engine.close()
