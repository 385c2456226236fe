"""Federated queries: which other endpoints a query may ask by SERVICE, and who asks them (SPARQL 1.1 Federated Query).

Workers can reach nobody. What a query wants to know from others the web process asks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from vertragsgraph.http.clients import networks
from vertragsgraph.http.problem import Problem
from vertragsgraph.message import Message
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.engine import problems
from vertragsgraph.sparql.engine.dataset import Dataset
from vertragsgraph.sparql.engine.endpoint_client import EndpointClient, EndpointError
from vertragsgraph.sparql.engine.job import Job
from vertragsgraph.sparql.query.service_clauses import Question, Reply
from vertragsgraph.texts import marked

SHARE: Final = 0.9
"""Part of a query's time that other endpoints may take; the rest is for what is made of their answers."""

_log: Final = logging.getLogger(__name__)


def allowed(dataset: Dataset, settings: Settings) -> tuple[str, ...]:
    """Return the IRIs of the endpoints that may be asked, sorted: those of the register and those of the installation."""
    if not settings.federated_queries:
        return ()
    return tuple(sorted({*dataset.federation, *settings.service_allowed}))


class Broker:
    """Asks other endpoints on behalf of queries: those allowed, and for no more queries at a time than the settings say.

    `replied` is called with each query that has its replies; one that has none fails.
    """

    def __init__(self, settings: Settings, replied: Callable[[Job], object]) -> None:
        self._settings = settings
        self._replied = replied
        self._client = EndpointClient(networks(settings.service_networks), max(1, settings.federated_queries))
        self._tasks: dict[Job, asyncio.Task[tuple[Reply | None, ...]]] = {}

    def __len__(self) -> int:
        """Return the number of queries for which endpoints are being asked."""
        return len(self._tasks)

    def ask(self, job: Job, questions: Sequence[Question], dataset: Dataset) -> None:
        """Ask what a query wants to know from others."""
        limit = self._settings.federated_queries
        if len(self._tasks) >= limit:
            detail = Message(
                "As many queries ask other endpoints as may at a time ({limit}). Try again in a moment.", limit=limit
            )
            job.fail(problems.busy(detail, "federation", problems.SOON))
            return
        task = self._tasks[job] = asyncio.get_running_loop().create_task(self._ask(job, questions, dataset))
        task.add_done_callback(partial(self._done, job))

    def abandon(self, job: Job) -> None:
        """Nobody waits for a query any more: ask nothing more for it."""
        if job in self._tasks:
            self._tasks[job].cancel()

    def close(self) -> None:
        """Ask nobody any more; whoever still waits gets a 503."""
        for job, task in self._tasks.items():
            job.fail(problems.closing())
            job.abandoned = True
            task.cancel()
        self._client.close()

    def _done(self, job: Job, task: asyncio.Task[tuple[Reply | None, ...]]) -> None:
        del self._tasks[job]
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            job.replies = task.result()
            if not job.abandoned:
                self._replied(job)
        elif isinstance(error, Problem):
            job.fail(error)
        else:
            _log.error("other endpoints could not be asked", exc_info=error)
            detail = Message("The endpoints that the query asks by SERVICE could not be asked. Try again.")
            job.fail(Problem(503, detail, headers=problems.SOON))

    async def _ask(self, job: Job, questions: Sequence[Question], dataset: Dataset) -> tuple[Reply | None, ...]:
        """Return the replies, asked for one after the other and each once; None for one that failed and is SILENT."""
        replies: dict[Question, Reply | None] = {}
        left = self._settings.service_bytes
        for question in dict.fromkeys(questions):
            if question.iri not in allowed(dataset, self._settings):
                raise Problem(403, Message("SERVICE <{iri}> is refused here.", iri=question.iri))
            reply = replies[question] = await self._reply(job, question, dataset.agent, left)
            left -= len(reply.body) if reply else 0
        return tuple(replies[question] for question in questions)

    async def _reply(self, job: Job, question: Question, agent: str, size: int) -> Reply | None:
        host = urlsplit(question.iri).netloc
        begun = asyncio.get_running_loop().time()
        until = job.deadline - (1 - SHARE) * job.seconds
        try:
            async with asyncio.timeout_at(until):
                return await self._client.select(question.iri, question.query, agent, size)
        except TimeoutError:
            detail = Message(
                "{host}, which the query asks by SERVICE, did not answer completely within {seconds:.2g} seconds. "
                "Ask it for less (VALUES and LIMIT in the braces of SERVICE), or try again later.",
                host=host,
                seconds=max(0.0, until - begun),
            )
            late: dict[str, str] = {"limit": "time", "host": host}
            problem = Problem(504, detail, title=marked("Time limit"), headers=problems.LATER, **late)
        except EndpointError as error:
            detail = Message("{host}, which the query asks by SERVICE, {failed}.", host=host, failed=error.message)
            problem = Problem(502, detail)
        if question.silent:
            return None
        raise problem
