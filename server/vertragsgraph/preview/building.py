"""Building a preview: as a release is built, but without what is only for others, and into a folder of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from vertragsgraph.finding import Finding, FindingsError, Severity
from vertragsgraph.gate import Report
from vertragsgraph.graph import Graphs, collect
from vertragsgraph.preview import state
from vertragsgraph.preview.state import MOST, State
from vertragsgraph.register import Register, load_register
from vertragsgraph.release import (
    GateRefused,
    all_releases,
    inspect,
    manifest,
    open_release,
    released,
    releases_folder,
)
from vertragsgraph.release.activate import pointing
from vertragsgraph.release.build import DIGITS, refused
from vertragsgraph.release.digest import digest, fingerprint
from vertragsgraph.release.writing import Contents, UnwritableError, write
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.api.trial import check_examples
from vertragsgraph.texts import telling

WORK: Final = ".work"
_TOLD: Final = (Severity.VIOLATION, Severity.WARNING)


class Preview:
    """The preview of the register whose sources lie in a folder; it lies in another one, which nobody else writes to.

    The sources are held against the releases of the register, as `check` does it; nothing is written there.
    """

    def __init__(self, sources: Path, folder: Path, settings: Settings, *, watched: bool = False) -> None:
        self._sources = sources
        self._folder = folder
        self._settings = settings
        self.state = State(watched=watched)

    def refresh(self, progress: Callable[[str], None] | None = None) -> State:
        """Show the sources as they are, where nothing is wrong with them; return what is known then.

        Raises `OSError` where the disk refuses.
        """
        read_at = manifest.now()
        try:
            register = load_register(self._sources)
            report = self._show(register, progress)
        except FindingsError as error:
            return self.tell(error.findings)
        return self.tell(report.findings, read_at)

    def tell(self, findings: Sequence[Finding], at: datetime | None = None) -> State:
        """Take note of what is to be said of the sources, and as of when they are shown now, if they are."""
        weighty = [each for severity in _TOLD for each in findings if each.severity is severity]
        self.state = replace(
            self.state, at=at or self.state.at, findings=tuple(weighty[:MOST]), more=len(weighty[MOST:])
        )
        state.write(self._folder, self.state)
        return self.state

    def _show(self, register: Register, progress: Callable[[str], None] | None) -> Report:
        shutil.rmtree(self._folder / WORK, ignore_errors=True)
        self._forget()
        work = self._folder / WORK
        try:
            graphs = collect(register, work / "graphs", progress=progress)
            report = inspect(
                register,
                graphs,
                released=released(register, releases_folder(register, self._settings)),
                examine=lambda graphs: check_examples(register, graphs, self._settings),
                fast=True,
                progress=progress,
            )
            if not report.conforms:
                raise GateRefused(report)
            self._activate(register, graphs, report, work, telling(progress))
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return report

    def _activate(
        self, register: Register, graphs: Graphs, report: Report, work: Path, say: Callable[..., None]
    ) -> None:
        value = digest(graphs.digest, fingerprint())
        name = f"{manifest.now().date().isoformat()}.{value[:DIGITS]}"
        if not (self._folder / name).is_dir():
            contents = Contents(value, register, graphs, report.turtle, report.coverage, manifest.now())
            try:
                write(contents, work / name, say, whole=False)
            except UnwritableError as error:
                raise refused(register, error.refusals) from error
            (work / name).rename(self._folder / name)
        pointing(self._folder, open_release(self._folder / name), work)()

    def _forget(self) -> None:
        """Remove what isn't shown any more; what was until a moment ago stays, for pages that are still being made of it."""
        for release in all_releases(self._folder)[2:]:
            shutil.rmtree(release.folder, ignore_errors=True)
