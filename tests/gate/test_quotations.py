from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from vertragsgraph.finding import FindingsError, Place
from vertragsgraph.gate import Quotations, quotations

TEXT = "Der Vertrag wurde geschlossen: 𝄞 im Juni. Der Minister unterschrieb im Juni.\r\n"
TEXTS_OF_THE_SHIPPED_REGISTER = Path(__file__).parents[3] / "shared/sources"


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


def compare(copy, folder: Path, exact: str, start: int, source: str = "own") -> Quotations:
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
    oa:start {start} ; oa:end {start + len(exact)} ;
    dcterms:creator <id/organisation/vertragsgraph> ; dcterms:date "2026-11-22"^^xsd:date .
"""
    (copy.folder / "data/evidence").mkdir()
    (copy.folder / "data/evidence/own.ttl").write_text(entry, "utf-8")
    return quotations(copy.register, copy.collect(), folder)


def complaint(found: Quotations) -> tuple[str, Place | None]:
    (finding,) = (finding for finding in found.findings if finding.rule == "quotation")
    return finding.message["en"], finding.place


def test_positions_count_code_points(copy, texts: Path) -> None:
    found = compare(copy, texts, "im Juni", TEXT.index("im Juni"))
    assert (found.quotations, found.matched) == (1, 1)
    assert found.with_evidence == 1
    assert "quotation" not in {finding.rule for finding in found.findings}


def test_a_quotation_that_stands_elsewhere(copy, texts: Path) -> None:
    start = TEXT.index("im Juni")
    found = compare(copy, texts, "im Juni", start + 1)
    assert (found.quotations, found.matched) == (1, 0)
    message = f"the quotation stands elsewhere in the text: write oa:start {start} and oa:end {start + 7}"
    assert complaint(found) == (message, Place(copy.folder / "data/evidence/own.ttl", 10))


def test_a_quotation_that_the_text_does_not_have(copy, texts: Path) -> None:
    found = compare(copy, texts, "im Mai", 0)
    assert complaint(found)[0] == "the text does not have this quotation; from 0 to 6 it has: Der Ve"


def test_a_text_that_is_not_there(copy, texts: Path) -> None:
    (texts / "any name").unlink()
    message, place = complaint(compare(copy, texts, "im Juni", 0))
    assert "the text of source:own" in message
    path = copy.folder / "data/sources.ttl"
    assert place == Place(path, copy.line(path, "source:own a ") + 1)


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
    assert found.statements == found.with_evidence > 100
    assert found.quotations == found.matched > 50
