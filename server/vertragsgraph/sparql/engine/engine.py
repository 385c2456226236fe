"""What an engine is: something that answers a prepared request as a stream of bytes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from vertragsgraph.http.problem import Problem
from vertragsgraph.rdf.media_types import Format
from vertragsgraph.sparql.engine.dataset import Dataset
from vertragsgraph.sparql.engine.request import PreparedRequest


class Answer(Protocol):
    """A result whose first bytes exist; until they do, only `close` may be called.

    Iterating yields its bytes, once, and raises `Problem` where it is cut off: what was read until then is not the result.
    """

    @property
    def problem(self) -> Problem | None:
        """Why there is no result; None where there is one."""

    @property
    def format(self) -> Format:
        """The serialisation."""

    @property
    def dataset(self) -> Dataset:
        """The dataset that was asked."""

    @property
    def whole(self) -> bytes | None:
        """The complete result where it is there already; then there is no need to iterate."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Iterate over the bytes."""

    def close(self) -> float:
        """Stop computing and free what is held, in any case; return for how many seconds the engine has computed it."""


class Engine(Protocol):
    """Something that answers SPARQL queries on a dataset."""

    @property
    def dataset(self) -> Dataset:
        """The dataset that new queries are answered from."""

    async def open(self, spend: Callable[[float], object]) -> None:
        """Have the dataset open, so that it can be asked until the event loop does something else.

        `spend` is told how many seconds that took, where it took any. Raise `Problem` (503) where it can't be opened.
        """

    def ask(self, request: PreparedRequest, begun: Callable[[], object]) -> Answer:
        """Have a query answered; `begun` is called once, when the first bytes exist or it is known that there are none.

        Raise `Problem` (503) where no more queries are taken.
        """


class MainEngine(Engine, Protocol):
    """The engine of the release that is served: one after the other."""

    async def start(self) -> None:
        """Get ready; raise `Problem` where that fails."""

    async def swap(self, dataset: Dataset) -> None:
        """Answer new queries from another dataset, while running ones finish on the old one."""

    async def close(self) -> None:
        """End everything."""


@asynccontextmanager
async def answering(
    engine: Engine, request: PreparedRequest, spend: Callable[[float], object] = lambda seconds: None
) -> AsyncIterator[Answer]:
    """Have a query answered; inside, the first bytes of the result exist. Raise `Problem` where there is none.

    In the end, whatever it was, `spend` is told for how many seconds the engine has computed.
    """
    await engine.open(spend)
    begun = asyncio.Event()
    answer = engine.ask(request, begun.set)
    try:
        await begun.wait()
        if answer.problem is not None:
            raise answer.problem
        yield answer
    finally:
        spend(answer.close())
