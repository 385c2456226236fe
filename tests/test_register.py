"""register.toml: what is wrong in it is named with its line and what to do."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from vertragsgraph.finding import Severity
from vertragsgraph.register import (
    RELEASED,
    Register,
    RegisterError,
    find_folder,
    line_of_key,
    load_register,
    shipped_folder,
    warnings,
)

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "register.toml").read_text("utf-8")


def complaint(folder: Path, text: str) -> tuple[int, str, str]:
    (folder / "register.toml").write_text(text, "utf-8")
    with pytest.raises(RegisterError) as caught:
        load_register(folder)
    finding = caught.value.findings[-1]
    assert finding.place is not None
    return finding.place.line, finding.message["en"], finding.message["de"]


def line(part: str, text: str = TEXT) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_each_text_is_asked_for_in_each_language_of_the_register(tmp_path: Path) -> None:
    text = TEXT.replace('languages = ["de", "en"]', 'languages = ["fr", "de"]')
    (tmp_path / "register.toml").write_text(text, "utf-8")
    with pytest.raises(RegisterError) as caught:
        load_register(tmp_path)
    said = {finding.message["en"]: finding.place.line for finding in caught.value.findings if finding.place}
    assert said['the key "title.fr" is missing; add it'] == line("[title]")
    assert said['the key "licence.name.fr" is missing; add it'] == line('name = { de = "Datenlizenz')
    assert len(said) == 8
    every = text.replace('de = "', 'fr = "x", de = "')
    every = re.sub(r'^fr = "x", ', 'fr = "x"\n', every, flags=re.MULTILINE)
    (tmp_path / "register.toml").write_text(every, "utf-8")
    register = load_register(tmp_path)
    assert register.languages == ("fr", "de") and register.spoken == ("fr", "de")
    assert register.title.root["en"], "further languages may stand beside them"


@pytest.mark.parametrize(
    ("languages", "spoken", "voice"),
    [
        (("fr", "nl"), ("fr",), "fr"),
        (("nl", "de-AT"), ("de",), "de"),
        (("nl",), ("en",), "en"),
        (("en-GB", "fr-BE"), ("en", "fr"), "en"),
    ],
)
def test_a_language_without_a_catalogue_falls_back_to_the_first_that_has_one(
    languages: tuple[str, ...], spoken: tuple[str, ...], voice: str
) -> None:
    register = load_register(ROOT).model_copy(update={"languages": languages})
    assert register.spoken == spoken
    assert register.speaks("nl") == voice


def test_the_shipped_register_is_read() -> None:
    register = load_register(ROOT)
    assert register.key == "hessen"
    assert register.graph("contracts") == "https://w3id.org/vertragsgraph/hessen/graph/contracts"
    assert register.iri("id/contract/drk-hessen") == "https://w3id.org/vertragsgraph/hessen/id/contract/drk-hessen"
    assert register.url == register.base
    assert register.data == ROOT / "data"


def test_an_unknown_key_is_named_with_its_line_and_the_likely_one(tmp_path: Path) -> None:
    text = TEXT.replace("email =", "emial =")
    assert complaint(tmp_path, text) == (
        line("emial", text),
        'unknown key "contact.emial"; did you mean "email"?',
        'unbekannter Schlüssel "contact.emial"; ist "email" gemeint?',
    )


def test_an_unknown_key_like_no_other_shows_what_is_known(tmp_path: Path) -> None:
    found = complaint(tmp_path, TEXT + "\n[zzz]\nqqq = 1\n")
    assert found[0] == line("[zzz]", TEXT + "\n[zzz]")
    assert "known here are: key, base" in found[1]


@pytest.mark.parametrize(
    ("old", "new", "key", "wanted"),
    [
        ('key = "hessen"', 'key = "Hes sen"', "key", "lower-case ASCII"),
        ("register@example.org", "nobody", "contact.email", "e-mail address"),
        ('hessen/"     #', 'hessen"  #', "base", "ends with a slash"),
        ('base = "https', 'base = "gopher', "base", "absolute http(s) IRI"),
        ('"https://query.wikidata.org/sparql"', '"query.wikidata.org"', "federation.0", "absolute http(s) IRI"),
        ('languages = ["de", "en"]', 'languages = "de"', "languages", "list"),
        ('languages = ["de", "en"]', 'languages = ["deutsch"]', "languages.0", "a language tag (BCP 47)"),
        ('languages = ["de", "en"]', 'languages = ["de", "DE"]', "languages", "each once"),
        ('key = "hessen"', "key = 1", "key", "quotation marks"),
        (
            'name = { de = "Hessen", en = "Hesse" }',
            'name = { de = "", en = "Hesse" }',
            "spatial.name.de",
            "isn't empty",
        ),
        ('name = { de = "Hessen", en = "Hesse" }', 'name = "Hessen"', "spatial.name", "table"),
        ("register@example.org", "Redaktion<r@example.org>", "contact.email", "e-mail address"),
        ("register@example.org", "r@münchen.de", "contact.email", "xn--"),
        ("licenses/dl-by-de/2.0", "%zz", "licence.iri", "absolute http(s) IRI"),
        ("licenses/dl-by-de/2.0", "größe", "licence.iri", "in ASCII"),
        ("http://dcat-ap.de/def/licenses/dl-by-de/2.0", "http://[", "licence.iri", "absolute http(s) IRI"),
        ("https://sws.geonames.org", "https://user:pw@sws.geonames.org", "spatial.iri", "without user name"),
        ("https://sws.geonames.org", "https://sws.geonames.org:99999", "spatial.iri", "absolute http(s) IRI"),
        ('hessen/"     #', 'hessen/?x=/"     #', "base", "neither ? nor #"),
        ('languages = ["de", "en"]', "languages = []", "languages", "at least one language"),
        ('languages = ["de", "en"]', 'languages = ["de", "de"]', "languages", "each once"),
        ('start = "2018"', 'start = "2019-02-31"', "temporal.start", "a year, month or day"),
        ('start = "2018"', 'start = "2018-13"', "temporal.start", "a year, month or day"),
        ('start = "2018"', 'end = "2018-04-30"\nstart = "2018-05"', "temporal.end", "isn't before the start"),
        ('"IRREG"', '"NIE"', "frequency", "known are: ANNUAL"),
        ('"IRREG"', '"monthly"', "frequency", "did you mean MONTHLY?"),
        ('"SOCI"', '"SOCIAL"', "themes.0", "did you mean SOCI?"),
        ('"AVAILABLE"', '"AVAILABEL"', "portal.availability", "did you mean AVAILABLE?"),
        ('"Hessische Integrationsverträge"', r'"Verträge\u000bmit"', "title.de", "without control characters"),
        ('"Hessische Integrationsverträge"', r'"Verträge\nmit"', "title.de", "one line"),
        ('key = "hessen"', f'key = "{"x" * 65}"', "key", "no more than 64"),
    ],
)
def test_a_wrong_value_is_named_with_its_line(tmp_path: Path, old: str, new: str, key: str, wanted: str) -> None:
    assert old in TEXT
    number, english, german = complaint(tmp_path, TEXT.replace(old, new))
    assert number == line(old)
    assert english.startswith(f'the value of "{key}" must be ')
    assert wanted in english
    assert german.startswith(f'der Wert von "{key}" muss')


def test_a_missing_key_is_named_with_its_table(tmp_path: Path) -> None:
    found = complaint(tmp_path, TEXT.replace('en = "Hessian integration contracts"\n', "", 1))
    assert found[:2] == (line("[title]"), 'the key "title.en" is missing; add it')


def test_a_keyword_that_portals_refuse_is_a_warning(tmp_path: Path) -> None:
    words = ["Frauen & Gleichstellung", "Bürger/innen", "§ 8a SGB VIII", "x", "Öffentlicher Dienst 2.0"]
    (tmp_path / "register.toml").write_text(
        TEXT.replace('de = ["Integration"', f'de = {words[:-1]}\nen = ["{words[-1]}"', 1).replace(
            'en = ["integration", ', "#"
        ),
        "utf-8",
    )
    found = warnings(load_register(tmp_path))
    assert [word for finding in found for word in words if f'"{word}"' in finding.message["en"]] == words[:-1]
    assert {(finding.severity, finding.place.line) for finding in found if finding.place} == {
        (Severity.WARNING, line("[keywords]") + 1)
    }


def test_what_was_released_is_taken_as_it_is() -> None:
    """Rules that came later take no past release away."""
    values = load_register(ROOT).model_dump(mode="json")
    values |= {"frequency": "NIE", "languages": [], "temporal": {"start": "2019-02-31", "end": "2018"}}
    values["title"]["de"] = "Zwei\nZeilen"
    text = json.dumps(values)
    assert Register.model_validate_json(text, context=RELEASED).title.root["de"] == "Zwei\nZeilen"
    with pytest.raises(ValidationError, match="4 validation errors"):
        Register.model_validate_json(text)


@pytest.mark.parametrize("text", ["x = " + "[" * 5000, "x = " + "9" * 5000, "x = 2019-02-31", 'x = "', "<<<<<<< HEAD"])
def test_what_no_toml_parser_takes_is_a_finding(tmp_path: Path, text: str) -> None:
    (tmp_path / "register.toml").write_text(text, "utf-8")
    with pytest.raises(RegisterError, match=r"register\.toml:1.*(TOML syntax error|merge conflict)"):
        load_register(tmp_path)


def test_a_syntax_error_has_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "register.toml").write_text('key = "a"\nbase = = 1\n', "utf-8")
    with pytest.raises(RegisterError) as caught:
        load_register(tmp_path)
    place = caught.value.findings[0].place
    assert place is not None
    assert (place.line, place.column) == (2, 8)


def test_missing_folder_and_missing_file_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="there is no such folder"):
        load_register(tmp_path / "nowhere")
    with pytest.raises(RegisterError, match="--register"):
        load_register(tmp_path)


def test_a_file_that_is_not_utf8_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "register.toml").write_bytes(b'key = "\xff"')
    with pytest.raises(RegisterError, match=r'register.toml:1:8: violation: this is not UTF-8.*"ÿ" stands here'):
        load_register(tmp_path)


def test_a_byte_order_mark_and_the_name_of_the_file_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "register.toml").write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert load_register(tmp_path).canonical() == load_register(ROOT).canonical()
    assert load_register(tmp_path / "register.toml").folder == tmp_path


def test_a_register_without_ontology_and_shapes_takes_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "register.toml").write_text(TEXT, "utf-8")
    register = load_register(tmp_path)
    assert register.ontology == ROOT / "ontology"
    (tmp_path / "ontology").mkdir()
    assert register.ontology == tmp_path / "ontology"


def test_the_nearest_folder_upwards_is_found(tmp_path: Path) -> None:
    (tmp_path / "register.toml").touch()
    (deep := tmp_path / "a" / "b").mkdir(parents=True)
    assert find_folder(deep) == tmp_path
    assert find_folder(Path("/")) == shipped_folder()


def test_layout_and_order_do_not_change_the_canonical_contents(tmp_path: Path) -> None:
    head, _, tail = TEXT.partition("[publisher]")
    spatial = tail[tail.index("[spatial]") :]
    (tmp_path / "register.toml").write_text(
        head + "\n\n" + spatial + "\n[publisher]" + tail.replace(spatial, ""), "utf-8"
    )
    assert load_register(tmp_path).canonical() == load_register(ROOT).canonical()


@given(st.lists(st.sampled_from(sorted(Register.model_fields)), unique=True, min_size=1), st.data())
def test_the_line_of_a_key_is_found(keys: list[str], data: st.DataObject) -> None:
    text = "".join(f"{key} = 1\n" + "\n" * data.draw(st.integers(0, 2)) for key in keys)
    for key in keys:
        assert text.splitlines()[line_of_key(text, [key]) - 1].startswith(f"{key} =")
