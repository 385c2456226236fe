"""The pool of worker processes: who computes what, for how long, and what becomes of a worker afterwards.

Light queries are answered by ready workers, of which there are always as many as the settings say and a spare. Half of
them do as long as they are quick: they get queries ahead of time, so that neither they nor the web process ever wait for
the other (and caches stay warm). A query that waits behind a slow one, or for a worker, is handed to another one after
a moment. A worker that has computed for a longer moment is lowered in priority and counted as heavy; its place among
the ready ones is filled at once, and when its query is done it is ended, because priority can't be raised again. No
more queries are heavy at a time than there are ready workers: a further one is stopped, as long as nothing of its
result is out, and waits its turn. So killer queries have the idle time of the machine, and light ones never wait for them.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from typing import Final

from vertragsgraph.settings import Settings
from vertragsgraph.sparql import failures
from vertragsgraph.sparql.buffer import Spool
from vertragsgraph.sparql.crew import Counts, Crew, Slot
from vertragsgraph.sparql.dataset import Dataset
from vertragsgraph.sparql.federation import Broker
from vertragsgraph.sparql.frames import ASK, DATA, END, FAILURE, RESULT, WHOLE, Question
from vertragsgraph.sparql.job import Job
from vertragsgraph.sparql.process import WorkerProcess
from vertragsgraph.sparql.protocol import PreparedRequest
from vertragsgraph.sparql.scheduling import give_way
from vertragsgraph.sparql.waiting import Waiting

TICK_SECONDS: Final = 0.05
QUICK_SECONDS: Final = 0.005
PATIENCE: Final = 4
AHEAD: Final = 8
"""Queries that a quick worker has at a time, the one it computes included."""


class Pool:
    """Worker processes and the queue in front of them; used from one event loop only."""

    def __init__(self, dataset: Dataset, settings: Settings, *, spare: int = 1) -> None:
        self.size = settings.workers or max(4, 2 * (os.cpu_count() or 1))
        self._crew = Crew(self, dataset, settings, self.size + spare)
        self._settings = settings
        self._eager = max(1, self.size // 2)
        self._light: dict[WorkerProcess, Slot] = {}  # those that compute and aren't heavy
        self._spool = Spool(settings.spool_bytes)
        self._waiting = Waiting()
        self._broker = Broker(settings, self._resume)
        self._ticking = False
        self._spreading = False
        self._closed = False

    @property
    def dataset(self) -> Dataset:
        """The dataset that new queries are answered from."""
        return self._crew.current.dataset

    @property
    def counts(self) -> Counts:
        """What has happened to workers since the start."""
        return self._crew.counts

    @property
    def workers(self) -> tuple[WorkerProcess, ...]:
        """The workers that have been started and not ended."""
        return tuple(self._crew.slots)

    @property
    def alive(self) -> int:
        """Number of workers that are ready or computing."""
        return sum(slot.ready for slot in self._crew.slots.values())

    @property
    def computing(self) -> int:
        """Number of workers that compute a query."""
        return sum(bool(slot.jobs) for slot in self._crew.slots.values())

    @property
    def waiting(self) -> int:
        """Number of queries that wait for a worker."""
        return len(self._waiting)

    @property
    def asking(self) -> int:
        """Number of queries for which other endpoints are being asked."""
        return len(self._broker)

    async def start(self) -> None:
        """Start the workers; return when the first is ready. Raise `Problem` where the store can't be opened."""
        await self._crew.start()

    async def swap(self, dataset: Dataset) -> None:
        """Answer new queries from another dataset; running ones finish on the old one.

        Raise `Problem` where it can't be opened: then everything stays as it was.
        """
        await self._crew.exchange(dataset)
        self._dispatch()

    async def close(self) -> None:
        """End all workers; whoever still waits gets a 503."""
        self._closed = True
        computed = (job for slot in self._crew.slots.values() for job in slot.jobs if job)
        for job in (*self._waiting, *computed):
            job.fail(failures.closing())
            if job.waiting:
                self._waiting.remove(job)
        self._broker.close()
        await self._crew.close()

    def submit(self, request: PreparedRequest, seconds: float, begun: Callable[[], object]) -> Job:
        """Have a query answered; `begun` is called when there is a result, or none. Raise `Problem` (503): the queue is full."""
        if self._closed:
            raise failures.closing()
        loop = asyncio.get_running_loop()
        now = loop.time()
        job = Job(request, begun, now + seconds, seconds, self._settings.result_memory_bytes, self._spool)
        worker = None if self._waiting.light else self._quick_worker(now)
        if worker is not None:
            self._run(worker, job, now)
        elif self.waiting < self._settings.queue or self._crew.current.free:
            self._waiting.add(job)
            self._spread_soon()
        else:
            raise failures.queue_full(self.waiting)
        self._tick_soon()
        return job

    def abandon(self, job: Job) -> None:
        """Nobody waits for a query any more: stop it.

        One that has only just begun may end by itself within the moment that light queries have, so that clients who
        come and go don't cost a process each.
        """
        job.drop()
        if job.waiting:
            self._waiting.remove(job)
        self._broker.abandon(job)
        worker = job.worker
        slot = self._crew.slots.get(worker) if worker else None  # while closing, workers end on their own, too
        if worker and slot and slot.heavy:
            self._stop(worker)
            self._dispatch()

    def on_frame(self, worker: WorkerProcess, kind: bytes, payload: bytes) -> None:
        """Take what a worker says."""
        slot = self._crew.slots.get(worker)
        if slot is None:
            return
        if not slot.jobs:
            self._crew.hear(worker, kind, payload)
            self._dispatch()
            return
        job = slot.jobs[0]
        if kind in {DATA, RESULT}:
            if job:
                (job.feed if kind == DATA else job.begin)(payload)
        elif kind == WHOLE:
            self._done(worker, slot)
            if job:
                job.take_whole(payload)
        elif kind == END:
            if job:
                job.result.finish()
            self._done(worker, slot)
        elif kind == FAILURE:
            self._done(worker, slot)
            if job:
                job.fail(failures.reported(json.loads(payload)))
        elif kind == ASK:
            self._done(worker, slot)
            if job and not (job.abandoned or self._closed):
                self._broker.ask(job, [Question(*question) for question in json.loads(payload)], self.dataset)

    def on_death(self, worker: WorkerProcess, returncode: int) -> None:
        """Take note that a worker has ended by itself; its query fails, and another takes its place."""
        slot = self._crew.lost(worker, returncode)
        if slot is None or self._closed:
            return
        self._light.pop(worker, None)
        if slot.jobs:
            job = slot.jobs[0]
            self._reclaim(slot)
            if job:
                job.stop(asyncio.get_running_loop().time(), slot.since)
                job.fail(failures.died(returncode, job.seconds))
        self._dispatch()

    def _quick_worker(self, now: float) -> WorkerProcess | None:
        """Return a worker that can be expected to answer at once."""
        if self._crew.current.free and len(self._light) < self._eager:
            return self._crew.current.free.pop()
        for worker, slot in self._light.items():
            if len(slot.jobs) < AHEAD and now - slot.since < QUICK_SECONDS and not slot.generation.retired:
                return worker
        return None

    def _run(self, worker: WorkerProcess, job: Job, now: float) -> None:
        slot = self._crew.slots[worker]
        if slot.jobs:
            self._spread_soon()
        else:
            slot.since, slot.computed = now, None
            self._light[worker] = slot
        slot.jobs.append(job)
        job.start(worker, slot.generation.dataset.identity, now)
        if job.heavy:
            self._lower(worker, slot)

    def _resume(self, job: Job) -> None:
        """Take a query up again that has its replies from other endpoints."""
        self._waiting.add(job)
        self._dispatch()
        self._tick_soon()

    def _done(self, worker: WorkerProcess, slot: Slot) -> None:
        """Take note that a worker has answered the first of its queries."""
        job = slot.jobs.popleft()
        now = asyncio.get_running_loop().time()
        if job:
            job.stop(now, slot.since)
        if slot.heavy or slot.generation.retired:
            self._stop(worker)
            self._dispatch()
            return
        quick, slot.since, slot.computed = now - slot.since < QUICK_SECONDS, now, None
        if not slot.jobs:
            del self._light[worker]
            slot.generation.free.append(worker)
        light = self._waiting.light
        if light and quick and len(self._light) <= self._eager:
            if not slot.jobs:
                slot.generation.free.remove(worker)
            while light and len(slot.jobs) < AHEAD:
                self._run(worker, light.popleft(), now)
        elif self._waiting:
            self._dispatch()

    def _dispatch(self) -> None:
        """Let every ready worker help with the queries that wait."""
        if self._closed:
            return
        free = self._crew.current.free
        now = asyncio.get_running_loop().time()
        while free and self._waiting.light:
            self._run(free.pop(), self._waiting.light.popleft(), now)
        while free and self._waiting.heavy and self._heavy() < self.size:
            self._run(free.pop(), self._waiting.heavy.popleft(), now)
        self._crew.fill(self._crew.current)

    def _spread_soon(self) -> None:
        if not self._spreading:
            self._spreading = True
            asyncio.get_running_loop().call_later(QUICK_SECONDS, self._spread)

    def _spread(self) -> None:
        """Hand queries that have waited for a moment, for a worker or behind a slow query, to others."""
        self._spreading = False
        now = asyncio.get_running_loop().time()
        for slot in self._light.values():
            if len(slot.jobs) > 1:
                if now - slot.since >= QUICK_SECONDS:
                    self._reclaim(slot)
                else:
                    self._spread_soon()
        self._dispatch()

    def _reclaim(self, slot: Slot) -> None:
        """Let the queries that a worker got ahead of time wait for another one; its answers to them go unheard."""
        for number in range(len(slot.jobs) - 1, 0, -1):
            job = slot.jobs[number]
            slot.jobs[number] = None
            if job and not job.abandoned:
                job.worker = None
                self._waiting.add(job, first=True)

    def _heavy(self) -> int:
        return sum(slot.heavy for slot in self._crew.slots.values())

    def _tick_soon(self) -> None:
        if not self._ticking:
            self._ticking = True
            asyncio.get_running_loop().call_later(TICK_SECONDS, self._tick)

    def _tick(self) -> None:
        now = asyncio.get_running_loop().time()
        for job in self._waiting.expired(now):
            job.fail(failures.waited_too_long(job.seconds))
        for worker, slot in list(self._crew.slots.items()):
            if slot.jobs:
                self._look_after(worker, slot, slot.jobs[0], now)
        self._ticking = False
        if not self._closed and (self.computing or self.waiting):
            self._tick_soon()

    def _look_after(self, worker: WorkerProcess, slot: Slot, job: Job | None, now: float) -> None:
        if job and now >= job.deadline:
            job.fail(failures.deadline(job.seconds))
            self._stop(worker)
        elif slot.heavy or not self._has_computed_long(worker, slot, now):
            return
        elif job is None or job.abandoned:
            self._stop(worker)
        elif self._heavy() < self.size or (job.has_begun and self._heavy() < 2 * self.size):
            self._lower(worker, slot)
        elif job.has_begun:
            job.fail(failures.too_many_heavy())
            self._stop(worker)
        else:
            self._stop(worker)
            job.heavy = True
            self._waiting.add(job)
        self._dispatch()

    def _has_computed_long(self, worker: WorkerProcess, slot: Slot, now: float) -> bool:
        """Tell whether a query is heavy: by processor time, or because it waits for long (for a reader, for a SERVICE)."""
        if now - slot.since >= PATIENCE * self._settings.nice_after_seconds:
            return True
        computed = worker.computed(now)
        if slot.computed is None:
            slot.computed = max(computed - (now - slot.since), 0.0)
        return computed - slot.computed >= self._settings.nice_after_seconds

    def _lower(self, worker: WorkerProcess, slot: Slot) -> None:
        slot.heavy = True
        self._light.pop(worker, None)
        self._reclaim(slot)
        give_way(worker.pid)

    def _stop(self, worker: WorkerProcess) -> None:
        """End a worker; the queries that it got ahead of time are for others."""
        slot = self._crew.kill(worker)
        self._light.pop(worker, None)
        if slot.jobs:
            self._reclaim(slot)
            if job := slot.jobs[0]:
                job.stop(asyncio.get_running_loop().time(), slot.since)
