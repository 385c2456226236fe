"""The engines of past releases: each is opened when it is asked, few at a time, and closed when nobody asks it any more."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from vertragsgraph.http.problem import Problem
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.engine import problems
from vertragsgraph.sparql.engine.dataset import Dataset
from vertragsgraph.sparql.engine.engine import Engine
from vertragsgraph.sparql.engine.job import Job
from vertragsgraph.sparql.engine.pool import Pool
from vertragsgraph.sparql.engine.request import PreparedRequest

_PAUSE: Final = 0.05


@dataclass
class Opened:
    """A pool that holds a past release, and when it was last seen to be asked (on the loop's clock)."""

    pool: Pool
    asked: float


class Archive:
    """Pools of one worker each, at most `settings.past_releases`; the one that was asked least recently gives way to another.

    A second worker takes over while the first computes a heavy query; SERVICE is refused, because what others answer today
    is no part of a past release. `main` is the engine of the current release; results spool to where its do.
    """

    def __init__(self, main: Pool, settings: Settings) -> None:
        self._main = main
        queue = math.ceil(settings.queue / settings.past_releases)
        self.settings = settings.model_copy(update={"workers": 1, "federated_queries": 0, "queue": queue})
        self._opened: dict[str, Opened] = {}  # by identity, the one asked least recently first
        self._opening = asyncio.Lock()

    def engine(self, dataset: Dataset) -> Engine:
        """Return the engine that answers from a dataset, be it the current one; nothing is opened yet."""
        return ReleaseEngine(self, dataset)

    async def open(self, dataset: Dataset, spend: Callable[[float], object]) -> None:
        """Have a dataset open; `spend` is told how long that took, also where whoever wanted it has left.

        One is opened at a time, so that who asks many releases has no more of the machine than who asks one. Raise
        `Problem` (503) where the store can't be opened, or all that are open are asked for as long as a query may take.
        """
        if dataset.identity in {self._main.dataset.identity, *self._opened}:
            return
        seconds = self.settings.query_seconds
        try:
            async with asyncio.timeout(seconds), self._opening:
                if dataset.identity not in self._opened:
                    await self._make_room()
                    self._opened[dataset.identity] = Opened(await self._start(dataset, spend), _now())
        except TimeoutError:
            raise problems.waited_too_long(seconds) from None

    def ask(self, request: PreparedRequest, begun: Callable[[], object], dataset: Dataset) -> Job:
        """Have a query answered from a dataset that is open; raise `Problem` (503) where no more queries are taken."""
        if dataset.identity == self._main.dataset.identity:
            return self._main.ask(request, begun)
        opened = self._opened[dataset.identity] = self._opened.pop(dataset.identity)
        opened.asked = _now()
        return opened.pool.ask(request, begun)

    async def close_idle(self) -> None:
        """Close what nobody has asked for a while."""
        for identity, opened in list(self._opened.items()):
            if self._opened.get(identity) is not opened:  # it gave way meanwhile
                continue
            if opened.pool.busy:
                opened.asked = _now()
            elif _now() - opened.asked >= self.settings.past_release_seconds:
                await self._opened.pop(identity).pool.close()

    async def close(self) -> None:
        """Close everything; whoever still waits gets a 503."""
        while self._opened:
            await self._opened.popitem()[1].pool.close()

    async def _make_room(self) -> None:
        while len(self._opened) >= self.settings.past_releases:
            idle = next((identity for identity, opened in self._opened.items() if not opened.pool.busy), None)
            if idle is None:
                await asyncio.sleep(_PAUSE)
            else:
                await self._opened.pop(idle).pool.close()

    async def _start(self, dataset: Dataset, spend: Callable[[float], object]) -> Pool:
        began = _now()
        pool = Pool(dataset, self.settings, spare=0, spool=self._main.spool)
        try:
            await pool.start()
        except BaseException as error:
            await pool.close()
            if isinstance(error, Problem):
                raise problems.unreadable(dataset.release, error.detail) from error
            raise
        finally:
            spend(_now() - began)
        return pool


@dataclass(frozen=True)
class ReleaseEngine:
    """The engine of one release in an archive."""

    archive: Archive
    dataset: Dataset

    async def open(self, spend: Callable[[float], object]) -> None:
        """Have the release open; see `Archive.open`."""
        await self.archive.open(self.dataset, spend)

    def ask(self, request: PreparedRequest, begun: Callable[[], object]) -> Job:
        """Have a query answered, once the release is open."""
        return self.archive.ask(request, begun, self.dataset)


def _now() -> float:
    return asyncio.get_running_loop().time()
