"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vertragsgraph.texts import Language

RegisterOption = Annotated[
    Path | None,
    typer.Option(
        "--register", "-r", help="Folder of the register. Default: this folder or one above it, else the shipped one."
    ),
]
ReleasesOption = Annotated[Path | None, typer.Option("--releases", help="Folder of the releases.")]
LanguageOption = Annotated[
    Language | None, typer.Option("--lang", help="Language of the messages. Default: that of the locale.")
]
CompareOption = Annotated[
    bool,
    typer.Option(help="Hold the register against the release before: what was released may not vanish."),
]
