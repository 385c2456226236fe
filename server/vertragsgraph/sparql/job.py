"""A query on its way through the pool."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from vertragsgraph.problem import Problem
from vertragsgraph.sparql.buffer import ResultBuffer, Spool
from vertragsgraph.sparql.frames import REQUEST, json_frame
from vertragsgraph.sparql.process import WorkerProcess


@dataclass(frozen=True)
class Head:
    """What is known of a result when its first bytes are there.

    `kind` is `solutions`, `boolean` or `graph`; `format` the name of its serialisation; `identity` that of the dataset asked.
    """

    kind: str
    format: str
    identity: str


class Job:
    """A query, its deadline (on the loop's clock) and its result.

    `begun` is done when the first bytes of a result exist, or holds the `Problem`; later failures come from `result`.
    """

    def __init__(self, request: dict[str, Any], seconds: float, memory: int, spool: Spool) -> None:
        loop = asyncio.get_running_loop()
        self.seconds = seconds
        self.deadline = loop.time() + seconds
        self.begun: asyncio.Future[Head] = loop.create_future()
        self.result = ResultBuffer(memory, spool, self._resume)
        self.worker: WorkerProcess | None = None
        self.identity = ""
        self.started = 0.0
        self.heavy = False
        self.abandoned = False
        self._request = request

    @property
    def has_begun(self) -> bool:
        """Whether the first bytes of the result were there: from then on it can't be started anew."""
        return self.begun.done()

    def start(self, worker: WorkerProcess, identity: str, now: float) -> None:
        """Hand the query to a worker."""
        self.worker, self.identity, self.started = worker, identity, now
        worker.send(json_frame(REQUEST, {**self._request, "seconds": max(self.deadline - now, 0.001)}))

    def begin(self, payload: bytes) -> None:
        """Take the RESULT frame."""
        head = json.loads(payload)
        if not self.begun.done():
            self.begun.set_result(Head(head["kind"], head["format"], self.identity))

    def feed(self, data: bytes) -> None:
        """Take a DATA frame; a full spool makes the worker wait."""
        if not self.abandoned and not self.result.feed(data) and self.worker is not None:
            self.worker.pause()

    def fail(self, problem: Problem) -> None:
        """Tell whoever waits that there will be no (complete) result."""
        if self.begun.done():
            self.result.fail(problem)
        else:
            self.begun.set_exception(problem)

    def drop(self) -> None:
        """Nobody waits any more: forget what is there and take no more."""
        self.abandoned = True
        self.begun.cancel()
        self.result.close()
        self._resume()

    def _resume(self) -> None:
        if self.worker is not None:
            self.worker.resume()
