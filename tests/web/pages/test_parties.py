"""Partners that change, that are people or not public, and tenures that end: on pages, in lists, files, search and dumps."""

from __future__ import annotations

import csv
import io
import re

import pyoxigraph
import pytest

from vertragsgraph.links.quickstatements import v1
from vertragsgraph.links.register_entities import Local
from vertragsgraph.links.statements import Teller
from vertragsgraph.release import Release

from ..in_process import asked_of, get


def text_of(page: str) -> str:
    main = re.sub(
        r"<details class=.note.*?</details>", "", page.partition("<main")[2].partition("</main>")[0], flags=re.S
    )
    return " ".join(
        re.sub(r"<[^>]+>", "", re.sub(r"(</(p|li|h[1-6]|dd|dt)>|(?=<span class=.more))", " ", main)).split()
    )


def section(page: str, key: str) -> str:
    return text_of(f"<main{page.partition(f'id={chr(34)}{key}{chr(34)}')[2].partition('</section>')[0]}</main>")


def pages(release: Release, language: str, *paths: str) -> list[str]:
    found = get(release, asked_of(release), paths, Accept="text/html", **{"Accept-Language": language})
    assert [answer.status_code for answer in found] == [200] * len(paths)
    return [answer.text for answer in found]


def query(release: Release, text: str) -> list[list[str]]:
    store = pyoxigraph.Store.read_only(str(release.store))
    prologue = "PREFIX vg: <https://w3id.org/vertragsgraph/ontology#> PREFIX org: <http://www.w3.org/ns/org#> "
    rows = store.query(prologue + text, use_default_graph_as_union=True)
    return sorted([str(value.value).rpartition("/")[2] for value in row] for row in rows)


HIDDEN = {
    "de": "ein Partner, der nicht öffentlich ist",
    "en": "a partner who is not public",
    "fr": "un partenaire non public",
}


@pytest.mark.parametrize("language", HIDDEN)
def test_a_partner_who_is_not_public_is_said_to_be_so(agreements: Release, language: str) -> None:
    quiet, both = pages(agreements, language, "/doc/contract/quiet", "/doc/contract/both")
    glance, parties = quiet.partition("</dl>")[0], section(quiet, "parties")
    assert HIDDEN[language] in glance
    assert HIDDEN[language] in parties
    assert (
        "doc/evidence/deed-"
        in quiet.partition('id="parties"')[2].partition("</section>")[0].partition(HIDDEN[language])[2]
    )
    assert "Rowing Club" in section(both, "parties")
    assert HIDDEN[language] in section(both, "parties")
    assert "River Office" in section(both, "parties")


def test_nobody_is_asked_for_who_concluded_it_for_a_partner_who_is_not_public(agreements: Release) -> None:
    quiet, both, weaver = pages(agreements, "en", *(f"/doc/contract/{name}" for name in ("quiet", "both", "weaver")))
    assert "who concluded it for the partner" not in quiet
    assert "who concluded it for the partner" in both
    assert "who concluded it" not in weaver


def test_a_person_may_be_a_partner_by_some_provision(agreements: Release) -> None:
    contract, person = pages(agreements, "en", "/doc/contract/weaver", "/doc/person/ida")
    assert "Partner Ida Weaver Published by virtue of section 5" in section(contract, "parties")
    assert "RegG" not in section(contract, "parties")
    assert "Contract weaver" in section(person, "partner-in")
    assert query(agreements, "SELECT ?p ?c { ?p vg:personPartnerIn ?c }") == [["ida", "weaver"]]


def test_changes_are_sentences_on_the_pages_of_all_whom_they_concern(agreements: Release) -> None:
    names = ("ferrymen", "rowers", "canoes", "boating", "juniors", "divers", "swimmers")
    found = dict(zip(names, pages(agreements, "en", *(f"/doc/organisation/{name}" for name in names)), strict=True))
    said = {name: section(page, "changes") for name, page in found.items()}
    merged = "January 2023 Canoe Club and Rowing Club merged to form Boating Federation."
    parted = "2025 Junior Boaters was separated from Boating Federation."
    joined = "2018 Diving Club became part of Rowing Club."
    renamed = "2010 Swimming Club took the name Diving Club."
    assert "1 July 2022 Guild of Ferrymen was called Bargees’ Union until then." in said["ferrymen"]
    assert f"{joined} {merged}" in said["rowers"]
    assert merged in said["canoes"] and joined not in said["canoes"]
    assert f"{merged} {parted}" in said["boating"]
    assert f"{parted} date not known Junior Boaters was dissolved." in said["juniors"]
    assert f"{renamed} {joined}" in said["divers"]
    assert renamed in said["swimmers"]
    block = found["canoes"].partition('id="changes"')[2].partition("</section>")[0]
    assert 'href="boating"' in block or "organisation/boating" in block
    assert "doc/evidence/deed-" in block


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Januar 2023 Canoe Club und Rowing Club schlossen sich zu Boating Federation zusammen."),
        ("fr", "janvier 2023 Canoe Club et Rowing Club ont fusionné pour former Boating Federation."),
    ],
)
def test_in_every_language(agreements: Release, language: str, sentence: str) -> None:
    canoes, ferrymen, change = pages(
        agreements, language, "/doc/organisation/canoes", "/doc/organisation/ferrymen", "/doc/change/boating-founded"
    )
    assert sentence in section(canoes, "changes")
    assert sentence in section(change, "changes")
    # a name in two languages: in the reader's, else in both
    assert {"de": "hieß bis dahin Bund der Treidler.", "fr": "s’appelait jusque-là"}[language] in section(
        ferrymen, "changes"
    )
    assert "Bund der Treidler" in section(ferrymen, "names") and "Bargees’ Union" in section(ferrymen, "names")


def test_a_contract_tells_what_has_become_of_its_parties_since(agreements: Release) -> None:
    locks, ferry, both, several = pages(
        agreements, "en", *(f"/doc/contract/{name}" for name in ("locks", "ferry", "both", "several"))
    )
    assert "merged to form Boating Federation" in section(locks, "changes")
    assert "was called Bargees’ Union until then" in section(ferry, "changes")
    assert "merged" in section(both, "changes") and "Diving Club" not in section(both, "changes")  # that was before
    assert 'id="changes"' not in several  # all that was before, too


def test_both_directions_follow(agreements: Release) -> None:
    assert query(agreements, "SELECT ?o ?c { ?o org:resultedFrom ?c }") == [
        ["boating", "boating-founded"],
        ["boating", "juniors-separated"],
        ["divers", "swimmers-renamed"],
        ["ferrymen", "ferrymen-named"],
        ["juniors", "juniors-separated"],
        ["rowers", "rowers-before"],
    ]
    assert ["canoes", "boating-founded"] in query(agreements, "SELECT ?o ?c { ?o org:changedBy ?c }")
    founded = f"<{agreements.base}id/change/boating-founded>"
    bounds = f"SELECT ?first ?last {{ {founded} vg:earliest ?first ; vg:latest ?last ; a org:ChangeEvent }}"
    assert query(agreements, bounds) == [["2023-01-01", "2023-01-31"]]


def test_a_former_name_is_found_and_leads_to_who_bears_another_now(agreements: Release) -> None:
    paths = ["/search.json?q=Bargees", "/search.json?q=Treidler", '/reconcile?queries={"q":{"query":"Bargees’ Union"}}']
    english, german, reconciled = get(agreements, asked_of(agreements), paths)
    for answer in (english, german):
        first = answer.json()["hits"][0]
        assert first["iri"].endswith("/organisation/ferrymen")
    (candidate, *_) = reconciled.json()["q"]["result"]
    assert candidate["id"].endswith("organisation/ferrymen")
    labels = "SELECT ?name { ?o <http://www.w3.org/2004/02/skos/core#hiddenLabel> ?name }"
    assert query(agreements, labels) == [["Bargees’ Union"], ["Bund der Treidler"]]


def test_a_change_belongs_to_the_document_of_its_organisations(agreements: Release) -> None:
    (document,) = get(agreements, asked_of(agreements), ["/doc/organisation/canoes.nt"])
    assert "/id/change/boating-founded> <https://w3id.org/vertragsgraph/ontology#changeKind>" in document.text


def test_the_list_can_be_narrowed_down_to_partners_who_are_not_public(agreements: Release) -> None:
    paths = [
        "/contracts?partner=not-public",
        f"/contracts?partner={agreements.base}id/person/ida",
        "/contracts?partner=ferrymen",
    ]
    hidden, of_ida, of_ferrymen = pages(agreements, "fr", *paths)
    shown = [set(re.findall(r"doc/contract/(\w+)", page)) for page in (hidden, of_ida, of_ferrymen)]
    assert shown == [{"quiet", "both"}, {"weaver"}, {"ferry", "several"}]
    facet = section(hidden, "facet-partner")
    assert "non public 2" in facet and "Ida Weaver 1" in facet
    assert "non indiqué" not in facet and "non précisé" not in facet


def test_files_of_the_list_and_the_table_have_it(agreements: Release) -> None:
    as_csv, as_json, none = get(
        agreements,
        asked_of(agreements),
        ["/contracts.csv", "/contracts.json?partner=not-public", "/contracts.json?partner=none"],
    )
    rows = {
        row["IRI"].rpartition("/")[2]: row for row in csv.DictReader(io.StringIO(as_csv.content.decode("utf-8-sig")))
    }
    assert (rows["quiet"]["Partner"], rows["quiet"]["Partner nicht öffentlich"]) == ("", "true")
    assert (rows["ferry"]["Partner"].rpartition("/")[2], rows["ferry"]["Partner nicht öffentlich"]) == ("ferrymen", "")
    assert rows["weaver"]["Partner"].endswith("/person/ida")
    assert {item["iri"].rpartition("/")[2] for item in as_json.json()["items"]} == {"quiet", "both"}
    assert none.json()["total"] == 0
    table = {
        row["Vertrag"].rpartition("/")[2]: row
        for row in csv.DictReader(agreements.dump("csv").open(encoding="utf-8-sig"))
    }
    assert table["quiet"]["Partner nicht öffentlich"] == "true"
    assert table["several"]["Partner (englisch)"] == "Guild of Ferrymen | Rowing Club"
    assert table["weaver"]["Partner (deutsch)"] == "Ida Weaver"


def test_no_view_needs_a_partner(agreements: Release) -> None:
    paths = [
        "/", "/contracts", "/explore", "/explore.json", "/quality", "/catalog", "/sitemap.xml", "/search?q=quiet",
        "/releases/feed.atom", "/doc/contract/quiet", "/doc/contract/quiet?view=triples", "/doc/grant/quiet-range",
        f"/explore.json?iri={agreements.base}id/contract/quiet", "/doc/signing/quiet", "/doc/person/ida", "/organisations",
        "/people",
        *(f"/doc/contract/quiet.{extension}" for extension in ("ttl", "jsonld", "nt", "rdf")),
        '/reconcile?queries={"q":{"query":"Contract quiet"}}',
        f'/reconcile?extend={{"ids":["{agreements.base}id/contract/quiet"],"properties":[{{"id":"partner"}},{{"id":"signed"}}]}}',
        f"/reconcile/preview?id={agreements.base}id/contract/quiet",
    ]  # fmt: skip
    answers = dict(zip(paths, get(agreements, asked_of(agreements), paths, **{"Accept-Language": "en"}), strict=True))
    assert [(path, answer.status_code) for path, answer in answers.items() if answer.status_code >= 400] == []
    page = get(agreements, asked_of(agreements), ["/doc/contract/quiet"], Accept="text/html")[0]
    (told,) = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page.text, re.DOTALL)
    assert '"CreativeWork"' in told
    drawn = answers["/explore.json"].json()
    assert {"ida", "quiet"} <= {node["iri"].rpartition("/")[2] for node in drawn["nodes"]}


def test_wikidata_is_told_of_no_person_and_no_hidden_partner(agreements: Release) -> None:
    text = v1(Teller(Local(agreements)).entries())
    assert "Ida" not in text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "vom 1. Januar 2018 bis zum 31. Dezember 2021"),
        ("en", "from 1 January 2018 until 31 December 2021"),
        ("fr", "du 1er janvier 2018 au 31 décembre 2021"),
    ],
)
def test_a_tenure_that_ends_says_until_when(agreements: Release, language: str, sentence: str) -> None:
    for page in pages(agreements, language, "/doc/person/otto", "/doc/office/lock-keeper"):
        assert sentence in text_of(page)
