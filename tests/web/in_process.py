"""The application without a server: its views ask a store in this process, which counts what they ask."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpx
import pyoxigraph

from vertragsgraph.release import Release
from vertragsgraph.settings import Settings
from vertragsgraph.web.app import create_app
from vertragsgraph.web.site import open_site


class Asked:
    """Asks a store our own queries; counts them, and the processor time that they take."""

    def __init__(self, store: pyoxigraph.Store) -> None:
        self.store = store
        self.queries = 0
        self.seconds = 0.0

    async def __call__(self, query: str, /) -> bytes:
        self.queries += 1
        return await asyncio.to_thread(self._answer, query)

    def _answer(self, query: str) -> bytes:
        began = time.thread_time()
        result = self.store.query(query, use_default_graph_as_union=True)
        if isinstance(result, pyoxigraph.QueryTriples):
            answer = pyoxigraph.serialize(result, format=pyoxigraph.RdfFormat.N_TRIPLES)
        else:
            assert isinstance(result, pyoxigraph.QuerySolutions)
            answer = result.serialize(format=pyoxigraph.QueryResultsFormat.JSON)
        self.seconds += time.thread_time() - began
        return answer or b""


def asked_of(release: Release) -> Asked:
    return Asked(pyoxigraph.Store.read_only(str(release.store)))


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
