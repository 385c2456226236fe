"""What every command on a register needs: the settings, the register, its releases."""

from __future__ import annotations

from pathlib import Path

import typer
from pydantic import ValidationError

from vertragsgraph.cli.talk import USAGE, Talk
from vertragsgraph.finding import Severity
from vertragsgraph.register import Register, find_folder, load_register
from vertragsgraph.release import Release, build, current_release, releases_folder
from vertragsgraph.settings import Settings
from vertragsgraph.texts import Language


class Session(Talk):
    """One run of a command on a register."""

    def __init__(
        self, register: Path | None, releases: Path | None, language: Language | None, **overrides: str | int | None
    ) -> None:
        super().__init__(language)
        given = {"register_folder": register, "releases": releases, **overrides}
        self.settings = self._settings({name: value for name, value in given.items() if value is not None})
        with self.refusals():
            self.register: Register = load_register(self.settings.register_folder or find_folder(Path.cwd()))
        self.releases = releases_folder(self.register, self.settings)

    def build(self, *, activate: bool = True, compare: bool = True) -> Release:
        """Build the release of what the register holds now, and say what was done."""
        with self.refusals(), self.progress() as progress:
            built = build(self.register, self.releases, activate=activate, compared=compare, progress=progress)
        if built.report:
            self.show(finding for finding in built.report.findings if finding.severity is not Severity.INFO)
        folder = self.register.shown(self.releases)
        if built.new:
            self.say("built release {id} in {folder}", id=built.release.id, folder=folder)
        else:
            self.say("nothing has changed since release {id} in {folder}", id=built.release.id, folder=folder)
        return built.release

    def release(self) -> Release:
        """Return the current release; where there is none, build it."""
        with self.refusals():
            found = current_release(self.releases)
        return found or self.build()

    def _settings(self, given: dict[str, object]) -> Settings:
        try:
            return Settings.model_validate({**Settings().model_dump(), **given})
        except ValidationError as error:
            for item in error.errors():
                name = "VERTRAGSGRAPH_" + "_".join(map(str, item["loc"])).upper()
                self.say("the setting {name} won't do: {reason}", name=name, reason=item["msg"])
            raise typer.Exit(USAGE) from error
