"""What is said when a query is not answered, as problem documents."""

from __future__ import annotations

import signal
from typing import Any, Final

from vertragsgraph.http.problem import Problem
from vertragsgraph.sparql.engine.request import not_acceptable

SOON: Final = {"Retry-After": "2"}
LATER: Final = {"Retry-After": "10"}


def busy(reason: str, limit: str, headers: dict[str, str], **more: Any) -> Problem:
    """Say that more is asked than can be answered at a time."""
    return Problem(503, reason, title="Busy", headers=headers, limit=limit, **more)


def deadline(seconds: float) -> Problem:
    """Say that the query has computed for as long as it may."""
    detail = f"The query was stopped after {seconds:g} seconds. Narrow it down, or add a LIMIT to a subquery."
    return Problem(503, detail, title="Time limit", headers=LATER, limit="time", seconds=seconds)


def waited_too_long(seconds: float) -> Problem:
    """Say that the deadline passed while the query waited for a worker."""
    detail = f"The server is busy: the query waited for {seconds:g} seconds without being computed. Try again later."
    return busy(detail, "time", LATER, seconds=seconds)


def queue_full(waiting: int) -> Problem:
    """Say that there is no room in the queue."""
    return busy(f"The server is busy: {waiting} queries are waiting already. Try again in a moment.", "queue", SOON)


def too_many_heavy() -> Problem:
    """Say that a long result is broken off, because too many heavy queries are running."""
    detail = "The server is busy with other heavy queries; the result was broken off. Try again later."
    return busy(detail, "heavy", LATER)


def closing() -> Problem:
    """Say that the server is shutting down."""
    return Problem(503, "The server is shutting down.", headers=SOON)


def reported(failure: dict[str, Any]) -> Problem:
    """Pass on what the worker itself has told."""
    if failure["status"] == 406 and not failure["detail"]:
        return not_acceptable(failure["extensions"]["kind"])
    return Problem(failure["status"], failure["detail"], **failure["extensions"])


def superseded() -> Problem:
    """Say that a release is no longer the current one since the query came, so that another one would have answered."""
    return Problem(503, "Another release has just become the current one. Ask again.", headers=SOON)


def unreadable(release: str, reason: str) -> Problem:
    """Say that a past release can't be opened."""
    detail = (
        f"Release {release} can't be asked: {reason} Ask another one, or tell who runs this server: "
        "“vertragsgraph releases verify” says what is damaged."
    )
    return Problem(503, detail, limit="release")


def died(returncode: int, seconds: float) -> Problem:
    """Say why a worker has ended while computing, by its exit status.

    Rust aborts when memory is refused to it; a stack that runs over is SIGSEGV, on macOS SIGBUS too; a worker whose
    Python ran out of memory leaves with a status of its own; and SIGKILL that nobody here sent is the kernel's.
    """
    if returncode in {-signal.SIGABRT, -signal.SIGKILL, 70}:
        detail = "The query needs more memory than it may have. Join by common variables, and sort or group less."
        return Problem(503, detail, title="Memory limit", limit="memory")
    if returncode in {-signal.SIGSEGV, -signal.SIGBUS}:
        return Problem(400, "The query is too deeply nested or too long for the parser.")
    if returncode == -signal.SIGALRM:
        return deadline(seconds)
    return Problem(503, "The worker process ended unexpectedly; the query was lost. Try again.", headers=SOON)
