"""What pages say, and that whatever stands in a register is shown harmlessly."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from vertragsgraph.register import load_register
from vertragsgraph.release import build
from vertragsgraph.text_fragment import passage_address

pytestmark = pytest.mark.slow

GERMAN = {"Accept": "text/html", "Accept-Language": "de"}
ENGLISH = {"Accept": "text/html", "Accept-Language": "en"}
HARMFUL = '</title><script>alert("x")</script>&amp; "quoted" \'single\''
ARABIC = "عقد الاندماج"


class Reader(HTMLParser):
    """Collects the elements, the text, and what of it is isolated from the direction of its surroundings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.isolated: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data
        if self.elements and self.elements[-1][0] == "bdi":
            self.isolated.append(data)


@pytest.fixture(scope="module")
def http(server: object) -> httpx.Client:
    return httpx.Client(base_url=server.url, timeout=60)  # type: ignore[attr-defined]


def words(http: httpx.Client, path: str, headers: dict[str, str]) -> str:
    return " ".join(Reader(http.get(path, headers=headers).text).words.split())


def test_the_contract_page_tells_the_story(http: httpx.Client) -> None:
    text = words(http, "/doc/contract/drk-hessen", GERMAN)
    for expected in (
        "Hessische Landesregierung",
        "3. Juni 2019",
        "Kai Klose",
        "Hessischer Minister für Soziales und Integration",
        "interkulturellen Öffnungsprozess im Ehrenamt des DRK",
        "ohne Förderung durch die öffentliche Seite",
        "nicht mit einer Landesförderung verbunden ist",
        "wer ihn für den Partner geschlossen hat",
        "Worte von Norbert Södler.",
        "In Hessen funktioniert Integration Hand in Hand.",
    ):
        assert expected in text


def test_unknown_is_named_as_unknown(http: httpx.Client) -> None:
    iaf = words(http, "/doc/contract/iaf", ENGLISH)
    assert "not stated" in iaf
    assert "That does not mean that it is not." in iaf
    frank = words(http, "/doc/contract/bildungsstaette-anne-frank", ENGLISH)
    assert "on which day the contract was concluded" in frank
    assert "who concluded it for the public side" in frank
    assert "just under 40,000 euros" in frank
    assert "No source states the legal form." in words(http, "/doc/organisation/hessischer-jugendring", ENGLISH)


def test_wordings_stand_side_by_side(http: httpx.Client) -> None:
    text = words(http, "/doc/contract/iaf", GERMAN)
    section = text[text.index("Worin die Quellen sich unterscheiden") :]
    assert "mit Migrationshintergrund in unserer Gesellschaft" in section
    assert "mit Migrationsgeschichte in unserer Gesellschaft differenzieren" in section


def test_dates_have_the_precision_known_and_the_form_of_the_language(http: httpx.Client) -> None:
    assert "3 June 2019" in words(http, "/doc/contract/iaf", ENGLISH)
    assert "Oktober 2018" in words(http, "/doc/contract/hessischer-jugendring", GERMAN)
    assert "2018; der Tag ist nicht bekannt" in words(http, "/", GERMAN)


def test_a_topic_shows_what_is_above_beneath_and_its_contracts(http: httpx.Client) -> None:
    text = words(http, "/doc/topic/diskriminierung", GERMAN)
    for expected in ("Antisemitismus", "Rassismus", "Verträge zu engeren Themen", "Bildungsstätte Anne Frank"):
        assert expected in text
    assert "EuroVoc 2881" in words(http, "/doc/topic/rassismus", GERMAN)


def test_results_of_the_check_are_named(http: httpx.Client) -> None:
    text = words(http, "/quality", GERMAN)
    assert "Abschluss des Integrationsvertrags mit dem Hessischen Jugendring" in text
    assert "signing:" not in text


def test_pages_of_sources_and_evidence_do_not_lead_to_themselves(http: httpx.Client) -> None:
    for path in ("source/s2", "evidence/drk-partner-s2"):
        page = Reader(http.get(f"/doc/{path}", headers=GERMAN).text)
        links = [attributes["href"] for tag, attributes in page.elements if tag == "a"]
        assert f"../../doc/{path}" not in links
        assert "../../doc/statement/214e33c49df0db0a" in links


@pytest.mark.parametrize("path", ["contract/iaf", "person/nils-moeller", "source/s1", "evidence/iaf-unterzeichnung-s1"])
def test_each_quotation_leads_to_its_passage_in_the_source(http: httpx.Client, path: str) -> None:
    page = Reader(http.get(f"/doc/{path}", headers=ENGLISH).text)
    links = [str(attributes["href"]) for tag, attributes in page.elements if tag == "a"]
    passages = [link for link in links if "#:~:text=" in link]
    proofs = [link for link in links if "/doc/evidence/" in link and link.partition("?")[0].endswith(("-s1", "-s2"))]
    assert len(passages) == len(proofs) or path.startswith("evidence/")
    assert passages
    assert all(re.match("https://(drk-hessen|integrationskompass.hessen).de/", link) for link in passages)


def test_a_link_to_a_passage_tells_what_stands_around_it(http: httpx.Client) -> None:
    page = Reader(http.get("/doc/evidence/iaf-rechtsform-s1", headers=GERMAN).text)
    (link,) = (
        str(attributes["href"]) for tag, attributes in page.elements if tag == "a" and "#:~:" in str(attributes["href"])
    )
    assert link == passage_address(
        "https://drk-hessen.de/presse/presseinformationen/pressemeldungen/meldung/integration-braucht-buendnisse.html",
        "Verband binationaler Familien und Partnerschaften, iaf e.V.",
        "Hessen e.V. und dem ",
        "stellt Klose fest: „In Hessen",
    )
    assert "in der Quelle selbst" in words(http, "/doc/evidence/iaf-rechtsform-s1", GERMAN)


def test_what_is_not_quoted_leads_to_its_source_as_a_whole(http: httpx.Client) -> None:
    page = http.get("/doc/evidence/anne-frank-betrag-p4", headers=ENGLISH).text
    assert "querverbindungen-im-blick" in page
    assert ":~:text" not in page


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (GERMAN, "Wie sie wiederzufinden ist|nicht bekannt|Veröffentlicht von|Aufgerufen am|Archivierte Kopie"),
        (ENGLISH, "How it is found again|not known|Published by|Accessed|Archived copy"),
    ],
)
def test_a_source_says_what_is_not_known_of_it(http: httpx.Client, language: dict[str, str], said: str) -> None:
    page = http.get("/doc/source/s1", headers=language).text
    heading, unknown, *names = said.split("|")
    for name in names:
        assert f'<h3>{name}</h3><p class="unknown">{unknown}</p>' in page
    for expected in (heading, "fc0d359b4b00b48dcc04", "<bdi>© HMSI</bdi>", "<bdi>P2: "):
        assert expected in page


def test_texts_in_another_language_are_marked(http: httpx.Client) -> None:
    page = Reader(http.get("/doc/contract/drk-hessen", headers=ENGLISH).text)
    assert ("q", {"lang": "de", "dir": "auto"}) in page.elements
    german = Reader(http.get("/doc/contract/drk-hessen", headers=GERMAN).text)
    assert all("lang" not in attributes for tag, attributes in german.elements if tag == "q")


def test_the_chosen_language_goes_along(http: httpx.Client) -> None:
    page = Reader(http.get("/doc/contract/iaf?lang=en", headers=GERMAN).text)
    links = [str(attributes["href"]) for tag, attributes in page.elements if tag == "a"]
    pages = [link for link in links if link.startswith("../../doc/") and ".ttl" not in link and link.count(".") == 4]
    assert pages
    assert all("lang=en" in link for link in pages)


def test_nothing_comes_from_elsewhere_and_no_script_stands_in_a_page(http: httpx.Client) -> None:
    for path in ("/", "/doc/contract/iaf", "/contracts", "/quality", "/search?q=a", "/sparql"):
        answer = http.get(path, headers=GERMAN)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        for tag, attributes in Reader(answer.text).elements:
            source = attributes.get("src") or (attributes.get("href") if tag == "link" else None) or ""
            only_named = attributes.get("rel") == "canonical" or "hreflang" in attributes
            assert not source.startswith(("http", "//")) or only_named
            assert tag != "script" or attributes.get("src") or str(attributes["type"]).endswith("json")
            assert not any(name.startswith("on") or name == "style" for name in attributes)


def test_whatever_stands_in_a_label_is_harmless(
    register_copy: Path, tmp_path: Path, start: Callable[..., object]
) -> None:
    organisations = register_copy / "data" / "organisations.ttl"
    text = organisations.read_text("utf-8")
    quoted, long = HARMFUL.replace('"', '\\"'), "ü" * 5000
    names = f'skos:altLabel "hjr"@de , "{quoted}"@de , "{ARABIC}"@de , "{long}"@de'
    text = text.replace('skos:altLabel "hjr"@de', names)
    assert ARABIC in text
    organisations.write_text(text, "utf-8")
    releases = tmp_path / "releases"
    build(load_register(register_copy), releases)
    server = start(releases, "--register", str(register_copy))
    for path in ("/doc/organisation/hessischer-jugendring", "/doc/organisation/hessischer-jugendring?view=triples"):
        answer = httpx.get(f"{server.url}{path.lstrip('/')}", headers=GERMAN, timeout=60)  # type: ignore[attr-defined]
        assert answer.status_code == 200
        page = Reader(answer.text)
        assert not [tag for tag, attributes in page.elements if tag == "script" and "type" not in attributes]
        assert HARMFUL in page.words
        assert ARABIC in page.isolated
        assert "ü" * 5000 in page.words


@pytest.mark.parametrize(
    ("method", "path", "status", "title", "detail"),
    [
        ("GET", "/contracts?page=x", 400, "Etwas in der Adresse kann nicht stimmen", "page muss eine Zahl"),
        ("GET", "/contracts?topic=%22", 400, "Etwas in der Adresse kann nicht stimmen", "Filter"),
        ("GET", "/nothing/here", 404, "Unter dieser Adresse gibt es nichts", "Startseite"),
        ("POST", "/contracts", 405, "Diese Adresse kann nur gelesen werden", "GET"),
    ],
)
def test_errors_are_told_in_the_language_of_the_page(
    http: httpx.Client, method: str, path: str, status: int, title: str, detail: str
) -> None:
    answer = http.request(method, path, headers=GERMAN)
    assert answer.status_code == status
    text = " ".join(Reader(answer.text).words.split())
    assert title in text
    assert detail in text
    assert http.request(method, path, headers=ENGLISH).status_code == status


def test_the_query_page_has_a_language_and_the_query_that_is_asked(http: httpx.Client) -> None:
    browser = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "de"}
    assert "Ask in SPARQL" in words(http, "/sparql?lang=en", browser)
    assert http.get("/sparql?lang=en", headers={"Accept": "text/turtle"}).status_code == 400
    assert ">ASK { ?s" in http.get("/sparql?lang=en&query=ASK+{+?s+%3Cx:%26%3E+1+}", headers=browser).text


@pytest.mark.parametrize("lang", ["de", "en"])
def test_examples_ask_for_names_in_the_language_of_the_page(http: httpx.Client, lang: str) -> None:
    page = http.get(f"/sparql?lang={lang}", headers=GERMAN).text
    links = [
        attributes["href"] or "" for tag, attributes in Reader(page).elements if attributes.get("class") == "run-csv"
    ]
    assert len(links) >= 12
    assert all(link.endswith(f".csv?lang={lang}") for link in links)
    asked = set(re.findall(r'(?i)lang\s*\([^)]*\)\s*=\s*"(\w+)"', unescape(page[page.index('id="examples"') :])))
    assert asked == {lang}
