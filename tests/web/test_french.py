"""A register in French speaks French: no German or English word is on a page, in a file's heading, in the catalogue."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import Literal, RdfFormat, parse

from vertragsgraph.graph import collect
from vertragsgraph.register import Register, load_register, shipped_folder
from vertragsgraph.release import Release, build, inspect
from vertragsgraph.texts import Language, catalogue

from .french import BASE, write_register
from .in_process import asked_of, get

WORD = re.compile(r"[^\W\d_]{3,}")
ADDRESS = re.compile(
    r"\S*[:/@_=?&{}<>$]\S*|[\w-]+\.(?:toml|json|ttl|nt|nq|trig|jsonld|rdf|csv|gz|txt|bib|cff|rq|sqlite)\b"
)
# Names, and what is called the same in French, or has no other name there.
NAMES = (
    "bibtex cff csl csvw dbpedia dcat eurovoc geonames gnd html http json memento openrefine rdf shacl sparql stw svg trig "
    "triples turtle vertragsgraph void wikidata xml"
)
UNSPOKEN = {"script", "style", "code", "pre", "textarea", "svg"}
SPOKEN = {"title", "aria-label", "alt", "placeholder", "data-texts", "data-name"}

PAGES = (
    "/", "/contracts", "/contracts?year=2018", "/organisations", "/people", "/grants", "/topics", "/search?q=texte",
    "/search?q=xqzw", "/quality", "/ontology", "/shapes", "/imprint", "/privacy", "/accessibility", "/dumps/", "/releases/",
    "/catalog", "/sparql", "/cite?query=ASK%20%7B%7D", "/explore", "/doc/contract/none", "/contracts?page=x", "/nothing",
    "/releases/none/", "/doc/contract/iaf?view=triples", "/doc/contract/drk-hessen", "/doc/contract/iaf",
)  # fmt: skip


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    return load_register(write_register(tmp_path_factory.mktemp("french") / "register"))


@pytest.fixture(scope="module")
def french(register: Register) -> Release:
    return build(register, register.folder / "releases").release


@pytest.fixture(scope="module")
def ask(french: Release) -> Callable[..., httpx.Response]:
    asked = asked_of(french)

    def of(path: str, accept: str = "text/html", language: str = "de, en;q=0.9") -> httpx.Response:
        (response,) = get(french, asked, [path], **{"accept": accept, "accept-language": language})
        return response

    return of


@pytest.fixture(scope="module")
def foreign() -> set[str]:
    """The words that the software has in English and in German, and that aren't French, too."""

    def words(texts: Iterator[str]) -> set[str]:
        return {word.lower() for text in texts for word in WORD.findall(ADDRESS.sub(" ", text))}

    def forms(value: Any) -> tuple[str, ...]:
        return (value,) if isinstance(value, str) else tuple(value)

    def in_kinds(value: object) -> Iterator[str]:
        for key, member in (
            value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
        ):
            if key in {"de", "en"} and isinstance(member, str):
                yield member
            yield from in_kinds(member)

    messages = {tag: [m for m in catalogue(Language(tag)) if m.id] for tag in ("de", "fr")}
    english = (text for message in messages["de"] for text in forms(message.id))
    german = (text for message in messages["de"] for text in forms(message.string))
    own = (text for message in messages["fr"] for text in forms(message.string))
    root = shipped_folder()
    in_data = (
        quad.object.value
        for path in (*(root / "ontology").glob("*.ttl"), *(root / "shapes").glob("*.ttl"))
        for quad in parse(path=path, format=RdfFormat.TURTLE)
        if isinstance(quad.object, Literal) and quad.object.language in {"de", "en"}
    )
    table = in_kinds(tomllib.loads((root / "ontology/kinds.toml").read_text("utf-8")))
    return (words(english) | words(german) | words(in_data) | words(table)) - words(own) - set(NAMES.split())


class Spoken(HTMLParser):
    """Takes down what a page says to people: text, and attributes that are read out or shown."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note attributes."""
        values = dict(attrs)
        self.said += [value for name, value in values.items() if name in SPOKEN and value]
        if values.get("name") == "description":
            self.said.append(values.get("content") or "")
        if tag in UNSPOKEN:
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave what isn't spoken."""
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        """Note text."""
        if not self._within:
            self.said.append(data)


def spoken(page: str) -> str:
    reader = Spoken()
    reader.feed(page)
    return "\n".join(reader.said)


def strangers(text: str, foreign: set[str]) -> set[str]:
    return {word for word in WORD.findall(ADDRESS.sub(" ", text)) if word.lower() in foreign}


def one_of_each_kind(release: Release) -> Iterator[str]:
    kinds: dict[str, str] = {}
    for quad in parse(path=release.dump("nq"), format=RdfFormat.N_QUADS):
        name = str(quad.subject).strip("<>").removeprefix(f"{release.base}id/")
        kinds.setdefault(name.split("/")[0], name)
    return (f"/doc/{name}" for kind, name in kinds.items() if ":" not in kind)


def test_a_french_register_passes_the_gate_and_its_findings_are_french(
    register: Register, tmp_path: Path, foreign: set[str]
) -> None:
    report = inspect(register, collect(register, tmp_path))
    assert not [finding for finding in report.findings if finding.severity == "violation"]
    assert report.findings
    for finding in report.findings:
        assert strangers(finding.message[Language("fr")], foreign) == set(), finding.message[Language("fr")]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_speaks_french(path: str, ask: Callable[..., httpx.Response], foreign: set[str]) -> None:
    page = ask(path)
    assert page.headers["content-language"] == "fr" and '<html lang="fr">' in page.text
    assert strangers(spoken(page.text), foreign) == set()
    assert set(re.findall(r'\slang="([^"]+)"', page.text)) <= {"fr"}


def test_pages_of_every_kind_of_resource_do(
    ask: Callable[..., httpx.Response], french: Release, foreign: set[str]
) -> None:
    addresses = [*one_of_each_kind(french), f"/releases/{french.id}/"]
    assert len(addresses) > 12
    found = {path: strangers(spoken(ask(path).text), foreign) for path in addresses}
    assert {path: words for path, words in found.items() if words} == {}


def test_the_test_would_find_strangers(ask: Callable[..., httpx.Response], foreign: set[str]) -> None:
    page = ask("/imprint").text
    for markup in (
        "<p>Contracting party</p>",
        "<p>Verträge</p>",
        '<button aria-label="Schließen"></button>',
        "<td>signed</td>",
    ):
        assert strangers(spoken(page + markup.replace("Schließen", "Maßnahmen")), foreign), markup


def test_what_pages_say_to_search_engines_is_french(ask: Callable[..., httpx.Response], foreign: set[str]) -> None:
    for path in ("/", "/catalog", "/doc/contract/drk-hessen", "/contracts"):
        for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', ask(path).text, re.DOTALL):
            whole = json.dumps(json.loads(text), ensure_ascii=False)
            said = re.findall(r'"(?:name|description|creditText|citation|keywords)": "([^"]*)"', whole)
            assert said and strangers("\n".join(said), foreign) == set()


def test_headings_of_files_are_french(french: Release, ask: Callable[..., httpx.Response], foreign: set[str]) -> None:
    heading = next(csv.reader(io.StringIO(french.dump("csv").read_text("utf-8-sig"))))
    assert "Titre (français)" in heading and not any("anglais" in name or "allemand" in name for name in heading)
    assert strangers(" ".join(heading), foreign) == set()
    described = json.loads((french.folder / "dumps/csv-metadata.json").read_text("utf-8"))
    assert described["@context"][1] == {"@language": "fr"}
    columns = described["tableSchema"]["columns"]
    assert {text["@language"] for column in columns for text in column["rdfs:label"]} == {"fr"}
    assert "label_fr" in ask("/contracts.csv").text.partition("\n")[0]


def test_the_catalogue_is_french_and_says_so(french: Release, foreign: set[str]) -> None:
    triples = [quad.triple for quad in parse(path=french.folder / "catalog.ttl", format=RdfFormat.TURTLE)]
    tagged = [triple.object for triple in triples if isinstance(triple.object, Literal) and triple.object.language]
    assert {literal.language for literal in tagged} == {"fr"}
    assert strangers("\n".join(literal.value for literal in tagged), foreign) == set()
    languages = {t.object.value for t in triples if t.predicate.value == "http://purl.org/dc/terms/language"}
    assert languages == {"http://publications.europa.eu/resource/authority/language/FRA"}


def test_feed_citation_and_reconciliation_are_french(
    french: Release, ask: Callable[..., httpx.Response], foreign: set[str]
) -> None:
    for path in ("/releases/feed.atom", f"/releases/{french.id}/cite.txt", f"/releases/{french.id}/cite.bib"):
        answer = ask(path, "*/*")
        assert answer.status_code == 200
        text = re.sub(r"<[^>]*>|^\s*\w+ = |@misc|^\s*month.*$", " ", answer.text, flags=re.MULTILINE)
        assert strangers(text, foreign) == set(), path
    manifest = ask("/reconcile", "application/json").json()
    names = [each["name"] for each in manifest["defaultTypes"]]
    settings = [text for each in manifest["extend"]["property_settings"] for text in (each["label"], each["help_text"])]
    assert strangers("\n".join([manifest["name"], *names, *settings]), foreign) == set()


def test_the_vocabulary_is_translated_and_bears_the_same_version(french: Release, tmp_path: Path) -> None:
    texts = {"de": set(), "en": set(), "fr": set()}
    for quad in parse(path=french.folder / "ontology.ttl", format=RdfFormat.TURTLE):
        if isinstance(quad.object, Literal) and quad.object.language:
            texts[quad.object.language].add((quad.subject, quad.predicate))
    assert texts["en"] - texts["fr"] == set()
    again = build(load_register(french.folder.parents[1]), french.folder.parent)
    assert again.release.id == french.id


@pytest.mark.parametrize(
    ("asked", "header", "language"),
    [("", "nl, de;q=0.9", "fr"), ("", "fr-CA", "fr"), ("de", "en", "fr"), ("fr-BE", "de", "fr")],
)
def test_whatever_is_asked_for_a_french_register_never_answers_in_german(
    ask: Callable[..., httpx.Response], asked: str, header: str, language: str
) -> None:
    page = ask(f"/contracts?lang={asked}" if asked else "/contracts", language=header)
    assert page.headers["content-language"] == language
    assert 'hreflang="de"' not in page.text and 'hreflang="fr"' in page.text


@pytest.mark.slow
def test_a_register_started_in_french_is_served_in_french(
    tmp_path: Path, start: Callable[..., Any], foreign: set[str]
) -> None:
    folder = tmp_path / "montclair"

    def run(*arguments: object) -> str:
        command = [sys.executable, "-m", "vertragsgraph", *map(str, arguments), "--lang", "fr"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout + done.stderr

    said = run("init", folder, "--language", "fr", "--base", BASE)
    said += run("check", "--register", folder, "--sources", folder / "texts") + run("build", "--register", folder)
    assert strangers(said.replace(": info: ", " "), foreign) == set()
    files = "\n".join(path.read_text("utf-8") for path in folder.glob("data/*.ttl")) + (
        folder / "register.toml"
    ).read_text("utf-8")
    comments = "\n".join(re.findall(r"^# ([^=\n]*[a-z] [^=\n]*)$", files, re.MULTILINE))
    assert len(comments) > 1000 and strangers(comments, foreign) == set()
    server = start(folder / "releases")
    with httpx.Client(
        timeout=60, base_url=server.url, headers={"accept": "text/html", "accept-language": "de, en;q=0.5"}
    ) as client:
        for path in ("/", "/doc/contract/example", "/contracts", "/imprint", "/sparql", "/doc/contract/none"):
            page = client.get(path)
            assert page.headers["content-language"] == "fr"
            assert strangers(spoken(page.text), foreign) == set(), path
