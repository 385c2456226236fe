from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from urllib.parse import urljoin

import pytest

from vertragsgraph.finding import Place
from vertragsgraph.register import shipped_folder
from vertragsgraph.sources import SourceError, read_mappings
from vertragsgraph.sources.sssom import COMMON, OTHERS, REQUIRED, read_mapping_set

BASE = "https://example.org/"
HEADER = """#mapping_set_id: https://example.org/links/wd
#license: https://creativecommons.org/publicdomain/zero/1.0/
#curie_map:
#  topic: id/topic/
#  wd: "http://www.wikidata.org/entity/"
#  euvoc: http://eurovoc.europa.eu/   # the thesaurus
#creator_id:
#  - orcid:0000-0000-0000-0001
"""
COLUMNS = "subject_id\tsubject_label\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\n"


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "x.sssom.tsv"
    path.write_text(text, "utf-8")
    return path


def complaints(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(SourceError) as caught:
        read_mappings(path, BASE)
    return [(f.place.line, f.message["en"]) for f in caught.value.findings if f.place]


def test_mappings_with_their_lines(tmp_path: Path) -> None:
    rows = (
        "topic:sport\tSport\tskos:exactMatch\t\twd:Q349\tsemapv:ManualMappingCuration\n"
        'topic:a\t"A\nB"\tskos:broadMatch\t\teuvoc:4245\tsemapv:ManualMappingCuration\n'
        "\t\t\t\t\t\n"
        "topic:b\t\tskos:closeMatch\t\thttps://d-nb.info/gnd/4024729-6\tsemapv:ManualMappingCuration\n"
    )
    links = read_mappings(write(tmp_path, HEADER + COLUMNS + rows), BASE)
    assert [(str(link.triple.subject), str(link.triple.object), link.line) for link in links] == [
        ("<https://example.org/id/topic/sport>", "<http://www.wikidata.org/entity/Q349>", 10),
        ("<https://example.org/id/topic/a>", "<http://eurovoc.europa.eu/4245>", 11),
        ("<https://example.org/id/topic/b>", "<https://d-nb.info/gnd/4024729-6>", 14),
    ]
    assert links[1].predicate.value == "http://www.w3.org/2004/02/skos/core#broadMatch"


def test_what_denies_a_mapping_is_none(tmp_path: Path) -> None:
    rows = (
        "topic:a\t\tskos:exactMatch\tNot\twd:Q1\tsemapv:ManualMappingCuration\n"
        "topic:a\t\tskos:exactMatch\t\tsssom:NoTermFound\tsemapv:ManualMappingCuration\n"
    )
    assert read_mappings(write(tmp_path, HEADER + COLUMNS + rows), BASE) == []


def test_all_that_is_wrong_is_told(tmp_path: Path) -> None:
    rows = (
        "topik:a\t\tskos:exactMatch\t\twd:Q1\tsemapv:ManualMappingCuration\n"
        "topic:a\t\tskos:sameMatch\t\twd:Q1\tsemapv:ManualMappingCuration\n"
        "topic:a\t\tskos:exactMatch\t\t\tsemapv:ManualMappingCuration\n"
        "topic:a\t\tskos:exactMatch\t\twd:Q 1\tsemapv:ManualMappingCuration\n"
        "sport\t\tskos:exactMatch\t\twd:Q1\tsemapv:ManualMappingCuration\n"
    )
    found = complaints(write(tmp_path, HEADER + COLUMNS + rows))
    assert [line for line, _ in found] == [10, 11, 12, 13, 14]
    needles = [
        'subject_id: the prefix "topik:"',
        "predicate_id: skos:sameMatch is no predicate",
        "object_id: this cell must not be empty",
        'object_id: "wd:Q 1" is no',
        'subject_id: "sport" is no',
    ]
    assert all(message.startswith(needle) for needle, (_, message) in zip(needles, found, strict=True))


def test_missing_columns(tmp_path: Path) -> None:
    (complaint,) = complaints(write(tmp_path, HEADER + "subject_id\tobject_id\n"))
    assert complaint == (9, "these columns are missing: predicate_id, mapping_justification")


@pytest.mark.parametrize(
    ("heading", "place", "said"),
    [
        (COLUMNS.replace("subject_label", "subjekt"), (9, 12), "no column subjekt; did you mean subject_label?"),
        (COLUMNS.replace("subject_label", "farbe"), (9, 12), "no column farbe; take it away"),
        (COLUMNS.replace("subject_label", "predicate_id"), (9, 12), "the column predicate_id stands here twice"),
        (COLUMNS.replace("\t", ";"), (9, 0), 'separated by ";"; save the table with tabs'),
        (COLUMNS.replace("\t", ","), (9, 0), 'separated by ","; save the table with tabs'),
    ],
)
def test_columns_that_will_not_do(tmp_path: Path, heading: str, place: tuple[int, int], said: str) -> None:
    path = write(tmp_path, HEADER + heading)
    with pytest.raises(SourceError) as caught:
        read_mappings(path, BASE)
    (finding,) = caught.value.findings
    assert finding.place == Place(path, *place)
    assert said in finding.message["en"]


def test_all_columns_of_the_standard_are_known_and_an_extension_may_be_declared(tmp_path: Path) -> None:
    slots = [field.name for field in fields(pytest.importorskip("sssom_schema").Mapping)]
    assert {*REQUIRED, *COMMON, *OTHERS} == {*slots}
    header = HEADER + "#extension_definitions:\n#- slot_name: farbe\n#  property: https://example.org/farbe\n"
    assert read_mappings(write(tmp_path, header + "\t".join([*slots, "farbe"]) + "\n"), BASE) == []


ROW = "topic:sport\tSport\tskos:exactMatch\t\twd:Q349\tsemapv:ManualMappingCuration\t"
WITH_COMMENT = HEADER + COLUMNS.replace("\n", "\tcomment\n")


@pytest.mark.parametrize(
    ("cell", "comment"),
    [
        ("eine\u2028Zeile", "eine\u2028Zeile"),
        ("eine\x85Zeile", "eine\x85Zeile"),
        ('"Sport" im Verein', '"Sport" im Verein'),
        ('Sport im "Verein"', 'Sport im "Verein"'),
        ('"Sport ""im"" Verein"', 'Sport "im" Verein'),
        ('"Sport\tim Verein" ', "Sport\tim Verein"),
        ('"Sport\nim Verein"', "Sport\nim Verein"),
        ('""', ""),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_cell_is_read_as_it_was_meant(tmp_path: Path, cell: str, comment: str, line_end: str) -> None:
    path = tmp_path / "x.sssom.tsv"
    path.write_bytes(("\ufeff" + (WITH_COMMENT + ROW).replace("\n", line_end) + cell + line_end + ROW).encode())
    mappings = read_mapping_set(path, BASE)
    assert [row["comment"] for row in mappings.rows] == [comment, ""]
    assert [link.line for link in mappings.links] == [10, 11 + cell.count("\n")]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('"Sport im Verein', "comment: the quotation mark with which this cell begins is never closed"),
        ('"Sport" im "Verein', "comment: the quotation mark"),
        ("eine\x0bZeile", "comment: the control character U+000B"),
        ("eine\x00Zeile", "comment: the control character U+0000"),
        ("eine\tZeile", "this row has more cells than the table has columns"),
    ],
)
@pytest.mark.parametrize("after", [ROW + "zweite", ROW + 'zweite 5"', ROW + '"zweite'])
def test_no_row_is_swallowed(tmp_path: Path, cell: str, said: str, after: str) -> None:
    path = write(tmp_path, f"{WITH_COMMENT}{ROW}{cell}\n{after}\n")
    with pytest.raises(SourceError) as caught:
        read_mappings(path, BASE)
    column = len(ROW) + 1 + (len("eine\t") if said.startswith("this row") else 0)
    assert caught.value.findings[0].place == Place(path, 10, column)
    assert caught.value.findings[0].message["en"].startswith(said)
    assert [f.place.line for f in caught.value.findings if f.place] == [10, 11][: 2 if after.endswith('"zweite') else 1]


def test_a_file_in_another_encoding_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "x.sssom.tsv"
    path.write_bytes((WITH_COMMENT + ROW + "über Größe").encode("cp1252"))
    with pytest.raises(SourceError) as caught:
        read_mappings(path, BASE)
    (finding,) = caught.value.findings
    assert finding.place == Place(path, 10, len(ROW) + 1)
    assert 'in Windows-1252, "ü" stands here' in finding.message["en"]


def test_a_namespace_that_is_none(tmp_path: Path) -> None:
    (complaint,) = complaints(write(tmp_path, "#curie_map:\n#  x: http://[\n" + COLUMNS))
    assert complaint == (2, '"http://[" is no IRI of a namespace')


def test_a_curie_map_on_one_line(tmp_path: Path) -> None:
    (complaint,) = complaints(write(tmp_path, "#curie_map: {wd: http://x/}\n" + COLUMNS))
    assert complaint[0] == 1


@pytest.mark.parametrize("content", [b"subject_id\xff", COLUMNS.encode() + b"x" * 200_000, None])
def test_files_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "x.sssom.tsv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError):
        read_mappings(path, BASE)


def test_the_header_is_read_as_yaml_reads_it(tmp_path: Path) -> None:
    """The curie_map, the one part of the header that is read here, means what a YAML parser says that it means."""
    yaml = pytest.importorskip("yaml")
    header = yaml.safe_load("".join(line.removeprefix("#") for line in HEADER.splitlines(keepends=True)))
    for prefix, namespace in header["curie_map"].items():
        row = f"{prefix}:x\t\tskos:exactMatch\t\t{prefix}:y\tsemapv:ManualMappingCuration\n"
        (link,) = read_mappings(write(tmp_path, HEADER + COLUMNS + row), BASE)
        assert link.object.value.endswith(namespace + "y")


SHIPPED = sorted((shipped_folder() / "data/links").glob("*.sssom.tsv"))


@pytest.mark.filterwarnings("ignore:The (copy|inplace) keyword")  # of pandas, which sssom uses
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_the_shipped_mappings_are_valid_and_mean_the_same_to_the_sssom_tools(path: Path) -> None:
    parsers = pytest.importorskip("sssom.parsers")
    validators = pytest.importorskip("sssom.validators")
    mappings = parsers.parse_sssom_table(path)
    reports = validators.validate(mappings, fail_on_error=False)
    assert [result.message for report in reports.values() for result in report.results] == []
    expand = mappings.converter.expand
    theirs = {
        tuple(urljoin(BASE, expand(row[column])) for column in ("subject_id", "predicate_id", "object_id"))
        for _, row in mappings.df.iterrows()
    }
    ours = {(link.subject.value, link.predicate.value, link.object.value) for link in read_mappings(path, BASE)}
    assert ours == theirs
    assert ours
