"""`init`: a register is started, from options, and on a terminal from answers."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from vertragsgraph.cli.console import Talk
from vertragsgraph.cli.options import LanguageOption
from vertragsgraph.register import BASE, LICENCES, About, country_of, load_register, start_register, usual
from vertragsgraph.texts import marked


def _licence(name: str) -> str:
    known = {code.lower(): code for code in LICENCES}
    if name.strip().lower() not in known:
        raise typer.BadParameter(f"{name}: {', '.join(LICENCES)}")
    return known[name.strip().lower()]


def init(
    folder: Annotated[Path, typer.Argument(help="Folder of the register, made where it is missing.")] = Path(),
    key: Annotated[str | None, typer.Option(help="Short name of the register. Default: that of the folder.")] = None,
    base: Annotated[str | None, typer.Option(help="Base IRI of the register. Default: this machine.")] = None,
    language: Annotated[
        list[str] | None,
        typer.Option(help="A language of the register (BCP 47), several times for several. Default: yours."),
    ] = None,
    place: Annotated[str | None, typer.Option(help="The place that the register is about.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who publishes it.")] = None,
    country: Annotated[str | None, typer.Option(help="Country (ISO 3166-1), such as BE.")] = None,
    licence: Annotated[
        str | None,
        typer.Option(
            parser=_licence,
            metavar="|".join(LICENCES),
            help="Licence of the data. Default: what is usual in the country.",
        ),
    ] = None,
    lang: LanguageOption = None,
) -> None:
    """Start a register: write register.toml and a small example that can be served at once."""
    talk = Talk(lang)
    given = _Given(talk)
    languages = language or given.answer(marked("Languages of the register (BCP 47)"), talk.language).split()
    place = given.or_answer(place, marked("Place that it is about"))
    publisher = given.or_answer(publisher, marked("Publisher"))
    country = given.or_answer(country, marked("Country (ISO 3166-1)"), country_of(languages))
    licence = given.or_answer(licence, marked("Licence"), usual(country), _licence)
    base = given.or_answer(base, marked("Base IRI, where it will be found for good"), BASE)
    with talk.refusals():
        files = start_register(folder, key, base, languages, About(place, publisher, country, licence))
    register = load_register(folder)
    for file in files:
        talk.out.print(str(file))
    talk.say(
        "a register with one example; say in {file} what yours is, and look at it with: {command}",
        file=files[0],
        command=f"vertragsgraph serve --register {shlex.quote(str(folder))}",
    )
    if untold := [tag for tag in languages if tag not in register.languages]:
        talk.say(
            "there are no texts to begin with in {languages}; {file} says how to add what you translate yourself",
            languages=", ".join(untold),
            file=files[0],
        )
    talk.mind_draft(register.is_draft)


class _Given:
    """What was given as an option; where nothing was, it is asked for on a terminal, and left at its default elsewhere."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._asks = sys.stdin.isatty() and talk.err.is_terminal

    def answer(self, question: str, default: str, read: Callable[[str], str] = str.strip) -> str:
        """Return what is answered, read by `read`, which may raise `typer.BadParameter`: then it is asked again."""
        if not self._asks:
            return default
        text = self._talk.text(question)
        return str(typer.prompt(text, default, value_proc=read, show_default=bool(default), err=True))

    def or_answer(
        self, given: str | None, question: str, default: str = "", read: Callable[[str], str] = str.strip
    ) -> str:
        """Return what was given, else what is answered."""
        return self.answer(question, default, read) if given is None else given
