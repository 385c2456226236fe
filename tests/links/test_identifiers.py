"""Every number of Wikidata in code, data and documents is one that somebody has looked up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vertragsgraph.links import wikidata_entities

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs/wikidata.md").read_text("utf-8")
ROW = re.compile(r"^\| ([PQ]\d+) \| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \|$", re.MULTILINE)
TABLE = {number: (what, used, read) for number, what, used, read in ROW.findall(DOCUMENT)}
PUBLISHED = set(re.findall(r"\bwd:(Q\d+)\t", (ROOT / "data/links/wikidata.sssom.tsv").read_text("utf-8")))
# A number as code writes it: in quotation marks, as a name with a prefix, or at the end of an IRI; and in documents in any way.
IN_CODE = re.compile(r"(?:\"|\b(?:wd|wdt|p|pq|pr|ps):|wikidata\.org/[\w/]*/)([PQ][1-9]\d*)\b")
IN_TEXT = re.compile(r"\b(?:P\d{2,}|Q\d+)\b")
SUFFIXES = {".py", ".ttl", ".tsv", ".rq", ".html", ".po", ".toml", ".js"}
FILES = [
    path
    for folder in ("server/vertragsgraph", "server/frontend/src", "data", "ontology", "shapes", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in SUFFIXES and "static/app" not in path.as_posix()
]
# The register's own sources are called P1 to P6.
SOURCES = {f"P{number}" for number in range(1, 7)}


def used_in_code() -> dict[str, str]:
    found = {}
    for path in FILES:
        for number in IN_CODE.findall(path.read_text("utf-8")):
            found[number] = path.relative_to(ROOT).as_posix()
    return {number: place for number, place in found.items() if number not in SOURCES}


def test_every_number_in_the_code_was_looked_up_or_is_a_published_link() -> None:
    unknown = {number: place for number, place in used_in_code().items() if number not in TABLE.keys() | PUBLISHED}
    assert unknown == {}


@pytest.mark.parametrize(
    "path", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda path: path.name
)
def test_every_number_in_a_document_was_looked_up_or_is_a_published_link(path: Path) -> None:
    # Pages of Wikidata's own talk about a property are no use of it.
    text = re.sub(r"\[[^\]]*\]\(https://www\.wikidata\.org/[^)]*\)", "", path.read_text("utf-8"))
    assert set(IN_TEXT.findall(text)) - TABLE.keys() - PUBLISHED == set()


def test_the_table_has_nothing_that_is_used_nowhere() -> None:
    written = "\n".join(path.read_text("utf-8") for path in FILES)
    assert [number for number in TABLE if not re.search(rf"\bS?{number}\b|\bS{number[1:]}\b", written)] == []


def test_the_search_sees_what_it_is_for() -> None:
    seen = used_in_code()
    assert {
        *wikidata_entities.IDENTIFIERS,
        wikidata_entities.HUMAN,
        wikidata_entities.ORGANISATION,
        wikidata_entities.PLACE,
        wikidata_entities.POSITION,
    } <= seen.keys()
    assert {"Q93288", "P1454", "P39", "P279", "P1082", "Q83307", "Q1199"} <= seen.keys()
    assert len(TABLE) > 25
    assert all(read for _, _, read in TABLE.values())
