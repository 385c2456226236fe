from __future__ import annotations

from vertragsgraph.gate.checks.surroundings import LENGTH, Surroundings, surroundings

TEXT = """Überschrift
Der Minister schloss am 3. Juni 2019 zwei weitere Integrationsverträge ab. Bei der Unterzeichnung war er da.
  • Der Vertrag mit dem Verein behandelt den Sport.
  • Der Vertrag mit dem Verband behandelt den Sport.
„Ein Wort.“
"""


def around(exact: str, text: str = TEXT, nth: int = 1) -> Surroundings:
    start = -1
    for _ in range(nth):
        start = text.index(exact, start + 1)
    return surroundings(text, start, start + len(exact))


def test_whole_words_of_the_line_right_before_and_after() -> None:
    assert around("3. Juni 2019") == Surroundings("Der Minister schloss am ", " zwei weitere")
    assert max(map(len, (around("3. Juni").prefix, around("3. Juni").suffix))) <= LENGTH


def test_what_cuts_a_word_is_completed() -> None:
    assert around("Integrations") == Surroundings("am 3. Juni 2019 zwei weitere ", "verträge ab. Bei der")


def test_a_whole_line_needs_nothing_around_and_bullets_and_marks_say_nothing() -> None:
    assert around("Überschrift") == Surroundings("", "")
    assert around("Ein Wort.") == Surroundings("", "")
    assert around("Der Vertrag mit dem Verein") == Surroundings("", " behandelt den Sport.")


def test_where_the_words_of_the_line_would_stand_there_twice_others_come_along() -> None:
    assert around("behandelt den Sport", nth=1).prefix.endswith("mit dem Verein ")
    assert around("behandelt den Sport", nth=2).prefix.endswith("mit dem Verband ")
    text = "Seite\neins\nGleich\nSeite\nzwei\nGleich\n"
    assert around("Gleich", text, 2) == Surroundings("Seite\neins\nGleich\nSeite\nzwei\n", "")


def test_a_word_that_is_longer_than_all_may_be_comes_whole() -> None:
    assert around(" kurz", "Donaudampfschifffahrtsgesellschaftskapitän kurz").prefix == (
        "Donaudampfschifffahrtsgesellschaftskapitän"
    )
