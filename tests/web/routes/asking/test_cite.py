"""A result is cited by query, release, day and digest, which anybody can work out again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from vertragsgraph.cli.commands import app

pytestmark = pytest.mark.slow

BASE = "https://w3id.org/vertragsgraph/hessen/"
VG = "https://w3id.org/vertragsgraph/ontology#"
QUERIES = {
    "rows": f"SELECT ?c ?l {{ ?c a <{VG}Contract> ; <http://www.w3.org/2000/01/rdf-schema#label> ?l }} ORDER BY ?l",
    "counts": "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    "yes": "ASK { ?s ?p ?o }",
    "graph": f"CONSTRUCT {{ ?c a ?k ; <{VG}of> [ a ?k ] }} {{ ?c a <{VG}Contract>, ?k }}",
    "resource": f"DESCRIBE <{BASE}id/contract/iaf> {{}}",
    "long": "SELECT * { ?s ?p ?o }",
}


@pytest.fixture(scope="module")
def http(server_of_history: Any) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server_of_history.url, timeout=60, headers={"Accept-Language": "en"}) as client:
        yield client


def command(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["query", *map(str, arguments), "--lang", "en"])


def test_a_citation_names_query_release_day_and_digest(http: httpx.Client, ids: tuple[str, str]) -> None:
    for release, asked in ((ids[0], {}), (ids[1], {"release": ids[1]})):
        found = http.get("cite", params={"query": QUERIES["yes"], **asked}).json()
        address = f"{BASE}releases/{release}/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D"
        digest = f"sha256:{hashlib.sha256(b'true' + bytes([10])).hexdigest()}"
        assert {name: found[name] for name in ("query", "url", "release", "digest", "rows")} == {
            "query": QUERIES["yes"],
            "url": address,
            "release": f"{BASE}releases/{release}",
            "digest": digest,
            "rows": 1,
        }
        assert abs(datetime.now(UTC).date() - datetime.fromisoformat(found["date"]).date()).days <= 1
        assert all(part in found["text"] for part in (address, release, found["date"], digest))


def test_the_page_says_the_same_in_the_readers_language(http: httpx.Client, ids: tuple[str, str]) -> None:
    parameters = {"query": QUERIES["rows"], "release": ids[1]}
    digest = http.get("cite", params=parameters).json()["digest"]
    for language, words in (("en", "Cite a result"), ("de", "Ein Ergebnis zitieren")):
        page = http.get("cite", params=parameters, headers={"Accept": "text/html", "Accept-Language": language})
        assert f"<h1>{words}</h1>" in page.text
        assert page.text.count(digest) == 3  # in the sentence, by itself, in the command
        assert page.headers["vertragsgraph-release"] == ids[1]


@pytest.mark.parametrize("name", QUERIES)
def test_server_command_and_whoever_asks_from_afar_agree(
    http: httpx.Client, history: Path, ids: tuple[str, str], name: str
) -> None:
    query, release = QUERIES[name], ids[1]
    cited = http.get("cite", params={"query": query, "release": release}).json()
    asked = http.get(f"releases/{release}/sparql", params={"query": query, "format": "digest"})
    assert asked.headers["content-type"] == "application/json"
    assert asked.json() == {"digest": cited["digest"], "rows": cited["rows"]}
    here = (query, "--register", history, "--releases", history / "releases", "--release", release)
    there = (str(asked.url.copy_remove_param("format")),)
    for way in (here, there):
        same = command(*way, "--expect", cited["digest"])
        assert same.exit_code == 0, same.output
        other = command(*way, "--expect", f"sha256:{'0' * 64}")
        assert other.exit_code == 1
        assert cited["digest"] in other.stderr
    assert '"rows": ' + str(cited["rows"]) in command(*there).stdout
    assert command(*here, "--format", "digest").stdout == asked.text


def test_another_release_has_another_digest(http: httpx.Client, ids: tuple[str, str]) -> None:
    found = [http.get("cite", params={"query": QUERIES["long"], "release": one}).json() for one in ids]
    assert found[0]["digest"] != found[1]["digest"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "name the query"),
        ("SELECT (NOW() AS ?now) {}", "another result each time"),
        ("SELECT * { SERVICE <https://query.wikidata.org/sparql> { ?s ?p ?o } }", "another result each time"),
        ("SELECT * {", "Syntax error"),
    ],
)
def test_what_has_no_lasting_result_is_not_cited(http: httpx.Client, query: str, words: str) -> None:
    response = http.get("cite", params={"query": query})
    assert response.status_code == 400
    assert words in response.json()["detail"]


def test_an_unknown_release_is_not_cited(http: httpx.Client) -> None:
    assert http.get("cite", params={"query": "ASK {}", "release": "2000-01-01.00000000"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "code"), [("sparql", 2), ("sparql?query=SELECT", 4), ("releases/none/sparql?query=ASK%7B%7D", 4)]
)
def test_an_address_that_gives_no_result_says_so(http: httpx.Client, path: str, code: int) -> None:
    assert command(f"{http.base_url}{path}").exit_code == code


def test_a_release_that_is_not_there_can_not_be_asked(history: Path) -> None:
    result = command("ASK {}", "--register", history, "--releases", history / "releases", "--release", "none")
    assert result.exit_code == 2
