from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from tests.conftest import ROOT
from vertragsgraph.authoring.dates import date_literal
from vertragsgraph.authoring.recording import NewSource, file_of, in_turtle, next_key, record
from vertragsgraph.documents import Said
from vertragsgraph.finding import FindingsError
from vertragsgraph.register import Register, load_register
from vertragsgraph.sources.texts import described_sources

SAID = Said("Der „Vertrag“", "Ada", "Stadt Moor", "2026-11", "de", "CC BY 4.0")
NEW = NewSource("S3", "Ein Text\r\nmit Zeilen\f\n", SAID, "https://example.org/a?b=%20#", "2026-11-27")


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return load_register(shutil.copytree(ROOT / "examples/moorwalde", tmp_path / "moorwalde"))


def test_the_entry_is_written_as_keepers_write_it(register: Register) -> None:
    assert in_turtle(register, NEW) == (
        f"""@prefix fabio: <http://purl.org/spar/fabio/> .

source:s3 a vg:SourceDocument ;
    rdfs:label "S3: Der „Vertrag“"@de ;
    dcterms:identifier "S3" ;
    dcterms:title "Der „Vertrag“"@de ;
    dc:creator "Ada" ;
    dc:publisher "Stadt Moor" ;
    dcterms:issued "2026-11"^^xsd:gYearMonth ;
    schema:inLanguage "de" ;
    schema:url <https://example.org/a?b=%20#> ;
    dc:rights "CC BY 4.0" ;
    fabio:hasAccessDate "2026-11-27"^^xsd:date ;
    schema:sha256 "{NEW.sha256}" .
"""
    )


def test_what_is_recorded_is_read_again(register: Register) -> None:
    before = (register.data / "sources.ttl").read_text("utf-8")
    file, text = record(register, NEW, register.folder / "texts")
    assert (
        file.read_text("utf-8") == f"{before.rstrip()}\n\n{in_turtle(load_register(ROOT / 'examples/moorwalde'), NEW)}"
    )
    assert text == register.folder / "texts/s3.txt" and text.read_bytes() == NEW.text.encode()
    found = described_sources(register)[-1]
    assert (found.key, found.sha256, found.urls, found.language) == ("S3", [NEW.sha256], [NEW.url], "de")
    assert sorted(path.name for path in register.data.iterdir() if path.name.startswith(".")) == []


def test_a_register_without_sources_gets_its_file(register: Register) -> None:
    (register.data / "sources.ttl").unlink()
    file, _ = record(register, NEW, register.folder / "texts")
    text = file.read_text("utf-8")
    assert text.startswith("# Die Quellen, und der SHA-256 ihrer Texte.\n\n@prefix dc:      <http")
    assert "@prefix source:  <id/source/> .\n" in text
    record(register, NewSource("S4", "anderer", Said()), register.folder / "texts")
    assert file.read_text("utf-8").count("@prefix source:") == 1


def test_a_register_with_a_folder_of_sources_gets_one_file_each(register: Register) -> None:
    (register.data / "sources").mkdir()
    assert file_of(register, NEW) == register.data / "sources.ttl"
    (register.data / "sources.ttl").rename(register.data / "sources/all.ttl")
    assert record(register, NEW, register.folder / "texts")[0] == register.data / "sources/s3.ttl"
    assert next_key(register, register.folder / "texts") == "S4"


def test_prefixes_that_hold_in_all_files_are_not_declared_again(register: Register) -> None:
    (register.data / "prefixes.ttl").write_text("PREFIX fabio: <http://purl.org/spar/fabio/>\n", "utf-8")
    assert in_turtle(register, NEW).startswith("source:s3 a vg:SourceDocument ;\n")


def test_a_prefix_with_another_meaning_is_left_alone(register: Register) -> None:
    file = register.data / "sources.ttl"
    text = file.read_text("utf-8")
    file.write_text(text.replace("@prefix dc:      <http://purl.org/dc/elements/1.1/>", "@prefix dc: <x:y/>"), "utf-8")
    written = in_turtle(register, NEW)
    assert '\n    <http://purl.org/dc/elements/1.1/creator> "Ada" ;' in written and "@prefix dc:" not in written
    record(register, NEW, register.folder / "texts")
    assert described_sources(register)[-1].key == "S3"


@pytest.mark.parametrize("hostile", ['"] . source:x a vg:SourceDocument . "', "a\\", "a\nb\n", '…\'"""', "a \u202e b"])
def test_whatever_a_document_says_stays_a_text(register: Register, hostile: str) -> None:
    said = Said(*[hostile] * 3, "", "", hostile)
    file, _ = record(register, NewSource("S3", "Text", said), register.folder / "texts")
    triples = [quad.triple for quad in parse(path=file, format=RdfFormat.TURTLE, base_iri=register.base)]
    about = [triple for triple in triples if triple.subject.value.endswith("/s3")]
    assert hostile in [triple.object.value for triple in about]
    assert {triple.subject.value[-3:] for triple in triples} == {"/s1", "/s2", "/s3"}


def test_the_next_key_is_above_all_there_ever_were(register: Register) -> None:
    folder = register.folder / "texts"
    assert next_key(register, folder) == "S3"
    tombstones = register.data / "tombstones.ttl"
    gone = f"\n<{register.base}id/source/s7> a <https://www.w3.org/ns/activitystreams#Tombstone> .\n"
    tombstones.write_text(tombstones.read_text("utf-8") + gone, "utf-8")
    assert next_key(register, folder) == "S8"
    folder.mkdir()
    (folder / "s11.txt").touch()
    assert next_key(register, folder) == "S12"


@pytest.mark.parametrize("case", ["text", "name", "syntax"])
def test_what_can_not_be_written_is_not_written_half(register: Register, case: str) -> None:
    folder, file = register.folder / "texts", register.data / "sources.ttl"
    folder.mkdir()
    new = NEW
    if case == "text":
        (folder / "s3.txt").write_text("alt", "utf-8")
    elif case == "name":
        new = NewSource("s-1", "Text", Said())
        file.write_text(
            file.read_text("utf-8") + "\n<id/source/s-1> a vg:SourceDocument ; rdfs:label 'x'@de .", "utf-8"
        )
    else:
        file.write_text(file.read_text("utf-8") + "\nsource:x a", "utf-8")
    before = {path: path.read_bytes() for path in register.folder.rglob("*") if path.is_file()}
    with pytest.raises(FindingsError, match=str(folder if case == "text" else file)):
        record(register, new, folder)
    assert {path: path.read_bytes() for path in register.folder.rglob("*") if path.is_file()} == before


def test_where_the_data_can_not_be_written_there_is_no_text_either(register: Register) -> None:
    (register.data / ".sources.ttl.part").mkdir()
    with pytest.raises(OSError, match="sources"):
        record(register, NEW, register.folder / "texts")
    assert list((register.folder / "texts").iterdir()) == []


@pytest.mark.parametrize(
    ("text", "datatype"),
    [("2019", "gYear"), ("2019-06", "gYearMonth"), ("2019-06-03", "date"), ("2019~", "EDTF"), ("../2018", "EDTF")],
)
def test_dates(text: str, datatype: str) -> None:
    found = date_literal(text)
    assert found and found.datatype.value.endswith(datatype)


@pytest.mark.parametrize("text", ["", "2019-02-30", "3.6.2019", "2019-6", "20190603"])
def test_no_dates(text: str) -> None:
    assert date_literal(text) is None
