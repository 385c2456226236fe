"""Texts for people, in each language that has a catalogue.

The English text stands in the code and is the key; the others stand in `locale/`, one file for each language (gettext's
format, read without a compiling step, plural forms included). A key without a text in a language is shown in English; a
test sees to it that none is.
"""

from __future__ import annotations

import locale
import os
import re
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NewType

from babel.core import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from vertragsgraph.message import Message
from vertragsgraph.message import marked as marked  # noqa: PLC0414  # who has catalogues finds all of it here

Language = NewType("Language", str)
"""A language of the interface: one that has a catalogue. What is written in any other language has its tag (BCP 47)."""
ENGLISH: Final = Language("en")
_CATALOGUES: Final = Path(__file__).parent / "locale"
LANGUAGES: Final = tuple(sorted({ENGLISH, *(Language(path.stem) for path in _CATALOGUES.glob("*.po"))}))
"""All languages of the interface; to add one is to add its file."""


@cache
def catalogue(language: Language) -> Catalog:
    """Return the texts of a language other than English, by their English keys."""
    with (_CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=locale_of(language))


def locale_of(tag: str) -> Locale:
    """Return how numbers, dates and names of languages are written in a language; as in English where CLDR knows it not.

    The texts have British spelling, so dates and numbers in English are British, too.
    """
    try:
        return Locale.parse("en_GB" if tag == ENGLISH else tag, sep="_" if tag == ENGLISH else "-")
    except (ValueError, UnknownLocaleError):
        return Locale("en", "GB")


def language_name(tag: str, language: str) -> str:
    """Return what a language (BCP 47) is called in another; the tag itself where it is none that is known.

    >>> language_name("fr", "de"), language_name("de-AT", "en"), language_name("qtx", "en")
    ('Französisch', 'German (Austria)', 'qtx')
    """
    try:
        return Locale.parse(tag, sep="-").get_display_name(locale_of(language)) or tag
    except (ValueError, UnknownLocaleError):
        return tag


def with_language(heading: str, tag: str, language: str) -> str:
    """Return a heading in `language`, with the language (BCP 47) in which what stands below it is.

    >>> with_language("Titel", "fr", "de"), with_language("Title", "fr", "en")
    ('Titel (französisch)', 'Title (French)')
    """
    name = language_name(tag, language)
    return f"{heading} ({name.lower() if language == 'de' else name})"  # German writes it small, being an adjective


def looked_up(tag: str, among: Iterable[str] = LANGUAGES) -> str:
    """Return which of some languages is meant by a tag, shortened until it is one of them; "" for none (RFC 4647, section 3.4).

    >>> looked_up("de-AT"), looked_up("zh-Hant-CN", ["zh", "zh-Hant"]), looked_up("nl", ["de", "en"])
    ('de', 'zh-Hant', '')
    """
    known = {language.lower(): language for language in among}
    parts = tag.lower().split("-")
    while parts and "-".join(parts) not in known:
        parts.pop()
        if parts and len(parts[-1]) == 1:  # what introduces an extension or a private use says nothing by itself
            parts.pop()
    return known["-".join(parts)] if parts else ""


def spoken(tags: Iterable[str]) -> tuple[Language, ...]:
    """Return the languages of the interface for readers of some languages (BCP 47), in their order; English where there is none.

    >>> spoken(["de-AT", "en"]), spoken(["tlh"])
    (('de', 'en'), ('en',))
    """
    found = dict.fromkeys(Language(language) for tag in tags if (language := looked_up(tag)))
    return tuple(found) or (ENGLISH,)


@cache
def _translations(language: Language) -> NullTranslations:
    if language == ENGLISH:
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
    said_values = {name: _value(value, language) for name, value in values.items()}
    return _translations(language).gettext(text).format(**said_values)


def said(text: str, language: Language, /) -> str:
    """Return a message in `language`; any other text as it is.

    >>> said(Message("Page {number} of {count}", number=1, count=4), "de")
    'Seite 1 von 4'
    """
    if language == ENGLISH or not isinstance(text, Message):
        return text
    return translate(text.text, language, **text.values)


def _value(value: object, language: Language) -> object:
    """Return what is put into a place: messages are said, too, and of several texts there are commas between."""
    if isinstance(value, tuple) and all(isinstance(each, str) for each in value):
        return ", ".join(said(each, language) for each in value)
    return said(value, language) if isinstance(value, Message) else value


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
    {'one': '{count} Vertrag', 'other': '{count} Verträge'}
    """
    form_of = locale_of(language).plural_form
    forms = {form_of(number): _translations(language).ngettext(one, many, number) for number in range(200)}
    # French and Spanish have one of their own for millions, which gettext's catalogues don't tell apart from "other".
    return dict.fromkeys(sorted(form_of.tags), forms["other"]) | forms


def untouched(text: str, language: Language, /) -> str:
    """Return `text` in `language` with its `{places}` as they are, for scripts that fill them."""
    return _translations(language).gettext(text)


def in_catalogue(text: str, language: Language) -> str | None:
    """Return `text` in a language as its catalogue has it, with its `{places}` as they are; None where it doesn't have it."""
    message = catalogue(language).get(text) if language != ENGLISH else None
    return message.string or None if message and isinstance(message.string, str) else None


def both(text: str, /, **values: object) -> dict[Language, str]:
    """Return `text` in every language of the interface: `{"de": …, "en": …}`; so may be the values put into it.

    >>> both("Page {number} of {count}", number=both("one"), count=4)["de"]
    'Seite one von 4'
    """
    return in_each(LANGUAGES, text, **values)


def in_each(languages: Iterable[Language], text: str, /, **values: object) -> dict[Language, str]:
    """Return `text` in some languages; values that are texts by language (BCP 47) are put in in that one.

    >>> in_each([Language("de")], "{title}, release {id}", title={"de": "Verträge", "en": "Contracts"}, id=1)
    {'de': 'Verträge, Release 1'}
    """

    def said(value: object, language: Language) -> Any:
        return text_in(value, language) if isinstance(value, Mapping) else value

    return {
        language: translate(text, language, **{name: said(value, language) for name, value in values.items()})
        for language in languages
    }


def text_in(texts: Mapping[Any, str], language: str) -> str:
    """Return the text in a language, else in a variant of it, else the first."""
    return texts[min(texts, key=lambda tag: distance(tag, language))]


def own_or_translated(texts: Mapping[Any, str], language: Language) -> str:
    """Return a text of several languages in one of the interface: as it is written there, else as the catalogue has it.

    What neither of them has is English, where there is that.
    """
    if distance(tag := min(texts, key=lambda tag: distance(tag, language)), language) < 2:
        return texts[tag]
    english = text_in(texts, ENGLISH)
    return in_catalogue(english, language) or english


def distance(tag: str, language: str) -> int:
    """Return how far the language of a text (a tag of BCP 47, or none) is from the one wanted.

    0 where it is that language, 1 where one is a variant of the other (RFC 4647), 2 where it is another or none.

    >>> distance("de", "de"), distance("de-AT", "de"), distance("de", "de-CH"), distance("en", "de"), distance("", "de")
    (0, 1, 1, 2, 2)
    """
    if tag == language:
        return 0
    found, wanted = tag.lower(), language.lower()
    return 0 if found == wanted else 1 if found.partition("-")[0] == wanted.partition("-")[0] else 2


_chosen: ContextVar[Language | None] = ContextVar("language", default=None)


def choose_language(language: Language | None) -> None:
    """Let `language_of_user` return a language the user has asked for; None leaves it to the locale."""
    _chosen.set(language)


def language_of_user() -> Language:
    """Return the language the user chose, else that of the locale, else English."""
    if chosen := _chosen.get():
        return chosen
    name = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), None) or locale.getlocale()[0]
    return spoken([re.split("[.@]", name or "")[0].replace("_", "-")])[0]


def telling(progress: Callable[[str], None] | None) -> Callable[..., None]:
    """Return what tells somebody in their language how far some work is; nobody where `progress` is None."""

    def say(text: str, /, **values: object) -> None:
        if progress:
            progress(translate(text, language_of_user(), **values))

    return say
