"""What is wrong with a command line is told in the user's language, whichever way Typer puts it."""

from __future__ import annotations

import pytest
from typer import TyperException

from vertragsgraph.cli.help import speaking
from vertragsgraph.cli.mistakes import tell, told
from vertragsgraph.texts import ENGLISH, choose_language

MISTAKES = {
    "chek": "there is no command chek; was check meant?",
    "zzz": "there is no command zzz",
    "releases zzz": "there is no command zzz",
    "check --nope": "there is no option --nope; was --compare, --no-compare meant?",
    "check --zzz": "there is no option --zzz",
    "quote": "the argument source is missing",
    "releases sign x": "the option --key is missing",
    "check a b": "there is more than belongs there: a b",
    "check --format": "the option --format needs a value",
    "check --compare=3": "the option --compare takes no value",
    "check --format foo": "foo is no value of --format / -f; there are text, json, sarif, github",
    "serve --port abc": "the value of --port is a whole number",
    "query x --timeout y": "the value of --timeout is a number",
    "query x --timeout 0": "the value of --timeout is at least 0.001",
    "check --lang tlh": "the value of --lang won't do: there are de, en, fr",
}


def mistake(line: str) -> TyperException:
    with pytest.raises(TyperException) as raised:
        speaking(ENGLISH)(line.split(), standalone_mode=False)
    return raised.value


@pytest.mark.parametrize("line", MISTAKES)
def test_each_mistake_has_a_sentence(line: str) -> None:
    error = mistake(line)
    assert told(error) == MISTAKES[line]
    assert error.exit_code == 2


def test_in_the_language_of_the_user_with_a_way_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    choose_language("fr")
    try:
        tell(mistake("releases prune --keep none"))
    finally:
        choose_language(None)
    first, second = capsys.readouterr().err.splitlines()
    assert first == "la valeur de --keep est un nombre entier"
    assert second.endswith(" releases prune --help\N{NBSP}» dit ce qu’il y a")


def test_a_command_without_its_command_prints_its_help_only(capsys: pytest.CaptureFixture[str]) -> None:
    tell(mistake("releases"))
    shown = capsys.readouterr()
    assert "prune" in shown.out
    assert shown.err == ""


def test_what_is_unknown_is_passed_on() -> None:
    assert told(TyperException("never heard of it")) == "the command line can't be read: never heard of it"
