from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

import pytest

from vertragsgraph.finding import FindingsError, Place, Severity
from vertragsgraph.gate import Quotations, quotations
from vertragsgraph.gate.checks.quotations import check_lengths
from vertragsgraph.gate.places import Places

TEXT = "Der Vertrag wurde geschlossen: 𝄞 im Juni. Der Minister unterschrieb im Juni.\r\n"
AROUND = ' oa:prefix "geschlossen: 𝄞 " ; oa:suffix ". Der" ;'
TEXTS_OF_THE_SHIPPED_REGISTER = Path(__file__).parents[4] / "shared/sources"


@pytest.fixture
def texts(copy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a text that a source of its own in the copy stands for."""
    folder = tmp_path_factory.mktemp("texts")
    (folder / "any name").write_bytes(TEXT.encode())
    (folder / "other").write_bytes(b"\xff")
    sha256 = hashlib.sha256(TEXT.encode()).hexdigest()
    (copy.folder / "data/evidence").rename(copy.folder / "evidence-of-the-shipped-register")
    copy.append("sources.ttl", f'\nsource:own a vg:SourceDocument ;\n    schema:sha256 "{sha256}" .\n')
    return folder


def write_entry(copy, exact: str, start: int, end: int, source: str, around: str = "") -> None:
    entry = f"""@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<id/evidence/own> a vg:Evidence ;
    vg:supports [ rdf:subject <id/contract/iaf> ; rdf:predicate vg:partner ; rdf:object <id/organisation/iaf> ] ;
    vg:supportKind vg:Stated ;
    oa:hasSource <id/source/{source}> ;
    oa:exact "{exact}" ;
    oa:start {start} ; oa:end {end} ;{around}
    dcterms:creator <id/organisation/vertragsgraph> ; dcterms:date "2026-11-22"^^xsd:date .
"""
    (copy.folder / "data/evidence").mkdir()
    (copy.folder / "data/evidence/own.ttl").write_text(entry, "utf-8")


def compare(
    copy, folder: Path, exact: str, start: int, source: str = "own", length: int = 0, around: str = AROUND
) -> Quotations:
    write_entry(copy, exact, start, start + (length or len(exact)), source, around)
    return quotations(copy.register, copy.collect(), folder)


def complaint(found: Quotations) -> tuple[str, Place | None]:
    (finding,) = (finding for finding in found.findings if finding.rule == "quotation")
    return finding.message["en"], finding.place


def test_positions_count_code_points(copy, texts: Path) -> None:
    found = compare(copy, texts, "im Juni", TEXT.index("im Juni"))
    assert (found.quotations, found.matched) == (1, 1)
    assert (found.coverage.quoted, found.coverage.cited) == (1, 0)
    assert "quotation" not in {finding.rule for finding in found.findings}


RIGHT = 'oa:prefix "Vertrag wurde geschlossen: 𝄞 " ; oa:suffix ". Der Minister unterschrieb im"'


def test_what_stands_around_a_quotation_is_told_where_it_is_missing(copy, texts: Path) -> None:
    found = compare(copy, texts, "im Juni", TEXT.index("im Juni"), around="")
    (finding,) = (finding for finding in found.findings if finding.rule == "quotation")
    assert (finding.severity, found.matched) == (Severity.INFO, 1)
    assert finding.message["en"].endswith(f"write what stands around it: {RIGHT}")
    assert finding.place == Place(copy.folder / "data/evidence/own.ttl", 10)


@pytest.mark.parametrize(
    "around", [' oa:prefix "wird: 𝄞 " ;', ' oa:suffix ". Die" ;', ' oa:prefix "𝄞" ; oa:suffix "." ;']
)
def test_what_does_not_stand_around_a_quotation_is_wrong(copy, texts: Path, around: str) -> None:
    found = compare(copy, texts, "im Juni", TEXT.index("im Juni"), around=around)
    assert complaint(found)[0] == f"the text has other words around the quotation: write {RIGHT}"
    assert [finding.severity for finding in found.findings if finding.rule == "quotation"] == [Severity.VIOLATION]


@pytest.mark.parametrize("around", [' oa:prefix "𝄞 " ;', ' oa:suffix "." ;', f' oa:prefix "{TEXT[:33]}" ;'])
def test_more_or_less_may_stand_around_it_as_long_as_it_is_true(copy, texts: Path, around: str) -> None:
    found = compare(copy, texts, "im Juni", TEXT.index("im Juni"), around=around)
    assert "quotation" not in {finding.rule for finding in found.findings}


def test_around_a_whole_line_there_is_nothing(copy, texts: Path) -> None:
    found = compare(copy, texts, TEXT.strip(), 0, around="")
    assert "quotation" not in {finding.rule for finding in found.findings}
    (copy.folder / "data/evidence/own.ttl").unlink()
    (copy.folder / "data/evidence").rmdir()
    assert "leave out oa:prefix" in complaint(compare(copy, texts, TEXT.strip(), 0, around=' oa:suffix "Mehr" ;'))[0]


def test_a_quotation_that_stands_elsewhere(copy, texts: Path) -> None:
    start = TEXT.index("im Juni")
    found = compare(copy, texts, "im Juni", start + 1)
    assert (found.quotations, found.matched) == (1, 0)
    message = f"the quotation stands elsewhere in the text: write oa:start {start} and oa:end {start + 7}"
    assert complaint(found) == (message, Place(copy.folder / "data/evidence/own.ttl", 10))


def test_a_quotation_that_the_text_does_not_have(copy, texts: Path) -> None:
    found = compare(copy, texts, "im Mai", 0)
    assert complaint(found)[0] == "the text does not have this quotation; from 0 to 6 it has: Der Ve"


def test_a_quotation_whose_length_is_wrong_is_told_with_the_right_numbers(copy, texts: Path) -> None:
    start = TEXT.index("im Juni")
    found = compare(copy, texts, "im Juni", start, length=8)
    message = f"the quotation stands elsewhere in the text: write oa:start {start} and oa:end {start + 7}"
    assert complaint(found)[0] == message


@pytest.mark.parametrize("length", [6, 8])
def test_a_length_is_told_by_the_gate_without_texts_and_nothing_else_is_hidden(copy, texts: Path, length: int) -> None:
    write_entry(copy, "im Juni", 40, 40 + length, "own")
    graphs = copy.collect()
    (finding,) = check_lengths(copy.register, graphs, Places(copy.register))
    assert finding.place == Place(copy.folder / "data/evidence/own.ttl", 11)
    assert f"oa:exact has 7 characters, but from oa:start to oa:end there are {length}" in finding.message["en"]


def test_a_quotation_in_decomposed_characters(copy, texts: Path) -> None:
    write_entry(copy, unicodedata.normalize("NFD", "Verträge"), 40, 48, "own")
    (finding,) = check_lengths(copy.register, copy.collect(), Places(copy.register))
    assert "normal form NFC" in finding.message["en"]


def test_texts_that_are_not_there_are_told_and_no_fault_as_long_as_others_are(copy, texts: Path) -> None:
    copy.append("sources.ttl", f'\nsource:other a vg:SourceDocument ;\n    schema:sha256 "{"0" * 64}" .\n')
    write_entry(copy, "im Juni", TEXT.index("im Juni"), TEXT.index("im Juni") + 7, "own", AROUND)
    file = copy.folder / "data/evidence/own.ttl"
    text = file.read_text("utf-8")
    other = text.replace("evidence/own>", "evidence/other>").replace("source/own>", "source/other>")
    file.write_text(text + other[other.index("<id/evidence") :], "utf-8")
    found = quotations(copy.register, copy.collect(), texts)
    assert (found.sources, found.at_hand, found.quotations, found.compared, found.matched) == (2, 1, 2, 1, 1)
    (finding,) = (finding for finding in found.findings if finding.rule == "quotation")
    assert finding.severity is Severity.INFO
    assert "the text of source:other" in finding.message["en"]
    assert found.missing == ("source:other",)
    path = copy.folder / "data/sources.ttl"
    assert finding.place == Place(path, copy.line(path, "source:other a ") + 1)


def test_who_holds_a_text_that_is_not_there_is_said(copy, texts: Path) -> None:
    held = "vg:heldBy <id/organisation/hmsi>"
    copy.append("sources.ttl", f'\nsource:other a vg:SourceDocument ;\n    schema:sha256 "{"0" * 64}" ; {held} .\n')
    write_entry(copy, "im Juni", TEXT.index("im Juni"), TEXT.index("im Juni") + 7, "own", AROUND)
    file = copy.folder / "data/evidence/own.ttl"
    entry = file.read_text("utf-8")
    file.write_text(entry + entry[entry.index("<id/evidence") :].replace("/own>", "/other>"), "utf-8")
    message, _ = complaint(quotations(copy.register, copy.collect(), texts))
    assert message.endswith("it is held by organisation:hmsi")


@pytest.mark.parametrize("place", ['vg:page "3"', "vg:pdfPage 3", 'vg:folio "12r"', 'vg:paragraph "4"'])
def test_a_quotation_from_paper_is_counted_and_not_compared(copy, texts: Path, place: str) -> None:
    write_entry(copy, "im Juli", 0, 7, "p1")
    file = copy.folder / "data/evidence/own.ttl"
    seen = 'vg:seenBy <id/organisation/hmsi> ; vg:seenOn "2026-05-04"^^xsd:date'
    file.write_text(file.read_text("utf-8").replace("oa:start 0 ; oa:end 7", f"{place} ; {seen}"), "utf-8")
    found = quotations(copy.register, copy.collect(), texts)
    assert (found.from_paper, found.quotations, found.compared) == (1, 0, 0)
    assert [finding for finding in found.findings if finding.rule == "quotation"] == []
    assert (found.coverage.quoted, found.coverage.comparable) == (1, 0)


def test_a_folder_with_none_of_the_texts(copy, texts: Path) -> None:
    (texts / "any name").unlink()
    with pytest.raises(FindingsError, match="of 1 files in this folder none is a text that is quoted"):
        compare(copy, texts, "im Juni", 0)
    (texts / "other").unlink()
    with pytest.raises(FindingsError, match="this folder has no files"):
        quotations(copy.register, copy.collect(), texts)


def test_a_quotation_from_a_source_without_a_text(copy, texts: Path) -> None:
    message, place = complaint(compare(copy, texts, "im Juni", 0, source="p1"))
    assert message.startswith("source:p1 has no schema:sha256")
    assert place == Place(copy.folder / "data/evidence/own.ttl", 10)


def test_no_such_folder(copy, tmp_path: Path) -> None:
    with pytest.raises(FindingsError, match="no such folder"):
        quotations(copy.register, copy.collect(), tmp_path / "none")


@pytest.mark.skipif(not TEXTS_OF_THE_SHIPPED_REGISTER.is_dir(), reason="the texts of the sources are not at hand")
def test_all_quotations_of_the_shipped_register_are_true(copy) -> None:
    found = quotations(copy.register, copy.collect(), TEXTS_OF_THE_SHIPPED_REGISTER)
    assert [finding.text("en") for finding in found.findings] == []
    assert found.coverage.unproved == 0
    assert found.coverage.statements == found.coverage.quoted + found.coverage.cited > 100
    assert found.coverage.cited == 22, "what P1 to P6 alone are named for"
    assert found.quotations == found.matched > 50
