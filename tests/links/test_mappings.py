"""Mappings survive TSV → RDF → TSV; what is published is what was verified."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from sssom.parsers import parse_sssom_table
from sssom.validators import validate

from vertragsgraph.links.mappings import QUERY, Link, from_rows, to_tsv
from vertragsgraph.links.register_entities import Local
from vertragsgraph.release import Release
from vertragsgraph.search.identifiers import key
from vertragsgraph.sources import read_mappings

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "data/links").glob("*.sssom.tsv"))
DOMAIN = ROOT / "../shared/DOMAIN.md"


@pytest.fixture(scope="module")
def links(local: Local) -> list[Link]:
    return from_rows(local.rows(QUERY.format(graph=local.release.base + "graph/links")))


def tsv(links: list[Link], release: Release, target: str) -> str:
    chosen = [link for link in links if link.target == target]
    set_id = f"{release.base}links/{target}"
    licence = "https://www.govdata.de/dl-de/by-2-0"
    return to_tsv(chosen, release.base, set_id=set_id, title=f"Links to {target}", licence=licence)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_mappings_survive_the_way_through_rdf(links: list[Link], hessen: Release, path: Path, tmp_path: Path) -> None:
    copy = tmp_path / path.name
    copy.write_text(tsv(links, hessen, path.name.split(".")[0]), "utf-8")
    first, second = (sorted(str(link.triple) for link in read_mappings(file, hessen.base)) for file in (path, copy))
    assert first == second
    assert rows(path.read_text("utf-8")) == rows(copy.read_text("utf-8"))


def rows(text: str) -> list[dict[str, str]]:
    """The cells of a table by column, those with nothing in them left out, confidence as a number."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    columns = lines[0].split("\t")
    cells = [dict(zip(columns, line.split("\t"), strict=True)) for line in lines[1:]]
    for row in cells:
        row["confidence"] = str(float(row["confidence"]))
    return sorted(({name: cell for name, cell in row.items() if cell} for row in cells), key=str)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_comes_out_is_sound_to_the_sssom_package(links: list[Link], hessen: Release, path: Path) -> None:
    table = parse_sssom_table(StringIO(tsv(links, hessen, path.name.split(".")[0])))
    problems = [result for report in validate(table).values() for result in report.results]
    assert problems == []
    assert len(table.df) == len(rows(path.read_text("utf-8")))


def test_only_verified_links_are_published(links: list[Link]) -> None:
    if not DOMAIN.is_file():
        pytest.skip("the list of verified identifiers is not here")
    section = DOMAIN.read_text("utf-8").split("## Identifiers that were verified", 1)[1].split("\n## ", 1)[0]
    verified = {f"wikidata:{number}" for number in re.findall(r"\bQ\d+\b", section)}
    verified |= {f"geonames:{number}" for number in re.findall(r"geonames(?:\.org/| )(\d+)", section)}
    for name, row in (("eurovoc", "EuroVoc"), ("gnd", "GND"), ("stw", "STW")):
        line = next(line for line in section.splitlines() if line.startswith(f"| topics, {row}"))
        verified |= {f"{name}:{found}" for found in re.findall(r"\b(\d+-\d|\d{3,5})\b", line)}
    verified |= {f"gnd:{found}" for found in re.findall(r"GND (\d+-\d)", section)} | {"dbpedia:Hesse"}
    assert {key(link.object) for link in links} <= verified


def test_candidates_are_in_no_release(hessen: Release) -> None:
    assert not [name for name in hessen.manifest.files if "candidate" in name]
