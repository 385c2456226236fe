"""Ways to ask a release our own queries: by the engine that serves it, or in its own store."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import pyoxigraph

from vertragsgraph.linked_data.resources import Ask
from vertragsgraph.release import Release
from vertragsgraph.sparql.engine import Engine
from vertragsgraph.sparql.negotiation import GRAPHS, by_name
from vertragsgraph.sparql.protocol import PreparedRequest

_TRIPLES: Final = by_name("nt", GRAPHS)


def asking_engine(engine: Engine, release: Release) -> Ask:
    """Return a way to ask a release that an engine serves.

    Once the engine has gone over to another release, its own store is asked: what was begun is not made from two.
    """
    identity = release.identity

    async def ask(query: str, /) -> bytes:
        answer = await engine.answer(PreparedRequest(query, graph=_TRIPLES))
        try:
            if answer.identity == identity:
                return answer.whole or b"".join([chunk async for chunk in answer])
        finally:
            answer.close()
        return await (await asyncio.to_thread(asking_store, release.store))(query)

    return ask


def asking_store(folder: Path) -> Ask:
    """Return a way to ask a release's store: seldom, and by our own queries only, so no workers wait for them."""
    store = pyoxigraph.Store.read_only(str(folder))

    def answer(query: str) -> bytes:
        # Results must be used in the thread that made them, so both happen here.
        result = store.query(query, use_default_graph_as_union=True)
        if isinstance(result, pyoxigraph.QueryTriples):
            return pyoxigraph.serialize(result, format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
        if isinstance(result, pyoxigraph.QuerySolutions):
            return result.serialize(format=pyoxigraph.QueryResultsFormat.JSON) or b""
        msg = "our own queries are SELECT and CONSTRUCT queries"
        raise TypeError(msg)

    async def ask(query: str, /) -> bytes:
        return await asyncio.to_thread(answer, query)

    return ask
