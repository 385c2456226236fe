"""What the pool has to say when a query is not answered, as problem documents."""

from __future__ import annotations

from typing import Any

from vertragsgraph.problem import Problem
from vertragsgraph.sparql.process import died_of

_SOON = {"Retry-After": "2"}
_LATER = {"Retry-After": "10"}


def deadline(seconds: float) -> Problem:
    """Say that the query has computed for as long as it may."""
    detail = f"The query was stopped after {seconds:g} seconds. Narrow it down, or add a LIMIT to a subquery."
    return Problem(503, detail, title="Time limit", headers=_LATER, limit="time", seconds=seconds)


def waited_too_long(seconds: float) -> Problem:
    """Say that the deadline passed while the query waited for a worker."""
    detail = f"The server is busy: the query waited for {seconds:g} seconds without being computed. Try again later."
    return Problem(503, detail, title="Busy", headers=_LATER, limit="time", seconds=seconds)


def queue_full(waiting: int) -> Problem:
    """Say that there is no room in the queue."""
    detail = f"The server is busy: {waiting} queries are waiting already. Try again in a moment."
    return Problem(503, detail, title="Busy", headers=_SOON, limit="queue")


def too_many_heavy() -> Problem:
    """Say that a long result is broken off, because too many heavy queries are running."""
    detail = "The server is busy with other heavy queries; the result was broken off. Try again later."
    return Problem(503, detail, title="Busy", headers=_LATER, limit="heavy")


def too_many_federated(number: int) -> Problem:
    """Say that no more queries may ask other endpoints just now."""
    detail = f"As many queries ask other endpoints as may at a time ({number}). Try again in a moment."
    return Problem(503, detail, title="Busy", headers=_SOON, limit="federation")


def disk_refuses(error: OSError) -> Problem:
    """Say that a result can't be kept for a slow reader: the disk for it is full, or can't be written to."""
    detail = (
        f"The server could not keep the result for as long as it was read: {error.strerror or error}. Try again later."
    )
    return Problem(503, detail, title="No space for the result", headers=_LATER, limit="spool")


def endpoint_not_allowed(iri: str) -> Problem:
    """Say that an endpoint may not be asked (any more)."""
    return Problem(403, f"SERVICE <{iri}> is refused here.")


def endpoint_failed(host: str, reason: str) -> Problem:
    """Say that another endpoint gave no answer that could be used."""
    return Problem(502, f"{host}, which the query asks by SERVICE, {reason}.")


def endpoint_late(host: str, seconds: float) -> Problem:
    """Say that another endpoint did not answer in time."""
    detail = (
        f"{host}, which the query asks by SERVICE, did not answer completely within {seconds:.2g} seconds. "
        "Ask it for less (VALUES and LIMIT in the braces of SERVICE), or try again later."
    )
    return Problem(504, detail, title="Time limit", headers=_LATER, limit="time", host=host)


def not_asked() -> Problem:
    """Say that something of ours has failed where other endpoints were to be asked."""
    return Problem(503, "The endpoints that the query asks by SERVICE could not be asked. Try again.", headers=_SOON)


def closing() -> Problem:
    """Say that the server is shutting down."""
    return Problem(503, "The server is shutting down.", headers=_SOON)


def reported(failure: dict[str, Any]) -> Problem:
    """Pass on what the worker itself has told."""
    return Problem(failure["status"], failure["detail"], **failure["extensions"])


def died(returncode: int, seconds: float) -> Problem:
    """Say why a worker has ended while computing, by its exit status."""
    cause = died_of(returncode)
    if cause == "memory":
        detail = "The query needs more memory than it may have. Join by common variables, and sort or group less."
        return Problem(503, detail, title="Memory limit", limit="memory")
    if cause == "stack":
        return Problem(400, "The query is too deeply nested or too long for the parser.")
    if cause == "time":
        return deadline(seconds)
    return Problem(503, "The worker process ended unexpectedly; the query was lost. Try again.", headers=_SOON)
