from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from vertragsgraph.finding import Place
from vertragsgraph.graph.quotations import Quotation
from vertragsgraph.rereading.quotations import Outcome, Source, State, compare

PAGE = """Presse
Der Minister schloss am 3. Juni 2019 zwei weitere „Verträge“ ab.
Der Verband sagt: Wir sind froh.
Auch der Verein sagt: Wir sind froh.
"""


def outcome(exact: str, prefix: str = "", suffix: str = "", page: str = PAGE) -> Outcome:
    quotation = Quotation("e", NamedNode("x:s1"), exact, 0, len(exact), prefix, suffix, Place(Path("e.ttl"), 1))
    (found,) = compare(page, Source("x:s1", "s1", "S1", "", (quotation,)))
    return found


def test_words_between_the_words_that_were_around_them() -> None:
    assert outcome("am 3. Juni 2019", "Minister schloss ", " zwei weitere").state is State.AS_QUOTED
    assert outcome("Presse").state is State.AS_QUOTED
    found = outcome("Wir sind froh", "der Verein sagt: ")
    assert (found.state, found.difference) == (State.AS_QUOTED, None)


def test_words_between_others() -> None:
    found = outcome("am 3. Juni 2019", "Minister unterschrieb ", " zwei weitere")
    assert found.state is State.ELSEWHERE
    assert found.there == "Presse Der Minister schloss am 3. Juni 2019 zwei weitere „Verträge“ ab. Der"
    assert outcome("am 3. Juni 2019", suffix=" drei").state is State.ELSEWHERE


def test_line_ends_and_blanks_do_not_count() -> None:
    found = outcome("froh. Auch  der\nVerein", "sind", "sagt:")
    assert (found.state, found.difference) == (State.AS_QUOTED, None)


@pytest.mark.parametrize(
    ("exact", "page", "said"),
    [
        ('weitere "Verträge" ab', PAGE, "U+201E"),
        ("3. Juni", PAGE.replace("3. Juni", "3.\N{NO-BREAK SPACE}Juni"), "U+00A0"),
        ("Verträge", unicodedata.normalize("NFD", PAGE), "two characters"),
        (unicodedata.normalize("NFD", "Verträge"), PAGE, "two characters"),
        ("der minister", PAGE, "“D”"),
    ],
)
def test_other_characters_are_no_other_words_but_it_is_said(exact: str, page: str, said: str) -> None:
    found = outcome(exact, page=page)
    assert found.state is State.AS_QUOTED
    assert found.difference
    assert said in found.difference["en"]


def test_what_is_gone_is_told_with_what_is_nearest() -> None:
    found = outcome("schloss am 4. Juli 2019 drei weitere „Verträge“ ab")
    assert (found.state, found.there) == (State.MISSING, "schloss am 3. Juni 2019 zwei weitere „Verträge“ ab.")
    other = outcome("Qwertzuiopü yxcvbnm qqq")
    assert (other.state, other.there) == (State.MISSING, "")


@pytest.mark.parametrize("page", ["", "kurz", "\n"])
def test_a_page_with_less_than_the_quotation(page: str) -> None:
    assert outcome("Worte, die länger sind als die ganze Seite", page=page).state is State.MISSING
