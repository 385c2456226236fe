"""Labels in the language wanted, in a variant of it, or in another."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal

from vertragsgraph.linked_data.terms import LABEL_PROPERTIES, Label, Labels

IRI = "https://example.org/o"


def labels(**texts: str) -> Labels:
    found = Labels()
    for language, text in texts.items():
        found.add(IRI, LABEL_PROPERTIES[1], Literal(text, language=language.replace("_", "-")))
    return found


@pytest.mark.parametrize(
    ("there", "wanted", "shown"),
    [
        ({"de_at": "Verein", "en_gb": "Association"}, "en", Label("Association", "en-gb")),
        ({"de_at": "Verein", "en_gb": "Association"}, "de", Label("Verein", "de-at")),
        ({"de_at": "Verband", "de": "Verein"}, "de", Label("Verein", "de")),
        ({"uk": "Фонд"}, "en", Label("Фонд", "uk")),
    ],
)
def test_a_variant_of_the_language_serves(there: dict[str, str], wanted: str, shown: Label) -> None:
    assert labels(**there).get(IRI, wanted) == shown  # type: ignore[arg-type]


def test_a_column_of_a_language_holds_its_variants_but_no_other_language() -> None:
    found = labels(de_at="Verein", uk="Фонд")
    assert (found.text_in(IRI, "de"), found.text_in(IRI, "en")) == ("Verein", "")
