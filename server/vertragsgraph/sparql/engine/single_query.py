"""One query, answered by a worker of its own that nobody else waits for."""

from __future__ import annotations

import asyncio
from typing import IO

from vertragsgraph.rdf.media_types import CSV, TURTLE, both_by_name
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.engine.dataset import Dataset
from vertragsgraph.sparql.engine.engine import answering
from vertragsgraph.sparql.engine.pool import Pool
from vertragsgraph.sparql.engine.request import PreparedRequest


def run_once(
    dataset: Dataset,
    query: str,
    out: IO[bytes],
    settings: Settings,
    *,
    result_format: str | None = None,
    seconds: float | None = None,
) -> None:
    """Write the result of one query.

    `result_format` is a short name or a media type; by default solutions are CSV and graphs Turtle. Raise `Problem` where
    there is no result, or where it is cut off after a part of it has been written.
    """
    solutions, graph = both_by_name(result_format) if result_format else (CSV, TURTLE)
    request = PreparedRequest(query, solutions=solutions, graph=graph, seconds=seconds)
    alone = settings.model_copy(update={"workers": 1, "nice_after_seconds": float("inf")})

    async def run() -> None:
        engine = Pool(dataset, alone, spare=0)
        try:
            await engine.start()
            async with answering(engine, request) as answer:
                async for data in answer:
                    out.write(data)
            out.flush()
        finally:
            await engine.close()

    asyncio.run(run())
