"""What is computed of a release, which never changes: kept, and computed once for all who ask for it at the same time."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from contextvars import Context
from typing import Any, TypeVar

T = TypeVar("T")


class Kept:
    """Values by key; at most so many, those that were asked for last, or all where there is no `limit`."""

    def __init__(self, limit: int | None = None) -> None:
        self._limit = limit
        self._tasks: OrderedDict[Hashable, asyncio.Future[Any]] = OrderedDict()
        self._waiting = Counter[asyncio.Future[Any]]()

    async def get(
        self, key: Hashable, compute: Callable[[], Coroutine[Any, Any, T]], context: Context | None = None
    ) -> T:
        """Return the value of a key, from `compute` where it isn't known; a failure is told to all who wait, and not kept.

        It is computed in a context of its own where one is given, and stopped where nobody waits for it any more.
        """
        task = self._tasks.get(key)
        if task is None:
            task = self._tasks[key] = asyncio.create_task(compute(), context=context)
            task.add_done_callback(lambda done: self._look_at(key, done))
            if self._limit is not None and len(self._tasks) > self._limit:
                self._tasks.popitem(last=False)
        self._tasks.move_to_end(key)
        self._waiting[task] += 1
        try:
            value: T = await asyncio.shield(task)
            return value
        finally:
            self._waiting[task] -= 1
            if not self._waiting[task]:
                del self._waiting[task]
                task.cancel()  # which is nothing where it is done

    def __contains__(self, key: Hashable) -> bool:
        """Tell whether the value of a key is known, or will be."""
        return key in self._tasks

    def clear(self) -> None:
        """Keep nothing of what is known."""
        self._tasks.clear()

    def _look_at(self, key: Hashable, done: asyncio.Future[Any]) -> None:
        failed = done.cancelled() or done.exception() is not None
        if failed and self._tasks.get(key) is done:
            del self._tasks[key]
