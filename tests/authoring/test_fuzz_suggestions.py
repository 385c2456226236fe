"""Whatever a text is, what is suggested is a passage of it, and of a form that data can have."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertragsgraph.authoring.names import Named, Names
from vertragsgraph.authoring.suggestions import suggestions
from vertragsgraph.rdf import edtf
from vertragsgraph.search.analysis import LegalForms, tokens

NAMES = Names(
    [
        Named(f"x:id/{kind}/{number}", kind, ((name, "de"),))
        for number, (kind, name) in enumerate(
            [
                ("person", "Kai Klose"),
                ("organisation", "Rotes Kreuz Hessen"),
                ("topic", "Sport"),
                ("place", "ẞ"),
                ("place", "…"),
            ]
        )
    ],
    LegalForms({"ev": ["e.V."]}),
)
PIECES = (
    "3. 31. 0 2019 Juni juin June 1er . , / - zwischen und vor um entre et avant the 2010s 2010er 40.000 1,2 Mio. € Euro EUR $ £ "
    "knapp bis zu im Jahr Kai Klose Rotes Kreuz Hessen e.V. Sport"
)
BETWEEN = st.sampled_from(["", " ", "\n", "\n\n", "\N{NO-BREAK SPACE}", "-\n", "\u00ad", "\u0308", "\f"])
TEXTS = st.text(max_size=40) | st.lists(
    st.tuples(st.sampled_from(PIECES.split()), BETWEEN).map("".join), max_size=14
).map("".join)


@pytest.mark.fuzz
@given(TEXTS, st.lists(st.sampled_from(["de", "en-US", "fr-BE", "nl", "tlh", "x"]), max_size=3))
def test_suggestions_are_passages_with_values_that_data_can_have(text: str, languages: list[str]) -> None:
    for each in suggestions(text, NAMES, languages):
        assert 0 <= each.start < each.end <= len(text) and 0 < each.score <= 100
        if each.kind == "date":
            assert edtf.read(each.value)
        elif each.kind == "amount":
            assert Decimal(each.value) > 0 and len(each.currency) == 3
        else:
            assert each.iri and each.label


@pytest.mark.fuzz
@given(TEXTS)
def test_tokens_are_passages_in_their_order(text: str) -> None:
    found = list(tokens(text))
    assert all(first.end <= second.start for first, second in pairwise(found))
    assert all(text[each.start : each.end].strip() and each.stem for each in found)
