"""The pool of worker processes: who computes what, for how long, and what becomes of a worker afterwards.

Light queries are answered by ready workers, of which there are always as many as the settings say and a spare. Half of them
get queries ahead of time as long as they are quick, so that neither they nor the web process wait for the other. A query
that waits behind a slow one, or for a worker, is handed to another one after a moment. A worker that has computed for a
longer moment is lowered in priority and counted as heavy; its place among the ready ones is filled at once, and when its
query is done it is ended, because priority can't be raised again. No more queries are heavy at a time than there are ready
workers: a further one is stopped, as long as nothing of its result is out, and waits its turn. So killer queries have the
idle time of the machine, and light ones never wait for them.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from typing import Final

from vertragsgraph.settings import Settings
from vertragsgraph.sparql.engine import problems
from vertragsgraph.sparql.engine.dataset import Dataset
from vertragsgraph.sparql.engine.federation import Broker
from vertragsgraph.sparql.engine.job import Job, Waiting
from vertragsgraph.sparql.engine.request import PreparedRequest
from vertragsgraph.sparql.engine.result_buffer import Spool
from vertragsgraph.sparql.engine.scheduling import give_way
from vertragsgraph.sparql.engine.workers import Crew, Worker
from vertragsgraph.sparql.query.service_clauses import Question
from vertragsgraph.sparql.worker.frames import ASK, DATA, END, FAILURE, RESULT, WHOLE

TICK_SECONDS: Final = 0.05
QUICK_SECONDS: Final = 0.005
AHEAD: Final = 8
"""Queries that a quick worker has at a time, the one it computes included."""


class Pool:
    """The engine inside: Oxigraph in worker processes, and the queue in front of them; used from one event loop only.

    New queries are answered from `dataset`; `crew` are the workers; `spool`, maybe another pool's, holds what slow readers leave.
    """

    def __init__(self, dataset: Dataset, settings: Settings, *, spare: int = 1, spool: Spool | None = None) -> None:
        self.size = settings.workers or max(4, 2 * (os.cpu_count() or 1))
        self.dataset = dataset
        self.crew = Crew(self, dataset, settings, self.size + spare)
        self._settings = settings
        self._eager = max(1, self.size // 2)
        self._light: dict[Worker, None] = {}  # those that compute and aren't heavy, in the order in which they began
        self.spool = spool or Spool(settings.spool_bytes)
        self._waiting = Waiting()
        self._broker = Broker(settings, self._resume)
        self._ticking = False
        self._spreading = False
        self._closed = False

    @property
    def waiting(self) -> int:
        """Number of queries that wait for a worker."""
        return len(self._waiting)

    @property
    def asking(self) -> int:
        """Number of queries for which other endpoints are being asked."""
        return len(self._broker)

    @property
    def busy(self) -> bool:
        """Whether any query is computed, or waits."""
        return bool(self.crew.computing or self.waiting or self.asking)

    async def start(self) -> None:
        """Start the workers; return when the first is ready. Raise `Problem` where the store can't be opened."""
        await self.crew.start()

    async def open(self, spend: Callable[[float], object]) -> None:
        """Do nothing: workers hold the dataset from the start."""

    async def swap(self, dataset: Dataset) -> None:
        """Answer new queries from another dataset; running ones finish on the old one.

        Raise `Problem` where it can't be opened: then everything stays as it was.
        """
        await self.crew.exchange(dataset)
        self.dataset = dataset
        self._dispatch()

    async def close(self) -> None:
        """End all workers; whoever still waits gets a 503."""
        self._closed = True
        computed = [job for worker in self.crew.workers for job in worker.jobs if job]
        for job in (*self._waiting.expired(), *computed):
            job.fail(problems.closing())
        self._broker.close()
        await self.crew.close()

    def ask(self, request: PreparedRequest, begun: Callable[[], object]) -> Job:
        """Have a query answered; `begun` is called once, when the first bytes exist or it is known that there are none.

        Raise `Problem` (503) where the queue is full.
        """
        if self._closed:
            raise problems.closing()
        settings, now = self._settings, asyncio.get_running_loop().time()
        seconds = min(request.seconds or settings.query_seconds, settings.query_seconds)
        job = Job(request, begun, self._abandon, now + seconds, seconds, settings.result_memory_bytes, self.spool)
        if not self._ticking:
            self._tick_soon()
        worker = None if self._waiting.light else self._quick_worker(now)
        if worker is not None:
            self._run(worker, job, now)
        elif self.waiting < settings.queue or self.crew.current.free:
            self._waiting.add(job)
            self._spread_soon()
        else:
            raise problems.queue_full(self.waiting)
        return job

    def on_frame(self, worker: Worker, kind: bytes, payload: bytes) -> None:
        """Take what a worker says."""
        if worker not in self.crew.workers:
            return
        if not worker.jobs:
            self.crew.hear(worker, kind, payload)
            self._dispatch()
            return
        job = worker.jobs[0]
        if kind in {WHOLE, END, FAILURE, ASK}:
            self._done(worker)
        if job is None or job.abandoned:
            return
        if kind == WHOLE:
            job.take_whole(payload)
        elif kind == RESULT:
            job.begin(payload)
        elif kind == DATA:
            job.feed(payload)
        elif kind == END:
            job.finish()
        elif kind == FAILURE:
            job.fail(problems.reported(json.loads(payload)))
        elif kind == ASK and not self._closed:
            self._broker.ask(job, [Question(*question) for question in json.loads(payload)], self.dataset)

    def on_death(self, worker: Worker, returncode: int) -> None:
        """Take note that a worker has ended by itself; its query fails, and another takes its place."""
        if not self.crew.lost(worker, returncode) or self._closed:
            return
        if job := self._forget(worker):
            job.fail(problems.died(returncode, job.seconds))
        self._dispatch()

    def _abandon(self, job: Job) -> None:
        """Nobody waits for a query any more: stop it.

        One that has only just begun may end by itself within the moment that light queries have, so that clients who
        come and go don't cost a process each.
        """
        job.drop()
        if job.waiting:
            self._waiting.remove(job)
        self._broker.abandon(job)
        if self._closed:  # all workers end
            return
        for worker in [one for one in self.crew.workers if one.is_heavy and one.jobs and one.jobs[0] is job]:
            self._stop(worker)
            self._dispatch()

    def _resume(self, job: Job) -> None:
        """Take a query up again that has its replies from other endpoints."""
        self._waiting.add(job)
        self._dispatch()
        self._tick_soon()

    def _quick_worker(self, now: float) -> Worker | None:
        """Return a worker that can be expected to answer at once."""
        if self.crew.current.free and len(self._light) < self._eager:
            return self.crew.current.free.pop()
        for worker in self._light:
            if len(worker.jobs) < AHEAD and now - worker.since < QUICK_SECONDS and not worker.generation.retired:
                return worker
        return None

    def _run(self, worker: Worker, job: Job, now: float) -> None:
        if worker.jobs:
            self._spread_soon()
        self._light[worker] = None
        worker.take(job, now)
        if job.heavy:
            self._lower(worker)

    def _done(self, worker: Worker) -> None:
        """Take note that a worker has answered the first of its queries."""
        now = asyncio.get_running_loop().time()
        quick = now - worker.since < QUICK_SECONDS
        worker.finish_job(now)
        if worker.is_heavy or worker.generation.retired:
            self._reclaim(worker, 0)
            self._stop(worker)
            self._dispatch()
            return
        free, light = worker.generation.free, self._waiting.light
        if not worker.jobs:
            del self._light[worker]
            free.append(worker)
        if light and quick and len(self._light) <= self._eager:
            if not worker.jobs:
                free.remove(worker)
            while light and len(worker.jobs) < AHEAD:
                self._run(worker, light.popleft(), now)
        elif light or self._waiting.heavy:
            self._dispatch()

    def _dispatch(self) -> None:
        """Let every ready worker help with the queries that wait."""
        if self._closed:
            return
        free, waiting = self.crew.current.free, self._waiting
        now = asyncio.get_running_loop().time()
        while free and waiting.light:
            self._run(free.pop(), waiting.light.popleft(), now)
        while free and waiting.heavy and self.crew.heavy < self.size:
            self._run(free.pop(), waiting.heavy.popleft(), now)
        self.crew.fill(self.crew.current)

    def _spread_soon(self) -> None:
        if not self._spreading:
            self._spreading = True
            asyncio.get_running_loop().call_later(QUICK_SECONDS, self._spread)

    def _spread(self) -> None:
        """Hand queries that have waited for a moment, for a worker or behind a slow query, to others."""
        self._spreading = False
        now = asyncio.get_running_loop().time()
        for worker in self._light:
            if len(worker.jobs) > 1:
                if now - worker.since >= QUICK_SECONDS:
                    self._reclaim(worker)
                else:
                    self._spread_soon()
        self._dispatch()

    def _tick_soon(self) -> None:
        if not self._ticking:
            self._ticking = True
            asyncio.get_running_loop().call_later(TICK_SECONDS, self._tick)

    def _tick(self) -> None:
        now = asyncio.get_running_loop().time()
        for job in self._waiting.expired(now):
            job.fail(problems.waited_too_long(job.seconds))
        for worker in list(self.crew.workers):
            if worker.jobs and worker in self.crew.workers:
                self._look_after(worker, worker.jobs[0], now)
        self._ticking = False
        if not self._closed and (self.crew.computing or self.waiting):
            self._tick_soon()

    def _look_after(self, worker: Worker, job: Job | None, now: float) -> None:
        """End a query whose time is up; let one that has computed for long give way, or stop it."""
        if job and now >= job.deadline:
            self._stop(worker)  # before it is told, as whoever is told may abandon it
            job.fail(problems.deadline(job.seconds))
        elif worker.is_heavy or not worker.has_computed_for(self._settings.nice_after_seconds, now):
            return
        elif job is None or job.abandoned:
            self._stop(worker)
        elif self.crew.heavy < self.size or (job.has_begun and self.crew.heavy < 2 * self.size):
            self._lower(worker)
        elif job.has_begun:
            self._stop(worker)
            job.fail(problems.too_many_heavy())
        else:
            self._stop(worker)
            job.heavy = True
            self._waiting.add(job)
        self._dispatch()

    def _lower(self, worker: Worker) -> None:
        self._light.pop(worker, None)
        self._reclaim(worker)
        worker.is_heavy = True
        give_way(worker.pid)

    def _stop(self, worker: Worker) -> None:
        """End a worker."""
        self.crew.kill(worker)
        self._forget(worker)

    def _forget(self, worker: Worker) -> Job | None:
        """Take note that a worker is gone: what it got ahead of time is for others. Return the query that it computed."""
        self._light.pop(worker, None)
        self._reclaim(worker)
        return worker.stop_job(asyncio.get_running_loop().time())

    def _reclaim(self, worker: Worker, first: int = 1) -> None:
        """Let the queries that a worker got ahead of time wait for another one."""
        for job in worker.give_back(first):
            self._waiting.add(job, first=True)
