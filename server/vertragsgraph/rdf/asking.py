"""How a dataset is asked by what doesn't know who answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from pyoxigraph import QueryResultsFormat, QuerySolution, QuerySolutions, parse_query_results


class Ask(Protocol):
    """Asks the engine of the served release: SPARQL in; `application/sparql-results+json` out, or N-Triples for CONSTRUCT."""

    async def __call__(self, query: str, /) -> bytes:
        """Return the whole result."""
        ...


def solutions(results: bytes) -> Iterator[QuerySolution]:
    """Yield the solutions of a SELECT from its results in JSON."""
    found = parse_query_results(results, format=QueryResultsFormat.JSON)
    if isinstance(found, QuerySolutions):
        yield from found
