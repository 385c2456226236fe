"""The scan of a query's text against the terminals of SPARQL 1.1 (section 19.8), each written down as it stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertragsgraph.sparql.query import scan

pytestmark = pytest.mark.fuzz

BASE = (
    "A-Za-zÀ-ÖØ-öø-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
U = f"{BASE}_"
CHARS = f"{U}\\-0-9\u00b7\u0300-\u036f\u203f-\u2040"
PLX = r"%[0-9A-Fa-f][0-9A-Fa-f]|\\[_~.\-!$&'()*+,;=/?#@%]"
ECHAR = r"\\[^\n\r]"  # and what is wrong after a backslash
PREFIX = f"[{BASE}](?:[{CHARS}.]*[{CHARS}])?"
LOCAL = f"(?:[{U}:0-9]|{PLX})(?:(?:[{CHARS}.:]|{PLX})*(?:[{CHARS}:]|{PLX}))?"
TERMINALS = [
    ("iri", r"<[^<>\"{}|^`\x00-\x20]*>"),
    ("name", f"(?:{PREFIX})?:(?:{LOCAL})?"),
    ("blank", f"_:[{U}0-9](?:[{CHARS}.]*[{CHARS}])?"),
    ("variable", f"[?$][{U}0-9][{U}0-9\u00b7\u0300-\u036f\u203f-\u2040]*"),
    ("tag", "@[a-zA-Z]+(?:--?[a-zA-Z0-9]+)*"),  # with a direction (SPARQL 1.2)
    *(("number", f"{mantissa}[eE][+-]?[0-9]+") for mantissa in (r"[0-9]+\.[0-9]*", r"\.[0-9]+", "[0-9]+")),
    *(("number", number) for number in (r"[0-9]*\.[0-9]+", "[0-9]+")),
    *(("string", rf"{q}(?:[^{q}\\\n\r]|{ECHAR})*{q}") for q in "'\""),
    *(("string", rf"{q}{q}{q}(?:{q}{{0,2}}(?:[^{q}\\]|{ECHAR}|\\[\n\r]))*{q}{q}{q}") for q in "'\""),
    ("comment", r"\#[^\n\r]*"),
    ("open", r"[{(\[]"),
    ("close", r"[})\]]"),
    ("word", f"[{BASE}][{U}0-9\u00b7\u0300-\u036f\u203f-\u2040]*"),
]
PARTS = [
    "a",
    "é",
    "SERVICE",
    "now",
    ":",
    ".",
    "-",
    "_",
    "_:",
    "1",
    "e",
    "+",
    "%41",
    "%4",
    "\\",
    "\\.",
    "\\u0041",
    '"',
    "'",
    "<",
    ">",
]
PARTS += ["#", "?", "$", "@", "{", "}", "(", ")", " ", "\n", "\r", "\u00b7", "\u0300", "/", "=", "&", "\x00", "\ud800"]


def longest(text: str) -> Iterator[tuple[str, str]]:
    """The longest terminal at each place, whatever time it takes to find."""
    position = 0
    while position < len(text):
        found = [(re.compile(rule).match(text, position), kind) for kind, rule in TERMINALS]
        size, kind = max(((match.end() - position, kind) for match, kind in found if match), default=(0, ""))
        if kind:
            yield kind, text[position : position + size]
        position += size or 1


def matters(kind: str, text: str) -> bool:
    """Tell whether a token is one that the scan takes care to tell: of `a.1e+5`, `a` is."""
    return kind != "number" and not (kind == "word" and text.startswith("e"))


@given(st.lists(st.sampled_from(PARTS), max_size=25).map("".join))
def test_tokens_are_those_of_the_grammar(text: str) -> None:
    tokens = [(str(token.lastgroup), token[0]) for token in scan.tokens(text)]
    tokens = [token for token in tokens if matters(*token)]
    closed = next((i for i, (kind, _) in enumerate(tokens) if kind == "unclosed"), len(tokens))
    assert tokens[:closed] == [token for token in longest(text) if matters(*token)][:closed]
    if text.isascii():  # those of a text that is not are found by another pattern
        others = [(str(token.lastgroup), token[0]) for token in scan.tokens(f"{text}\né") if token[0] != "é"]
        assert [token for token in others if matters(*token)][:closed] == tokens[:closed]


@given(st.text(max_size=60) | st.lists(st.sampled_from(PARTS), max_size=60).map("".join))
def test_any_text_is_taken_apart_from_beginning_to_end(text: str) -> None:
    end, left = 0, ""
    for token in scan.tokens(text):
        assert end <= token.start() < token.end()
        left += text[end : token.start()]
        end = token.end()
    spans = list(scan.all_tokens(text))
    assert spans == sorted(spans)
    assert all(text[begin:stop].strip() for begin, stop in spans)
    scan.is_volatile(text)
    scan.has_dataset_clause(text)
    scan.prefixes(text)
    scan.form(text)
    for check in (scan.check_nesting, lambda query: scan.check_service(query, ())):
        try:
            check(text)
        except scan.ScanError as error:
            assert str(error)
