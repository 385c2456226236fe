"""The texts: every catalogue complete, none left over, every place kept."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator
from contextvars import copy_context
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from pyoxigraph import Literal, RdfFormat, parse

from vertragsgraph.cli.help import speaking, texts_of
from vertragsgraph.doctor.texts import TEXTS
from vertragsgraph.graph.languages import WRITTEN
from vertragsgraph.texts import (
    ENGLISH,
    LANGUAGES,
    Language,
    both,
    catalogue,
    choose_language,
    counted,
    language_of_user,
    own_or_translated,
    plural_forms,
    text_in,
    translate,
)

GROUPS = {"common", "no_register"}  # of texts of the doctor; the others are groups of checks
ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "server" / "vertragsgraph"
JINJA = "jinja2.ext:babel_extract"
METHODS = [("register/start/**", JINJA), ("**.py", "python"), ("**/templates/**.html", JINJA)]
KEYWORDS = {
    "both": None,
    "marked": None,
    "Message": None,
    "translate": None,
    "_": None,
    "untouched": None,
    "say": None,
    "fail": (2,),
}
COUNTED = dict.fromkeys(("counted", "count", "plural_forms"), (1, 2))

Text = str | tuple[str, ...]


def key_of(text: Text) -> Text:
    """The one text, or both forms of a counted one."""
    return text if isinstance(text, str) or (len(text) > 1 and "{count}" in text[1]) else text[0]


@pytest.fixture(scope="module")
def texts_in_code() -> set[Text]:
    found = extract_from_dir(PACKAGE, METHODS, keywords=KEYWORDS | COUNTED)
    checks = [check for name, group in TEXTS.items() for check in ([group] if name in GROUPS else group.values())]
    told = {text for check in checks for key, text in check.items() if key != "about"}
    return {key_of(message) for _, _, message, _, _ in found} | told | set(texts_of(speaking(ENGLISH)))


@pytest.fixture(scope="module")
def texts_in_data() -> set[Text]:
    """What ontology, shapes, table of kinds and the catalogue's concepts say in English."""
    concepts = PACKAGE / "release/catalogue/concepts.ttl"
    files = [*(ROOT / "ontology").glob("*.ttl"), *(ROOT / "shapes").glob("*.ttl"), concepts]
    triples = [quad.triple for file in files for quad in parse(path=file, format=RdfFormat.TURTLE)]
    said = {t.object.value for t in triples if isinstance(t.object, Literal) and t.object.language == "en"}
    return said | set(english_in(tomllib.loads((ROOT / "ontology/kinds.toml").read_text("utf-8"))))


def english_in(value: object) -> Iterator[str]:
    if isinstance(value, dict) and isinstance(value.get("en"), str):
        yield value["en"]
    for member in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from english_in(member)


@pytest.fixture(scope="module", params=[language for language in LANGUAGES if language != ENGLISH])
def language(request: pytest.FixtureRequest) -> Language:
    return request.param


@pytest.fixture(scope="module")
def texts(language: Language) -> dict[Text, tuple[str, ...]]:
    """Each key of a catalogue with its text, or with those of its plural forms."""
    messages = [message for message in catalogue(language) if message.id]
    return {m.id: (m.string,) if isinstance(m.string, str) else tuple(m.string) for m in messages}


@pytest.fixture(scope="module")
def wanted(language: Language, texts_in_code: set[Text], texts_in_data: set[Text]) -> set[Text]:
    return texts_in_code if language in WRITTEN else texts_in_code | texts_in_data


def test_german_and_french_are_there() -> None:
    assert set(LANGUAGES) >= {"de", "en", "fr"}


def test_a_catalogue_lacks_no_text(wanted: set[Text], texts: dict[Text, tuple[str, ...]]) -> None:
    assert wanted - {key for key, forms in texts.items() if all(forms)} == set()


def test_no_text_is_left_over(wanted: set[Text], texts: dict[Text, tuple[str, ...]]) -> None:
    assert set(texts) - wanted == set()


def test_translations_keep_the_places(texts: dict[Text, tuple[str, ...]]) -> None:
    for key, forms in texts.items():
        wanted = places(key if isinstance(key, str) else key[-1])
        assert [places(text) for text in forms] == [wanted] * len(forms), key


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_one_thing_and_many_have_their_forms() -> None:
    said = [counted("{count} entry", "{count} entries", n, "de") for n in (0, 1, 2)]
    assert said == ["0 Einträge", "1 Eintrag", "2 Einträge"]
    assert plural_forms("{count} entry", "{count} entries", "en") == {
        "one": "{count} entry",
        "other": "{count} entries",
    }


def test_french_counts_as_french_does() -> None:
    said = [counted("{count} entry", "{count} entries", n, "fr") for n in (0, 1, 2)]
    assert said == ["0 entrée", "1 entrée", "2 entrées"]
    forms = plural_forms("{count} entry", "{count} entries", "fr")
    assert forms == {"one": "{count} entrée", "other": "{count} entrées", "many": "{count} entrées"}


def test_a_text_of_several_languages_is_translated_where_it_lacks_one_and_is_never_german_by_accident() -> None:
    title = {"de": "Verträge", "en": "Contracts"}
    assert own_or_translated(title, "fr") == "Contrats"
    assert own_or_translated({"de": "Boote", "en": "Boats"}, "fr") == "Boats"
    assert own_or_translated(title | {"fr-BE": "Conventions"}, "fr") == "Conventions"
    assert text_in({"de": "Verträge", "fr": "Contrats"}, "fr-CA") == "Contrats"


def test_an_unknown_text_is_shown_in_english() -> None:
    assert translate("never seen, {n}", "de", n=1) == "never seen, 1"
    assert both("never seen")["en"] == "never seen"


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LC_ALL": "de_DE.UTF-8"}, "de"),
        ({"LC_ALL": "C", "LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "fr_BE.UTF-8@euro"}, "fr"),
        ({"LANG": "nl_NL.UTF-8"}, "en"),
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
