"""What is said when a query is not answered, as problem documents."""

from __future__ import annotations

import signal
from typing import Any, Final

from vertragsgraph.http.problem import Problem
from vertragsgraph.message import Message, message_of
from vertragsgraph.sparql.engine.request import not_acceptable
from vertragsgraph.texts import marked

SOON: Final = {"Retry-After": "2"}
LATER: Final = {"Retry-After": "10"}


def busy(reason: Message, limit: str, headers: dict[str, str], **more: Any) -> Problem:
    """Say that more is asked than can be answered at a time."""
    return Problem(503, reason, title=marked("Busy"), headers=headers, limit=limit, **more)


def deadline(seconds: float) -> Problem:
    """Say that the query has computed for as long as it may."""
    detail = Message(
        "The query was stopped after {seconds:g} seconds. Narrow it down, or add a LIMIT to a subquery.",
        seconds=seconds,
    )
    return Problem(503, detail, title=marked("Time limit"), headers=LATER, limit="time", seconds=seconds)


def waited_too_long(seconds: float) -> Problem:
    """Say that the deadline passed while the query waited for a worker."""
    detail = Message(
        "The server is busy: the query waited for {seconds:g} seconds without being computed. Try again later.",
        seconds=seconds,
    )
    return busy(detail, "time", LATER, seconds=seconds)


def queue_full(waiting: int) -> Problem:
    """Say that there is no room in the queue."""
    detail = Message(
        "The server is busy: {waiting} queries are waiting already. Try again in a moment.", waiting=waiting
    )
    return busy(detail, "queue", SOON)


def too_many_heavy() -> Problem:
    """Say that a long result is broken off, because too many heavy queries are running."""
    detail = Message("The server is busy with other heavy queries; the result was broken off. Try again later.")
    return busy(detail, "heavy", LATER)


def closing() -> Problem:
    """Say that the server is shutting down."""
    return Problem(503, Message("The server is shutting down."), headers=SOON)


def reported(failure: dict[str, Any]) -> Problem:
    """Pass on what the worker itself has told."""
    if failure["status"] == 406 and "kind" in failure["extensions"]:
        return not_acceptable(failure["extensions"]["kind"])
    return Problem(failure["status"], message_of(failure["detail"]), **failure["extensions"])


def superseded() -> Problem:
    """Say that a release is no longer the current one since the query came, so that another one would have answered."""
    return Problem(503, Message("Another release has just become the current one. Ask again."), headers=SOON)


def unreadable(release: str, reason: str) -> Problem:
    """Say that a past release can't be opened."""
    detail = Message(
        "Release {release} can't be asked: {reason} Ask another one, or tell who runs this server: "
        "“vertragsgraph releases verify” says what is damaged.",
        release=release,
        reason=reason,
    )
    return Problem(503, detail, limit="release")


def died(returncode: int, seconds: float) -> Problem:
    """Say why a worker has ended while computing, by its exit status.

    Rust aborts when memory is refused to it; a stack that runs over is SIGSEGV, on macOS SIGBUS too; a worker whose
    Python ran out of memory leaves with a status of its own; and SIGKILL that nobody here sent is the kernel's.
    """
    if returncode in {-signal.SIGABRT, -signal.SIGKILL, 70}:
        detail = Message(
            "The query needs more memory than it may have. Join by common variables, and sort or group less."
        )
        return Problem(503, detail, title=marked("Memory limit"), limit="memory")
    if returncode in {-signal.SIGSEGV, -signal.SIGBUS}:
        return Problem(400, Message("The query is too deeply nested or too long for the parser."))
    if returncode == -signal.SIGALRM:
        return deadline(seconds)
    return Problem(503, Message("The worker process ended unexpectedly; the query was lost. Try again."), headers=SOON)
