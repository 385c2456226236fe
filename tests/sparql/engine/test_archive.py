"""Past releases are opened when they are asked: few at a time, at the cost of who asks, and not for longer than need be."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from vertragsgraph.http.problem import Problem
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.engine.archive import Archive
from vertragsgraph.sparql.engine.dataset import Dataset
from vertragsgraph.sparql.engine.engine import answering
from vertragsgraph.sparql.engine.pool import Pool
from vertragsgraph.sparql.engine.request import PreparedRequest

ASK = PreparedRequest("ASK {}")
ENDLESS = PreparedRequest("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
SETTINGS = Settings(workers=1, past_releases=2, query_seconds=20)


class Archived:
    """An archive beside the engine of release `current`; `names` of the releases that are open."""

    def __init__(self, dataset: Dataset, settings: Settings) -> None:
        self.dataset = dataset
        self.main = Pool(self.named("current"), settings, spare=0)
        self.archive = Archive(self.main, settings)
        self.spent: list[float] = []

    def named(self, name: str) -> Dataset:
        return dataclasses.replace(self.dataset, identity=name, release=name)

    @property
    def names(self) -> set[str]:
        return set(self.archive._opened)

    async def ask(self, name: str, query: PreparedRequest = ASK) -> bytes | None:
        async with answering(self.archive.engine(self.named(name)), query, self.spent.append) as answer:
            assert answer.dataset.identity == name
            return answer.whole

    @asynccontextmanager
    async def busy(self, name: str) -> AsyncIterator[None]:
        engine = self.archive.engine(self.named(name))
        await engine.open(self.spent.append)
        job = engine.ask(ENDLESS, lambda: None)
        try:
            yield
        finally:
            job.close()


Act = Callable[[Archived], Awaitable[None]]


def run(dataset: Dataset, act: Act, settings: Settings = SETTINGS) -> None:
    async def main() -> None:
        archived = Archived(dataset, settings)
        await archived.main.start()
        try:
            await act(archived)
        finally:
            await archived.archive.close()
            await archived.main.close()

    asyncio.run(main())


def test_the_one_asked_least_recently_gives_way(dataset: Dataset) -> None:
    async def act(archived: Archived) -> None:
        for name in ("one", "two", "one", "three"):
            assert await archived.ask(name)
        assert archived.names == {"one", "three"}

    run(dataset, act)


def test_the_current_release_needs_no_place(dataset: Dataset) -> None:
    async def act(archived: Archived) -> None:
        assert await archived.ask("current")
        assert archived.names == set()
        await archived.main.swap(archived.named("next"))
        assert await archived.ask("current")
        assert archived.names == {"current"}

    run(dataset, act)


def test_many_that_ask_a_release_open_it_once(dataset: Dataset) -> None:
    async def act(archived: Archived) -> None:
        await asyncio.gather(*(archived.ask("one") for _ in range(8)))
        assert [opened.pool.crew.started for opened in archived.archive._opened.values()] == [1]

    run(dataset, act)


def test_one_that_computes_stays_open_and_who_wants_another_waits(dataset: Dataset) -> None:
    async def act(archived: Archived) -> None:
        patient = archived.archive.settings
        async with archived.busy("one"), archived.busy("two"):
            archived.archive.settings = patient.model_copy(update={"query_seconds": 0.1})
            with pytest.raises(Problem, match="busy") as refused:
                await archived.ask("three")
            assert refused.value.status == 503
            assert "Retry-After" in refused.value.headers
            assert archived.names == {"one", "two"}
        archived.archive.settings = patient
        assert await archived.ask("three")

    run(dataset, act)


def test_one_that_nobody_asks_is_closed(dataset: Dataset) -> None:
    async def act(archived: Archived) -> None:
        await archived.ask("one")
        async with archived.busy("two"):
            await archived.archive.close_idle()
            assert archived.names == {"two"}
            assert archived.archive._opened["two"].pool.crew.workers

    run(dataset, act, SETTINGS.model_copy(update={"past_release_seconds": 1e-9}))


def test_what_is_asked_soon_enough_stays_open(dataset: Dataset) -> None:
    async def act(archived: Archived) -> None:
        await archived.ask("one")
        await archived.archive.close_idle()
        assert archived.names == {"one"}

    run(dataset, act)


def test_whoever_has_a_release_opened_pays_for_it(dataset: Dataset) -> None:
    """Else one client could have the server open one release after the other, for nothing."""

    async def act(archived: Archived) -> None:
        await archived.ask("one")
        opening, computing = archived.spent
        assert opening > computing
        archived.spent.clear()
        await archived.ask("one")
        assert len(archived.spent) == 1

    run(dataset, act)


def test_whoever_leaves_while_a_release_is_opened_pays_and_it_is_given_up(dataset: Dataset) -> None:
    async def act(archived: Archived) -> None:
        asked = asyncio.create_task(archived.ask("one"))
        for _ in range(10):  # it takes its turn and starts a worker, which needs longer to get ready
            await asyncio.sleep(0)
        assert archived.archive._opening.locked()
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert archived.names == set()
        (spent,) = archived.spent
        assert spent > 0
        assert await archived.ask("one")

    run(dataset, act)


def test_a_release_that_cannot_be_opened_says_so_and_what_to_do(dataset: Dataset, tmp_path: Path) -> None:
    damaged = dataclasses.replace(dataset, store=tmp_path / "none", quads=tmp_path / "none.nq")

    async def act(archived: Archived) -> None:
        archived.dataset = damaged
        for _ in range(2):
            with pytest.raises(Problem, match=r"Release one can't be asked: .*releases verify") as refused:
                await archived.ask("one")
            assert refused.value.status == 503
        assert archived.names == set()

    run(dataset, act)


def test_results_of_all_spool_to_one_place(dataset: Dataset) -> None:
    async def act(archived: Archived) -> None:
        await archived.ask("one")
        assert archived.archive._opened["one"].pool.spool is archived.main.spool

    run(dataset, act)
