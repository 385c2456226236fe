"""Example queries are asked once before they are published; none is published broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from vertragsgraph.finding import Finding, FindingsError, Severity
from vertragsgraph.graph import Graphs, collect
from vertragsgraph.register import Register, load_register, start_register
from vertragsgraph.release import build
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.api.trial import check_examples

pytestmark = pytest.mark.slow

DEEP = "SELECT * " + "{" * 30_000 + "}" * 30_000


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    folder = tmp_path_factory.mktemp("register")
    start_register(folder, "muster", languages=["de", "en"])
    return load_register(folder)


@pytest.fixture(scope="module")
def graphs(register: Register) -> Graphs:
    return collect(register, register.folder / "graphs")


@pytest.fixture
def queries(register: Register) -> Path:
    """The folder of the queries, empty."""
    folder = register.data / "queries"
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    return folder


def said(findings: list[Finding], folder: Path) -> list[tuple[str, str, str]]:
    return [(str(f.place).replace(f"{folder}/", ""), f.severity, f.message["en"]) for f in findings]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", "a.rq", "this file holds no query"),
        ("# nothing but\n# a comment", "a.rq", "this file holds no query"),
        ("# one\nPREFIX x: <http://x/>\n  DELETE WHERE { ?s ?p ?o }", "a.rq:3:3", "DELETE is an update"),
        ("SELECT * {\n  ?s ?p ?o ", "a.rq:2:11", "the query ends there"),
        ("SELCT * { ?s ?p ?o }", "a.rq:1:1", "SELCT"),
        ("SELECT * { ?s vg:partner ?o }", "a.rq:1:15", "declare it with PREFIX"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p } }", "a.rq:1:50", "Syntax error"),
        pytest.param(DEEP, "a.rq:1:266", "nested deeper", id="deep"),
        ("# title@abcdefghij: X\nSELECT * { ?s ?p ?o }", "a.rq:1:3", "no language tag"),
    ],
)
def test_a_broken_query_is_found_at_its_place(
    register: Register, graphs: Graphs, queries: Path, text: str, place: str, words: str
) -> None:
    (queries / "a.rq").write_text(text, "utf-8")
    (queries / "b.rq").write_text("ASK {}", "utf-8")
    ((where, severity, message),) = said(check_examples(register, graphs, Settings()), queries)
    assert (where, severity) == (place, Severity.VIOLATION)
    assert words in message


def test_a_good_query_is_asked_of_the_register_and_of_nobody_else(
    register: Register, graphs: Graphs, queries: Path
) -> None:
    (queries / "a.rq").write_text("\ufeffSELECT * { ?s ?p ?o }", "utf-8")
    (queries / "b.rq").write_text("SELECT * { service # theirs\n silent <http://127.0.0.1:9/> { ?s ?p ?o } }", "utf-8")
    (queries / "c.rq").write_text("DESCRIBE <id/contract/example>", "utf-8")
    assert check_examples(register, graphs, Settings()) == []


def test_a_large_register_is_not_loaded_for_it(
    register: Register, graphs: Graphs, queries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vertragsgraph.sparql.api.trial.MOST_TRIPLES", 1)
    (queries / "a.rq").write_text("SELECT * { ?s ?p ?o }", "utf-8")
    (queries / "b.rq").write_text("SELECT * { ?s ?p }", "utf-8")
    ((where, _, _),) = said(check_examples(register, graphs, Settings()), queries)
    assert where == "b.rq:1:18"


def test_a_query_that_takes_too_long_is_a_warning(
    register: Register, graphs: Graphs, queries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vertragsgraph.sparql.api.trial.SECONDS", 1.0)
    (queries / "a.rq").write_text("SELECT (COUNT(*) AS ?n) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l}", "utf-8")
    ((where, severity, message),) = said(check_examples(register, graphs, Settings()), queries)
    assert (where, severity) == ("a.rq", Severity.WARNING)
    assert "stopped after 1 seconds" in message


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.rq", "# Größe\nASK {}".encode("latin-1"), 'a.rq:1:5: violation: this is not UTF-8.*"ö" stands here'),
        ("über uns.rq", b"ASK {}", "über uns.rq: violation: the name of an example query"),
    ],
)
def test_a_file_that_cannot_be_published_stops_the_build(
    register: Register, queries: Path, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (queries / name).write_bytes(content)
    with pytest.raises(FindingsError, match=words):
        build(register, tmp_path)
    assert not list(tmp_path.glob("*/release.json"))
