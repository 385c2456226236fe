"""What becomes of a contract, on every view of an invented register: gate, pages, lists, search, dumps, documents, Wikidata."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from tests.conftest import make_older, serving
from vertragsgraph.finding import Severity
from vertragsgraph.gate.check import check
from vertragsgraph.graph import collect
from vertragsgraph.links.register_entities import Local
from vertragsgraph.links.statements import Teller
from vertragsgraph.rdf.namespaces import VG
from vertragsgraph.register import Register, load_register
from vertragsgraph.release import Release, build, open_release
from vertragsgraph.web.site.site import Site

from .in_process import asked_of, get
from .life import BASE, PREFIXES, SHA256, write_register

ROOT = Path(__file__).parents[2]
Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    return load_register(write_register(tmp_path_factory.mktemp("life") / "register"))


@pytest.fixture(scope="module")
def release(register: Register) -> Release:
    return build(register, register.folder / "releases").release


@pytest.fixture(scope="module")
def ask(release: Release) -> Ask:
    asked = asked_of(release)

    def of(path: str, language: str = "en", **headers: str) -> httpx.Response:
        (response,) = get(release, asked, [path], **{"accept": "text/html", "accept-language": language, **headers})
        return response

    return of


def text_of(response: httpx.Response) -> str:
    """Return the text of a page, a blank for each space and tag."""
    assert response.status_code == 200
    body = re.sub(r"<(script|svg).*?</\1>", " ", response.text[response.text.index("<main") :], flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", body)))


def test_the_gate_has_nothing_against_it(register: Register, tmp_path: Path) -> None:
    findings = check(register, collect(register, tmp_path / "graphs")).findings
    assert [finding for finding in findings if finding.severity is Severity.VIOLATION] == []


@pytest.mark.parametrize(
    ("contract", "facts"),
    [
        (
            "chor",
            [
                "in force until 31 December 2199", "By its extension.", "Beginning 1 January 2020", "Duration 3 years",
                "Signed for: Ministry of Sport Bert Berg State secretary", "Signed for: Choir association Sina See",
                "Signed: 10 December 2019 Bert Berg State secretary", "for: Ministry of Sport",
                "in place of: Thea Tal, Minister", "place: Musterstadt", "Concluded 12 December 2019 A1",
                "Amended 2021 Children’s choirs take part. effective: from July 2021",
                "Extended: 5 October 2022 until 31 December 2024", "Extended: November 2024 until 31 December 2199",
                "Second agreement", "KU 41-12/2019", "Chor 7", "Text of the choir contract",
                f"Blatt 17 · German · application/pdf · SHA-256: {SHA256}", "Budget of the choirs",
            ],
        ),
        (
            "rudern",
            [
                "ended, in force until June 2017", "By its termination.", "Beginning 2015", "End, as first agreed 31 December 2018",
                "Ended: 3 February 2017 until June 2017 The boathouse burnt down. by: Rowing association",
                "Replaced by New contract with the rowers",
            ],
        ),
        ("rudern-neu", ["in force only from January 2190", "In the place of Contract with the rowers"]),
        ("wandern", ["in force for an indefinite term", "Duration indefinite"]),
        ("still", ["from when it is in force until when it is in force"]),
    ],
)  # fmt: skip
def test_the_page_tells_each_fact(ask: Ask, contract: str, facts: list[str]) -> None:
    text = text_of(ask(f"/doc/contract/{contract}"))
    assert [fact for fact in facts if fact not in text] == []
    assert ("Status on" in text) == (contract != "still")


def test_what_happened_stands_in_order(ask: Ask) -> None:
    text = text_of(ask("/doc/contract/chor"))
    text = text[text.index("What became of it") :]
    events = ["Signed: 10", "Signed: 12", "Concluded 12", "Amended 2021", "Extended: 5", "Extended: November"]
    assert sorted(events, key=text.index) == events


def test_each_act_has_its_evidence_beside_it(ask: Ask) -> None:
    page = ask("/doc/contract/rudern").text
    ended = page[page.index("<h3>Ended: 3 February") :]
    assert "doc/evidence/" in ended[: ended.index("<h3>", 5)]


def test_people_offices_and_organisations_tell_what_was_signed(ask: Ask) -> None:
    signed = "Signed Contract with the choir association 10 December 2019 · for: Ministry of Sport"
    assert signed in text_of(ask("/doc/person/berg"))
    assert signed in text_of(ask("/doc/office/staatssekretaer"))
    assert "Represented by a deputy Signature of the state" in text_of(ask("/doc/person/tal"))
    assert "Signature of the association" in text_of(ask("/doc/organisation/chorverband"))
    assert "ended, in force until June 2017" in text_of(ask("/doc/organisation/ruderverband"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=in-force&on=2016-06-01", {"rudern", "wandern"}),
        ("status=in-force&on=2021-03-01", {"chor", "wandern"}),
        ("status=ended&on=2017-07-01", {"rudern"}),
        ("status=unknown&on=2017-06-15", {"rudern", "still"}),
        ("status=not-yet&on=2016-04-30", {"chor", "rudern-neu", "wandern"}),
        ("status=in-force", {"chor", "wandern"}),
        ("status=in-force&partner=ruderverband", {"wandern"}),
        ("on=2021-03-01", {"chor", "rudern", "rudern-neu", "wandern", "still"}),
        ("status=somehow", set()),
    ],
)
def test_the_list_tells_what_is_in_force_on_a_day(ask: Ask, query: str, expected: set[str]) -> None:
    items = json.loads(ask(f"/contracts.json?{query}").text)["items"]
    assert {item["iri"].removeprefix(f"{BASE}id/contract/") for item in items} == expected
    page = ask(f"/contracts?{query}")
    assert set(re.findall(r'doc/contract/([a-z-]+)"', page.text)) == expected
    assert f'href="contracts.csv?{query.replace("&", "&amp;")}"' in page.text or "somehow" in query


def test_the_page_of_the_list_says_and_asks_for_the_day(ask: Ask) -> None:
    page = ask("/contracts?on=2021-03-01&partner=chorverband", "de")
    assert "Status am 1. März 2021" in page.text
    assert '<input type="date" name="on" value="2021-03-01">' in page.text
    assert '<input type="hidden" name="status" value="in-force">' in page.text
    assert '<input type="hidden" name="partner" value="chorverband">' in page.text
    assert "in Kraft bis 31. Dezember 2199" in text_of(page)


@pytest.mark.parametrize("day", ["yesterday", "2021-02-30", "2021-13", "99999-01-01", "-1"])
@pytest.mark.parametrize("path", ["/contracts", "/contracts.csv"])
def test_what_is_no_day_is_told(ask: Ask, path: str, day: str) -> None:
    response = ask(f"{path}?on={day}", accept="application/json")
    assert response.status_code == 400
    assert "on must be a day such as 20" in response.text


def test_the_file_says_term_status_and_day(ask: Ask) -> None:
    rows = {
        row["IRI"].rpartition("/")[2]: row
        for row in csv.DictReader(io.StringIO(ask("/contracts.csv?on=2018-01-01").content.decode("utf-8-sig")))
    }
    assert {key: row["Status"] for key, row in rows.items()} == {
        "chor": "not-yet", "rudern": "ended", "rudern-neu": "not-yet", "wandern": "in-force", "still": "unknown"
    }  # fmt: skip
    assert {row["on the day"] for row in rows.values()} == {"2018-01-01"}
    assert rows["chor"]["in force until"] == "2199-12-31"
    assert rows["rudern"]["in force until"] == "2017-06"
    assert rows["wandern"]["in force indefinitely"] == "true"
    assert rows["rudern-neu"]["Takes the place of"] == f"{BASE}id/contract/rudern"
    assert rows["chor"]["File number"] == "Chor 7 | KU 41-12/2019"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("KU 41-12/2019", "contract/chor"),
        ("Bootshaus", "termination/rudern"),
        ("Kinderchöre", "amendment/chor"),
        ("Finanzplan", "document/chor-plan"),
    ],
)
def test_search_finds_numbers_reasons_contents_documents(ask: Ask, words: str, found: str) -> None:
    assert f'doc/{found}"' in ask(f"/search?q={words.replace(' ', '+')}", "de").text


def test_dumps_and_table_have_the_facts(release: Release) -> None:
    lines = release.dump("nt").read_text("utf-8")
    for fact in ('inForceUntil> "2199-12-31"', "isReplacedBy>", "inForceIndefinitely>", "effectiveFrom>", SHA256):
        assert fact in lines
    table = next(release.folder.glob("dumps/*.csv")).read_text("utf-8-sig")
    rows = {row["Vertrag"].rpartition("/")[2]: row for row in csv.DictReader(io.StringIO(table))}
    assert rows["chor"]["In Kraft bis"] == "2199-12-31"
    assert "KU 41-12/2019" in rows["chor"]["Aktenzeichen"]
    assert rows["chor"]["Geschlossen von (deutsch)"] == "Berg als Staatssekretär"
    assert rows["rudern-neu"]["Tritt an die Stelle von (deutsch)"] == "Vertrag mit den Ruderern"


def test_the_document_about_a_contract_has_its_acts_and_documents(ask: Ask) -> None:
    turtle = ask("/doc/contract/chor.ttl").text
    for part in ("signature:chor-land", "extension:chor-zwei", "amendment:chor", "document:chor-plan", SHA256):
        assert part in turtle.replace("<", "").replace(f"{BASE}id/", "").replace("/", ":"), part


def test_search_engines_are_told_term_number_and_text(ask: Ask) -> None:
    def told(contract: str) -> dict[str, object]:
        found = re.search(
            r'<script type="application/ld\+json">(.*?)</script>', ask(f"/doc/contract/{contract}").text, re.S
        )
        assert found
        return json.loads(found[1])  # type: ignore[no-any-return]

    chor = told("chor")
    assert chor["temporalCoverage"] == "2020-01-01/2199-12-31"
    assert chor["identifier"] == [f"{BASE}id/contract/chor", "Chor 7", "KU 41-12/2019"]
    assert chor["encoding"] == [
        {
            "@type": "MediaObject",
            "@id": f"{BASE}id/document/chor",
            "contentUrl": "https://example.org/chor.pdf",
            "sha256": SHA256,
            "encodingFormat": "application/pdf",
            "inLanguage": "de",
        }
    ]
    assert told("wandern")["temporalCoverage"] == "2016-05-01/.."
    assert told("rudern-neu")["isBasedOn"] == [f"{BASE}id/contract/rudern"]
    assert "temporalCoverage" not in told("still")


def test_wikidata_is_told_when_a_contract_was_ended_and_of_no_planned_end(release: Release) -> None:
    told = {
        (entry.resource.path, statement.property, statement.value)
        for entry in Teller(Local(release)).entries(["contract"])
        for statement in entry.statements
    }
    assert {each for each in told if each[1] in {"P580", "P582"}} == {
        ("id/contract/rudern", "P582", "+2017-06-00T00:00:00Z/10")
    }


def test_a_page_is_another_tomorrow(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    tags: dict[object, str] = {}
    for ahead in (0, 1):
        day = date(2199, 12, 31) + timedelta(days=ahead)
        monkeypatch.setattr(Site, "day", day)
        page = ask("/doc/contract/chor")
        assert ("ended, in force until" in text_of(page)) == bool(ahead)
        tags[ahead] = page.headers["etag"]
        assert ask("/doc/contract/chor", **{"if-none-match": tags[0]}).status_code == (200 if ahead else 304)
        data = ask("/doc/contract/chor.ttl")
        assert tags.setdefault("data", data.headers["etag"]) == data.headers["etag"]
    assert tags[0] != tags[1]


def test_the_query_of_the_documents_finds_them(release: Release) -> None:
    text = (ROOT / "docs/querying.md").read_text("utf-8")
    chapter = text[text.index("### What is in force on a day") :]
    query = chapter[chapter.index("```rq\n") + 6 : chapter.index("\n```\n")]
    found = asked_of(release).dataset
    store, arguments = found.chosen({"default": None}, query)
    rows = {str(row["contract"])[1:-1].removeprefix(f"{BASE}id/contract/") for row in store.query(query, **arguments)}
    assert rows == {"chor", "wandern"}


@pytest.mark.slow
def test_a_past_release_is_shown_as_of_its_own_day(register: Register, release: Release, tmp_path: Path) -> None:
    shutil.copytree(register.folder / "releases", tmp_path / "releases", symlinks=True)
    make_older(open_release(tmp_path / "releases" / release.id))
    created = release.created.date() - timedelta(days=7)
    with serving(tmp_path / "releases") as server, httpx.Client(base_url=server.url, timeout=60) as client:
        headers = {"accept": "text/html", "accept-language": "en"}
        then = client.get(f"releases/{release.id}/doc/contract/chor", headers=headers)
        now = client.get("doc/contract/chor", headers=headers)
    assert f"Status on {created.day} {created:%B %Y}" in text_of(then)
    assert f"Status on {created.day} {created:%B %Y}" not in text_of(now)
    assert then.headers["etag"] != now.headers["etag"]


def test_invented_examples_of_the_documents_are_turtle_with_terms_of_the_vocabulary(register: Register) -> None:
    block = "\n".join(re.findall(r"```ttl\n(.*?)```", (ROOT / "docs/model.md").read_text("utf-8"), re.DOTALL))
    known = re.findall(r"@prefix ([a-z]+):", PREFIXES)
    kinds = sorted(set(re.findall(r"\b([a-z]+):(?=[a-z-]+ )", block)) - {*known})
    prefixes = "".join(f"@prefix {kind}: <{BASE}id/{kind}/> ." for kind in kinds)
    terms = {quad.subject for quad in parse(path=register.ontology / "vertragsgraph.ttl", format=RdfFormat.TURTLE)}
    triples = list(parse(PREFIXES + prefixes + block, format=RdfFormat.TURTLE))
    assert len(triples) > 20
    said = {end for t in triples for end in (t.predicate, t.object) if isinstance(end, NamedNode)}
    assert {term for term in said if term.value.startswith(VG)} <= terms
