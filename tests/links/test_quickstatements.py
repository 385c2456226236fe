"""Statements for Wikidata: each with references, at its precision, nothing without evidence."""

from __future__ import annotations

import csv
import shutil
from io import StringIO
from pathlib import Path

import pytest

from vertragsgraph.links import quickstatements
from vertragsgraph.links.register_entities import Local
from vertragsgraph.links.statements import Entry, Reference, Statement, Teller, missing
from vertragsgraph.links.wikidata_entities import Item
from vertragsgraph.rdf.namespaces import WD
from vertragsgraph.register import load_register, shipped_folder
from vertragsgraph.release import build
from vertragsgraph.search import Resource

END = """
evidence:klose-ende-p2 a vg:Evidence ;
    vg:supports [ rdf:subject tenure:kai-klose-minister ; rdf:predicate schema:endDate ; rdf:object "UNTIL"^^xsd:date ] ;
    vg:supportKind vg:Cited ; oa:hasSource source:p2 ;
    dcterms:creator organisation:vertragsgraph ; dcterms:date "2026-11-27"^^xsd:date .
"""


def with_office_on_wikidata(folder: Path, until: str) -> Local:
    """The shipped register with a link for an office, and the end of its holder's tenure, if any."""
    shutil.copytree(shipped_folder() / "data", folder / "data")
    shutil.copy(shipped_folder() / "register.toml", folder)
    links = folder / "data/links/wikidata.sssom.tsv"
    head, *rows = (line for line in links.read_text("utf-8").splitlines() if not line.startswith("#"))
    row = dict(zip(head.split("\t"), next(row for row in rows if "owl:sameAs" in row).split("\t"), strict=True))
    label = "Hessischer Minister für Soziales und Integration"
    row |= {"subject_id": "office:minister-soziales-integration", "subject_label": label, "object_id": "wd:Q1"}
    text = links.read_text("utf-8").replace("#curie_map:", "#curie_map:\n#  office: id/office/", 1)
    links.write_text(text.rstrip("\n") + "\n" + "\t".join(row.values()) + "\n", "utf-8")
    if until:
        people = folder / "data/people.ttl"
        end = f'\ntenure:kai-klose-minister schema:endDate "{until}"^^xsd:date .\n'
        people.write_text(people.read_text("utf-8") + end + END.replace("UNTIL", until), "utf-8")
    return Local(build(load_register(folder), folder / "releases").release)


@pytest.fixture(scope="module")
def entries(local: Local) -> list[Entry]:
    return Teller(local).entries()


def of(entries: list[Entry], path: str) -> Entry:
    return next(entry for entry in entries if entry.resource.path == f"id/{path}")


def test_nothing_is_told_without_evidence(entries: list[Entry]) -> None:
    statements = [statement for entry in entries for statement in entry.statements]
    assert len(statements) > 10
    assert all(statement.references for statement in statements)
    assert all(reference.url.startswith("https://") for s in statements for reference in s.references)


@pytest.mark.parametrize(
    ("contract", "date"),
    [
        ("drk-hessen", "+2019-06-03T00:00:00Z/11"),
        ("iaf", "+2019-06-03T00:00:00Z/11"),
        ("bildungsstaette-anne-frank", "+2018-00-00T00:00:00Z/9"),
        ("hessischer-jugendring", "+2018-00-00T00:00:00Z/9"),
    ],
)
def test_dates_keep_their_precision(entries: list[Entry], contract: str, date: str) -> None:
    told = of(entries, f"contract/{contract}").statements
    assert [statement.value for statement in told if statement.property == "P585"] == [date]


def test_topics_and_forms_that_are_linked_are_told(entries: list[Entry]) -> None:
    contract = of(entries, "contract/bildungsstaette-anne-frank").statements
    assert {s.value for s in contract if s.property == "P921"} == {"Q22649", "Q8461"}
    drk = of(entries, "organisation/drk-hessen").statements
    assert {(s.property, s.value) for s in drk} == {("P1454", "Q9299236"), ("P361", "Q694104")}


def test_values_without_an_item_are_counted_not_told(local: Local) -> None:
    teller = Teller(local)
    told = {s.value for entry in teller.entries() for s in entry.statements}
    assert all(value.startswith(("Q", "+")) for value in told)
    assert teller.without_item > 0


def test_an_office_is_told_only_with_its_end(tmp_path: Path) -> None:
    """On Wikidata, a position without an end is one that is held today."""
    teller = Teller(with_office_on_wikidata(tmp_path / "open", until=""))
    assert not [s for entry in teller.entries() for s in entry.statements if s.property == "P39"]
    assert teller.without_qualifier == 1
    teller = Teller(with_office_on_wikidata(tmp_path / "ended", until="2024-01-18"))
    (told,) = (s for entry in teller.entries() for s in entry.statements if s.property == "P39")
    assert told.value == "Q1"
    # The source of the beginning is in print, so nothing could be referred to for it.
    assert dict(told.qualifiers) == {"P582": "+2024-01-18T00:00:00Z/11", "P585": "+2019-06-03T00:00:00Z/11"}
    assert teller.without_qualifier == 0


def test_what_is_inferred_refers_to_the_sources_of_its_premises(entries: list[Entry]) -> None:
    told = of(entries, "contract/bildungsstaette-anne-frank").statements
    (date,) = (statement for statement in told if statement.property == "P585")
    assert [reference.title for reference in date.references] == ["Integration braucht Bündnisse"]


def test_every_command_of_v1_has_references(entries: list[Entry]) -> None:
    lines = quickstatements.v1(entries).splitlines()
    assert lines.count("CREATE") == len([entry for entry in entries if not entry.item])
    for line in lines:
        cells = line.split("\t")
        if len(cells) > 1 and cells[1].startswith("P"):
            assert "S854" in cells
            assert cells[cells.index("S854") + 1].startswith('"https://')
    titled = "LAST\tP585\t+2019-06-03T00:00:00Z/11\tS854\t"
    assert any(line.startswith(titled) and 'S1476\tde:"Integration braucht Bündnisse"' in line for line in lines)


def test_csv_tells_the_same(entries: list[Entry]) -> None:
    rows = list(csv.reader(StringIO(quickstatements.as_csv(entries))))
    assert rows[0][0] == "qid"
    assert len(rows) == len(entries) + 1
    assert {len(row) for row in rows} == {len(rows[0])}
    for entry, row in zip(entries, rows[1:], strict=True):
        for statement in entry.statements:
            place = row.index(statement.value)
            assert rows[0][place] == statement.property
            assert row[place + 1 :][len(statement.qualifiers)].startswith('"https://')


def test_qualifiers_and_several_references_have_their_places() -> None:
    where = Reference("https://a.example/x", 'Ein "Titel"', "de", "2026-11-22")
    statement = Statement(
        "P39", "Q1", (("P580", "+2019-01-18T00:00:00Z/11"),), (where, Reference("https://b.example/"))
    )
    entry = Entry(Resource(1, "id/person/a", "person", ()), "Q7", {}, {}, [statement])
    assert quickstatements.v1([entry]) == (
        'Q7\tP39\tQ1\tP580\t+2019-01-18T00:00:00Z/11\tS854\t"https://a.example/x"\tS1476\tde:"Ein ”Titel”"\t'
        'S813\t+2026-11-22T00:00:00Z/11\t!S854\t"https://b.example/"\n'
    )
    heads = quickstatements.as_csv([entry]).splitlines()[0]
    assert heads == "qid,P39,qal580,S854,S1476,S813"


def test_what_wikidata_has_is_left_out(entries: list[Entry]) -> None:
    contract = of(entries, "contract/bildungsstaette-anne-frank")
    linked = Entry(contract.resource, "Q77", {}, {}, contract.statements)
    known = {"P921": {WD + "Q22649"}, "P585": {"2018-01-01T00:00:00Z"}}
    (left,) = missing([linked], {WD + "Q77": Item(WD + "Q77", statements=known)})
    assert {(s.property, s.value) for s in left.statements} == {("P31", "Q93288"), ("P921", "Q8461")}
