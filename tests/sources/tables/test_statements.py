"""What rows of tables say, and what is told of cells that hold no value, each with row and column."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from openpyxl import Workbook

from vertragsgraph.register import Register
from vertragsgraph.sources import SourceError
from vertragsgraph.sources.tables import checksum, read_description, read_table
from vertragsgraph.sources.tables.statements import MOST_WRONG

from .conftest import COLUMNS, GRANT, HEADER, RECIPIENT, MakeTable, description


def said(path: Path, register: Register) -> list[tuple[str, ...]]:
    """Return what a table says in few words, each with row and column."""
    base = register.iri("id/")
    return [
        (
            *(
                term.replace(f"<{base}", "").rpartition("#")[2].rpartition("/")[2].rstrip(">")
                if term.startswith("<")
                else term
                for term in each[:3]
            ),
            f"{each.row}:{each.column}",
        )
        for each in read_table(read_description(path, register))
    ]


def complaints(path: Path, register: Register) -> list[tuple[str, str]]:
    with pytest.raises(SourceError) as caught:
        list(read_table(read_description(path, register)))
    return [
        (str(finding.place).removeprefix(str(path.parent)), finding.message["en"]) for finding in caught.value.findings
    ]


ROWS = HEADER + "VR 007 B,Ruderer e. V.,12.50\nVR 007 B,,\n"
SAID = [
    ("vr-007-b", "identifier", '"VR 007 B"', "2:1"),
    ("vr-007-b", "label", '"Ruderer e. V."@de', "2:2"),
    ("g-1", "amount", '"12.50"^^<http://www.w3.org/2001/XMLSchema#decimal>', "2:3"),
    ("g-1", "fundedItem", "vr-007-b", "2:0"),
    ("vr-007-b", "identifier", '"VR 007 B"', "3:1"),
    ("g-2", "fundedItem", "vr-007-b", "3:0"),
]


def test_several_subjects_in_a_row_names_made_of_values_and_empty_cells(
    make_table: MakeTable, register: Register
) -> None:
    assert said(make_table(ROWS), register) == SAID


def test_a_packed_table_and_a_workbook_say_the_same(make_table: MakeTable, register: Register, tmp_path: Path) -> None:
    packed = make_table(gzip.compress(ROWS.encode()), name="t.csv.gz")
    assert said(packed, register) == SAID
    assert checksum(packed) == checksum(make_table(ROWS))
    workbook = Workbook()
    for row in (["number", "Wer", "sum"], ["VR 007 B", "Ruderer e. V.", 12.5], ["VR 007 B", None, None]):
        workbook.active.append(row)
    sheet = make_table(b"", name="t.xlsx")
    workbook.save(sheet)
    assert [each for each in said(sheet, register) if each[1] != "amount"] == [
        each for each in SAID if each[1] != "amount"
    ]


def test_rows_are_counted_and_not_lines(make_table: MakeTable, register: Register) -> None:
    rows = said(make_table(HEADER + '1,"a\nb",\n2,c,\n'), register)
    assert [row for *_, row in rows if row.endswith(":2")] == ["2:2", "3:2"]


def test_several_values_in_a_cell(make_table: MakeTable, register: Register) -> None:
    columns = [COLUMNS[0], {**COLUMNS[1], "separator": ";"}, *COLUMNS[2:]]
    rows = said(make_table(HEADER + "1,a;b,\n", description(columns)), register)
    assert [each[2] for each in rows if each[1] == "label"] == ['"a"@de', '"b"@de']


def test_a_resource_without_its_number_is_not_named(make_table: MakeTable, register: Register) -> None:
    assert said(make_table(HEADER + ",Ruderer,5\n"), register) == [
        ("g-1", "amount", '"5"^^<http://www.w3.org/2001/XMLSchema#decimal>', "2:3")
    ]


@pytest.mark.parametrize(
    ("content", "place", "text"),
    [
        (HEADER + "1,a,zwölf\n", "/t.csv:2:3", 'column "sum" takes no "zwölf" (xsd:decimal)'),
        (HEADER + "1,a,NaN\n", "/t.csv:2:3", 'column "sum" takes no "NaN" (xsd:decimal)'),
        (HEADER + "1,a\n", "/t.csv:2", "this row has 2 cells, its table 3 columns"),
        (
            HEADER + '1,"a,5\n',
            "/t.csv:2",
            "here the table can't be read (unexpected end of data); is a quotation mark missing?",
        ),
        (
            "number,recipient,Betrag\n",
            "/t.csv:1:3",
            'here the table has the column "Betrag", its description "sum"; make the two alike',
        ),
        ("number,Wer\n", "/t.csv:1", "the table has 2 columns, its description 3"),
        (HEADER.encode() + b"1,M\xfcller,5\n", "/t.csv:1", "this is not UTF-8: save the file in UTF-8"),
    ],
)
def test_what_is_wrong_is_told_with_row_and_column(
    make_table: MakeTable, register: Register, content: str, place: str, text: str
) -> None:
    (found,) = complaints(make_table(content), register)
    assert found == (place, text)


def test_a_name_of_no_letters_is_none(make_table: MakeTable, register: Register) -> None:
    (*_, last) = complaints(make_table(HEADER + "***,a,5\n"), register)
    assert last[0] == "/t.csv:2" and "makes no IRI of this row" in last[1]


def test_a_table_that_is_wrong_throughout_is_not_read_to_its_end(make_table: MakeTable, register: Register) -> None:
    assert len(complaints(make_table(HEADER + "1,a,x\n" * 1000), register)) == MOST_WRONG


@pytest.mark.parametrize("name", ["t.csv.gz", "t.xlsx"])
def test_a_file_that_is_no_table_is_told(make_table: MakeTable, register: Register, name: str) -> None:
    ((place, text),) = complaints(make_table(b"no table", name=name), register)
    assert place == f"/{name}" and "this is no whole file of its kind" in text


@pytest.mark.parametrize(
    ("described", "text"),
    [
        ("{", "this is no JSON: Expecting property name enclosed in double quotes"),
        ("{}", 'it begins with "@context": "http://www.w3.org/ns/csvw"'),
        (description(url="other.csv"), 'no table has the "url" of the one beside this file: t.csv'),
        (description(tableSchema="https://example.org/s.json"), '"tableSchema" is the address of another file'),
        (description(**{"dc:source": None}), "the source of the table is missing"),
        (description(**{"dc:date": "yesterday"}), "the day on which the table was judged is missing"),
        (description([{"name": "a", "propertyUrl": "rdfs:label"}]), 'it isn\'t said what column "a" is about'),
        (description([{"name": "a", "aboutUrl": GRANT}]), 'it isn\'t said what column "a" says'),
        (
            description([{**COLUMNS[0], "datatype": "number of cats"}]),
            "this is no description of a table by CSV on the Web",
        ),
        (description([{**COLUMNS[0], "separator": ";", "ordered": True}]), 'column "number" is ordered'),
    ],
)
def test_what_is_wrong_with_a_description_is_told(
    make_table: MakeTable, register: Register, described: str, text: str
) -> None:
    path = make_table(HEADER, described)
    with pytest.raises(SourceError) as caught:
        read_description(path, register)
    assert text in caught.value.findings[0].message["en"]
    assert caught.value.findings[0].place.file.name == "t.csv-metadata.json"


def test_prefixes_are_those_of_the_register_and_other_iris_keep_their_values(
    make_table: MakeTable, register: Register
) -> None:
    columns = [{**COLUMNS[0], "valueUrl": "https://example.org/ä/{number}"}, *COLUMNS[1:]]
    first = next(read_table(read_description(make_table(HEADER + "a b,,\n", description(columns)), register)))
    assert (
        first.predicate == "<http://purl.org/dc/terms/identifier>" and first.object == "<https://example.org/ä/a%20b>"
    )
    assert first.subject == f"<{register.iri('id/organisation/a-b')}>" and "{number}" in RECIPIENT
