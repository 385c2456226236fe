"""Texts for people, in German and English.

The English text stands in the code and is the key; the German one stands in `locale/de.po` (gettext's format, read without
a compiling step, plural forms included). A key without a German text is shown in English; a test sees to it that none is.
"""

from __future__ import annotations

import locale
import os
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final, Literal, TypeAlias

from babel.core import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Language: TypeAlias = Literal["de", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("de", "en")


@cache
def catalogue(language: Language) -> Catalog:
    """Return the texts of a language other than English, by their English keys."""
    with (Path(__file__).parent / "locale" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def _translations(language: Language) -> NullTranslations:
    if language == "en":
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def translate(text: str, language: Language, /, **values: object) -> str:
    """Return `text` in `language`, with the values put into its `{places}`.

    >>> translate("Page {number} of {count}", "de", number=1, count=4)
    'Seite 1 von 4'
    """
    return _translations(language).gettext(text).format(**values)


def counted(one: str, many: str, count: int, language: Language, /, **values: object) -> str:
    """Return the text for one thing or for many in `language`, as its plural forms want it.

    The number itself stands at `{count}`, unless the values have another form of it.

    >>> counted("{count} contract", "{count} contracts", 1, "de"), counted("{count} contract", "{count} contracts", 0, "en")
    ('1 Vertrag', '0 contracts')
    """
    return _translations(language).ngettext(one, many, count).format(**{"count": count, **values})


def plural_forms(one: str, many: str, language: Language, /) -> dict[str, str]:
    """Return the text of each plural form that whole numbers take, with its `{places}`, for scripts that fill them.

    The keys are those of `Intl.PluralRules` (Unicode CLDR).

    >>> plural_forms("{count} contract", "{count} contracts", "de")
    {'other': '{count} Verträge', 'one': '{count} Vertrag'}
    """
    form_of = Locale.parse(language).plural_form
    return {form_of(number): _translations(language).ngettext(one, many, number) for number in range(200)}


def untouched(text: str, language: Language, /) -> str:
    """Return `text` in `language` with its `{places}` as they are, for scripts that fill them."""
    return _translations(language).gettext(text)


def both(text: str, /, **values: object) -> dict[Language, str]:
    """Return `text` in every language the project speaks: `{"de": …, "en": …}`."""
    return {language: translate(text, language, **values) for language in LANGUAGES}


def marked(text: str, /) -> str:
    """Return `text` itself: marks a key for the catalogue where it stands, to be translated where it is shown."""
    return text


def distance(tag: str, language: str) -> int:
    """Return how far the language of a text (a tag of BCP 47, or none) is from the one wanted.

    0 where it is that language, 1 where it is a variant of it (RFC 4647, section 3.3.1), 2 where it is another or none.

    >>> distance("de", "de"), distance("de-AT", "de"), distance("en", "de"), distance("", "de")
    (0, 1, 2, 2)
    """
    found = tag.lower()
    return 0 if found == language else 1 if found.partition("-")[0] == language else 2


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
