"""Talking to the user of a command: in which language, and what goes where."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Literal, NoReturn, TypeAlias

import typer
from rich.console import Console

from vertragsgraph.finding import Finding, FindingsError, Severity
from vertragsgraph.gate.formats import FORMATS
from vertragsgraph.register import RegisterError
from vertragsgraph.release import ReleaseError
from vertragsgraph.texts import Language, choose_language, counted, language_of_user, translate

REFUSED: Final = 1
USAGE: Final = 2
NO_SERVER: Final = 3
NO_ANSWER: Final = 4

TEXT: Final = "text"
FindingsForm: TypeAlias = Literal["text", "json", "sarif", "github"]

Progress: TypeAlias = Callable[[str], None]
_STYLES: Final = {Severity.VIOLATION: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


class Talk:
    """What a command says. Findings go to standard output, everything else to standard error."""

    def __init__(self, language: Language | None, form: str = TEXT) -> None:
        """Take the language, where one was chosen, and the form in which findings are shown: text, or one of `FORMATS`."""
        choose_language(language)
        self.language = language_of_user()
        self._form = form
        self.out = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
        self.err = Console(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False)

    def text(self, key: str, /, **values: object) -> str:
        """Return a text in the user's language."""
        return translate(key, self.language, **values)

    def say(self, key: str, /, **values: object) -> None:
        """Print a line to standard error."""
        self.err.print(self.text(key, **values))

    def count(self, one: str, many: str, count: int, /, **values: object) -> None:
        """Print a line about so many things to standard error."""
        self.err.print(counted(one, many, count, self.language, **values))

    def fail(self, code: int, key: str, /, **values: object) -> NoReturn:
        """Print what went wrong and what to do, and end with an exit code."""
        self.say(key, **values)
        raise typer.Exit(code)

    def mind_draft(self, is_draft: bool) -> None:
        """Say of a draft that it is one."""
        if is_draft:
            self.say("this is a draft: its names may still change, and nobody is to cite it (docs/register.md)")

    def show(self, findings: Iterable[Finding]) -> None:
        """Print findings to standard output: one a line, as editors and terminals understand them, or as machines do."""
        if self._form != TEXT:
            if written := FORMATS[self._form](list(findings), self.language):
                typer.echo(written)
            return
        for finding in findings:
            self.out.print(finding.text(self.language), style=_STYLES[finding.severity])

    def summarise(self, findings: Iterable[Finding]) -> None:
        """Print how many findings of each severity there are."""
        counts = Counter(finding.severity for finding in findings)
        parts = (
            counted("{count} violation", "{count} violations", counts[Severity.VIOLATION], self.language),
            counted("{count} warning", "{count} warnings", counts[Severity.WARNING], self.language),
            counted("{count} info", "{count} infos", counts[Severity.INFO], self.language),
        )
        self.err.print(", ".join(parts))

    def conclude(self, findings: Sequence[Finding]) -> None:
        """Print how many findings of each severity there are; where one is a violation, end the command."""
        self.summarise(findings)
        if any(finding.severity is Severity.VIOLATION for finding in findings):
            raise typer.Exit(REFUSED)

    @property
    def is_terminal(self) -> bool:
        """Whether somebody can be asked."""
        return sys.stdin.isatty() and self.err.is_terminal

    def agreed(self, question: str, /, **values: object) -> bool:
        """Ask on a terminal whether something is to be done; elsewhere say how it is."""
        if not self.is_terminal:
            self.say("to do so, add --yes")
            return False
        return typer.confirm(self.text(question, **values), err=True)

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
