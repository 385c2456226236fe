"""Lists, search, and the pages about the register as a whole, over a real port."""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import httpx
import pytest

from vertragsgraph.release import Release, open_release

from ..in_process import asked_of, get

pytestmark = pytest.mark.slow

BROWSER = {"Accept": "text/html", "Accept-Language": "en"}
BASE = "https://w3id.org/vertragsgraph/hessen/id/"


@pytest.fixture(scope="module")
def http(server: object) -> httpx.Client:
    return httpx.Client(base_url=server.url, timeout=60)  # type: ignore[attr-defined]


def contracts(http: httpx.Client, query: str) -> set[str]:
    return {
        item["iri"].removeprefix(f"{BASE}contract/") for item in http.get(f"/contracts.json?{query}").json()["items"]
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"drk-hessen", "iaf", "bildungsstaette-anne-frank", "hessischer-jugendring"}),
        ("year=2018", {"bildungsstaette-anne-frank", "hessischer-jugendring"}),
        ("funding=NotFunded", {"drk-hessen"}),
        ("funding=NotStated", {"iaf"}),
        ("funding=Funded&year=2019", set()),
        ("topic=diskriminierung", {"bildungsstaette-anne-frank"}),
        ("partner=iaf", {"iaf"}),
        ("office=minister-soziales-integration", {"drk-hessen", "iaf"}),
        ("year=none", set()),
    ],
)
def test_facets_narrow_down(http: httpx.Client, query: str, expected: set[str]) -> None:
    assert contracts(http, query) == expected
    page = http.get(f"/contracts?{query}", headers=BROWSER)
    assert page.status_code == 200
    assert set(re.findall(r'doc/contract/([a-z-]+)"', page.text)) == expected


def test_an_unstated_legal_form_can_be_chosen(http: httpx.Client) -> None:
    items = http.get("/organisations.json?role=partner&form=none").json()["items"]
    assert {item["iri"].rpartition("/")[2] for item in items} == {"bildungsstaette-anne-frank", "hessischer-jugendring"}


def test_csv_has_the_rows_of_the_page(http: httpx.Client) -> None:
    rows = list(csv.DictReader(io.StringIO(http.get("/contracts.csv?year=2018").content.decode("utf-8-sig"))))
    assert [row["Geschlossen"] for row in rows] == ["2018", "2018"]
    assert {row["Förderung durch die öffentliche Seite"] for row in rows} == {"Funded"}
    assert all(row["Name (deutsch)"] and row["Name (englisch)"] for row in rows)
    topics = list(csv.DictReader(io.StringIO(http.get("/topics.csv").content.decode("utf-8-sig"))))
    assert {row["Verträge"] for row in topics if row["Name (deutsch)"] == "Diskriminierung"} == {"1"}


def test_csv_has_headings_in_the_language_of_the_reader(http: httpx.Client) -> None:
    english = http.get("/people.csv", headers={"Accept-Language": "en-GB"})
    assert english.content.decode("utf-8-sig").splitlines()[0] == "IRI,Name (German),Name (English),held office"
    assert http.get("/topics.csv?lang=en").text.splitlines()[0].endswith(",Broader topic,Contracts")


@pytest.mark.parametrize(
    "path",
    [
        "/contracts?page=0",
        "/contracts?page=x",
        "/contracts?partner=%3Ca%3E%20b",
        "/contracts?page=99999999999999",
        "/search?q=a&page=-1",
    ],
)
def test_bad_parameters_are_told(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code == 400
    assert http.get(path, headers=BROWSER).status_code == 400


@pytest.mark.parametrize("text", ['" OR 1', "a AND (", "*", "%00", "ü" * 5000, "<script>alert(1)</script>"])
def test_any_text_can_be_searched_and_is_shown_harmlessly(http: httpx.Client, text: str) -> None:
    page = http.get("/search", params={"q": text}, headers=BROWSER)
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_search_answers_in_json(http: httpx.Client) -> None:
    found = http.get("/search.json", params={"q": "Klose", "kind": "person"}).json()
    assert [hit["iri"] for hit in found["hits"]] == [f"{BASE}person/kai-klose"]
    assert found["total"] == 1


@pytest.mark.parametrize("name", ["ontology", "shapes"])
@pytest.mark.parametrize("media_type", ["text/turtle", "application/ld+json", "application/rdf+xml", "text/html"])
def test_vocabulary_and_rules_by_negotiation_and_suffix(http: httpx.Client, name: str, media_type: str) -> None:
    answer = http.get(f"/{name}", headers={"Accept": media_type})
    assert answer.headers["content-type"].startswith(media_type)
    assert "Accept" in answer.headers["vary"]
    suffix = {"text/turtle": "ttl", "application/ld+json": "jsonld", "application/rdf+xml": "rdf", "text/html": "html"}
    assert (
        http.get(f"/{name}.{suffix[media_type]}", headers={"Accept": "*/*"})
        .headers["content-type"]
        .startswith(media_type)
    )


def test_every_term_has_its_place_on_the_vocabulary_page(http: httpx.Client) -> None:
    page = http.get("/ontology", headers=BROWSER).text
    own = set(re.findall(r"^vg:(\w+)$", http.get("/ontology.ttl").text, re.MULTILINE))
    assert len(own) > 50
    assert own - set(re.findall(r'id="(\w+)"', page)) == set()


@pytest.mark.parametrize("path", ["/quality", "/catalog"])
def test_pages_tell_the_figures_of_the_manifest(http: httpx.Client, release: Release, path: str) -> None:
    found = release.manifest.evidence
    assert found
    said = f"Of {found.statements} statements that need evidence, {found.quoted} have a quotation, {found.cited} a reference only"
    assert f"{said}, 0 neither." in http.get(path, headers=BROWSER).text


def test_a_release_of_an_earlier_version_tells_no_figures(release: Release, tmp_path: Path) -> None:
    folder = tmp_path / release.id
    shutil.copytree(release.folder, folder)
    earlier = release.manifest.model_copy(update={"evidence": None})
    (folder / "release.json").write_text(earlier.text(), "utf-8")
    shutil.copy(release.folder.parent / "catalog.ttl", tmp_path)
    copied = open_release(folder)
    answers = get(
        copied, asked_of(copied), ["/quality", "/catalog"], **{"accept": "text/html", "accept-language": "en"}
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "was not counted yet when this release was built" in answers[0].text
    assert not any("statements that need evidence," in answer.text for answer in answers)


def test_quality_tells_coverage_and_findings(http: httpx.Client) -> None:
    page = http.get("/quality", headers=BROWSER).text
    assert "100%" in page
    assert "No rule that must hold is broken" in page
    assert "shapes#partner-has-legal-form" in page


@pytest.mark.parametrize("path", ["/imprint", "/privacy", "/accessibility"])
def test_legal_pages_name_the_contact(http: httpx.Client, path: str) -> None:
    assert "register@example.org" in http.get(path, headers=BROWSER).text


def test_wordings_of_a_theme_stay_apart_in_csv(http: httpx.Client) -> None:
    rows = csv.DictReader(io.StringIO(http.get("/contracts.csv?partner=iaf").content.decode("utf-8-sig")))
    wordings = next(rows)["Thema, wie die Quellen es nennen"].split(" | ")
    assert [("differenzieren" in wording) for wording in sorted(wordings)].count(True) == 1
    assert all(wording.startswith("Rollenbilder") for wording in wordings)
    assert len(wordings) == 2


def test_what_is_chosen_can_be_taken_away_one_by_one(http: httpx.Client) -> None:
    text = http.get("/contracts?year=2018&funding=Funded", headers=BROWSER).text
    chips = re.search(r'<p class="chosen">(.*?)</p>', text, re.DOTALL)
    assert chips
    assert set(re.findall(r'href="(contracts[^"]*)"', chips[1])) == {
        "contracts?funding=Funded",
        "contracts?year=2018",
        "contracts",
    }
    assert 'class="chosen"' not in http.get("/contracts", headers=BROWSER).text
