from __future__ import annotations

from pathlib import Path
from urllib.parse import urljoin

import pytest

from vertragsgraph.register import shipped_folder
from vertragsgraph.sources import SourceError, read_mappings

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
    needles = ['prefix "topik:"', "skos:sameMatch is no predicate", "no object_id", '"wd:Q 1" is no', '"sport" is no']
    assert all(needle in message for needle, (_, message) in zip(needles, found, strict=True))


def test_missing_columns(tmp_path: Path) -> None:
    (complaint,) = complaints(write(tmp_path, HEADER + "subject_id\tobject_id\n"))
    assert complaint == (9, "these columns are missing: predicate_id, mapping_justification")


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
