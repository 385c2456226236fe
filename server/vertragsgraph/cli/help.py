"""What the commands say of themselves (`--help`), in the user's language as far as it is ours: the rest is Typer's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer import Context, rich_utils
from typer.main import get_command

from vertragsgraph.cli.commands import app
from vertragsgraph.texts import ENGLISH, Language, marked, translate

PANELS = {
    "ARGUMENTS_PANEL_TITLE": marked("Arguments"),
    "OPTIONS_PANEL_TITLE": marked("Options"),
    "COMMANDS_PANEL_TITLE": marked("Commands"),
    "ERRORS_PANEL_TITLE": marked("Error"),
}
"""Typer's headings."""


def speaking(language: Language) -> Any:
    """Return the command line, which explains itself in a language; it holds for the process."""
    command = get_command(app)
    if language != ENGLISH:
        for each in _explained(command):
            each.help = translate(each.help, language)
        for name, text in PANELS.items():
            setattr(rich_utils, name, translate(text, language))
    return command


def texts_of(command: Any) -> Iterator[str]:
    """Yield what a command, those below it and their options say of themselves."""
    yield from (each.help for each in _explained(command))


def _explained(command: Any) -> Iterator[Any]:
    """Yield commands, options and arguments that have a text."""
    own = (command, *command.params, command.get_help_option(Context(command)))
    yield from (each for each in own if getattr(each, "help", None))
    for other in getattr(command, "commands", {}).values():
        yield from _explained(other)
