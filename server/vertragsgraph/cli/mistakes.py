"""What is wrong with a command line, in the user's language: Typer tells it in English only."""

from __future__ import annotations

import re
import sys
from typing import Final

from typer import TyperException

from vertragsgraph.message import Message, marked
from vertragsgraph.texts import language_of_user, said

_TEXTS: Final = (
    (
        r"No such command '(?P<name>.*)'\. Did you mean (?P<near>.*)\?",
        marked("there is no command {name}; was {near} meant?"),
    ),
    (r"No such command '(?P<name>.*)'\.", marked("there is no command {name}")),
    (r"Missing command\.", marked("a command is missing")),
    (
        r"No such option: (?P<name>.*) \(Possible options: (?P<near>.*)\)",
        marked("there is no option {name}; was {near} meant?"),
    ),
    (r"No such option: (?P<name>.*)", marked("there is no option {name}")),
    (r"Missing argument (?P<name>.*)\.", marked("the argument {name} is missing")),
    (r"Missing option (?P<name>.*)\.", marked("the option {name} is missing")),
    (r"Got unexpected extra argument\(s\) \((?P<words>.*)\)", marked("there is more than belongs there: {words}")),
    (r"Option (?P<name>.*) requires an argument\.", marked("the option {name} needs a value")),
    (r"Option (?P<name>.*) does not take a value\.", marked("the option {name} takes no value")),
    (
        r"Invalid value for (?P<name>.*): Value error, '(?P<value>.*)' is not one of (?P<known>.*)\.",
        marked("{value} is no value of {name}; there are {known}"),
    ),
    (
        r"Invalid value for (?P<name>.*): Input should be a valid integer.*",
        marked("the value of {name} is a whole number"),
    ),
    (r"Invalid value for (?P<name>.*): Input should be a valid number.*", marked("the value of {name} is a number")),
    (
        r"Invalid value for (?P<name>.*): Input should be greater than or equal to (?P<bound>.*)",
        marked("the value of {name} is at least {bound}"),
    ),
    (
        r"Invalid value for (?P<name>.*): Input should be less than or equal to (?P<bound>.*)",
        marked("the value of {name} is at most {bound}"),
    ),
    (r"Invalid value for (?P<name>.*): (?P<reason>.*)", marked("the value of {name} won't do: {reason}")),
    (r"(?P<reason>.*)", marked("the command line can't be read: {reason}")),
)
"""What Typer says, as a pattern of the whole, and what is said in place of it; a test holds them against Typer itself."""


def tell(error: TyperException) -> None:
    """Print what is wrong with a command line and where to read more; nothing where the help has just been printed."""
    if not error.format_message():
        return
    sys.stderr.write(said(told(error), language_of_user()) + "\n")
    if (context := getattr(error, "ctx", None)) is not None:  # of all errors about the use of a command
        hint = Message("“{command} --help” says what there is", command=context.command_path)
        sys.stderr.write(said(hint, language_of_user()) + "\n")


def told(error: TyperException) -> Message:
    """Return what is wrong with the command line that an error of Typer is about."""
    words = error.format_message()
    text, match = next((text, match) for form, text in _TEXTS if (match := re.fullmatch(form, words, re.DOTALL)))
    return Message(text, **{name: value.replace("'", "") for name, value in match.groupdict().items()})
