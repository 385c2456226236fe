from __future__ import annotations

from vertragsgraph.authoring.names import Named, Names
from vertragsgraph.authoring.suggestions import Suggestion, suggestions

KLOSE = Named("x:id/person/klose", "person", (("Kai Klose", "de"), ("Mr Klose", "en")))
TEXT = "Am 3. Juni 2019 sagte Kai Klose 2019 Euro und rund 5 Mio. Euro zu."


def test_names_dates_and_amounts_in_their_order() -> None:
    found = suggestions(TEXT, Names([KLOSE]), ["de"])
    assert [(TEXT[each.start : each.end], each.kind, each.iri or each.value, each.score) for each in found] == [
        ("3. Juni 2019", "date", "2019-06-03", 95),
        ("Kai Klose", "person", KLOSE.iri, 100),
        ("2019 Euro", "amount", "2019", 90),
        ("rund 5 Mio. Euro", "amount", "5000000", 70),
    ]
    assert found[3] == Suggestion(46, 62, "amount", "", "5000000", "rund 5 Mio. Euro", 70, "EUR", "", "")
    assert TEXT[46:62] == "rund 5 Mio. Euro"


def test_what_is_known_is_called_by_the_language_asked_for() -> None:
    names = Names([KLOSE])
    assert [suggestions("Klose", names, tags)[0].label for tags in (["de"], ["en", "de"], ["fr"])] == [
        "Kai Klose",
        "Mr Klose",
        "Kai Klose",
    ]


def test_positions_count_code_points() -> None:
    text = "𝔘 é\u0301 Kai Klose"
    (found,) = suggestions(text, Names([KLOSE]), ["de"])
    assert text[found.start : found.end] == "Kai Klose"
