"""A register in French speaks French: no German or English word is on a page, in a file's heading, in the catalogue."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import Literal, RdfFormat, parse

from vertragsgraph.graph import collect
from vertragsgraph.register import Register, load_register
from vertragsgraph.release import Release, build, inspect
from vertragsgraph.texts import Language

from .french import BASE, write_register
from .in_process import asked_of, get
from .strangers import foreign_words, spoken, strangers

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
    return foreign_words(Language("fr"))


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
        text = finding.text(Language("fr")).removeprefix(str(finding.place))
        assert text.startswith((": remarque : ", ": remarque: ", ": avertissement: "))
        assert strangers(text, foreign) == set(), text


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


@pytest.mark.parametrize(
    "path", ["/nothing", "/contracts?page=x", "/doc/contract/none", "/dumps/none.ttl", "/releases/none/"]
)
@pytest.mark.parametrize("asked", ["", "fr-BE", "de, en;q=0.9"])
def test_problem_documents_are_french(
    path: str, asked: str, ask: Callable[..., httpx.Response], foreign: set[str]
) -> None:
    answer = ask(path, "application/json", asked)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "fr"
    problem = answer.json()
    assert strangers(f"{problem['title']}\n{problem['detail']}", foreign) == set()


def test_sizes_of_files_have_their_french_unit(ask: Callable[..., httpx.Response]) -> None:
    page = ask("/dumps/").text
    assert re.search(r"\d Kio", page) and "KiB" not in page


def test_headings_of_files_are_french(french: Release, ask: Callable[..., httpx.Response], foreign: set[str]) -> None:
    heading = next(csv.reader(io.StringIO(french.dump("csv").read_text("utf-8-sig"))))
    assert "Titre (français)" in heading and not any("anglais" in name or "allemand" in name for name in heading)
    assert strangers(" ".join(heading), foreign) == set()
    described = json.loads((french.folder / "dumps/csv-metadata.json").read_text("utf-8"))
    assert described["@context"][1] == {"@language": "fr"}
    columns = described["tableSchema"]["columns"]
    assert {text["@language"] for column in columns for text in column["rdfs:label"]} == {"fr"}
    head = ask("/contracts.csv").text.removeprefix("\ufeff").partition("\r\n")[0]
    assert head.startswith("IRI,Nom (français),Conclu,")


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

    said = run("init", folder, "--language", "fr", "--base", BASE, "--place", "Montclair", "--country", "FR")
    said += run("check", "--register", folder, "--sources", folder / "texts") + run("build", "--register", folder)
    said += run("releases", "list", "--register", folder)
    assert strangers(said, foreign) == set()
    texts = [path.read_text("utf-8") for path in folder.rglob("*") if path.suffix in {".ttl", ".toml", ".yml"}]
    texts.append((folder / ".gitignore").read_text("utf-8"))
    comments = "\n".join(re.findall(r"^ *# ([^=\n]*[a-z] [^=\n]*)$", "\n".join(texts), re.MULTILINE))
    assert len(comments) > 4000 and strangers(comments, foreign) == set()
    values = "\n".join(re.findall(r'"([^"\n]* [^"\n]*)"', (folder / "register.toml").read_text("utf-8")))
    assert "Licence Ouverte" in values and strangers(values, foreign) == set()
    server = start(folder / "releases")
    with httpx.Client(
        timeout=60, base_url=server.url, headers={"accept": "text/html", "accept-language": "de, en;q=0.5"}
    ) as client:
        for path in ("/", "/doc/contract/example", "/contracts", "/imprint", "/sparql", "/doc/contract/none"):
            page = client.get(path)
            assert page.headers["content-language"] == "fr"
            assert strangers(spoken(page.text), foreign) == set(), path


def test_commands_explain_themselves_in_french(foreign: set[str]) -> None:
    def said(*arguments: str) -> str:
        command = [sys.executable, "-m", "vertragsgraph", *arguments, "--help"]
        environment = {**os.environ, "LC_ALL": "fr_BE.UTF-8", "COLUMNS": "200"}
        return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout

    # What is typed, and the names of types, are the same in each language.
    typed = re.compile(r"^ Usage\s*:.*$|--[\w-]+|<[^>]*>|^│[ *]+[\w-]+ {2,}|\[[^\]]*\]|[\w.-]+\|[\w.|-]+", re.MULTILINE)
    for command in (
        (),
        ("init",),
        ("check",),
        ("serve",),
        ("query",),
        ("releases",),
        ("releases", "takedown"),
        ("doctor",),
    ):
        text = said(*command)
        assert "Afficher ce texte" in text
        assert strangers(typed.sub(" ", text), foreign) == set(), command
