"""Texts for people, in German and English.

The English text stands in the code and is the key; the German one stands in `locale/de.po` (gettext's format, read by
Babel without a compiling step). A key without a German text is shown in English; a test sees to it that none is.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

from babel.messages.pofile import read_po

Language: TypeAlias = Literal["de", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("de", "en")


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """Return the texts of a language: English key to text in that language."""
    if language == "en":
        return {}
    path = Path(__file__).parent / "locale" / f"{language}.po"
    with path.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=language) if m.id and m.string}


def translate(text: str, language: Language, /, **values: object) -> str:
    """Return `text` in `language`, with the values put into its `{places}`.

    >>> translate("{count} contracts", "en", count=4)
    '4 contracts'
    """
    return catalogue(language).get(text, text).format(**values)


def untouched(text: str, language: Language, /) -> str:
    """Return `text` in `language` with its `{places}` as they are, for scripts that fill them."""
    return catalogue(language).get(text, text)


def both(text: str, /, **values: object) -> dict[Language, str]:
    """Return `text` in every language the project speaks: `{"de": …, "en": …}`."""
    return {language: translate(text, language, **values) for language in LANGUAGES}


def marked(text: str, /) -> str:
    """Return `text` itself: marks a key for the catalogue where it stands, to be translated where it is shown."""
    return text


_chosen: ContextVar[Language | None] = ContextVar("language", default=None)


def choose_language(language: Language | None) -> None:
    """Let `language_of_user` return a language the user has asked for; None leaves it to the locale."""
    _chosen.set(language)


def language_of_user() -> Language:
    """Return the language the user chose, else that of the locale: German where it is German, English everywhere else."""
    if chosen := _chosen.get():
        return chosen
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "de" if value.lower().startswith("de") else "en"
    name, _ = locale.getlocale()
    return "de" if (name or "").lower().startswith("de") else "en"
