"""The texts: both languages complete, none left over, every place kept."""

from __future__ import annotations

import string
from contextvars import copy_context
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from vertragsgraph.texts import both, catalogue, choose_language, counted, language_of_user, plural_forms, translate

PACKAGE = Path(__file__).parents[1] / "server" / "vertragsgraph"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
KEYWORDS = {"both": None, "marked": None, "translate": None, "_": None, "say": None, "fail": (2,)}
COUNTED = dict.fromkeys(("counted", "count", "plural_forms"), (1, 2))

Text = str | tuple[str, ...]


def key_of(text: Text) -> Text:
    """The one text, or both forms of a counted one."""
    return text if isinstance(text, str) or (len(text) > 1 and "{count}" in text[1]) else text[0]


@pytest.fixture(scope="module")
def texts_in_code() -> set[Text]:
    found = extract_from_dir(PACKAGE, METHODS, keywords=KEYWORDS | COUNTED)
    return {key_of(message) for _, _, message, _, _ in found}


@pytest.fixture(scope="module")
def german() -> dict[Text, tuple[str, ...]]:
    """Each key of the catalogue with its text, or with those of its plural forms."""
    messages = [message for message in catalogue("de") if message.id]
    return {m.id: (m.string,) if isinstance(m.string, str) else tuple(m.string) for m in messages}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_in_the_code_has_a_german_one(texts_in_code: set[Text], german: dict[Text, tuple[str, ...]]) -> None:
    assert texts_in_code - {key for key, texts in german.items() if all(texts)} == set()


def test_no_german_text_is_left_over(texts_in_code: set[Text], german: dict[Text, tuple[str, ...]]) -> None:
    assert set(german) - texts_in_code == set()


def test_translations_keep_the_places(german: dict[Text, tuple[str, ...]]) -> None:
    for key, texts in german.items():
        wanted = places(key if isinstance(key, str) else key[-1])
        assert [places(text) for text in texts] == [wanted] * len(texts), key


def test_one_thing_and_many_have_their_forms() -> None:
    said = [counted("{count} entry", "{count} entries", n, "de") for n in (0, 1, 2)]
    assert said == ["0 Einträge", "1 Eintrag", "2 Einträge"]
    assert plural_forms("{count} entry", "{count} entries", "en") == {
        "one": "{count} entry",
        "other": "{count} entries",
    }


def test_an_unknown_text_is_shown_in_english() -> None:
    assert translate("never seen, {n}", "de", n=1) == "never seen, 1"
    assert both("never seen")["en"] == "never seen"


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LC_ALL": "de_DE.UTF-8"}, "de"),
        ({"LC_ALL": "C", "LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
    ],
)
def test_the_language_is_that_of_the_locale(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language_of_user() == language


def test_what_the_user_chose_goes_before_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    def chosen() -> str:
        choose_language("de")
        return language_of_user()

    assert copy_context().run(chosen) == "de"
    assert language_of_user() == "en"
