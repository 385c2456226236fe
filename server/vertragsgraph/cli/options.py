"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vertragsgraph.texts import LANGUAGES, Language, looked_up


def _language(tag: str) -> Language:
    if not (language := looked_up(tag)):
        raise typer.BadParameter(f"there are {', '.join(LANGUAGES)}")
    return Language(language)


RegisterOption = Annotated[
    Path | None,
    typer.Option(
        "--register", "-r", help="Folder of the register. Default: this folder or one above it, else the shipped one."
    ),
]
ReleasesOption = Annotated[Path | None, typer.Option("--releases", help="Folder of the releases.")]
LanguageOption = Annotated[
    Language | None,
    typer.Option(
        "--lang",
        parser=_language,
        metavar="|".join(LANGUAGES),
        help="Language of the messages. Default: that of the locale.",
    ),
]
CompareOption = Annotated[
    bool,
    typer.Option(help="Hold the register against the release before: what was released may not vanish."),
]
