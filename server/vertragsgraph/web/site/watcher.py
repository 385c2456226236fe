"""Keeping to the current release: a new one is noticed, a damaged one is left for the newest that is intact."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Final

from starlette.datastructures import State

from vertragsgraph.finding import Finding
from vertragsgraph.http.problem import Problem
from vertragsgraph.release import (
    Release,
    ReleaseError,
    current_release,
    current_stamp,
    look_over,
    newest_intact,
    to_serve,
    verify,
)
from vertragsgraph.sparql.api.service import Service
from vertragsgraph.sparql.engine.archive import Archive
from vertragsgraph.sparql.engine.dataset import dataset_of
from vertragsgraph.texts import ENGLISH
from vertragsgraph.web.site.asking import asking
from vertragsgraph.web.site.site import Site, open_site

_log = logging.getLogger(__name__)

SECONDS: Final = 1.0
"""How often the link `current` is looked at."""
PREVIEW_SECONDS: Final = 0.1
"""The same for a preview, whose keeper waits for it."""


class Current:
    """Holds `state.site` to the release that `current` points to.

    `state.damage` is the list of what is wrong with the release that should be served, empty where all is well. A release that
    was chosen stays, whatever is activated; a preview is followed as soon as it changes, and not verified: it was built a
    moment ago.
    """

    def __init__(
        self,
        state: State,
        site: Site,
        service: Service,
        archive: Archive,
        *,
        is_chosen: bool = False,
        is_preview: bool = False,
    ) -> None:
        self._state = state
        self._is_chosen = is_chosen
        self._is_preview = is_preview
        self._service = service
        self._archive = archive
        self._releases = site.release.folder.parent
        stamp = current_stamp(self._releases)
        # Another release may have been activated since this one was opened; then there is something to notice.
        self._stamp = stamp if stamp and stamp[0] == site.release.id else None
        self._verified = False
        state.site = site
        state.damage = []

    async def look(self) -> None:
        """Go over to the release that was activated since the last look, if any; the first time, verify the one served."""
        if not self._verified:
            self._verified = True
            if not self._is_chosen:
                _, wrong = await asyncio.to_thread(to_serve, self._releases)
                self._tell(self._texts(wrong))
            await _prepare(self._state.site)
            await self._verify(self._state.site.release)
        stamp = current_stamp(self._releases)
        if self._is_chosen or stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            release = current_release(self._releases)
        except ReleaseError as error:
            self._tell(self._texts(error.findings))
            return
        if release:
            wrong = await asyncio.to_thread(look_over, release)
            self._tell(self._texts(wrong))
            if wrong:
                return
            is_served = await self._go_over(release)
            await self._verify(release)
            if not is_served and not self._state.damage:
                self._tell([f"release {release.id} can't be served; the log says why"])

    async def _verify(self, release: Release) -> None:
        """Read all of a release in the background; where it is damaged, serve the newest intact one."""
        findings = [] if self._is_preview else await asyncio.to_thread(verify, release)
        if not findings:
            return
        self._tell(self._texts(findings))
        if self._is_chosen:
            return
        other = await asyncio.to_thread(newest_intact, self._releases)
        if other:
            _log.error("release %s is damaged; serving %s instead", release.id, other.id)
            await self._go_over(other)

    async def _go_over(self, release: Release) -> bool:
        try:
            ask = asking(self._service, self._archive, release)
            site = await asyncio.to_thread(open_site, release, ask, self._service.settings)
            await self._service.swap(dataset_of(release))
        except Exception as error:  # a release may be damaged, or of another version, in any way
            _log.error("release %s can't be served: %r", release.id, error)
            return False
        self._state.site = site
        await _prepare(site)
        _log.warning("now serving release %s", release.id)
        return True

    def _tell(self, texts: list[str]) -> None:
        if texts != self._state.damage:
            self._state.damage = texts
            for text in texts:
                _log.error("%s", text)

    def _texts(self, findings: Iterable[Finding]) -> list[str]:
        """Return what to tell of findings; where the releases lie is nobody's business."""
        return [finding.text(ENGLISH).replace(f"{self._releases}/", "") for finding in findings]


async def _prepare(site: Site) -> None:
    """Have the lists of a release ready before anybody asks for them."""
    for name in site.kinds.listed:
        try:
            await site.index(name)
        except Problem as problem:  # then who asks for it is told
            _log.error("the list of %s can't be made: %s", name, problem.detail)
