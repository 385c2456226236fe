"""The pool in the process of the test, its workers in theirs: what nobody sees over HTTP but by waiting for long."""

from __future__ import annotations

import asyncio
import dataclasses

from vertragsgraph.settings import Settings
from vertragsgraph.sparql.engine.dataset import Dataset
from vertragsgraph.sparql.engine.engine import answering
from vertragsgraph.sparql.engine.pool import Pool
from vertragsgraph.sparql.engine.request import PreparedRequest

SETTINGS = Settings(workers=1, query_seconds=5)


def test_no_query_is_lost_while_one_dataset_takes_the_place_of_another(dataset: Dataset) -> None:
    """A worker that is to end has been sent more queries than the one it computes."""

    async def main() -> None:
        pool = Pool(dataset, SETTINGS, spare=0)
        identities = set()
        swapped = asyncio.Event()

        async def ask_on() -> None:
            while not swapped.is_set():
                async with answering(pool, PreparedRequest("ASK { ?s ?p ?o }")) as answer:
                    identities.add(answer.dataset.identity)

        await pool.start()
        try:
            clients = [asyncio.create_task(ask_on()) for _ in range(6)]
            for identity in ("two", "three", "four"):
                await pool.swap(dataclasses.replace(dataset, identity=identity))
            swapped.set()
            async with asyncio.timeout(2 * SETTINGS.query_seconds):
                await asyncio.gather(*clients)
        finally:
            await pool.close()
        assert {"one", "two", "three"} <= identities

    asyncio.run(main())


def test_a_query_whose_time_is_up_leaves_no_worker_behind(dataset: Dataset) -> None:
    """Whoever is told may abandon it at once."""

    async def main() -> None:
        pool = Pool(dataset, SETTINGS, spare=0)
        await pool.start()
        try:
            told = asyncio.Event()
            endless = PreparedRequest("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", seconds=0.5)
            jobs = [pool.ask(endless, lambda: [told.set(), *(job.close() for job in jobs)])]
            await told.wait()
            problem = jobs[0].problem
            assert problem is not None
            assert (problem.status, problem.extensions["limit"]) == (503, "time")
            async with answering(pool, PreparedRequest("ASK {}")) as answer:
                assert answer.whole
            assert (pool.crew.computing, pool.crew.heavy, pool.waiting) == (0, 0, 0)
        finally:
            await pool.close()

    asyncio.run(main())
