from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT
from vertragsgraph.authoring.names import Named, Names, read_names
from vertragsgraph.graph import collect
from vertragsgraph.register import load_register
from vertragsgraph.search.analysis import LegalForms

FORMS = LegalForms({"ev": ["eingetragener Verein", "e.V."]})


def named(kind: str, slug: str, *names: str) -> Named:
    return Named(f"https://example.org/id/{kind}/{slug}", kind, tuple((name, "de") for name in names))


NAMES = Names(
    [
        named("organisation", "drk", "Deutsches Rotes Kreuz, Landesverband Hessen e.V.", "DRK"),
        named("organisation", "brk", "Bayerisches Rotes Kreuz"),
        named("organisation", "eu", "EU"),
        named("organisation", "sprachbruecke", "Sprachbrücke Moorwalde"),
        named("organisation", "chor", "Chorverband Moorwalde"),
        named("person", "klose", "Kai Klose"),
        named("person", "moeller", "Nils Möller"),
        named("topic", "integration", "Integration"),
        named("office", "minister", "Minister für Soziales und Integration"),
        named("place", "hessen", "Hessen"),
    ],
    FORMS,
)


def found(text: str) -> list[tuple[str, str]]:
    return [(text[each.start : each.end], each.resource.iri.rpartition("/")[2]) for each in NAMES.mentions(text)]


@pytest.mark.parametrize(
    ("text", "there", "slug"),
    [
        ("mit dem Deutschen Roten Kreuz, Landesverband Hessen e.V., und", None, "drk"),
        ("das Deutsche Rote Kreuz, LV Hessen", "Deutsche Rote Kreuz, LV Hessen", "drk"),
        (
            "Deutsches Rotes Kreuz, Landesverband Hessen e.V.und",
            "Deutsches Rotes Kreuz, Landesverband Hessen e.V.",
            "drk",
        ),
        ("das DRK Hessens", "DRK", "drk"),
        ("die Sprach-\nbrücke Moorwalde e. V. ist", "Sprach-\nbrücke Moorwalde", "sprachbruecke"),
        ("der Sprachbrücke", "Sprachbrücke", "sprachbruecke"),
        ("DER SPRACHBRUECKE", "SPRACHBRUECKE", "sprachbruecke"),
        ("der Sprachbrucke Moorwalde", "Sprachbrucke Moorwalde", "sprachbruecke"),
        ("sagte Klose.", "Klose", "klose"),
        ("Nils Moeller", "Nils Moeller", "moeller"),
        ("Nils Mo\u0308ller", "Nils Mo\u0308ller", "moeller"),
        ("Nils Mö\u00adller", "Nils Mö\u00adller", "moeller"),
        ("Niels Möller", "Niels Möller", "moeller"),
        ("als Minister für Soziales und Integration", "Minister für Soziales und Integration", "minister"),
    ],
)
def test_a_name_is_found_in_other_forms(text: str, there: str | None, slug: str) -> None:
    place = there or "Deutschen Roten Kreuz, Landesverband Hessen e.V."
    assert (place, slug) in found(text)


@pytest.mark.parametrize("text", ["Kai kam.", "il a eu", "in Moorwalde", "Klosett", "die brücke", "Kreuz und quer", ""])
def test_what_is_too_little_of_a_name(text: str) -> None:
    assert found(text) == []


def test_of_names_within_others_the_longer_is_meant() -> None:
    assert found("Minister für Soziales und Integration in Hessen") == [
        ("Minister für Soziales und Integration", "minister"),
        ("Hessen", "hessen"),
    ]


def test_what_bears_one_name_is_all_suggested() -> None:
    names = Names([named("person", "a", "Jo Alt"), named("person", "b", "Jo Alt"), named("place", "alt", "Alt")])
    assert [each.resource.iri[-1] for each in names.mentions("Jo Alt kam.")] == ["a", "b"]


def test_a_name_does_not_go_across_paragraphs() -> None:
    assert found("Kai\n\nKlose") == [("Klose", "klose")]


def test_a_name_as_it_stands_scores_best() -> None:
    scores = [NAMES.mentions(text)[0].score for text in ("Sprachbrücke Moorwalde", "SPRACHBRÜCKE", "Sprachbrucken")]
    assert scores[0] == 100 > scores[1] >= scores[2] > 50


def test_the_names_of_a_register(tmp_path: Path) -> None:
    register = load_register(ROOT / "examples/montclair")
    names = read_names(collect(register, tmp_path), register.base)
    text = "L'échevine de l'action sociale Awa Diallo, et M. Lambotte du CPAS; la convention « Lire à tout âge »."
    found = [(text[each.start : each.end], each.resource.iri.rpartition("/id/")[2]) for each in names.mentions(text)]
    assert found[:4] == [
        ("échevine de l'action sociale", "office/echevine-action-sociale"),
        ("Awa Diallo", "person/awa-diallo"),
        ("Lambotte", "person/henri-lambotte"),
        ("CPAS", "organisation/cpas"),
    ]
    assert not any(each.resource.kind == "contract" for each in names.mentions(text))
    assert names.mentions("CPAS")[0].resource.names[0] in {("CPAS de Montclair", "fr"), ("OCMW van Montclair", "nl")}


def test_a_register_without_names_and_a_text_without_words() -> None:
    assert Names([]).mentions("Kai Klose") == []
    assert NAMES.mentions("… – !") == []
