"""What every command needs: the settings, the register, the user's language, and where to say what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NoReturn, TypeAlias

import typer
from pydantic import ValidationError
from rich.console import Console

from vertragsgraph.finding import Finding, FindingsError, Severity
from vertragsgraph.register import Register, RegisterError, find_folder, load_register
from vertragsgraph.release import Release, ReleaseError, build, current_release, releases_folder
from vertragsgraph.settings import Settings
from vertragsgraph.texts import Language, choose_language, language_of_user, translate

REFUSED: Final = 1
USAGE: Final = 2
NO_SERVER: Final = 3
NO_ANSWER: Final = 4

Progress: TypeAlias = Callable[[str], None]
_STYLES: Final = {Severity.VIOLATION: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


class Session:
    """One run of a command. Findings go to standard output, everything else to standard error."""

    def __init__(
        self, register: Path | None, releases: Path | None, language: Language | None, **overrides: str | int | None
    ) -> None:
        choose_language(language)
        self.language = language_of_user()
        self.out = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
        self.err = Console(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False)
        given = {"register_folder": register, "releases": releases, **overrides}
        self.settings = self._settings({name: value for name, value in given.items() if value is not None})
        with self.refusals():
            self.register: Register = load_register(self.settings.register_folder or find_folder(Path.cwd()))
        self.releases = releases_folder(self.register, self.settings)

    def text(self, key: str, /, **values: object) -> str:
        """Return a text in the user's language."""
        return translate(key, self.language, **values)

    def say(self, key: str, /, **values: object) -> None:
        """Print a line to standard error."""
        self.err.print(self.text(key, **values))

    def fail(self, code: int, key: str, /, **values: object) -> NoReturn:
        """Print what went wrong and what to do, and end with an exit code."""
        self.say(key, **values)
        raise typer.Exit(code)

    def show(self, findings: Iterable[Finding]) -> None:
        """Print findings to standard output, one a line, as editors and terminals understand them."""
        for finding in findings:
            self.out.print(finding.text(self.language), style=_STYLES[finding.severity])

    def summarise(self, findings: Iterable[Finding]) -> None:
        """Print how many findings of each severity there are."""
        counts = Counter(finding.severity for finding in findings)
        self.say(
            "{violations} violations, {warnings} warnings, {notes} notes",
            violations=counts[Severity.VIOLATION],
            warnings=counts[Severity.WARNING],
            notes=counts[Severity.INFO],
        )

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Show the findings that stop a command, and end it with the exit code that tells of what kind they are."""
        try:
            yield
        except FindingsError as error:
            self.show(error.findings)
            usage = isinstance(error, RegisterError | ReleaseError)
            if not usage:
                self.summarise(error.findings)
            raise typer.Exit(USAGE if usage else REFUSED) from error

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Show the stage of long work in a terminal; nothing in a pipe."""
        if not self.err.is_terminal:
            yield lambda stage: None
            return
        with self.err.status("…") as status:
            yield status.update

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
