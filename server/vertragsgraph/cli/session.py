"""What every command on a register needs: the settings, the register, its releases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from vertragsgraph.cli.configuration import read_settings
from vertragsgraph.cli.console import TEXT, FindingsForm, Talk
from vertragsgraph.finding import Finding, Severity
from vertragsgraph.graph import Graphs
from vertragsgraph.register import Register, find_folder, load_register
from vertragsgraph.release import Release, build, current_stamp, releases_folder, to_serve
from vertragsgraph.sparql.api.trial import check_examples
from vertragsgraph.texts import Language


class Session(Talk):
    """One run of a command on a register."""

    def __init__(
        self,
        register: Path | None,
        releases: Path | None,
        language: Language | None,
        form: FindingsForm = TEXT,
        **overrides: str | int | None,
    ) -> None:
        super().__init__(language, form)
        given = {"register_folder": register, "releases": releases, **overrides}
        self.settings = read_settings(self, {name: value for name, value in given.items() if value is not None})
        with self.refusals():
            self.register: Register = load_register(self.settings.register_folder or find_folder(Path.cwd()))
        self.releases = releases_folder(self.register, self.settings)

    def build(self, *, activate: bool = True, compare: bool = True) -> Release:
        """Build the release of what the register holds now, and say what was done."""
        with self.refusals(), self.progress() as progress:
            built = build(
                self.register,
                self.releases,
                activate=activate,
                compared=compare,
                examine=self.examine,
                progress=progress,
            )
        if built.report:
            self.show(finding for finding in built.report.findings if finding.severity is not Severity.INFO)
        folder = self.register.shown(self.releases)
        self.show(replace(finding, severity=Severity.WARNING) for finding in built.mended)
        if built.new:
            self.say("built release {id} in {folder}", id=built.release.id, folder=folder)
        elif built.held:
            self.say(
                "release {id} holds all this already; {held} is served, since it was gone back to on purpose. Serve the other "
                "one with: {command}",
                id=built.release.id,
                held=built.held.id,
                command=f"vertragsgraph releases activate {built.release.id}",
            )
        else:
            self.say("nothing has changed since release {id} in {folder}", id=built.release.id, folder=folder)
        return built.held or built.release

    def examine(self, graphs: Graphs) -> list[Finding]:
        """Return what the gate can't tell of a register: whether its example queries can be asked."""
        return check_examples(self.register, graphs, self.settings)

    def release(self) -> Release:
        """Return the release to serve or to ask; where none can be opened, build it."""
        with self.refusals():
            found, wrong = to_serve(self.releases)
        if not found:
            self.show(wrong)
            return self.build()
        self.show(wrong)
        if wrong or not current_stamp(self.releases):
            self.say("the current release can't be served; {id} is, the newest that can be opened", id=found.id)
        return found
