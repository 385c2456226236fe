"""The command line: `check`, `build`, `serve`, `query`.

Exit codes: 0 done · 1 the gate found violations · 2 wrong usage, or the register can't be read · 3 the server can't
start · 4 a query was refused or failed (`docs/commands.md`).
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer
from rich.console import Console

from vertragsgraph import __version__
from vertragsgraph.finding import Finding, FindingsError, Severity
from vertragsgraph.register import Register, find_folder, load_register
from vertragsgraph.settings import Settings
from vertragsgraph.texts import LANGUAGES, Language, language_of_user, translate

REFUSED: Final = 1
USAGE: Final = 2
NO_SERVER: Final = 3
NO_ANSWER: Final = 4

app = typer.Typer(
    name="vertragsgraph",
    help="Registers of contracts as validated, versioned, citable linked data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _language(value: str | None) -> str | None:
    if value is not None and value not in LANGUAGES:
        message = f"choose one of {', '.join(LANGUAGES)}"
        raise typer.BadParameter(message)
    return value


RegisterOption = Annotated[
    Path | None,
    typer.Option("--register", "-r", help="Folder of the register. Default: this folder or one above it, else the shipped one."),
]
ReleasesOption = Annotated[Path | None, typer.Option("--releases", help="Folder of the releases.")]
LanguageOption = Annotated[
    str | None,
    typer.Option("--lang", callback=_language, help="Language of the messages, de or en. Default: that of the locale."),
]


class Session:
    """What every command needs: settings, the register, the language, and where to say things."""

    def __init__(self, register: Path | None, releases: Path | None, language: str | None) -> None:
        self.language: Language = "de" if language == "de" else "en" if language else language_of_user()
        self.out = Console(soft_wrap=True, highlight=False, markup=False)
        self.err = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
        given = {"register_folder": register, "releases": releases}
        self.settings = Settings(**{name: value for name, value in given.items() if value is not None})
        self.register = self._load()

    def _load(self) -> Register:
        try:
            return load_register(self.settings.register_folder or find_folder(Path.cwd()))
        except FindingsError as error:
            self.show(error.findings)
            raise typer.Exit(USAGE) from error

    def text(self, key: str, /, **values: object) -> str:
        """Return a text in the user's language."""
        return translate(key, self.language, **values)

    def show(self, findings: Iterable[Finding]) -> None:
        """Print findings to standard output, one a line, as editors and terminals understand them."""
        styles = {Severity.VIOLATION: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}
        for finding in findings:
            self.out.print(finding.text(self.language), style=styles[finding.severity])

    def say(self, key: str, /, **values: object) -> None:
        """Print a line about what was done to standard error."""
        self.err.print(self.text(key, **values))

    def fail(self, code: int, key: str, /, **values: object) -> NoReturn:
        """Print what went wrong and what to do, and end with an exit code."""
        self.say(key, **values)
        raise typer.Exit(code)

    @contextmanager
    def progress(self) -> Iterator[ProgressLine]:
        """Show the stage of long work in a terminal; nothing in a pipe."""
        if not self.err.is_terminal:
            yield _silent
            return
        with self.err.status("…") as status:
            yield status.update
