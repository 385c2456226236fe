"""Quotations from scans and paper, and dates that are known only roughly: on pages, in lists, search, files and services."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from html import unescape

import httpx
import pyoxigraph
import pytest

from tests.conftest import MakeOnce
from vertragsgraph.links.quickstatements import v1
from vertragsgraph.links.register_entities import Local
from vertragsgraph.links.statements import Teller, missing, rough_time
from vertragsgraph.links.wikidata_entities import Item
from vertragsgraph.rdf import edtf
from vertragsgraph.rdf.namespaces import WD
from vertragsgraph.register import load_register
from vertragsgraph.release import Release, build, current_release

from .deeds import BASE, DATES, PAPER, write_register
from .in_process import asked_of, get

Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def deeds(once: MakeOnce) -> Release:
    made = once("deeds", lambda folder: build(load_register(write_register(folder)), folder / "releases"))
    found = current_release(made / "releases")
    assert found
    return found


@pytest.fixture(scope="module")
def ask(deeds: Release) -> Ask:
    asked = asked_of(deeds)

    def of(path: str, language: str = "en", accept: str = "text/html") -> httpx.Response:
        (response,) = get(deeds, asked, [path], **{"accept": accept, "accept-language": language})
        assert response.status_code == 200, path
        return response

    return of


def text_of(page: httpx.Response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


PLACES = {
    "around": "page 3 of the PDF, seen by A archive on 4 May 2026",
    "presumably": "page IV, page 7 of the PDF, seen by A archive on 4 May 2026",
    "decade": "folio 12r, seen by A archive on 4 May 2026",
    "century": "§ 4, seen by A archive on 4 May 2026",
    "before": "page 12, seen by A archive on 4 May 2026",
}


@pytest.mark.parametrize(("name", "place"), PLACES.items())
def test_a_quotation_from_paper_is_shown_with_its_place_and_who_saw_it(ask: Ask, name: str, place: str) -> None:
    for path in (
        f"/doc/contract/{name}",
        f"/doc/evidence/{name}",
        f"/doc/source/{'deed' if name in PAPER else 'scan'}",
    ):
        shown = text_of(ask(path))
        assert place in shown, path
        assert f"Über den Bootsbau {name} ist man einig geworden" in shown
        assert "the text was not at hand" not in shown or path == "/doc/source/scan"


def test_places_in_other_languages(ask: Ask) -> None:
    assert "Seite IV, Seite 7 des PDF, gesehen von A archive am 4. Mai 2026" in text_of(
        ask("/doc/contract/presumably", "de")
    )
    assert "folio 12r, vu par A archive le 4 mai 2026" in text_of(ask("/doc/contract/decade", "fr"))


def test_a_link_leads_to_the_page_of_the_pdf_and_not_to_words_that_a_scan_does_not_have(ask: Ask) -> None:
    assert 'href="https://example.org/scan.pdf#page=3"' in ask("/doc/contract/around").text
    before = ask("/doc/contract/before").text
    assert 'href="https://example.org/scan.pdf"' in before
    assert ":~:text" not in before


def test_a_source_that_is_only_cited_may_have_a_place_too(ask: Ask) -> None:
    shown = ask("/doc/evidence/cited")
    assert "page 9 of the PDF" in text_of(shown)
    assert "Cited without quotation" in text_of(shown)
    assert 'href="https://example.org/scan.pdf#page=9"' in shown.text


def test_proofs_are_labelled_by_the_key_of_their_source_however_long(ask: Ask) -> None:
    for name in DATES:
        sigla = set(re.findall(r'<span class="siglum">([^<]*)</span>', ask(f"/doc/contract/{name}").text))
        assert sigla - {"S2"} == {"CC 2021/14" if name in PAPER else "Scan 2021/14"}


def test_passages_from_paper_stand_in_the_order_of_their_places(ask: Ask) -> None:
    shown = text_of(ask("/doc/source/deed"))
    assert shown.index("§ 4") < shown.index("folio 12r")
    assert "The text is held by A archive" in shown


def test_the_figures_say_how_much_can_be_compared_with_a_text(ask: Ask, deeds: Release) -> None:
    assert deeds.manifest.evidence
    assert deeds.manifest.evidence.comparable == 7
    said = "Of those with a quotation, 7 have one that can be compared with a text."
    assert said in text_of(ask("/quality"))
    assert said in text_of(ask("/catalog"))


def test_a_page_of_a_pdf_is_a_selector_in_the_dumps(deeds: Release) -> None:
    store = pyoxigraph.Store()
    store.load(path=deeds.dump("nt"), format=pyoxigraph.RdfFormat.N_TRIPLES)
    query = """PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX vg: <https://w3id.org/vertragsgraph/ontology#>
        SELECT ?value ?page ?words WHERE { ?e oa:hasSelector ?s , ?q ; vg:pdfPage ?page . ?q oa:exact ?words .
          ?s a oa:FragmentSelector ; rdf:value ?value ; dcterms:conformsTo <https://www.rfc-editor.org/info/rfc8118> }
        ORDER BY ?page"""
    rows = [(row["value"].value, row["page"].value) for row in store.query(query)]  # type: ignore[union-attr]
    assert rows == [("page=3", "3"), ("page=7", "7")]


def test_rough_dates_are_shown_in_words(ask: Ask) -> None:
    words = {"around": "um 2015", "decade": "in den 2010er-Jahren", "before": "vor 2019", "later": "2019 oder später"}
    for name, date in words.items():
        assert f"Geschlossen {date}" in text_of(ask(f"/doc/contract/{name}", "de"))
    shown = text_of(ask("/doc/contract/around", "de"))
    assert "Beginn: um 2015" in shown and "Ende: 2019 oder später" in shown
    person = text_of(ask("/doc/person/doe", "fr"))
    assert "début\xa0: avant 2015, fin non indiquée" in person.replace(" :", "\xa0:")
    assert "à ce qu’on sait dans les années 2010" in person
    assert "Published presumably 2015" in text_of(ask("/doc/source/scan"))


def test_rough_dates_stand_under_a_year_only_where_it_is_one(ask: Ask) -> None:
    def listed(query: str) -> set[str]:
        items = ask(f"/contracts.json?{query}").json()["items"]
        return {item["iri"].rpartition("/")[2] for item in items}

    assert listed("year=2015") == {"around", "presumably", "month", "spring"}
    assert listed("year=none") == {"decade", "century", "before", "later", "between"}
    for other in ("201X", "20XX", "2010", "2014", "../2"):
        assert listed(f"year={other}") == set()
    page = text_of(ask("/contracts"))
    assert re.search(r"Year 2026 1 2015 4 year not known 5 ", page)


def test_lists_are_ordered_by_when_it_was_at_the_earliest(ask: Ask) -> None:
    items = [item["iri"].rpartition("/")[2] for item in ask("/contracts.json").json()["items"]]
    assert items == [
        *("example", "later", "before", "month", "spring", "around", "presumably", "between", "decade", "century"),
    ]


def test_tables_have_them_as_they_are_written(ask: Ask, deeds: Release) -> None:
    rows = csv.DictReader(io.StringIO(ask("/contracts.csv").text.removeprefix("\ufeff")))
    dates = {row["IRI"].rpartition("/")[2]: row["Concluded"] for row in rows}
    assert {name: dates[name] for name in DATES} == DATES
    text = (deeds.folder / "dumps" / f"{deeds.manifest.key}.csv").read_text("utf-8-sig")
    concluded = {row["Contract"].rpartition("/")[2]: row["Concluded"] for row in csv.DictReader(io.StringIO(text))}
    assert {name: concluded[name] for name in DATES} == DATES
    described = json.loads((deeds.folder / "dumps" / "csv-metadata.json").read_text("utf-8"))
    (column,) = (each for each in described["tableSchema"]["columns"] if each["name"] == "signed")
    assert all(re.fullmatch(column["datatype"]["format"], date) for date in (*DATES.values(), "2026-05-04", "2018"))


def test_the_start_page_has_them_by_year(ask: Ask) -> None:
    shown = text_of(ask("/", "fr"))
    assert shown.index("2015 Contract month") < shown.index("année inconnue Contract later")
    assert shown.count("année inconnue") == 1


def test_search_finds_what_they_are_about_and_the_words_on_paper(ask: Ask) -> None:
    hits = ask("/search.json?q=bootsbau+decade").json()["hits"]
    assert {hit["kind"] for hit in hits} == {"contract", "evidence"}
    hits = ask("/search.json?q=einig+geworden+decade").json()["hits"]
    assert [hit["kind"] for hit in hits] == ["evidence"]


def test_documents_and_dumps_keep_them_with_their_datatype(ask: Ask, deeds: Release) -> None:
    told = json.loads(ask("/doc/signing/decade.jsonld", accept="application/ld+json").text)
    assert edtf.DATATYPE in json.dumps(told) and '"201X"' in json.dumps(told)
    lines = deeds.dump("nt").read_text("utf-8")
    for name, date in DATES.items():
        assert (
            f'<{BASE}id/signing/{name}> <https://w3id.org/vertragsgraph/ontology#date> "{date}"^^<{edtf.DATATYPE}>'
            in lines
        )
    assert "edtf:EDTF" in deeds.dump("ttl").read_text("utf-8")


FITS = {
    "around": {"2015": 70, "2015-06": 70, "2015~": 100, "2016": 0},
    "decade": {"2015": 70, "201X": 100, "2020": 0, "2000/2030": 100},
    "before": {"2015": 70, "2019": 0},
    "later": {"2019-06-03": 70, "2018": 0, "nonsense": 0},
    "month": {"2015": 100, "2015-06": 100, "2015-06-03": 70, "2015-07": 0},
}  # fmt: skip


@pytest.mark.parametrize("name", FITS)
def test_reconciliation_by_a_date_says_how_far_it_fits(ask: Ask, name: str) -> None:
    for date, fit in FITS[name].items():
        query = {"query": f"Contract {name}", "properties": [{"pid": "signed", "v": date}]}
        found = ask(f"/reconcile?queries={json.dumps({'q': query})}", accept="application/json").json()["q"]["result"]
        features = {f["id"]: f["value"] for each in found if each["id"] == f"contract/{name}" for f in each["features"]}
        assert features["signed"] == fit, (name, date)


def test_extending_by_dates_gives_them_as_texts(ask: Ask) -> None:
    query = json.dumps({"ids": ["contract/decade"], "properties": [{"id": "signed"}, {"id": "year"}]})
    rows = ask(f"/reconcile?extend={query}", accept="application/json").json()["rows"]
    assert rows == {"contract/decade": {"signed": [{"str": "201X"}], "year": []}}


TOLD = {
    "2015": ("+2015-00-00T00:00:00Z/9", {}),
    "2015-XX": ("+2015-00-00T00:00:00Z/9", {}),
    "2015-06~": ("+2015-06-00T00:00:00Z/10", {"P1480": "Q5727902"}),
    "2015?": ("+2015-00-00T00:00:00Z/9", {"P1480": "Q18122778"}),
    "201X": ("+2010-00-00T00:00:00Z/8", {}),
    "../2018": ("somevalue", {"P1326": "+2018-00-00T00:00:00Z/9"}),
    "2014/2016-03": ("somevalue", {"P1319": "+2014-00-00T00:00:00Z/9", "P1326": "+2016-03-00T00:00:00Z/10"}),
}


@pytest.mark.parametrize(("date", "told"), TOLD.items())
def test_wikidata_is_told_what_it_can_say(date: str, told: tuple[str, dict[str, str]]) -> None:
    found = rough_time(date)
    assert found
    assert (found.text, dict(found.qualifiers)) == told


@pytest.mark.parametrize("date", ["20XX", "2015%", "2014~/2016", "../2018?", "20XX/..", "spring"])
def test_wikidata_is_not_told_what_it_can_not_say(date: str) -> None:
    assert rough_time(date) is None


def test_quickstatements_have_the_circumstances_and_the_bounds(deeds: Release) -> None:
    entries = Teller(Local(deeds)).entries(["contract"])
    dates = {
        entry.resource.path.rpartition("/")[2]: statement
        for entry in entries
        for statement in entry.statements
        if statement.property == "P585"
    }
    assert dates.keys() == {"example", *DATES} - PAPER, "of paper there is no address to refer to"
    written = v1(entries)
    assert "\tP585\t+2015-00-00T00:00:00Z/9\tP1480\tQ5727902\tS854\t" in written
    assert "\tP585\tsomevalue\tP1326\t+2018-00-00T00:00:00Z/9\tS854\t" in written
    (entry,) = (entry for entry in entries if entry.resource.path.endswith("/before"))
    entry.item = "Q77"
    known = Item(WD + "Q77", statements={"P585": {"2017-01-01T00:00:00Z"}})
    (left,) = missing([entry], {WD + "Q77": known})
    assert "P585" not in {statement.property for statement in left.statements}, "the item has a date that says more"
