"""What `check --fix` writes: only what is missing or not so, in its place, and nothing else of a file."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from vertragsgraph.authoring import editing
from vertragsgraph.authoring.fixing import fix
from vertragsgraph.finding import Complaints
from vertragsgraph.graph.entries import Entry, read_entries
from vertragsgraph.rdf import terms
from vertragsgraph.register import Register, load_register
from vertragsgraph.sources import source_files

TEXT = "Erste Zeile.\nDas Land schloss einen Vertrag. 😀 Das Land zahlt nicht.\nEin Vertrag, zwei Verträge.\n"
PREFIXES = """@prefix evidence: <id/evidence/> .
@prefix source: <id/source/> .
@prefix contract: <id/contract/> .
@prefix organisation: <id/organisation/> .
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
TODAY = f'dcterms:creator organisation:vertragsgraph ; dcterms:date "{datetime.now(UTC):%Y-%m-%d}"^^xsd:date'
SAID = "vg:states [ rdf:subject contract:a ; vg:partner organisation:b ]"
SOURCE = 'source:s1 a vg:SourceDocument ;\n    dcterms:identifier "S1" .\n'
SHA256 = hashlib.sha256(TEXT.encode()).hexdigest()


@pytest.fixture
def register(tmp_path: Path) -> Register:
    (tmp_path / "register.toml").write_bytes((ROOT / "register.toml").read_bytes())
    (tmp_path / "data/contracts").mkdir(parents=True)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/s1.txt").write_text(TEXT, "utf-8")
    (tmp_path / "data/prefixes.ttl").write_text(PREFIXES, "utf-8")
    (tmp_path / "data/sources.ttl").write_text(SOURCE, "utf-8")
    return load_register(tmp_path)


def fixed(register: Register, text: str) -> tuple[str, list[str]]:
    file = register.data / "contracts/a.ttl"
    file.write_bytes(text.encode())
    changed, findings = fix(register, [register.folder / "texts"])
    assert (file in [path.resolve() for path in changed]) == (file.read_bytes() != text.encode())
    assert not list(register.data.rglob(".*"))
    return file.read_bytes().decode(), [f"{finding.place}: {finding.message['en']}" for finding in findings]


def entry(words: str, more: str = "") -> str:
    return f"# über\nevidence:e a vg:Evidence ; oa:hasSource source:s1 ;\n    oa:exact {words} ;{more}\n    {SAID} . # unter\n"


def test_all_that_is_missing(register: Register) -> None:
    text, findings = fixed(register, entry('"schloss einen Vertrag"'))
    assert findings == []
    assert text == (
        "# über\nevidence:e a vg:Evidence ; oa:hasSource source:s1 ;\n"
        '    oa:exact "schloss einen Vertrag" ; oa:start 22 ; oa:end 43 ;\n'
        '    oa:prefix "Das Land " ; oa:suffix ". 😀 Das Land zahlt nicht." ;\n'
        f"    {SAID} ;\n    {TODAY} . # unter\n"
    )
    assert (register.data / "sources.ttl").read_text("utf-8") == SOURCE.replace(
        " .\n", f' ;\n    schema:sha256 "{SHA256}" .\n'
    )
    assert fixed(register, text) == (text, []), "there is nothing left to write"


def test_what_has_moved_and_what_is_not_so(register: Register) -> None:
    moved = entry('"zahlt nicht"', ' oa:start 1 ; oa:end 3 ; oa:prefix "Der Bund " ; oa:suffix ".\\nEin" ;')
    text, _ = fixed(register, moved)
    assert (
        'oa:start 56 ; oa:end 67 ; oa:prefix "' in text and "Der Bund" not in text and 'oa:suffix ".\\nEin" ;' in text
    )


def test_words_that_stand_several_times(register: Register) -> None:
    text, findings = fixed(register, entry('"Das Land"'))
    (finding,) = findings
    assert "a.ttl:3: the text has these words several times: from 13 – 21, 47 – 55; say which are meant" in finding
    assert "oa:start" not in text and TODAY in text
    text, findings = fixed(register, entry('"Das Land"', ' oa:suffix " zahlt" ;'))
    assert findings == [] and "oa:start 47 ; oa:end 55" in text
    text, findings = fixed(register, entry('"Das Land"', " oa:start 13 ; oa:end 21 ;"))
    assert findings == [] and "oa:start 13 ; oa:end 21 ;" in text


def test_words_that_the_text_does_not_have(register: Register) -> None:
    _, (finding,) = fixed(register, entry('"schloß einen Vertag"'))
    assert "nearest to them, from" in finding and "schloss einen Vertrag" in finding
    _, (finding,) = fixed(register, entry('"xyz"'))
    assert finding.endswith("the text doesn't have these words, nor anything like them")


def test_one_thing_missing_goes_beside_the_other(register: Register) -> None:
    given = entry('"schloss"', ' oa:start 22 ; oa:end 29 ; oa:prefix "Land " ; dcterms:creator organisation:b ;')
    text, _ = fixed(register, given)
    assert 'oa:prefix "Land " ; oa:suffix " einen Vertrag. 😀 Das Land' in text
    assert f"organisation:b ;\n    {SAID} ; dcterms:date" in text or 'creator organisation:b ; dcterms:date "' in text


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_literals_comments_and_line_ends_stay(register: Register, line_end: str) -> None:
    odd = (
        '\ufeffcontract:a vg:theme """evidence:e a vg:Evidence ;\n oa:exact "schloss" ."""@de . # evidence:e a .\n'
        "evidence:e a vg:Evidence ; oa:exact '''schloss''' # ; oa:start 1\n    ; oa:hasSource source:s1 ;\n"
        f"    {SAID} ;\n.\n<id/evidence/f> oa:exact 'zahlt nicht' ; a vg:Evidence ; oa:hasSource source:s1 ; {SAID}.\n"
    ).replace("\n", line_end)
    text, _ = fixed(register, odd)
    kept = re.sub(r" ;\s+oa:(?:prefix|suffix) \"[^\"]*\"| ; oa:start \d+ ; oa:end \d+", "", text)
    kept = re.sub(r" ;\s+" + re.escape(TODAY), "", kept)
    assert kept == odd
    assert text.count(TODAY) == 2 and "'''schloss''' ; oa:start 22" in text and "'zahlt nicht' ; oa:start 56" in text
    assert ("\r\n" in text) == (line_end == "\r\n") and "\n" not in text.replace(line_end, "")


def test_a_file_that_changes_meanwhile_is_left_alone(register: Register) -> None:
    file = register.data / "contracts/a.ttl"
    file.write_text(entry('"schloss"'), "utf-8")
    editor = editing.FileEditor(file, register.base, {})
    file.write_text("# another\n", "utf-8")
    edit = editing.Edit(2, terms.EVIDENCE, {})
    assert not editor.write([edit]) and file.read_text("utf-8") == "# another\n"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.data())
def test_any_words_get_the_position_that_they_have(register: Register, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(TEXT) - 1))
    end = data.draw(st.integers(start + 1, len(TEXT)))
    words = TEXT[start:end]
    escaped = words.replace("\n", "\\n")
    fixed(register, entry(f'"{escaped}"'))
    [found] = [
        each for file in source_files(register) for each in read_entries(file, register.base, Complaints(), whole=False)
    ]
    assert isinstance(found, Entry)
    if TEXT.count(words) == 1:
        position = [getattr(found.one(each), "value", "") for each in (terms.START, terms.END)]
        assert position == [str(start), str(end)]
