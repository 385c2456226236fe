"""What is printed is read again as what was meant, with nothing open but what only a keeper knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from tests.conftest import ROOT
from vertragsgraph.authoring.entries import OPEN, Entries
from vertragsgraph.authoring.passages import passages
from vertragsgraph.finding import Complaints
from vertragsgraph.graph.entries import Entry, read_entries
from vertragsgraph.graph.quotations import read_quotations
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.namespaces import SCHEMA, VG, XSD
from vertragsgraph.register import load_register
from vertragsgraph.sources import SourceFile
from vertragsgraph.sources.texts import described_sources, files_below, read_texts

REGISTERS = {
    "hessen": (ROOT, ROOT / "../shared/sources"),
    "montclair": (ROOT / "examples/montclair", ROOT / "examples/montclair/sources"),
    "moorwalde": (ROOT / "examples/moorwalde", ROOT / "examples/moorwalde/sources"),
}
REGISTER = load_register(ROOT)
SOURCE = NamedNode(REGISTER.iri("id/source/s1"))
FILLED = "vg:states [ rdf:subject vg:a ; vg:b vg:c ]"
SAID = f"vg:{OPEN} [ rdf:subject {OPEN} ; {OPEN} ]"


def entries(*about: str) -> Entries:
    return Entries(REGISTER, [SOURCE.value, *about], ())


def completed(written: str) -> str:
    return written.replace(SAID, FILLED).replace(f"vg:{OPEN}", "vg:states").replace(f"source:{OPEN}", "source:s1")


def read(folder: Path, *written: str) -> list[Entry]:
    file = folder / "evidence.ttl"
    file.write_text("\n".join(map(completed, written)), "utf-8")
    complaints = Complaints()
    found = [
        each
        for each in read_entries(SourceFile(file, "evidence"), REGISTER.base, complaints)
        if isinstance(each, Entry)
    ]
    complaints.raise_any()
    return found


@pytest.mark.parametrize("name", REGISTERS)
def test_each_quotation_of_a_register_is_reproduced_by_its_words(name: str) -> None:
    folder, texts = REGISTERS[name]
    if not texts.is_dir():
        pytest.skip("the texts of the sources are not at hand (they are not part of the register)")
    register = load_register(folder)
    text_of = {
        source.iri: text
        for source in described_sources(register)
        for _, text in read_texts(files_below(texts), source.sha256)
    }
    quotations = [quotation for quotation in read_quotations(register) if quotation.positioned]
    assert len(quotations) > 30 and len({quotation.source for quotation in quotations}) == len(text_of)
    for quotation in quotations:
        text, place = text_of[quotation.source], (quotation.start, quotation.end)
        for words in (quotation.exact, quotation.exact.translate(dict.fromkeys(map(ord, "„“”«»"), '"'))):
            assert place in passages(text, words)
        written = Entries(register, [quotation.source.value], ()).quoting(quotation.source, text, place)
        assert f" oa:exact {Literal(quotation.exact)} ; oa:start {place[0]} ; oa:end {place[1]} ;\n" in written


def test_an_entry_that_quotes(tmp_path: Path) -> None:
    written = entries()
    entry = written.quoting(SOURCE, 'Sie sagt: "Ja\\Nein"\nund geht.', (11, 18))
    assert f"    {SAID} ;\n" in entry and entry.count("\n") == 5
    assert written.prologue().startswith("@prefix evidence:     <id/evidence/> .\n@prefix organisation: <id/organis")
    (found,) = read(tmp_path, written.prologue(), entry)
    assert found.node.value == REGISTER.iri("id/evidence/s1-11-18")
    assert found.one(terms.EXACT) == Literal("Ja\\Nein")
    assert found.one(terms.PREFIX) == Literal('Sie sagt: "')
    assert found.one(terms.SUFFIX) is None
    assert found.one(terms.CREATOR) == NamedNode(REGISTER.publisher.iri)


def test_a_quotation_that_is_the_whole_text_has_nothing_around_it(tmp_path: Path) -> None:
    written = entries()
    entry = written.quoting(SOURCE, "Ja", (0, 2))
    (found,) = read(tmp_path, written.prologue(), entry)
    assert {terms.PREFIX, terms.SUFFIX}.isdisjoint(found.values)


@given(st.text(min_size=1), st.data())
def test_any_text_is_quoted_character_by_character(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    written = entries()
    entry = completed(written.quoting(SOURCE, text, (start, end)))
    said = {
        quad.predicate: quad.object
        for quad in parse((written.prologue() + entry).encode(), RdfFormat.TURTLE, base_iri=REGISTER.base)
    }
    assert said[terms.EXACT].value == text[start:end]
    assert [int(said[part].value) for part in (terms.START, terms.END)] == [start, end]
    assert text.endswith(getattr(said.get(terms.PREFIX), "value", ""), 0, start)
    assert text.startswith(getattr(said.get(terms.SUFFIX), "value", ""), end)


def test_statements_are_written_word_for_word(tmp_path: Path) -> None:
    subject = NamedNode(REGISTER.iri("id/grant/a"))
    long = "Wörter,\nsehr " + "lang " * 50 + '"\\'
    objects = [
        Literal(long, language="de"),
        Literal("EUR"),
        Literal("40000", datatype=NamedNode(XSD + "decimal")),
        Literal("0.5", datatype=NamedNode(XSD + "decimal")),
        Literal("12", datatype=NamedNode(XSD + "integer")),
        Literal("true", datatype=NamedNode(XSD + "boolean")),
        Literal("2018~", datatype=NamedNode("http://id.loc.gov/datatypes/edtf/EDTF")),
        NamedNode("https://example.org/elsewhere/a%20b"),
        NamedNode(REGISTER.iri("id/contract/a/part")),
    ]
    statements = [Triple(subject, NamedNode(SCHEMA + "about"), each) for each in objects]
    written = entries(subject.value, *(each.value for each in objects if isinstance(each, NamedNode)))
    first, second = written.supporting(statements), written.supporting(statements[:1])
    names = ["grant-a", "grant-a-2"]
    found = read(tmp_path, written.prologue(), first, second)
    assert [entry.node.value for entry in found] == [REGISTER.iri(f"id/evidence/{name}") for name in names]
    assert [[triple for triple, *_ in entry.statements] for entry in found] == [statements, statements[:1]]
    assert "@prefix grant:" in written.prologue() and "@prefix contract:" not in written.prologue()
    assert found[0].one(terms.SUPPORT_KIND) == NamedNode(VG + "Stated")


def test_no_name_is_given_that_an_entry_has() -> None:
    taken = [REGISTER.iri(f"id/evidence/s1-0-2{number}") for number in ("", "-2")]
    assert Entries(REGISTER, [SOURCE.value], taken).quoting(SOURCE, "Ja", (0, 2)).startswith("evidence:s1-0-2-3 a ")


def test_prefixes_of_the_registers_own_are_used() -> None:
    statement = Triple(NamedNode(REGISTER.iri("id/contract/a")), NamedNode("https://example.org/own#for"), Literal("x"))
    written = Entries(REGISTER, [statement.subject.value], (), {"own": "https://example.org/own#"})
    assert '[ rdf:subject contract:a ; own:for "x" ]' in written.supporting([statement])
    assert "@prefix own:          <https://example.org/own#> .\n" in written.prologue()


def test_prefixes_that_hold_in_all_files_are_not_declared_again() -> None:
    declared = {"evidence": REGISTER.iri("id/evidence/"), "oa": "https://example.org/other#"}
    written = Entries(REGISTER, [SOURCE.value], (), declared=declared)
    written.quoting(SOURCE, "Ja", (0, 2))
    assert "@prefix evidence:" not in written.prologue() and "@prefix oa:" in written.prologue()
