"""A query on its way through the pool."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from vertragsgraph.problem import Problem
from vertragsgraph.sparql.buffer import ResultBuffer, Spool
from vertragsgraph.sparql.frames import REQUEST, Reply, encoded, frame
from vertragsgraph.sparql.process import WorkerProcess
from vertragsgraph.sparql.protocol import PreparedRequest


@dataclass(frozen=True)
class Head:
    """What is known of a result when its first bytes are there.

    `kind` is `solutions`, `boolean` or `graph`; `format` the name of its serialisation.
    """

    kind: str
    format: str


class Job:
    """A query, its deadline (on the loop's clock) and its result.

    `begun` is called once, when `head` says what the first bytes of a result are, or `problem` why there is none; later
    failures come from `result`. `whole` is a short result, which needs no buffer. `identity` is that of the dataset asked.
    `started` is when it was handed to its worker, `computed` for how many seconds workers have had it before.
    `replies` are what other endpoints have answered to what it asks them by SERVICE, None as long as nobody has been asked.
    """

    __slots__ = (
        "_begun",
        "_memory",
        "_request",
        "_result",
        "_spool",
        "abandoned",
        "computed",
        "deadline",
        "head",
        "heavy",
        "identity",
        "problem",
        "replies",
        "seconds",
        "started",
        "waiting",
        "whole",
        "worker",
    )

    def __init__(
        self,
        request: PreparedRequest,
        begun: Callable[[], object],
        deadline: float,
        seconds: float,
        memory: int,
        spool: Spool,
    ) -> None:
        self.seconds = seconds
        self.deadline = deadline
        self.head: Head | None = None
        self.problem: Problem | None = None
        self.whole: bytes | None = None
        self.worker: WorkerProcess | None = None
        self.replies: tuple[Reply | None, ...] | None = None
        self.identity = ""
        self.started = self.computed = 0.0
        self.heavy = self.waiting = self.abandoned = False
        self._request = request
        self._begun = begun
        self._result: ResultBuffer | None = None
        self._memory = memory
        self._spool = spool

    @property
    def has_begun(self) -> bool:
        """Whether the first bytes of the result were there: from then on it can't be started anew."""
        return self.head is not None or self.problem is not None

    @property
    def result(self) -> ResultBuffer:
        """The result that comes piece by piece."""
        if self._result is None:
            self._result = ResultBuffer(self._memory, self._spool, self._resume)
        return self._result

    def start(self, worker: WorkerProcess, identity: str, now: float) -> None:
        """Hand the query to a worker."""
        self.worker, self.identity, self.waiting, self.started = worker, identity, False, now
        request = self._request
        options = _options(request, max(1, math.ceil(self.deadline - now)), self.replies)
        bodies = [reply.body for reply in self.replies or () if reply]
        worker.send(frame(REQUEST, b"".join([options, request.query.encode("utf-8", "surrogatepass"), *bodies])))

    def stop(self, now: float, since: float = 0.0) -> None:
        """Take note that the worker has no more to do with it; it has computed it since `since`, if not from the start."""
        if self.worker is not None:
            self.computed += now - max(self.started, since)
            self.worker = None

    def take_whole(self, payload: bytes) -> None:
        """Take the WHOLE frame."""
        head, _, self.whole = payload.partition(b"\n")
        self.begin(head)

    def begin(self, payload: bytes) -> None:
        """Take the RESULT frame."""
        if not self.abandoned and not self.has_begun:
            self.head = _head(payload)
            self._begun()

    def feed(self, data: bytes) -> None:
        """Take a DATA frame; a full spool makes the worker wait."""
        if not self.abandoned and not self.result.feed(data) and self.worker is not None:
            self.worker.pause()

    def fail(self, problem: Problem) -> None:
        """Tell whoever waits that there will be no (complete) result."""
        if self.abandoned:
            return
        if self.has_begun:
            self.result.fail(problem)
        else:
            self.problem = problem
            self._begun()

    def drop(self) -> None:
        """Nobody waits any more: forget what is there and take no more."""
        self.abandoned = True
        if self._result is not None:
            self._result.close()
            self._resume()

    def _resume(self) -> None:
        if self.worker is not None:
            self.worker.resume()


def _options(request: PreparedRequest, seconds: int, replies: tuple[Reply | None, ...] | None) -> bytes:
    solutions, graph = request.solutions and request.solutions.name, request.graph and request.graph.name
    if request.default_graphs is None and replies is None:
        return _usual_options(solutions, graph, seconds)
    options = {"default": request.default_graphs, "named": request.named_graphs}
    lengths = replies and [reply and (reply.media_type, len(reply.body)) for reply in replies]
    return encoded({"solutions": solutions, "graph": graph, "seconds": seconds, **options, "replies": lengths}) + b"\n"


# Few combinations are there without graphs, so they are not spelt out, nor heads read, again and again.
@lru_cache(maxsize=64)
def _usual_options(solutions: str | None, graph: str | None, seconds: int) -> bytes:
    options = {"solutions": solutions, "graph": graph, "seconds": seconds, "default": None, "named": None}
    return encoded({**options, "replies": None}) + b"\n"


@lru_cache(maxsize=64)
def _head(payload: bytes) -> Head:
    return Head(**json.loads(payload))
