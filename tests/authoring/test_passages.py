"""Words are found however they are spelt, and what is found is where it is said to be."""

from __future__ import annotations

import unicodedata
from itertools import accumulate

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vertragsgraph.authoring.passages import nearest, passages, says_something
from vertragsgraph.gate.checks.spelling import folded

TEXT = (
    "Der Kreis schloss am 4.\N{NO-BREAK SPACE}Mai den Vertrag „Mit\N{SOFT HYPHEN}reden“ –\nund  «Singen »: "
    + unicodedata.normalize("NFD", "für Übungen")
    + " in Straße und Haus. Der Vertrag gilt … bis 2028. « Vivre\N{NO-BREAK SPACE}» vaut l’année."
)


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("am 4. Mai", "am 4.\N{NO-BREAK SPACE}Mai"),
        ('"Mitreden" - und', "„Mit\N{SOFT HYPHEN}reden“ –\nund"),
        ("»Mitreden«—und", "„Mit\N{SOFT HYPHEN}reden“ –\nund"),
        ("am  4 .\tMai", "am 4.\N{NO-BREAK SPACE}Mai"),
        ('"Singen"', "«Singen »"),
        ('"Vivre" vaut', "« Vivre\N{NO-BREAK SPACE}» vaut"),
        ("l'année", "l’année"),
        (unicodedata.normalize("NFD", "l'année"), "l’année"),
        ("für Übungen", unicodedata.normalize("NFD", "für Übungen")),
        ("STRASSE UND", "Straße und"),
        ("Der Vertrag gilt … bis", "Der Vertrag gilt … bis"),
        ("Der Vertrag gilt bis", None),
        ("Ubungen", None),
        ("L'annee", None),
        ("Stras", None),
        ("", None),
        ("„“", None),
    ],
)
def test_words_spelt_otherwise(words: str, there: str | None) -> None:
    assert [TEXT[start:end] for start, end in passages(TEXT, words)] == ([there] if there else [])


def test_all_occurrences_are_found_in_their_order() -> None:
    assert [start for start, _ in passages(TEXT, "der Vertrag")] == [TEXT.index("Der Vertrag")]
    assert passages("ja, Ja, jA", "ja") == [(0, 2), (4, 6), (8, 10)]


@pytest.mark.parametrize("mark", ["[…]", "[...]", "[ … ]", "…", "..."])
def test_what_is_left_out(mark: str) -> None:
    (place,) = passages(TEXT, f'"Mitreden" {mark} in Straße')
    assert TEXT[slice(*place)].startswith("„Mit") and TEXT[slice(*place)].endswith(" in Straße")
    assert passages(TEXT, f"{mark} in Straße {mark}") == passages(TEXT, "in Straße")
    assert passages(TEXT, f"in Straße {mark} Mai") == []
    assert passages(TEXT, mark) == ([(TEXT.index("…"), TEXT.index("…") + 1)] if mark == "…" else [])


def test_of_what_is_left_out_the_shortest_passage_is_taken() -> None:
    assert passages("a b a c b, a d b b", "a […] b") == [(0, 3), (4, 9), (11, 16)]


def test_the_nearest_words_are_whole_ones() -> None:
    place = nearest(TEXT, "den Vertrag […] Mitredenden")
    assert place and "Vertrag „Mit\N{SOFT HYPHEN}reden“" in TEXT[slice(*place)]
    assert nearest(TEXT, "Xylophonkonzert in Buxtehude") is None
    assert nearest("", "Vertrag") is None


def test_marks_alone_say_nothing() -> None:
    assert [says_something(words) for words in ("", " […] ", "„–“", "4", "ä")] == [False, False, False, True, True]


ALIKE = [
    *[f"{letter} {unicodedata.normalize('NFD', letter)}".split() for letter in "äöüÄñéç"],
    ['"', "„", "“", "”", "«", "»", "'", "’"],
    ["-", "–", "—", "\N{NON-BREAKING HYPHEN}"],
    [" ", "\N{NO-BREAK SPACE}", "\N{THIN SPACE}", "\n", "  ", "\t", "\N{ZERO WIDTH SPACE} "],
    *[[letter] for letter in "abcsxyz.,;019€𝄞ß漢"],
]
"""Ways of writing the same."""
UNIT = st.sampled_from(ALIKE).flatmap(lambda ways: st.tuples(st.just(ways), st.sampled_from(ways)))
UNITS = st.lists(UNIT, min_size=1, max_size=40)


def respelt(data: st.DataObject, units: list[tuple[list[str], str]]) -> str:
    return "".join(data.draw(st.sampled_from(ways)) for ways, _ in units)


def bare(text: str, start: int, end: int) -> tuple[int, int]:
    """The same place without blanks, or what can't be seen, at its ends."""
    while start < end and not folded(text[start])[0]:
        start += 1
    while end > start and not folded(text[end - 1])[0]:
        end -= 1
    return start, end


@given(st.data(), UNITS)
def test_whatever_stands_in_a_text_is_found_where_it_stands(data: st.DataObject, units: list) -> None:
    text = "".join(unit for _, unit in units)
    ends = [0, *accumulate(len(unit) for _, unit in units)]
    first = data.draw(st.integers(0, len(units) - 1))
    last = data.draw(st.integers(first + 1, len(units)))
    place = bare(text, ends[first], ends[last])
    assume(place[0] < place[1])
    words = respelt(data, units[first:last])
    found = passages(text, words)
    assert place in found
    assert found == sorted(set(found))
    for start, end in found:
        assert folded(words)[0] == folded(text[start:end])[0]


@given(st.data(), UNITS)
def test_with_something_left_out_the_parts_stand_at_the_ends(data: st.DataObject, units: list) -> None:
    text = "".join(unit for _, unit in units)
    ends = [0, *accumulate(len(unit) for _, unit in units)]
    cuts = sorted(data.draw(st.integers(0, len(units))) for _ in range(4))
    parts = respelt(data, units[cuts[0] : cuts[1]]), respelt(data, units[cuts[2] : cuts[3]])
    assume(all(folded(part)[0] for part in parts))
    found = passages(text, " […] ".join(parts))
    start, end = ends[cuts[0]], ends[cuts[3]]
    assert any(start <= first and last <= end for first, last in found)
    for first, last in found:
        there = folded(text[first:last])[0]
        assert there.startswith(folded(parts[0])[0]) and there.endswith(folded(parts[1])[0])
