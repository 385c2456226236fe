"""Ways to ask a release our own queries: by the engine that serves it, or in its own store."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Final

import pyoxigraph

from vertragsgraph.linked_data.resources import Ask
from vertragsgraph.release import Release
from vertragsgraph.sparql.engine import answering
from vertragsgraph.sparql.negotiation import GRAPHS, by_name
from vertragsgraph.sparql.protocol import PreparedRequest
from vertragsgraph.sparql.service import Service
from vertragsgraph.web.visits import Spend, on_account

_TRIPLES: Final = by_name("nt", GRAPHS)


def asking_engine(service: Service, release: Release) -> Ask:
    """Return a way to ask a release that the engine serves.

    Once the engine has gone over to another release, its own store is asked: what was begun is not made from two.
    """
    identity = release.identity

    async def compute(query: str, spend: Spend) -> bytes:
        async with answering(service.engine, PreparedRequest(query, graph=_TRIPLES), spend) as answer:
            if answer.identity == identity:
                return answer.whole or b"".join([chunk async for chunk in answer])
        store = await asyncio.to_thread(_opened, release.store)
        return await asyncio.to_thread(_answer, store, query)

    return on_account(service, compute)


async def asking_store(service: Service, release: Release, turns: asyncio.Semaphore) -> Ask:
    """Return a way to ask the store of a release: seldom, and by our own queries only, so no workers wait for them.

    `turns` says how many queries may be computed at a time.
    """
    store = await asyncio.to_thread(_opened, release.store)

    async def compute(query: str, spend: Spend) -> bytes:
        async with turns:
            began = time.monotonic()
            try:
                return await asyncio.to_thread(_answer, store, query)
            finally:
                spend(time.monotonic() - began)

    return on_account(service, compute)


def _opened(folder: Path) -> pyoxigraph.Store:
    return pyoxigraph.Store.read_only(str(folder))


def _answer(store: pyoxigraph.Store, query: str) -> bytes:
    # Results must be used in the thread that made them, so both happen here.
    result = store.query(query, use_default_graph_as_union=True)
    if isinstance(result, pyoxigraph.QueryTriples):
        return pyoxigraph.serialize(result, format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
    if isinstance(result, pyoxigraph.QuerySolutions):
        return result.serialize(format=pyoxigraph.QueryResultsFormat.JSON) or b""
    msg = "our own queries are SELECT and CONSTRUCT queries"
    raise TypeError(msg)
