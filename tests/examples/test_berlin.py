"""The grants of Berlin: a register made of a table, tried with a sample of it. The table is no part of this repository."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, MakeOnce
from tests.web.in_process import asked_of, get
from vertragsgraph.finding import Severity
from vertragsgraph.graph import collect
from vertragsgraph.register import Register, load_register
from vertragsgraph.register.names import slug
from vertragsgraph.release import Release, build, current_release, inspect

from .reading import Page

SAMPLE = ROOT / "../shared/real/zuwendungen-berlin-sample.csv"
pytestmark = pytest.mark.skipif(not SAMPLE.is_file(), reason="the table of Berlin's grants is not at hand")
FIRST = "/doc/grant/zuwendung-1"


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    folder = tmp_path_factory.mktemp("berlin") / "register"
    shutil.copytree(ROOT / "examples/berlin-grants", folder)
    shutil.copy(SAMPLE, folder / "data/tables/zuwendungen.csv")
    return load_register(folder)


@pytest.fixture(scope="module")
def released(register: Register, once: MakeOnce) -> Release:
    found = current_release(once("berlin-grants", lambda folder: build(register, folder)))
    assert found
    return found


@pytest.fixture(scope="module")
def page(released: Release) -> Callable[[str], Page]:
    store: Any = asked_of(released)

    def of(path: str) -> Page:
        (response,) = get(released, store, [path], accept="text/html")
        assert response.status_code == 200, path
        return Page(response.text)

    return of


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_passes_the_gate_and_every_statement_has_its_row(
    register: Register, rows: list[dict[str, str]], tmp_path: Path
) -> None:
    graphs = collect(register, tmp_path)
    report = inspect(register, graphs)
    assert [str(finding) for finding in report.findings if finding.severity == Severity.VIOLATION] == []
    coverage = report.coverage
    assert (
        coverage and coverage.unproved == coverage.cited == 0 and coverage.quoted == coverage.comparable > 5 * len(rows)
    )
    contracts = graphs.path("contracts").read_text("utf-8")
    assert contracts.count("ontology#Grant> .") == len(rows)
    total = sum(int(row["betrag"]) for row in rows)
    assert sum(int(line.split('"')[1]) for line in contracts.splitlines() if "/amount>" in line) == total


def test_organisations_are_told_apart_by_their_numbers(
    register: Register, rows: list[dict[str, str]], tmp_path: Path
) -> None:
    agents = collect(register, tmp_path).path("agents").read_text("utf-8")
    numbers = {slug(f"{row['registerart']}-{row['registernummer'].strip()}") for row in rows}
    givers = {slug(row["geber"]) for row in rows}
    assert agents.count("ontology#Organisation> .") == len(numbers) + len(givers) + 1


def test_a_grant_says_what_its_row_says(page: Callable[[str], Page], rows: list[dict[str, str]]) -> None:
    row, found = rows[0], page(FIRST)
    assert row["zweck"] in found.words and row["geber"] in found.words and row["empfaenger"] in found.words
    assert row["politikbereich"] in found.words and row["jahr"] in found.words and "Zeile 2" in found.words
    assert "Text lag nicht vor" not in found.words


def test_its_evidence_is_a_row(page: Callable[[str], Page]) -> None:
    found = page("/doc/evidence/zuwendungen-row-2")
    assert "Zuwendungsdatenbank des Landes Berlin, Zeile 2" in found.words and "ausdrücklich gesagt" in found.words


def test_pages_lead_from_topics_and_organisations_to_grants(
    page: Callable[[str], Page], rows: list[dict[str, str]]
) -> None:
    row = rows[0]
    recipient = slug(f"{row['registerart']}-{row['registernummer']}")
    for path in (
        f"/doc/topic/{slug(row['politikbereich'])}",
        f"/doc/organisation/{recipient}",
        f"/doc/organisation/{slug(row['geber'])}",
    ):
        assert any(address.endswith("grant/zuwendung-1") for address, _ in page(path).links), path


def test_grants_are_listed_by_year_and_policy_area_and_the_navigation_leads_there(
    page: Callable[[str], Page], rows: list[dict[str, str]]
) -> None:
    year, topic = rows[0]["jahr"], rows[0]["politikbereich"]
    having = [row for row in rows if row["jahr"] == year and row["politikbereich"] == topic]
    found = page(f"/grants?year={year}&topic={slug(topic)}")
    assert all(row["zweck"] in found.words for row in having[:5])
    assert any(address.endswith("grants") and words.strip() == "Förderungen" for address, words in page("/").links)


def test_a_purpose_is_found(page: Callable[[str], Page], rows: list[dict[str, str]]) -> None:
    assert rows[0]["zweck"] in page(f"/search?q={rows[0]['zweck'].split()[0]}").words


def test_it_says_what_it_is(register: Register) -> None:
    texts = (register.title, register.description, register.provenance)
    assert all(text and "Beispiel" in text.root["de"] for text in texts)
    assert "keine amtliche Veröffentlichung" in register.description.root["de"]
    assert register.base.startswith("https://example.org/") and register.licence.iri.startswith(
        "https://creativecommons.org/licenses/by/"
    )
