"""Past releases, asked from their own stores: seldom, and by our own queries only, so no workers wait for them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from pathlib import Path
from typing import Final

import pyoxigraph

from vertragsgraph.linked_data.resources import Ask
from vertragsgraph.release import Release
from vertragsgraph.settings import Settings
from vertragsgraph.web.site import Site, open_site

OPENED: Final = 4
"""Past releases that are held open."""


class History:
    """The sites of past releases; those asked last stay open."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sites: OrderedDict[str, Site] = OrderedDict()

    async def site(self, release: Release) -> Site:
        """Return the site of a release that need not be the current one."""
        found = self._sites.get(release.identity)
        if found is None:
            ask = await asyncio.to_thread(_asking_store, release.store)
            found = self._sites[release.identity] = await asyncio.to_thread(open_site, release, ask, self._settings)
        self._sites.move_to_end(release.identity)
        while len(self._sites) > OPENED:
            self._sites.popitem(last=False)
        return found


def _asking_store(folder: Path) -> Ask:
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
