"""A query on its way through the pool, from the request to the last byte of its result; and the queue of those that wait."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import lru_cache

from vertragsgraph.http.problem import Problem
from vertragsgraph.rdf.media_types import Format
from vertragsgraph.sparql.engine.dataset import Dataset
from vertragsgraph.sparql.engine.request import PreparedRequest
from vertragsgraph.sparql.engine.result_buffer import ResultBuffer, Spool
from vertragsgraph.sparql.engine.worker_process import WorkerProcess
from vertragsgraph.sparql.query.service_clauses import Reply
from vertragsgraph.sparql.worker.frames import REQUEST, encoded


@dataclass(slots=True, eq=False)
class Job:
    """A query and its result: what the pool calls an `Answer`.

    `begun` is called once, when `format` says how the first bytes are to be read, or `problem` why there are none;
    `abandon` is what the pool does where nobody waits any more. `deadline` is on the loop's clock, `seconds` before it the
    query came. A short result comes as a `whole` and needs no buffer, as one does that is complete before it is read.
    `dataset` is the one asked, `started` when the query was handed to its worker, `computed` for how many
    seconds workers have had it before. `replies` are what other endpoints have answered to what it asks them by SERVICE,
    None as long as nobody has been asked.
    """

    request: PreparedRequest
    begun: Callable[[], object]
    abandon: Callable[[Job], object]
    deadline: float
    seconds: float
    memory: int
    spool: Spool
    format: Format = field(init=False)
    dataset: Dataset = field(init=False)
    problem: Problem | None = None
    whole: bytes | None = None
    worker: WorkerProcess | None = None
    replies: tuple[Reply | None, ...] | None = None
    started: float = 0.0
    computed: float = 0.0
    has_begun: bool = False  # from then on it can't be started anew
    heavy: bool = False
    waiting: bool = False
    abandoned: bool = False
    _result: ResultBuffer | None = None

    # What the pool calls.

    def start(self, worker: WorkerProcess, dataset: Dataset, now: float) -> None:
        """Hand the query to a worker."""
        self.worker, self.dataset, self.waiting, self.started = worker, dataset, False, now
        options = _options(self.request, max(1, math.ceil(self.deadline - now)), self.replies)
        payload = options + self.request.query.encode("utf-8", "surrogatepass")
        if self.replies:
            payload += b"".join(reply.body for reply in self.replies if reply)
        worker.send(REQUEST, payload)

    def stop(self, now: float, since: float) -> None:
        """Take note that its worker has no more to do with it, and has not had before `since`."""
        if self.worker is not None:
            self.computed += now - max(self.started, since)
            self.worker = None

    def begin(self, kind: bytes) -> None:
        """Take the RESULT frame."""
        if self.has_begun:
            return
        chosen = self.request.graph if kind == b"graph" else self.request.solutions
        if chosen is None:
            msg = f"a worker answered with {kind!r}, which was not asked for"
            raise RuntimeError(msg)
        self.format, self.has_begun = chosen, True
        self.begun()

    def take_whole(self, payload: bytes) -> None:
        """Take the WHOLE frame."""
        kind, _, self.whole = payload.partition(b"\n")
        self.begin(kind)

    def feed(self, data: bytes) -> None:
        """Take a DATA frame; a full spool makes the worker wait."""
        if not self._buffer().feed(data) and self.worker is not None:
            self.worker.pause()

    def finish(self) -> None:
        """Take the END frame."""
        self.whole = self._buffer().finish()

    def fail(self, problem: Problem) -> None:
        """Tell whoever waits that there will be no (complete) result."""
        if self.abandoned:
            return
        if self.has_begun:
            self._buffer().fail(problem)
        else:
            self.problem, self.has_begun = problem, True
            self.begun()

    def drop(self) -> None:
        """Nobody waits any more: forget what is there and take no more."""
        self.abandoned = True
        if self._result is not None:
            self._result.close()
            self._resume()

    # What whoever asked calls.

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Iterate over the bytes; raise `Problem` where the result is cut off."""
        if self.whole is not None:
            yield self.whole
            return
        while data := await self._buffer().read():
            yield data

    def close(self) -> float:
        """Stop computing and free what is held; return for how many seconds workers have computed it, by the clock."""
        if self.whole is None or self._result is not None:
            self.abandon(self)
        return self.computed + (asyncio.get_running_loop().time() - self.started if self.worker is not None else 0.0)

    def _buffer(self) -> ResultBuffer:
        if self._result is None:
            self._result = ResultBuffer(self.memory, self.spool, self._resume)
        return self._result

    def _resume(self) -> None:
        if self.worker is not None:
            self.worker.resume()


class Waiting:
    """The queue in front of the workers: light queries in the order in which they came, heavy ones until there is room.

    A job knows whether it is in it.
    """

    def __init__(self) -> None:
        self.light: deque[Job] = deque()
        self.heavy: deque[Job] = deque()

    def __len__(self) -> int:
        return len(self.light) + len(self.heavy)

    def add(self, job: Job, *, first: bool = False) -> None:
        """Let a query wait: behind the others of its kind, or before them where it has waited already."""
        job.waiting = True
        queue = self.heavy if job.heavy else self.light
        (queue.appendleft if first else queue.append)(job)

    def remove(self, job: Job) -> None:
        """Let a query wait no more."""
        job.waiting = False
        (self.heavy if job.heavy else self.light).remove(job)

    def expired(self, now: float = math.inf) -> list[Job]:
        """Remove the queries whose deadline has passed by then; return them."""
        found = [job for job in (*self.light, *self.heavy) if job.deadline <= now]
        for job in found:
            self.remove(job)
        return found


def _options(request: PreparedRequest, seconds: int, replies: tuple[Reply | None, ...] | None) -> bytes:
    solutions, graph = request.solutions and request.solutions.name, request.graph and request.graph.name
    if request.default_graphs is None and replies is None:
        return _usual_options(solutions, graph, seconds)
    options = {"default": request.default_graphs, "named": request.named_graphs}
    lengths = replies and [reply and (reply.media_type, len(reply.body)) for reply in replies]
    return encoded({"solutions": solutions, "graph": graph, "seconds": seconds, **options, "replies": lengths}) + b"\n"


@lru_cache(maxsize=64)  # few combinations are there without graphs, so they are not spelt out again and again
def _usual_options(solutions: str | None, graph: str | None, seconds: int) -> bytes:
    options = {"solutions": solutions, "graph": graph, "seconds": seconds, "default": None, "named": None}
    return encoded({**options, "replies": None}) + b"\n"
