"""A name is found however it is written, and a redaction leaves none of it, and all the rest as it was."""

from __future__ import annotations

import csv
import html
import io
import json
import unicodedata
from collections.abc import Callable
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.rdf.syntax import rdfxml, turtle
from vertragsgraph.register.names import prefixes_for
from vertragsgraph.release.contents import jsonld
from vertragsgraph.release.contents.statistics import survey
from vertragsgraph.release.redaction.mentions import MARK, Names
from vertragsgraph.release.redaction.redact import Redaction

pytestmark = pytest.mark.fuzz

BASE = "https://example.org/r/"
PREFIXES = prefixes_for(BASE, ["person", "contract"])
NAME = "Nörbert Södler-Groß"
TARGET = f"{BASE}id/person/noerbert-soedler-gross"
NAMES = Names([NAME], [TARGET], ["noerbert-soedler-gross"], PREFIXES)
COMMENT = NamedNode("http://www.w3.org/2000/01/rdf-schema#comment")

SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    str.casefold,
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: name.replace("ö", "oe").replace("ß", "ss"),
    lambda name: "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c)),
    lambda name: name.replace(" ", "\u00a0"),
    lambda name: name.replace(" ", "\n "),
    lambda name: name.replace("ö", "ö\u00ad"),
    lambda name: name.replace(" ", "_"),
)
WRITTEN: tuple[Callable[[str], str], ...] = (
    str,
    quote,
    html.escape,
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: text.encode("ascii", "xmlcharrefreplace").decode(),
    lambda text: quoteattr(escape(text)),
    lambda text: str(Literal(text)),
    lambda text: f'"{text.replace(chr(34), chr(34) * 2)}"',
)
# What can't be a part of the name, nor of an escape that it begins or ends.
other = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "L", "N", "M", "Cf")), max_size=8)
rest = st.text(st.sampled_from("abc xyz.,;\"<&'äß€😀%\\{}"), max_size=20)
spelt = st.builds(lambda how: how(NAME), st.sampled_from(SPELLINGS))
named = st.builds(lambda before, name, after: f"{before} {name}, {after}", rest, spelt, rest)


@given(other, spelt, other, st.sampled_from(WRITTEN))
def test_a_name_is_found_however_it_is_written(before: str, name: str, after: str, write: Callable[[str], str]) -> None:
    assert NAMES.found(write(f"{before} {name} {after}"))


@given(rest, st.sampled_from(WRITTEN))
def test_a_text_without_it_is_left_alone(text: str, write: Callable[[str], str]) -> None:
    assert NAMES.found(write(text)) is None
    assert NAMES.without(text) == text


@given(named)
def test_words_are_taken_out_and_nothing_else(text: str) -> None:
    left = NAMES.without(text)
    assert MARK in left
    assert NAMES.found(left) is None
    if left != MARK:
        before, after = left.split(MARK)
        assert text.startswith(before)
        assert text.endswith(after)


def literals(text: str, form: RdfFormat) -> list[str]:
    objects = [quad.object for quad in pyoxigraph.parse(text.encode(), form)]
    return sorted(item.value for item in objects if isinstance(item, Literal))


def plain(text: str) -> str:
    """A reading of one's own: without marks, capitals and all that is no letter."""
    decomposed = unicodedata.normalize("NFKD", html.unescape(unquote(text)).casefold().replace("oe", "o"))
    return "".join(character for character in decomposed if character.isalnum())


@given(st.lists(st.one_of(named, rest, st.builds(quote, named)), max_size=6), st.lists(rest, max_size=3))
def test_no_format_holds_it_afterwards(texts: list[str], more: list[str]) -> None:
    triples = [Triple(NamedNode(f"{BASE}id/contract/c"), COMMENT, Literal(text)) for text in texts]
    triples += [Triple(NamedNode(TARGET), COMMENT, Literal(text)) for text in more]
    before = nt.from_triples(triples)
    redaction = Redaction.of([TARGET], [NAME], PREFIXES, BASE)
    after = sorted(set(redaction.lines(before)))
    found = survey(after, BASE)
    if found.refusals:
        return
    out = {form: io.StringIO() for form in (RdfFormat.TURTLE, RdfFormat.JSON_LD, RdfFormat.RDF_XML)}
    turtle.write_lines(after, out[RdfFormat.TURTLE], PREFIXES)
    jsonld.write_lines(after, out[RdfFormat.JSON_LD], jsonld.Context.of(found, PREFIXES))
    rdfxml.write_lines(after, out[RdfFormat.RDF_XML], PREFIXES)
    table = io.StringIO()
    csv.writer(table).writerows([[text] for text in literals("".join(after), RdfFormat.N_TRIPLES)])
    files = [*(stream.getvalue() for stream in out.values()), table.getvalue(), "".join(after)]
    assert [NAMES.found(text) for text in files] == [None] * len(files)
    unnamed = sorted({text for text in texts if plain(NAME) not in plain(text)})
    for form, stream in out.items():
        kept = literals(stream.getvalue(), form)
        assert not any(plain(NAME) in plain(text) for text in kept)
        assert [text for text in kept if MARK not in text] == unnamed
