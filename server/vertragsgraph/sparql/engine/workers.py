"""The workers of a pool: started, kept at their number, ended, and exchanged when there is another dataset."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from vertragsgraph.http.problem import Problem
from vertragsgraph.message import Message
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.engine.dataset import Dataset
from vertragsgraph.sparql.engine.federation import allowed
from vertragsgraph.sparql.engine.job import Job
from vertragsgraph.sparql.engine.worker_process import Listener, WorkerProcess
from vertragsgraph.sparql.worker.frames import READY

STARTS_AT_ONCE: Final = 2
START_SECONDS: Final = 60.0
PATIENCE: Final = 4


@dataclass
class Generation:
    """Workers that hold the same dataset; those that are free wait for a query. A retired one starts no more."""

    dataset: Dataset
    configuration: dict[str, Any]
    free: list[Worker] = field(default_factory=list)
    starting: int = 0
    failures: int = 0
    failure: str = ""
    retired: bool = False
    ready: asyncio.Event = field(default_factory=asyncio.Event)


class Worker(WorkerProcess):
    """A worker and what it does.

    `jobs` are the queries it has been sent, in the order in which it answers them; it computes the first, `since` when
    (on the loop's clock). None stands for one whose answer nobody waits for.
    """

    def __init__(self, listener: Listener, generation: Generation) -> None:
        super().__init__(listener, generation.configuration)
        self.generation = generation
        self.jobs: deque[Job | None] = deque()
        self.since = 0.0
        self.is_ready = self.is_heavy = False
        self._computed_before: float | None = None

    def take(self, job: Job, now: float) -> None:
        """Compute a query, or have it in line for that."""
        if not self.jobs:
            self.since, self._computed_before = now, None
        self.jobs.append(job)
        job.start(self, self.generation.dataset, now)

    def finish_job(self, now: float) -> None:
        """Take note that the first of its queries is answered."""
        job, since = self.jobs.popleft(), self.since
        self.since, self._computed_before = now, None
        if job is not None:
            job.stop(now, since)

    def stop_job(self, now: float) -> Job | None:
        """Take note that the first of its queries is no longer computed; return it, None where nobody waits for it."""
        job = self.jobs[0] if self.jobs else None
        if job is not None:
            job.stop(now, self.since)
        return job

    def give_back(self, first: int) -> Iterator[Job]:
        """Yield the queries that others are to answer, from the `first` on, the last one first; answers go unheard."""
        for number in range(len(self.jobs) - 1, first - 1, -1):
            job, self.jobs[number] = self.jobs[number], None
            if job and not job.abandoned:
                job.worker = None
                yield job

    def has_computed_for(self, seconds: float, now: float) -> bool:
        """Tell whether its query is heavy: by processor time, or because it waits for long (for a reader, for memory).

        What it waited for a processor doesn't count: on a busy machine a light query takes long, too.
        """
        if now - self.since >= PATIENCE * seconds:
            return True
        computed = self.processor_time(now)
        if self._computed_before is None:
            self._computed_before = max(computed - (now - self.since), 0.0)
        return computed - self._computed_before >= seconds


class Crew:
    """Workers, of which `wanted` are light (ready, or computing for no more than a moment) as far as that can be had.

    `workers` are all that have been started and not ended; `current` those that take new queries. `started`, `killed` and
    `died` count what has happened.
    """

    def __init__(self, listener: Listener, dataset: Dataset, settings: Settings, wanted: int) -> None:
        self.workers: dict[Worker, None] = {}  # in the order in which they were started
        self.started = self.killed = self.died = 0
        self._listener = listener
        self._settings = settings
        self._wanted = wanted
        self._tasks: set[asyncio.Task[None]] = set()
        self.current = self._generation(dataset)

    @property
    def alive(self) -> int:
        """Number of workers that are ready or computing."""
        return sum(worker.is_ready for worker in self.workers)

    @property
    def computing(self) -> int:
        """Number of workers that compute a query."""
        return sum(bool(worker.jobs) for worker in self.workers)

    @property
    def heavy(self) -> int:
        """Number of workers that compute a heavy query."""
        return sum(worker.is_heavy for worker in self.workers)

    async def start(self) -> None:
        """Start the workers; return when the first is ready. Raise `Problem` where the store can't be opened."""
        self.fill(self.current)
        await self._until_ready(self.current)

    async def exchange(self, dataset: Dataset) -> None:
        """Start workers that hold another dataset; when the first is ready, end those that are free.

        Raise `Problem` where the dataset can't be opened: then everything stays as it was.
        """
        new = self._generation(dataset)
        self.fill(new)
        await self._until_ready(new)
        old, self.current = self.current, new
        old.retired = True
        for worker in old.free:
            self.kill(worker)
        old.free.clear()

    async def close(self) -> None:
        """End all workers."""
        self.current.retired = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        workers = list(self.workers)
        for worker in workers:
            worker.kill()
        await asyncio.gather(*(worker.ended() for worker in workers))

    def fill(self, generation: Generation) -> None:
        """Start as many workers as are missing, few at once."""
        if generation.retired:
            return
        light = sum(one.is_ready and not one.is_heavy and one.generation is generation for one in self.workers)
        missing = self._wanted - light - generation.starting
        for _ in range(min(missing, STARTS_AT_ONCE - generation.starting)):
            generation.starting += 1
            task = asyncio.get_running_loop().create_task(self._start_worker(generation))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def kill(self, worker: Worker) -> None:
        """End a worker."""
        del self.workers[worker]
        self.killed += 1
        worker.kill()

    def lost(self, worker: Worker, returncode: int) -> bool:
        """Take note of a worker that has ended by itself; false where it was ended on purpose."""
        if worker not in self.workers:
            return False
        del self.workers[worker]
        self.died += 1
        if worker in worker.generation.free:
            worker.generation.free.remove(worker)
        if not worker.is_ready:
            self._failed(worker.generation, f"the worker process ended with status {returncode}")
        return True

    def hear(self, worker: Worker, kind: bytes, payload: bytes) -> None:
        """Take what a starting worker says: that it is ready, or why it can't be."""
        generation = worker.generation
        if generation.retired:
            self.kill(worker)
        elif kind == READY:
            worker.is_ready = True
            generation.starting -= 1
            generation.failures = 0
            generation.free.append(worker)
            generation.ready.set()
            self.fill(generation)
        else:
            self._failed(generation, json.loads(payload)["detail"])
            self.kill(worker)
            self.fill(generation)

    def _generation(self, dataset: Dataset) -> Generation:
        fits = dataset.is_small or dataset.size <= self._settings.in_memory_quads
        in_memory = dataset.quads is not None and fits
        configuration = {
            "store": str(dataset.store),
            "quads": str(dataset.quads) if in_memory else "",
            "base": dataset.base,
            "memory": self._settings.worker_bytes,
            "services": allowed(dataset, self._settings),
            "languages": dataset.languages,
            "prefixes": dict(dataset.prefixes),
            "graphs": dataset.graphs,
            "beside": {graph: str(path) for graph, path in dataset.beside.items()},
            "description": str(dataset.description or ""),
        }
        return Generation(dataset, configuration)

    async def _start_worker(self, generation: Generation) -> None:
        if generation.failures:
            await asyncio.sleep(min(0.1 * 2**generation.failures, 5.0))
        try:
            worker = Worker(self._listener, generation)
        except OSError as error:
            self._failed(generation, str(error))
            self.fill(generation)
            return
        self.started += 1
        self.workers[worker] = None
        await worker.connect()

    def _failed(self, generation: Generation, reason: str) -> None:
        generation.starting -= 1
        generation.failures += 1
        generation.failure = reason
        generation.ready.set()

    async def _until_ready(self, generation: Generation) -> None:
        try:
            async with asyncio.timeout(START_SECONDS):
                await generation.ready.wait()
        except TimeoutError:
            generation.failure = Message("no worker was ready within {seconds:g} seconds", seconds=START_SECONDS)
        if not generation.free:
            generation.retired = True
            raise Problem(503, Message("The query engine can't start: {reason}", reason=generation.failure))
