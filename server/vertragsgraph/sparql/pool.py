"""The pool of worker processes: who computes what, for how long, and what becomes of a worker afterwards.

Light queries are answered by ready workers, of which there are always as many as the settings say and a spare. A
worker that has computed for a moment is lowered in priority and counted as heavy; its place among the ready ones is
filled at once, and when its query is done it is ended, because priority can't be raised again. Half of the ready
workers do as long as they are quick (caches stay warm); when queries wait for a moment, the others help. No more queries are
heavy at a time than there are ready workers: a further one is stopped, as long as nothing of its result is out, and
waits its turn. So killer queries have the idle time of the machine, and light ones never wait for them.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections import deque
from typing import Any, Final

from vertragsgraph.settings import Settings
from vertragsgraph.sparql import failures
from vertragsgraph.sparql.buffer import Spool
from vertragsgraph.sparql.crew import Counts, Crew, Slot
from vertragsgraph.sparql.dataset import Dataset
from vertragsgraph.sparql.frames import DATA, END, FAILURE, OUTWARD, READY, RESULT
from vertragsgraph.sparql.job import Job
from vertragsgraph.sparql.process import WorkerProcess

TICK_SECONDS: Final = 0.05
SPREAD_SECONDS: Final = 0.005


class Pool:
    """Worker processes and the queue in front of them; used from one event loop only."""

    def __init__(self, dataset: Dataset, settings: Settings, *, spare: int = 1) -> None:
        self.size = settings.workers or max(4, 2 * (os.cpu_count() or 1))
        self._crew = Crew(self, dataset, settings, self.size + spare)
        self._settings = settings
        self._eager = max(1, self.size // 2)
        self._light = 0  # queries that are being computed and not heavy
        self._spool = Spool(settings.spool_bytes)
        self._waiting: deque[Job] = deque()
        self._waiting_heavy: deque[Job] = deque()
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
        """Number of queries that are being computed."""
        return sum(slot.job is not None for slot in self._crew.slots.values())

    @property
    def waiting(self) -> int:
        """Number of queries that wait for a worker."""
        return len(self._waiting) + len(self._waiting_heavy)

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
        jobs = [*self._waiting, *self._waiting_heavy, *(slot.job for slot in self._crew.slots.values() if slot.job)]
        for job in jobs:
            job.fail(failures.closing())
        self._waiting.clear()
        self._waiting_heavy.clear()
        await self._crew.close()

    def submit(self, request: dict[str, Any], seconds: float) -> Job:
        """Have a query answered. Raise `Problem` (503) where the queue is full."""
        if self._closed:
            raise failures.closing()
        job = Job(request, seconds, self._settings.result_memory_bytes, self._spool)
        if not self._waiting and self._crew.current.free and self._light < self._eager:
            self._run(job)
        elif self.waiting < self._settings.queue or self._crew.current.free:
            self._waiting.append(job)
            self._spread_soon()
        else:
            raise failures.queue_full(self.waiting)
        if not self._ticking:
            self._ticking = True
            asyncio.get_running_loop().call_later(TICK_SECONDS, self._tick)
        return job

    def abandon(self, job: Job) -> None:
        """Nobody waits for a query any more: stop it.

        One that has only just begun may end by itself within the moment that light queries have, so that clients who
        come and go don't cost a process each.
        """
        job.drop()
        if job.worker is None and not self.waiting:
            return
        for queue in (self._waiting, self._waiting_heavy):
            with contextlib.suppress(ValueError):
                queue.remove(job)
        worker = job.worker
        if worker is not None and self._crew.slots[worker].heavy:
            self._stop(worker)
            self._dispatch()

    def on_frame(self, worker: WorkerProcess, kind: bytes, payload: bytes) -> None:
        """Take what a worker says."""
        slot = self._crew.slots.get(worker)
        if slot is None:
            return
        job = slot.job
        if job is None:
            self._crew.hear(worker, kind, payload)
            self._dispatch()
        elif kind == DATA:
            job.feed(payload)
        elif kind == RESULT:
            job.begin(payload)
        elif kind == END:
            job.result.finish()
            self._done(worker, slot)
        elif kind == FAILURE:
            if not job.abandoned:
                job.fail(failures.reported(json.loads(payload)))
            self._done(worker, slot)
        elif kind == OUTWARD:
            self._done(worker, slot)
            self._send_out(job)
        elif kind == READY and job.abandoned:
            self._stop(worker)
        elif kind == READY:
            job.start(worker, slot.generation.dataset.identity, asyncio.get_running_loop().time())

    def on_death(self, worker: WorkerProcess, returncode: int) -> None:
        """Take note that a worker has ended by itself; its query fails, and another takes its place."""
        slot = self._crew.lost(worker, returncode)
        if slot is None or self._closed:
            return
        if slot.job is not None:
            self._light -= not slot.heavy
            slot.job.worker = None
            if not slot.job.abandoned:
                slot.job.fail(failures.died(returncode, slot.job.seconds, outward=slot.outward))
        self._dispatch()

    def _run(self, job: Job) -> None:
        generation = self._crew.current
        worker = generation.free.pop()
        slot = self._crew.slots[worker]
        slot.job = job
        job.start(worker, generation.dataset.identity, asyncio.get_running_loop().time())
        self._light += 1
        if job.heavy:
            self._lower(worker, slot)

    def _send_out(self, job: Job) -> None:
        """Have a query that asks other endpoints answered by a worker of its own: no other can reach them."""
        limit = self._settings.federated_queries
        if job.abandoned:
            return
        if self._crew.outward >= limit:
            job.fail(failures.too_many_federated(limit))
            return
        try:
            self._crew.start_outward(job)
        except OSError as error:
            job.fail(failures.no_worker(error))

    def _done(self, worker: WorkerProcess, slot: Slot) -> None:
        if slot.heavy or slot.generation.retired:
            self._stop(worker)
            self._dispatch()
            return
        if slot.job is not None:
            slot.job.worker = None
        slot.job = None
        self._light -= 1
        slot.generation.free.append(worker)
        if self._waiting and self._light < self._eager:
            self._run(self._waiting.popleft())
        elif self._waiting:
            self._spread_soon()
        elif self._waiting_heavy:
            self._dispatch()

    def _dispatch(self) -> None:
        if self._closed:
            return
        free = self._crew.current.free
        while free and self._waiting:
            self._run(self._waiting.popleft())
        while free and self._waiting_heavy and self._heavy() < self.size:
            self._run(self._waiting_heavy.popleft())
        self._crew.fill(self._crew.current)

    def _spread_soon(self) -> None:
        if not self._spreading:
            self._spreading = True
            asyncio.get_running_loop().call_later(SPREAD_SECONDS, self._spread)

    def _spread(self) -> None:
        """Let all ready workers help with queries that have waited for a moment."""
        self._spreading = False
        self._dispatch()

    def _heavy(self) -> int:
        return sum(slot.heavy and not slot.outward for slot in self._crew.slots.values())

    def _tick(self) -> None:
        now = asyncio.get_running_loop().time()
        for queue in (self._waiting, self._waiting_heavy):
            for job in [job for job in queue if job.deadline <= now]:
                queue.remove(job)
                job.fail(failures.waited_too_long(job.seconds))
        for worker, slot in list(self._crew.slots.items()):
            if slot.job is not None:
                self._look_after(worker, slot, slot.job, now)
        self._ticking = not self._closed and bool(self.computing or self.waiting)
        if self._ticking:
            asyncio.get_running_loop().call_later(TICK_SECONDS, self._tick)

    def _look_after(self, worker: WorkerProcess, slot: Slot, job: Job, now: float) -> None:
        if now >= job.deadline:
            job.fail(failures.deadline(job.seconds))
            self._stop(worker)
            self._dispatch()
        elif not slot.heavy and now - job.started >= self._settings.nice_after_seconds:
            if job.abandoned:
                self._stop(worker)
            elif self._heavy() < self.size or (job.has_begun and self._heavy() < 2 * self.size):
                self._lower(worker, slot)
            elif job.has_begun:
                job.fail(failures.too_many_heavy())
                self._stop(worker)
            else:
                self._stop(worker)
                job.heavy = True
                self._waiting_heavy.append(job)
            self._dispatch()

    def _lower(self, worker: WorkerProcess, slot: Slot) -> None:
        slot.heavy = True
        self._light -= 1
        worker.lower()

    def _stop(self, worker: WorkerProcess) -> None:
        slot = self._crew.kill(worker)
        if slot.job is not None:
            slot.job.worker = None
            self._light -= not slot.heavy
