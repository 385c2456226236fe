"""Any table: read without an exception, no row swallowed or torn; what is written is read as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vertragsgraph.sources import SourceError
from vertragsgraph.sources.sssom import read_mapping_set, write_mapping_set
from vertragsgraph.sources.tsv import read_rows, write_rows

pytestmark = pytest.mark.fuzz

BASE = "https://example.org/"
CHARACTERS = st.sampled_from('ab:"\t\r\n #;,\u2028\x85\x0b\x0c\x1c\x00\ufeffäß𝄞')
CELLS = st.text(st.sampled_from('ab:" #;,\u2028\x85äß𝄞\r\n'), max_size=8)
MAPPING = "a:b\tskos:exactMatch\ta:c\tsemapv:ManualMappingCuration"
HEADING = "subject_id\tpredicate_id\tobject_id\tmapping_justification\tcomment\n"
PIECES = st.sampled_from(
    ["#curie_map:\n#  a: x/\n", HEADING, MAPPING, "\t", '"', '""', "\n", "\r\n", "http://[", "a:b"]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(CHARACTERS, max_size=6)), max_size=20).map("".join)


@given(TEXTS)
def test_rows_and_cells_stand_where_they_say(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    before = 0
    for row in read_rows(text):
        assert row[0].line > before  # no row begins within another
        before = row[-1].line
        for cell in row:
            begins = lines[cell.line - 1][cell.column - 1 :]
            first = cell.text.replace("\r\n", "\n").replace("\r", "\n").partition("\n")[0]
            assert begins.startswith((first, '"' + first.replace('"', '""')))
            assert not ("\t" in cell.text and ("\n" in cell.text or "\r" in cell.text))


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=4))
def test_what_is_written_is_read_as_it_was(rows: list[list[str]]) -> None:
    columns = ["x", "y"]
    text = write_rows(columns, [dict(zip(columns, row, strict=True)) for row in rows])
    assert [[cell.text for cell in row] for row in read_rows(text)] == [columns, *rows]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS)
def test_any_file_is_read_or_complained_about(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.sssom.tsv"
    path.write_bytes(text.encode())
    try:
        mappings = read_mapping_set(path, BASE)
    except SourceError as error:
        assert all(finding.place and finding.place.line for finding in error.findings)
        return
    rows = [{name: cell.text for name, cell in row.cells.items()} for row in mappings.rows]
    path.write_bytes(write_mapping_set(mappings.metadata, mappings.columns, rows).encode())
    again = read_mapping_set(path, BASE)
    assert [link.triple for link in again.links] == [link.triple for link in mappings.links]
    assert [[row[column] for column in again.columns] for row in again.rows] == [
        [row[column] for column in mappings.columns] for row in mappings.rows
    ]
