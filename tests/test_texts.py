"""The texts: both languages complete, none left over, every place kept."""

from __future__ import annotations

import string
from contextvars import copy_context
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from vertragsgraph.texts import both, catalogue, choose_language, language_of_user, translate

PACKAGE = Path(__file__).parents[1] / "server" / "vertragsgraph"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
KEYWORDS = {"both": None, "marked": None, "translate": None, "_": None, "say": None, "fail": (2,)}


@pytest.fixture(scope="module")
def texts_in_code() -> set[str]:
    found = extract_from_dir(PACKAGE, METHODS, keywords=KEYWORDS)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_in_the_code_has_a_german_one(texts_in_code: set[str]) -> None:
    assert texts_in_code - set(catalogue("de")) == set()


def test_no_german_text_is_left_over(texts_in_code: set[str]) -> None:
    assert set(catalogue("de")) - texts_in_code == set()


def test_translations_keep_the_places() -> None:
    assert {key: places(key) for key in catalogue("de")} == {key: places(text) for key, text in catalogue("de").items()}


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
