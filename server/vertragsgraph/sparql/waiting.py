"""Queries that wait for a worker: light ones in the order in which they came, heavy ones until there is room for them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from vertragsgraph.sparql.job import Job


class Waiting:
    """The queue in front of the workers; a job knows whether it is in it."""

    def __init__(self) -> None:
        self.light: deque[Job] = deque()
        self.heavy: deque[Job] = deque()

    def __len__(self) -> int:
        return len(self.light) + len(self.heavy)

    def __iter__(self) -> Iterator[Job]:
        return iter((*self.light, *self.heavy))

    def add(self, job: Job, *, first: bool = False) -> None:
        """Let a query wait: behind the others of its kind, or before them where it has waited already."""
        job.waiting = True
        queue = self.heavy if job.heavy else self.light
        if first:
            queue.appendleft(job)
        else:
            queue.append(job)

    def remove(self, job: Job) -> None:
        """Let a query wait no more."""
        job.waiting = False
        (self.heavy if job.heavy else self.light).remove(job)

    def expired(self, now: float) -> list[Job]:
        """Remove the queries whose deadline has passed; return them."""
        found = [job for job in self if job.deadline <= now]
        for job in found:
            self.remove(job)
        return found
