"""The workers of a pool: started, kept at their number, ended, and exchanged when there is another dataset."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

from vertragsgraph.problem import Problem
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.dataset import Dataset
from vertragsgraph.sparql.federation import allowed
from vertragsgraph.sparql.frames import READY
from vertragsgraph.sparql.job import Job
from vertragsgraph.sparql.process import Listener, WorkerProcess

STARTS_AT_ONCE: Final = 2
START_SECONDS: Final = 60.0


@dataclass
class Generation:
    """Workers that hold the same dataset; those that are free wait for a query. A retired one starts no more."""

    dataset: Dataset
    configuration: dict[str, Any]
    free: list[WorkerProcess] = field(default_factory=list)
    starting: int = 0
    failures: int = 0
    failure: str = ""
    retired: bool = False
    ready: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Slot:
    """What is known of a worker.

    `jobs` are the queries it has been sent, in the order in which it answers them; it computes the first, `since` when
    (on the loop's clock). None stands for one whose answer nobody waits for. `computed` is the processor time that it had
    used when it was first seen computing this query.
    """

    generation: Generation
    jobs: deque[Job | None] = field(default_factory=deque)
    since: float = 0.0
    computed: float | None = None
    heavy: bool = False
    ready: bool = False


@dataclass
class Counts:
    """What has happened since the start."""

    started: int = 0
    killed: int = 0
    died: int = 0


class Crew:
    """Workers, of which `wanted` are light (ready, or computing for no more than a moment) as far as that can be had.

    `slots` holds all that have been started and not ended; `current` those that take new queries.
    """

    def __init__(self, listener: Listener, dataset: Dataset, settings: Settings, wanted: int) -> None:
        self.slots: dict[WorkerProcess, Slot] = {}
        self.counts = Counts()
        self._listener = listener
        self._settings = settings
        self._wanted = wanted
        self._tasks: set[asyncio.Task[None]] = set()
        self.current = self._generation(dataset)

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
        workers = list(self.slots)
        for worker in workers:
            worker.kill()
        await asyncio.gather(*(worker.ended() for worker in workers))

    def fill(self, generation: Generation) -> None:
        """Start as many workers as are missing, few at once."""
        if generation.retired:
            return
        light = sum(slot.ready and not slot.heavy and slot.generation is generation for slot in self.slots.values())
        missing = self._wanted - light - generation.starting
        for _ in range(min(missing, STARTS_AT_ONCE - generation.starting)):
            generation.starting += 1
            task = asyncio.get_running_loop().create_task(self._start_worker(generation))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def kill(self, worker: WorkerProcess) -> Slot:
        """End a worker; return what was known of it."""
        slot = self.slots.pop(worker)
        self.counts.killed += 1
        worker.kill()
        return slot

    def lost(self, worker: WorkerProcess, returncode: int) -> Slot | None:
        """Take note of a worker that has ended by itself; return what was known of it, None where it was ended on purpose."""
        slot = self.slots.pop(worker, None)
        if slot is None:
            return None
        self.counts.died += 1
        if worker in slot.generation.free:
            slot.generation.free.remove(worker)
        if not slot.ready:
            self._failed(slot.generation, f"the worker process ended with status {returncode}")
        return slot

    def hear(self, worker: WorkerProcess, kind: bytes, payload: bytes) -> None:
        """Take what a starting worker says: that it is ready, or why it can't be."""
        slot = self.slots[worker]
        generation = slot.generation
        if generation.retired:
            self.kill(worker)
        elif kind == READY:
            slot.ready = True
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
        in_memory = dataset.quads is not None and dataset.size <= self._settings.in_memory_quads
        configuration = {
            "store": str(dataset.store),
            "quads": str(dataset.quads) if in_memory else "",
            "base": dataset.base,
            "memory": self._settings.worker_bytes,
            "services": allowed(dataset, self._settings),
            "languages": dataset.languages,
            "graphs": dataset.graphs,
            "description": str(dataset.description or ""),
        }
        return Generation(dataset, configuration)

    async def _start_worker(self, generation: Generation) -> None:
        if generation.failures:
            await asyncio.sleep(min(0.1 * 2**generation.failures, 5.0))
        try:
            worker = WorkerProcess(self._listener, generation.configuration)
        except OSError as error:
            self._failed(generation, str(error))
            self.fill(generation)
            return
        self.counts.started += 1
        self.slots[worker] = Slot(generation)
        await worker.connect()

    def _failed(self, generation: Generation, reason: str) -> None:
        generation.starting -= 1
        generation.failures += 1
        generation.failure = reason
        generation.ready.set()

    async def _until_ready(self, generation: Generation) -> None:
        try:
            await asyncio.wait_for(generation.ready.wait(), START_SECONDS)
        except TimeoutError:
            generation.failure = f"no worker was ready within {START_SECONDS:g} seconds"
        if not generation.free:
            generation.retired = True
            raise Problem(503, f"The query engine can't start: {generation.failure}")
