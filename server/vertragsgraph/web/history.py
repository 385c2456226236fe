"""Past releases, asked from their own stores."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Final

from vertragsgraph.release import Release
from vertragsgraph.settings import Settings
from vertragsgraph.web.asking import asking_store
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
            ask = await asyncio.to_thread(asking_store, release.store)
            found = self._sites[release.identity] = await asyncio.to_thread(open_site, release, ask, self._settings)
        self._sites.move_to_end(release.identity)
        while len(self._sites) > OPENED:
            self._sites.popitem(last=False)
        return found
