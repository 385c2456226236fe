"""What the commands say of themselves (`--help`), in the user's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from typer import Context, rich_utils
from typer.main import get_command

from vertragsgraph.cli.commands import app
from vertragsgraph.texts import ENGLISH, Language, marked, translate, untouched

PANELS = {
    "ARGUMENTS_PANEL_TITLE": marked("Arguments"),
    "OPTIONS_PANEL_TITLE": marked("Options"),
    "COMMANDS_PANEL_TITLE": marked("Commands"),
    "DEFAULT_STRING": marked("[default: {}]"),
    "ENVVAR_STRING": marked("[environment: {}]"),
    "REQUIRED_LONG_STRING": marked("[required]"),
}
"""Typer's headings and notes; `{}` is put in there."""
_USAGE = marked("Usage: {command}")
_METAVARS = {"[OPTIONS]": marked("[OPTIONS]"), "COMMAND [ARGS]...": marked("COMMAND …")}


def speaking(language: Language) -> Any:
    """Return the command line, which explains itself in a language; it holds for the process."""
    command = get_command(app)
    if language != ENGLISH:
        for each in _explained(command):
            each.help = translate(each.help, language)
        for each in _commands(command):
            each.get_usage = partial(_usage, each.get_usage, language)
        for name, text in PANELS.items():
            setattr(rich_utils, name, untouched(text, language))
    return command


def _usage(own: Callable[[Context], str], language: Language, context: Context) -> str:
    """Return the line that says how a command is used."""
    line = own(context).removeprefix("Usage: ")
    for word, text in _METAVARS.items():
        line = line.replace(word, translate(text, language))
    return translate(_USAGE, language, command=line)


def texts_of(command: Any) -> Iterator[str]:
    """Yield what a command, those below it and their options say of themselves."""
    yield from (each.help for each in _explained(command))


def _explained(command: Any) -> Iterator[Any]:
    """Yield commands, options and arguments that have a text."""
    for each in _commands(command):
        own = (each, *each.params, each.get_help_option(Context(each)))
        yield from (part for part in own if getattr(part, "help", None))


def _commands(command: Any) -> Iterator[Any]:
    """Yield a command and those below it."""
    yield command
    for other in getattr(command, "commands", {}).values():
        yield from _commands(other)
