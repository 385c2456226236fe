"""Money as it is agreed: in sentences on pages, in lists and tables, in search, and as numbers that add up."""

from __future__ import annotations

import csv
import io

import pyoxigraph
import pytest

from tests.web.agreements import GRANTS
from tests.web.in_process import asked_of, get
from tests.web.pages.test_parties import pages, query, section, text_of
from vertragsgraph.register import shipped_folder
from vertragsgraph.release import Release

SENTENCES = {
    (
        "locks",
        "en",
    ): "40,000 euros a year, from 2021 to 2023; 120,000 euros in all; by River Office and Sample ministry",
    (
        "locks",
        "de",
    ): "40.000 Euro im Jahr, von 2021 bis 2023; insgesamt 120.000 Euro; von Musterministerium und River Office",
    (
        "locks",
        "fr",
    ): "40 000 euros par an, de 2021 à 2023 ; 120 000 euros en tout ; par Ministère modèle et River Office",
    ("both", "en"): "at least 700 Swiss francs every 6 months, from 1 March 2022 until 28 February 2023; "
    "at least 1,400 Swiss francs in all",
    ("several", "en"): "between 50 euros and 80 euros a week, from 1 February 2024 until 28 February 2024; "
    "between 200 euros and 320 euros in all",
    ("weaver", "de"): "knapp unter 300 Euro im Monat, bis Februar 2024",
    ("ferry", "en"): "12,500.50 Ukrainian hryvnias; by Sample ministry",
}
PARTS = {
    ("both", "en"): "up to 20,000 euros, from 7 February 2022, end not stated",
    ("quiet", "de"): "Betrag zwischen 5.000 Euro und 9.000 Euro",
    ("quiet", "fr"): "Montant entre 5 000 euros et 9 000 euros",
    ("locks", "de"): "als Sachleistung: Räume im Schleusenhaus; von River Office",
    ("locks", "en"): "in kind: rooms in the lock-keeper’s house; by River Office",
    ("locks", "fr"): "en nature : des locaux dans la maison éclusière ; par River Office",
}


def plain(text: str) -> str:
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(("which", "sentence"), [*SENTENCES.items(), *PARTS.items()])
def test_a_grant_is_a_sentence(agreements: Release, which: tuple[str, str], sentence: str) -> None:
    name, language = which
    (page,) = pages(agreements, language, f"/doc/contract/{name}")
    assert sentence in plain(section(page, "funding"))


def test_each_part_has_its_evidence_and_funders_are_links(agreements: Release) -> None:
    (page,) = pages(agreements, "en", "/doc/contract/locks")
    funding = page.partition('id="funding"')[2].partition("</section>")[0]
    entries = funding.split('<div class="entry')[1:]
    (amount,) = (entry for entry in entries if ">Amount<" in entry)
    assert amount.count("<details") == 2  # the amount, and that it is for a year
    (agreed,) = (entry for entry in entries if "120,000" in entry)
    assert agreed.count("doc/organisation/") + agreed.count('href="../organisation/') == 2
    assert "des locaux" not in funding  # said in the reader's language


def test_the_page_of_a_grant_says_it_too(agreements: Release) -> None:
    page, rooms = pages(agreements, "en", "/doc/grant/locks-yearly", "/doc/grant/locks-rooms")
    assert SENTENCES["locks", "en"] in section(page, "agreed")
    assert "amount per period 1 year" in section(page, "statements")
    assert "120,000 euros in all" in section(page, "agreed")
    assert PARTS["locks", "en"] in section(rooms, "agreed")


TOTALS = {
    "locks-yearly": ("120000", "120000"),
    "quiet-range": ("5000", "9000"),
    "both-ceiling": ("", "20000"),
    "both-least": ("1400", ""),
    "weaver-monthly": ("", ""),
    "several-weekly": ("200", "320"),
    "ferry-boats": ("12500.5", "12500.5"),
    "locks-rooms": ("", ""),
}


def test_the_list_of_grants_has_a_row_for_each(agreements: Release) -> None:
    (answer,) = get(agreements, asked_of(agreements), ["/grants.csv"])
    rows = {
        row["IRI"].rpartition("/")[2]: row for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    }
    assert rows.keys() == GRANTS.keys()
    assert {name: (row["insgesamt mindestens"], row["insgesamt höchstens"]) for name, row in rows.items()} == TOTALS
    yearly = rows["locks-yearly"]
    assert [yearly[name] for name in ("Betrag", "Betrag je Zeitraum", "Währung", "Beginn", "Ende")] == [
        "40000",
        "P1Y",
        "EUR",
        "2021",
        "2023",
    ]
    assert yearly["Vertrag"].endswith("/contract/locks")
    assert len(yearly["Wer fördert"].split()) == 2
    assert rows["locks-rooms"]["Sachleistung"].startswith("Räume im Schleusenhaus | ")


def test_the_page_of_the_list_has_the_sentences(agreements: Release) -> None:
    (page,) = pages(agreements, "en", "/grants")
    for (_, language), sentence in SENTENCES.items():
        assert language != "en" or sentence in plain(text_of(page))
    assert "between 5,000 euros and 9,000 euros contract: Contract quiet" in plain(text_of(page))


def test_the_list_of_grants_is_narrowed_down(agreements: Release) -> None:
    money, in_kind, of_office = get(
        agreements,
        asked_of(agreements),
        ["/grants.json?currency=CHF", "/grants.json?form=in-kind", "/grants.json?funder=river-office"],
    )
    assert [item["iri"].rpartition("/")[2] for item in money.json()["items"]] == ["both-least"]
    assert [item["iri"].rpartition("/")[2] for item in in_kind.json()["items"]] == ["locks-rooms"]
    assert of_office.json()["total"] == 2


def test_the_table_of_contracts_has_the_money_of_their_grants(agreements: Release) -> None:
    with agreements.dump("csv").open(encoding="utf-8-sig") as file:
        rows = {row["Vertrag"].rpartition("/")[2]: row for row in csv.DictReader(file)}
    assert rows["locks"]["Betrag jeder Förderung, mindestens"] == "40000"
    assert rows["locks"]["Zeitraum des Betrags"] == "P1Y"
    assert rows["locks"]["Jede Förderung insgesamt, höchstens"] == "120000"
    assert rows["quiet"]["Betrag jeder Förderung, höchstens"] == "9000"
    assert rows["locks"]["Wer fördert (deutsch)"] == "Musterministerium | River Office"
    assert "Räume im Schleusenhaus" in rows["locks"]["Sachleistung"]


@pytest.mark.parametrize(
    ("language", "text"), [("de", "Schleusenhaus"), ("en", "lock-keeper’s house"), ("fr", "maison éclusière")]
)
def test_what_is_given_in_kind_is_found(agreements: Release, language: str, text: str) -> None:
    (answer,) = get(agreements, asked_of(agreements), [f"/search.json?q={text}"], **{"Accept-Language": language})
    assert answer.json()["hits"][0]["iri"].endswith("/grant/locks-rooms")
    assert text in answer.json()["hits"][0]["passage"]


def test_only_money_is_a_monetary_grant(agreements: Release) -> None:
    found = query(
        agreements, "SELECT ?g { ?g a vg:Grant FILTER NOT EXISTS { ?g a <https://schema.org/MonetaryGrant> } }"
    )
    assert found == [["locks-rooms"]]


def test_dumps_have_what_a_grant_comes_to(agreements: Release) -> None:
    for extension in ("nt", "ttl", "jsonld", "rdf"):
        assert "totalAtMost" in agreements.dump(extension).read_text("utf-8")


def test_the_query_of_the_documents_adds_up_grants_by_currency(agreements: Release) -> None:
    document = (shipped_folder() / "docs/querying.md").read_text("utf-8")
    text = document.partition("## Money")[2].partition("```sparql\n")[2].partition("```")[0]
    store = pyoxigraph.Store.read_only(str(agreements.store))
    rows = [[value.value for value in row] for row in store.query(text, use_default_graph_as_union=True)]
    assert rows == [
        ["CHF", "1", "1400", "0", "1"],
        ["EUR", "5", "125200", "149320", "1"],
        ["UAH", "1", "12500.5", "12500.5", "0"],
    ]
