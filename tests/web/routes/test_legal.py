"""The legal pages: what register.toml says of who runs the register, as the law of its country wants it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import httpx
import pytest

from tests.web.in_process import asked_of, get
from vertragsgraph.register import About, Register, load_register, start_register, unconfirmed
from vertragsgraph.register.addresses import USUAL
from vertragsgraph.release import Release, build

BASE = "https://vertraege.musterstadt.de/"
COMPLETE = """\
[legal]
country = "DE"
body = "public"
address = "Rathausplatz 1\\n10000 Musterstadt"
representative = "Oberbürgermeisterin Erika Muster"
phone = "+49 30 000 1"
responsible = "Max Muster, Rathausplatz 1, 10000 Musterstadt"
register_entry = "Amtsgericht Musterstadt, VR 7"
vat_id = "DE000000000"
supervisory_authority = "Bezirksregierung Muster"
host = "Rechenzentrum Muster, 10001 Musterstadt"
log_days = 7
proxy_log = true
data_protection_officer = "Dana Muster, dsb@musterstadt.de"
data_protection_law = { de = "§ 3 des Musterdatenschutzgesetzes", en = "section 3 of the Muster Data Protection Act" }
data_protection_authority.name = { de = "Landesbeauftragte für Datenschutz", en = "Data Protection Commissioner" }
data_protection_authority.url = "https://lfd.muster.de/"

[legal.accessibility]
law = { de = "§ 14 des Mustergleichstellungsgesetzes und der BITV 2.0", en = "section 14 of the Muster Equality Act and BITV 2.0" }
conformance = "partial"
method = "external"
assessor = "Prüfstelle Muster"
date = "2026-10-01"
reviewed = "2026-11-02"
enforcement.name = { de = "Durchsetzungsstelle des Landes", en = "Enforcement Office" }
enforcement.url = "https://ds.muster.de/"
enforcement.email = "ds@muster.de"
enforcement.phone = "+49 30 000 2"
arbitration.name = { de = "Schlichtungsstelle BGG", en = "Arbitration Office" }
"""


def write_register(folder: Path, legal: str) -> Register:
    start_register(folder, "muster", BASE, ["de", "en"], About(publisher="Stadt Musterstadt"))
    file = folder / "register.toml"
    text = file.read_text("utf-8")
    file.write_text(text[: text.index("[legal]")] + legal, "utf-8")
    return load_register(folder)


Ask = Callable[..., httpx.Response]


def asking(release: Release) -> Ask:
    asked = asked_of(release)

    @cache
    def ask(path: str, language: str = "de", method: str = "GET") -> httpx.Response:
        return get(release, asked, [path], method=method, **{"accept": "text/html", "accept-language": language})[0]

    return ask


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    register = write_register(tmp_path_factory.mktemp("complete"), COMPLETE)
    return asking(build(register, register.folder / "releases").release)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    register = write_register(tmp_path_factory.mktemp("bare"), "")
    return asking(build(register, register.folder / "releases").release)


def words(page: httpx.Response) -> str:
    assert page.status_code == 200
    (main,) = re.findall(r"<main.*?</main>", page.text, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())


def test_the_imprint_says_what_german_law_wants(complete: Ask) -> None:
    page = words(complete("/imprint"))
    for part in (
        "Angaben nach § 5 des Digitale-Dienste-Gesetzes (DDG) und § 18 des Medienstaatsvertrags (MStV).",
        "Stadt Musterstadt Rathausplatz 1 10000 Musterstadt",
        "Vertreten durch: Oberbürgermeisterin Erika Muster",
        "register@example.org Telefon: +49 30 000 1",
        "Verantwortlich für den Inhalt nach § 18 Abs. 2 MStV Max Muster, Rathausplatz 1",
        "Registereintrag Amtsgericht Musterstadt, VR 7",
        "Umsatzsteuer-Identifikationsnummer DE000000000",
        "Aufsichtsbehörde Bezirksregierung Muster",
    ):
        assert part in page
    assert 'href="tel:+49300001"' in complete("/imprint").text


def test_privacy_says_what_article_13_wants_of_a_public_body(complete: Ask) -> None:
    page = words(complete("/privacy"))
    for part in (
        "Stadt Musterstadt Rathausplatz 1",
        "Dana Muster, dsb@musterstadt.de",
        "Rechtsgrundlage ist Artikel 6 Abs. 1 Buchst. e DSGVO mit § 3 des Musterdatenschutzgesetzes.",
        "Der Webserver davor schreibt Adresse, Zeit und Anfrage auf",
        "Diese Protokolle werden nach 7 Tagen gelöscht.",
        "zu finden. Diese Protokolle werden",
        "im Auftrag des Herausgebers verarbeitet: Rechenzentrum Muster, 10001 Musterstadt",
        "Die Aufsichtsbehörde ist hier: Landesbeauftragte für Datenschutz",
    ):
        assert part in page
    assert "Buchst. f" not in page, (
        "an authority in its tasks has no legitimate interest (article 6 (1), last sentence)"
    )


def test_the_accessibility_statement_is_that_of_the_eu(complete: Ask) -> None:
    page = words(complete("/accessibility"))
    for part in (
        "Stadt Musterstadt ist bemüht, diese Website im Einklang mit § 14 des Mustergleichstellungsgesetzes und der BITV 2.0",
        "mit den Anforderungen der EN 301 549 teilweise vereinbar",
        "Sie wurde am 1. Oktober 2026 erstellt. Sie beruht auf einer Bewertung durch Prüfstelle Muster. Zuletzt überprüft "
        "wurde sie am 2. November 2026.",
        "Durchsetzungsstelle Wenn die Antwort Sie nicht zufriedenstellt",
        "Durchsetzungsstelle des Landes , ds@muster.de , +49 30 000 2",
        "Schlichtungsstelle Streitigkeiten können außergerichtlich beigelegt werden bei: Schlichtungsstelle BGG",
    ):
        assert part in page
    assert "Keine unabhängige Stelle" not in page


def test_they_are_english_too(complete: Ask) -> None:
    assert "Responsible for the content under section 18 (2) MStV" in words(complete("/imprint", "en"))
    assert "section 3 of the Muster Data Protection Act" in words(complete("/privacy", "en"))
    assert "Enforcement Office" in words(complete("/accessibility", "en"))


def test_without_the_table_they_say_what_is_known_and_nothing_that_is_not(bare: Ask) -> None:
    imprint, privacy, accessibility = (words(bare(path)) for path in ("/imprint", "/privacy", "/accessibility"))
    assert "Stadt Musterstadt" in imprint and "DDG" not in imprint and "Vertreten" not in imprint
    assert (
        "Artikel 6 Abs. 1 Buchst. f DSGVO" in privacy and "Protokolle" not in privacy and "Wer es erhält" not in privacy
    )
    assert "Keine unabhängige Stelle hat die Seiten geprüft." in accessibility
    assert "so hilft die Durchsetzungsstelle für digitale Barrierefreiheit ihres Landes" in accessibility


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/impressum", "imprint"),
        ("/legal-notice", "imprint"),
        ("/mentions-legales", "imprint"),
        ("/datenschutz", "privacy"),
        ("/datenschutzerklaerung", "privacy"),
        ("/data-protection", "privacy"),
        ("/donnees-personnelles", "privacy"),
        ("/barrierefreiheit", "accessibility"),
        ("/accessibilite", "accessibility"),
        ("/accessibility-statement", "accessibility"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_usual_addresses_lead_to_them(bare: Ask, address: str, page: str, method: str) -> None:
    answer = bare(address, method=method)
    assert (answer.status_code, answer.headers["location"]) == (308, page)
    assert bare(f"{address}?lang=en").headers["location"] == f"{page}?lang=en"


def missing(tmp_path: Path, legal: str) -> set[str]:
    register = write_register(tmp_path, legal)
    said = (finding.message["en"] for finding in unconfirmed(register))
    return {found[1] for text in said if (found := re.match(r'"legal\.([a-z_.]+)" is missing', text))}


def test_what_is_complete_lacks_nothing(tmp_path: Path) -> None:
    assert missing(tmp_path, COMPLETE) == set()


@pytest.mark.parametrize(
    "key",
    [
        "address", "representative", "phone", "responsible", "log_days", "proxy_log", "data_protection_officer",
        "data_protection_law", "data_protection_authority", "accessibility.law", "accessibility.conformance",
        "accessibility.method", "accessibility.date", "accessibility.enforcement", "accessibility.assessor",
    ],
)  # fmt: skip
def test_each_key_that_a_german_authority_must_give_is_named(tmp_path: Path, key: str) -> None:
    legal = re.sub(rf"^{key.rpartition('.')[2]}(\.\w+)? = .*\n", "", COMPLETE, flags=re.MULTILINE)
    # Whoever examined the pages is asked for only where the method says that there was somebody.
    assert missing(tmp_path, legal) == {key}


def test_an_address_that_is_a_placeholder_is_named(tmp_path: Path) -> None:
    register = write_register(tmp_path, COMPLETE.replace("https://ds.muster.de/", "https://www.example.org/"))
    said = [finding for finding in unconfirmed(register) if '"legal.' in finding.message["en"]]
    assert [finding.message["en"].partition(" is ")[0] for finding in said] == [
        'the value of "legal.accessibility.enforcement"'
    ]


def test_a_contact_form_will_do_for_the_telephone(tmp_path: Path) -> None:
    assert (
        missing(tmp_path, COMPLETE.replace("phone = ", 'contact_form = "https://musterstadt.de/kontakt"\n#', 1))
        == set()
    )


@pytest.mark.parametrize(
    ("legal", "keys"),
    [
        ("", {"country", "body", "address", "representative", "log_days", "proxy_log"}),
        ('[legal]\ncountry = "CH"\nbody = "person"', {"address", "log_days", "proxy_log"}),
        (
            '[legal]\ncountry = "BE"\nbody = "private"',
            {"address", "representative", "log_days", "proxy_log", "data_protection_authority"},
        ),
    ],
)
def test_elsewhere_the_law_wants_other_things(tmp_path: Path, legal: str, keys: set[str]) -> None:
    assert missing(tmp_path, legal) == keys


def test_where_no_data_protection_regulation_holds_none_is_cited(tmp_path: Path) -> None:
    legal = '[legal]\ncountry = "CH"\nbody = "person"\nlog_days = 0\nproxy_log = false\naddress = "Gasse 1"'
    register = write_register(tmp_path, legal)
    page = words(asking(build(register, register.folder / "releases").release)("/privacy"))
    assert "DSGVO" not in page and "Diese Protokolle werden nicht gespeichert." in page
    assert "Der Herausgeber gibt nichts davon an andere weiter." in page


def test_every_language_of_the_interface_has_its_addresses(bare: Ask) -> None:
    assert {"impressum", "mentions-legales", "legal-notice"} <= USUAL["imprint"]
    for page, addresses in USUAL.items():
        for address in addresses:
            answer = bare(f"/{address}")
            assert re.fullmatch("[a-z]+(-[a-z]+)*", address)
            assert (answer.status_code, answer.headers["location"]) == (308, page)
