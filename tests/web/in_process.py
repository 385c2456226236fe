"""The application without a server: its views ask a store in this process, which counts what they ask."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph

from vertragsgraph.release import Release
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.worker.dataset import Dataset
from vertragsgraph.web.server.app import create_app
from vertragsgraph.web.site.site import open_site


class Asked:
    """Asks a store our own queries as a worker would; counts them, and the processor time that they take."""

    def __init__(self, store: pyoxigraph.Store, beside: Mapping[str, Path], base: str) -> None:
        self.dataset = Dataset(store, store, {graph: str(file) for graph, file in beside.items()}, base)
        self.queries = 0
        self.seconds = 0.0

    async def __call__(self, query: str, /) -> bytes:
        self.queries += 1
        return await asyncio.to_thread(self._answer, query)

    def _answer(self, query: str) -> bytes:
        began = time.thread_time()
        store, arguments = self.dataset.chosen({"default": None}, query)
        result = store.query(query, **arguments)
        if isinstance(result, pyoxigraph.QueryTriples):
            answer = pyoxigraph.serialize(result, format=pyoxigraph.RdfFormat.N_TRIPLES)
        else:
            assert isinstance(result, pyoxigraph.QuerySolutions)
            answer = result.serialize(format=pyoxigraph.QueryResultsFormat.JSON)
        self.seconds += time.thread_time() - began
        return answer or b""


def asked_of(release: Release) -> Asked:
    return Asked(pyoxigraph.Store.read_only(str(release.store)), release.beside, release.base)


def get(
    release: Release,
    asked: Any,
    paths: Iterable[str],
    look: Callable[[str, httpx.Response], object] = lambda path, response: None,
    method: str = "GET",
    **headers: str,
) -> list[httpx.Response]:
    """Ask the application that shows a release for some paths, one after the other; `look` is called after each."""
    application = create_app(release, Settings())
    application.pages.state.site = open_site(release, asked, Settings())

    async def main() -> list[httpx.Response]:
        transport = httpx.ASGITransport(application)
        answers = []
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
            for path in paths:
                answers.append(await client.request(method, path))
                look(path, answers[-1])
        return answers

    return asyncio.run(main())
