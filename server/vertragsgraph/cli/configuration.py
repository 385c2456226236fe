"""The settings of one run: from the environment and, before it, from the options; what won't do is told by its name."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from typing import Final

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError

from vertragsgraph.cli.console import USAGE, Talk
from vertragsgraph.settings import PREFIX, Settings
from vertragsgraph.texts import marked

_WRONG: Final = {
    "int_parsing": marked("it is a whole number"),
    "int_from_float": marked("it is a whole number"),
    "float_parsing": marked("it is a number"),
    "finite_number": marked("it is a number"),
    "less_than_equal": marked("{le} is the most"),
    "greater_than_equal": marked("{ge} is the least"),
    "greater_than": marked("it is greater than {gt}"),
    "string_pattern_mismatch": marked("it is an address that begins with https:// or http://"),
}


def read_settings(talk: Talk, given: Mapping[str, object]) -> Settings:
    """Return the settings of the environment with those that options have `given`; ends the command where one won't do."""
    _warn_of_unknown_variables(talk)
    try:
        return Settings.model_validate({**Settings().model_dump(), **given})
    except SettingsError as error:
        found = re.search(r'field "(\w+)"', str(error))
        name = PREFIX + (found[1].upper() if found else "…")
        talk.fail(
            USAGE, 'the setting {name} won\'t do: it is a list as JSON writes it, such as ["10.0.0.0/8"]', name=name
        )
    except ValidationError as error:
        for item in error.errors():
            name, reason = str(item["loc"][0]), _reason(talk, item)
            if name in given:
                option = "--" + name.removesuffix("_folder").replace("_", "-")
                talk.say("the option {name} won't do: {reason}", name=option, reason=reason)
            else:
                talk.say("the setting {name} won't do: {reason}", name=PREFIX + name.upper(), reason=reason)
        raise typer.Exit(USAGE) from error


def _reason(talk: Talk, error: ErrorDetails) -> str:
    """Return what is wrong with a value, in pydantic's own words where there are none of ours."""
    text = str(error["ctx"]["error"]) if error["type"] == "value_error" else _WRONG.get(error["type"])
    return talk.text(text, **error.get("ctx", {})) if text else error["msg"]


def _warn_of_unknown_variables(talk: Talk) -> None:
    known = [name.upper() for name in Settings.model_fields]
    for name in sorted(os.environ):
        own = name.upper().removeprefix(PREFIX)
        if own != name.upper() and own not in known:
            near = difflib.get_close_matches(own, known, n=1)
            if near:
                talk.say("there is no setting {name}; did you mean {near}?", name=name, near=PREFIX + near[0])
            else:
                talk.say("there is no setting {name}; docs/settings.md lists them", name=name)
