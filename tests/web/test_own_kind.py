"""A kind that no line of Python knows is listed, searched, drawn, reconciled and exported: the table says how."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import httpx
import pytest

from vertragsgraph.register import load_register, shipped_kinds
from vertragsgraph.register.addresses import RESERVED
from vertragsgraph.release import Release, build
from vertragsgraph.settings import Settings
from vertragsgraph.web.pages.resource import PAGES
from vertragsgraph.web.server.app import create_app

from .concessions import KINDS, write_register
from .in_process import asked_of, get

Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def ask(concessions: Release) -> Ask:
    asked = asked_of(concessions)

    def of(path: str, accept: str = "text/html", language: str = "de") -> httpx.Response:
        (response,) = get(concessions, asked, [path], **{"accept": accept, "accept-language": language})
        return response

    return of


def text_of(page: httpx.Response) -> str:
    assert page.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


def test_it_has_a_page_of_its_list_in_the_navigation_with_facets_and_columns(ask: Ask) -> None:
    page = ask("/concessions")
    shown = text_of(page)
    assert '<a href="concessions" aria-current="page">Konzessionen</a>' in page.text
    assert shown.index("Kiesabbau am Main") < shown.index("Wasser der Quelle")  # the newest first
    assert re.search(r"Jahr 2025 1 2024 1 .*vergeben an .*Musterverein 1", shown)
    assert "1. März 2024" in shown and "gilt für" in shown and "nicht angegeben 2" in shown


def test_facets_narrow_it_down_by_names_of_resources(ask: Ask) -> None:
    found = text_of(ask("/concessions?holder=example-partner"))
    assert "Wasser der Quelle" in found and "Kiesabbau am Main" not in found
    assert "Kiesabbau" in text_of(ask("/concessions?year=2025"))
    assert ask("/concessions?holder=%3C%20").status_code == 400


def test_its_files_have_the_columns_of_the_table(ask: Ask) -> None:
    rows = list(csv.DictReader(io.StringIO(ask("/concessions.csv").text.removeprefix("\ufeff"))))
    assert list(rows[0]) == ["IRI", "Name (deutsch)", "Name (englisch)", "vergeben am", "vergeben an", "Klausel"]
    assert [row["vergeben am"] for row in rows] == ["2025", "2024-03-01"]
    assert rows[1]["Klausel"] == "Preis fest | nie mehr ¦ jährliche Prüfung"
    items = ask("/concessions.json?holder=example-partner").json()
    assert items["total"] == 1 and items["items"][0]["granted"] == ["2024-03-01"]
    assert ask("/concessions.xml").status_code == 404


def test_search_finds_it_first_and_names_its_kind(ask: Ask) -> None:
    page = text_of(ask("/search?q=niederselters"))
    assert "Konzession" in page and "Wasser der Quelle Niederselters" in page
    hits = ask("/search.json?q=kiesabbau").json()
    assert [hit["kind"] for hit in hits["hits"]] == ["concession"]


def test_it_is_a_node_of_the_graph_with_its_shape_and_lines(ask: Ask) -> None:
    graph = ask("/explore.json").json()
    kinds = {node["iri"].rpartition("/")[2]: node["kind"] for node in graph["nodes"]}
    assert kinds["quelle"] == "concession" and kinds["example-partner"] == "organisation"
    (line,) = [line for line in graph["lines"] if line["source"].endswith("concession/quelle")]
    assert (line["label"], line["target"]) == ("vergeben an", "https://example.org/r/id/organisation/example-partner")
    assert 'id="shape-concession"' in ask("/explore").text


def test_its_resources_have_pages_and_those_of_others_lead_to_them(ask: Ask) -> None:
    own = ask("/doc/concession/quelle")
    for text in ("Konzession", "vergeben an", "Musterverein", "1. März 2024"):
        assert text in text_of(own)
    other = text_of(ask("/doc/organisation/example-partner"))
    assert "hat die Konzession" in other and "Wasser der Quelle Niederselters" in other
    assert "Partner" in other  # the part that is made by hand


def test_reconciliation_offers_its_class_and_its_properties(ask: Ask) -> None:
    manifest = ask("/reconcile", accept="application/json").json()
    assert [kind["name"] for kind in manifest["defaultTypes"]][:2] == ["Organisation", "Konzession"]
    kind = manifest["defaultTypes"][1]["id"]
    assert kind == "own:Concession"
    query = json.dumps({"q": {"query": "Kiesabbau am Main", "type": kind}})
    (found,) = ask(f"/reconcile?queries={query}", accept="application/json").json()["q"]["result"]
    assert (found["id"], found["match"]) == ("concession/kies", True)
    proposed = ask(f"/reconcile/propose_properties?type={kind}", accept="application/json").json()
    names = {each["name"] for each in proposed["properties"]}
    assert {"Jahr der Vergabe", "vergeben an"} <= names and "Jahr des Abschlusses" not in names


def test_site_map_and_description_of_the_interface_name_it(ask: Ask) -> None:
    assert "<loc>https://example.org/r/concessions</loc>" in ask("/sitemap-0.xml").text
    named, _ = ask("/openapi.json").json()["paths"]["/{name}.{extension}"]["get"]["parameters"]
    assert named["schema"]["enum"] == ["contracts", "organisations", "people", "topics", "grants", "concessions"]


def test_what_has_no_link_is_counted_and_turtle_has_its_prefix(concessions: Release) -> None:
    assert concessions.manifest.links is not None and concessions.manifest.links.entities == 6
    assert "own:Concession" in concessions.dump("ttl").read_text("utf-8")


def test_lists_at_other_paths_stay_what_they_are(ask: Ask) -> None:
    assert ask("/contracts").status_code == 200
    assert (ask("/concession").status_code, ask("/concessions/").status_code) == (404, 307)


def test_a_table_of_its_own_may_do_without_contracts(tmp_path: Path) -> None:
    table = KINDS.replace("extends = true\n", "").partition("[[lines]]")[0].replace(', kind = "organisation"', "")
    columns = 'table = [\n  { name = "concession", title = { fr = "Concession" }, datatype = "anyURI" },\n]\n'
    folder = write_register(
        tmp_path / "register", table.replace("[kinds.concession]\n", f"[kinds.concession]\n{columns}")
    )
    release = build(load_register(folder), folder / "releases").release
    assert "id/concession/kies" in release.dump("csv").read_text("utf-8-sig")
    paths = [
        "/",
        "/concessions",
        "/explore",
        "/doc/organisation/example-partner",
        "/doc/contract/example",
        "/search?q=sport",
    ]
    paths += ["/quality", "/reconcile", "/sitemap-0.xml", "/openapi.json", "/concessions.csv", "/explore.json"]
    answers = get(release, asked_of(release), [*paths, "/contracts"], accept="text/html")
    assert [answer.status_code for answer in answers] == [200] * len(paths) + [404]
    assert "contracts" not in answers[0].text.partition("<main")[0]


def test_the_table_knows_what_is_served_and_which_pages_are_made_by_hand(concessions: Release) -> None:
    routes = create_app(concessions, Settings()).pages.routes
    paths = {re.split(r"[/.]|-\{", getattr(route, "path", "").strip("/"))[0] for route in routes}
    assert paths - {"", "{name}"} - RESERVED == set()
    assert {kind.page for kind in shipped_kinds().kinds.values()} - {""} == PAGES.keys()
