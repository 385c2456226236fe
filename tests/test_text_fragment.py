"""Links to passages, read back by a small parser of the directive, and followed as the draft says that browsers do."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from vertragsgraph.gate.checks.surroundings import surroundings
from vertragsgraph.text_fragment import ENDS, LONGEST, passage_address, text_directive

SYNTAX = re.compile(
    r"text=(?:(?P<prefix>[^&,-]+)-,)?(?P<start>[^&,-]+)(?:,(?P<end>[^&,-]+))?(?:,-(?P<suffix>[^&,-]+))?", re.ASCII
)


@dataclass(frozen=True)
class Directive:
    prefix: str | None
    start: str
    end: str | None
    suffix: str | None


def read(directive: str) -> Directive:
    """Read a directive by the grammar of the draft (TextDirective)."""
    found = SYNTAX.fullmatch(directive)
    assert found, directive
    return Directive(
        *(part and unquote(part, errors="strict") for part in found.group("prefix", "start", "end", "suffix"))
    )


def follow(directive: Directive, text: str) -> tuple[int, int] | None:
    """Find the passage in a text whose lines are blocks ("find a range from a text directive"), word boundaries aside."""
    text = base(text)
    terms = [
        base(term) if term else "" for term in (directive.prefix, directive.start, directive.end, directive.suffix)
    ]
    prefix, start, end, suffix = terms
    for match in re.finditer(f"(?={re.escape(prefix)})" if prefix else "", text):
        at = skip(text, match.start() + len(prefix))
        if prefix and not text.startswith(start, at):
            continue
        at = at if prefix else text.find(start, match.start())
        if at < 0:
            return None
        ends = [at + len(start)]
        if end:
            ends = [
                found.start() + len(end)
                for found in re.finditer(f"(?={re.escape(end)})", text)
                if found.start() >= ends[0]
            ]
        for last in ends:
            if text.startswith(suffix, skip(text, last) if suffix else last):
                return at, last
    return None


def base(text: str) -> str:
    """Return a text as the draft compares it, with as many characters."""
    return "".join(unicodedata.normalize("NFD", character)[0].lower()[0] for character in text)


def skip(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


WORDS = st.text(st.sampled_from("abcäöÜß.-,&%+é „“:"), min_size=1, max_size=30).filter(
    lambda text: any(map(str.isalnum, text))
)
LINES = st.lists(WORDS.map(lambda text: " ".join(text.split())), min_size=1, max_size=8)


@given(st.text(min_size=1), st.text(), st.text())
@example("-", "a-", "-b")
@example("Ziel, a & b", "50 % - ", ": „c“")
def test_any_quotation_makes_a_directive_that_the_grammar_takes(exact: str, prefix: str, suffix: str) -> None:
    directive = text_directive(exact, prefix, suffix)
    if not exact.split():
        assert directive == ""
        return
    found = read(directive)
    assert directive.isascii()
    assert not set(directive) & set("<>\"' \\^`{}|")
    words = " ".join(exact.split())
    assert words.startswith(found.start)
    assert words.endswith(found.end or found.start)
    for term, words in ((found.prefix, prefix), (found.suffix, suffix)):
        assert term is None or term in " ".join(words.split())


@given(LINES, st.data())
def test_what_is_known_of_a_passage_leads_to_it(lines: list[str], data: st.DataObject) -> None:
    text = "\n".join(lines)
    words = [match.span() for match in re.finditer(r"\S+", text)]
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    start, end = words[first][0], words[last][1]
    around = surroundings(text, start, end)
    assert text[:start].endswith(around.prefix)
    assert text[end:].startswith(around.suffix)
    exact = text[start:end]
    assume(text.casefold().count((around.prefix + exact + around.suffix).casefold()) == 1)
    assume("\n" not in around.prefix + exact + around.suffix)
    found = follow(read(text_directive(exact, around.prefix, around.suffix)), text)
    assert found is not None
    assert base(text[slice(*found)]) == base(exact)


def test_a_short_quotation_is_told_in_full() -> None:
    exact = "w " * (LONGEST // 2 - 1) + "w"
    assert read(text_directive(exact)) == Directive(None, exact, None, None)


def test_a_long_one_is_a_range_of_whole_words() -> None:
    words = [f"Wort{number}" for number in range(100)]
    found = read(text_directive(" ".join(words)))
    assert found.end
    assert words[: len(found.start.split())] == found.start.split()
    assert words[-len(found.end.split()) :] == found.end.split()
    assert max(len(found.start), len(found.end)) <= ENDS


def test_the_end_of_a_range_does_not_stand_in_it_before() -> None:
    exact = "Anfang und immer wieder\nund immer wieder\n" + "etwas anderes und immer wieder"
    assert read(text_directive(exact)).end == "etwas anderes und immer wieder"
    again = "x " * 160 + "y z " + "v " * 80 + "Ende " + "v " * 80 + "Ende"
    found = read(text_directive(again))
    assert found.end
    assert again.index(found.end) + len(found.end) == len(again)


def test_lines_are_blocks_and_bullets_are_not_of_the_page() -> None:
    exact = "Vereinbart wurden:\n\n  • ein Fest\n  • ein Lauf"
    assert read(text_directive(exact, "Die Ziele\n", "\n  • ein Spiel")) == Directive(
        "Die Ziele", "Vereinbart wurden:", "ein Lauf", "ein Spiel"
    )
    assert read(text_directive("Fest", "  • ein ", "")).prefix == "ein"


def test_what_around_a_quotation_are_only_marks_is_left_out() -> None:
    assert read(text_directive("Worte", " „", "“.\n Mehr")) == Directive(None, "Worte", None, None)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://example.org/a", "https://example.org/a#:~:text=b"),
        ("https://example.org/a#part", "https://example.org/a#part:~:text=b"),
        ("https://example.org/vertr%C3%A4ge?x=1", "https://example.org/vertr%C3%A4ge?x=1#:~:text=b"),
        ("", ""),
    ],
)
def test_the_address_stays_as_it_is(url: str, address: str) -> None:
    assert passage_address(url, "b") == address
    assert passage_address(url, "") == url
    assert urlsplit(address).path == urlsplit(url).path
