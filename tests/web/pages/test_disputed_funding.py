"""Two sources that disagree about the funding of a contract: both are shown wherever funding is."""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import pytest

from vertragsgraph.register import load_register, shipped_folder
from vertragsgraph.release import Release, build

from ..in_process import asked_of, get

GERMAN = {"Accept": "text/html", "Accept-Language": "de"}
PREFIXES = """
@prefix disagreement: <id/disagreement/> .
"""
SECOND = """
evidence:drk-foerderung-p2 a vg:Evidence ;
    vg:supports [ rdf:subject contract:drk-hessen ; rdf:predicate vg:fundingStatus ; rdf:object vg:Funded ] ;
    vg:supportKind vg:Cited ;
    oa:hasSource source:p2 ;
    dcterms:creator organisation:vertragsgraph ; dcterms:date "2026-11-27"^^xsd:date .
"""
DISAGREEMENT = """
disagreement:drk-foerderung a vg:Disagreement ;
    rdfs:label "Ob der Vertrag mit dem DRK gefördert wird"@de , "Whether the contract with the Red Cross is funded"@en ;
    vg:between [ rdf:subject contract:drk-hessen ; rdf:predicate vg:fundingStatus ; rdf:object vg:Funded ] ,
        [ rdf:subject contract:drk-hessen ; rdf:predicate vg:fundingStatus ; rdf:object vg:NotFunded ] ;
    dcterms:creator organisation:vertragsgraph ; dcterms:date "2026-11-27"^^xsd:date .
"""


@pytest.fixture(scope="module")
def disputed(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The shipped register, in which a second source says that the contract with the DRK is funded."""
    folder = tmp_path_factory.mktemp("disputed")
    shutil.copy(shipped_folder() / "register.toml", folder)
    shutil.copytree(shipped_folder() / "data", folder / "data")
    contract: Path = folder / "data/contracts/drk-hessen.ttl"
    other = "\ncontract:drk-hessen vg:fundingStatus vg:Funded .\n"
    contract.write_text(contract.read_text("utf-8") + other + PREFIXES + SECOND + DISAGREEMENT, "utf-8")
    return build(load_register(folder), folder / "releases").release


def test_the_page_shows_both_with_their_proofs_and_prefers_none(disputed: Release) -> None:
    (answer,) = get(disputed, asked_of(disputed), ["/doc/contract/drk-hessen"], **GERMAN)
    glance, _, rest = answer.text.partition("</dl>")
    assert '<span class="status yes">' in glance and '<span class="status no">' in glance
    funding = rest.partition('id="funding"')[2].partition("</section>")[0]
    assert '<span class="status yes">' in funding and '<span class="status no">' in funding
    assert "Die Quellen widersprechen einander; keine wird hier vorgezogen." in funding
    entries = funding.split('<div class="entry')[1:]
    (funded,) = (entry for entry in entries if "status yes" in entry)
    (unfunded,) = (entry for entry in entries if "status no" in entry)
    assert "doc/evidence/drk-foerderung-p2" in funded and "doc/evidence/drk-foerderung-p2" not in unfunded
    assert "nicht mit einer Landesförderung verbunden ist" in unfunded
    wordings = rest.partition('id="wordings"')[2].partition("</section>")[0]
    assert "Ob der Vertrag mit dem DRK gefördert wird" in wordings
    assert "mit Förderung" in wordings and "ohne Förderung" in wordings
    assert "ob er mit einer Förderung" not in answer.text.partition('id="unknown"')[2].partition("</section>")[0]


def test_lists_have_it_under_both(disputed: Release) -> None:
    paths = ["/contracts", "/contracts?funding=Funded", "/contracts?funding=NotFunded", "/"]
    every, funded, unfunded, start = get(disputed, asked_of(disputed), paths, **GERMAN)
    for page in (every, funded, unfunded):
        line = page.text.partition("doc/contract/drk-hessen")[2].partition("</li>")[0]
        assert '<span class="status yes">' in line and '<span class="status no">' in line
    assert start.text.partition("doc/contract/drk-hessen")[2].partition("</li>")[0].count('class="status ') == 2
    counts = re.findall(r'<span class="status (\w+)"><span><strong>(\d+)</strong>', start.text)
    assert dict(counts) == {"yes": "3", "no": "1", "unknown": "1"}


def test_files_of_the_list_and_dumps_have_both(disputed: Release) -> None:
    csv_file, json_file = get(disputed, asked_of(disputed), ["/contracts.csv", "/contracts.json?funding=Funded"])
    table = {
        row["iri"].rpartition("/")[2]: row for row in csv.DictReader(io.StringIO(csv_file.content.decode("utf-8-sig")))
    }
    assert table["drk-hessen"]["funding"] == "Funded NotFunded"
    assert table["iaf"]["funding"] == "NotStated"
    assert {item["iri"].rpartition("/")[2]: item["funding"] for item in json_file.json()["items"]}["drk-hessen"] == (
        "Funded NotFunded"
    )
    dump = disputed.dump("csv").read_text("utf-8-sig")
    (row,) = (line for line in dump.splitlines() if "/contract/drk-hessen" in line)
    assert "mit Förderung durch die öffentliche Seite | ohne Förderung durch die öffentliche Seite" in row


def test_search_finds_the_disagreement(disputed: Release) -> None:
    (answer,) = get(disputed, asked_of(disputed), ["/search.json?q=DRK+gefördert"], **{"Accept-Language": "de"})
    assert "Ob der Vertrag mit dem DRK gefördert wird" in {hit["title"] for hit in answer.json()["hits"]}
