"""The protocol's answers over HTTP, from real workers on a real port."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import httpx
import pyoxigraph
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.slow
EX = "http://example.org/"
NAME = f"SELECT ?name {{ <{EX}id/7> <{EX}name> ?name }}"


def ask(server: Any, method: str = "GET", **arguments: Any) -> httpx.Response:
    with server.client() as client:
        return client.request(method, "/sparql", **arguments)


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/xml", "application/xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
    ],
)
def test_solutions_in_every_format_as_rdflib_reads_them(server: Any, accept: str, content_type: str) -> None:
    response = ask(server, params={"query": NAME}, headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, content_type)
    reader = (
        "xml" if "xml" in accept else "json" if accept == "*/*" else content_type.partition(";")[0].rpartition("/")[2]
    )
    result = rdflib.query.Result.parse(
        source=io.BytesIO(response.content), format={"tab-separated-values": "tsv"}.get(reader, reader)
    )
    (row,) = list(result)
    assert str(row[0]) == 'Müller, "7"\nÜber'
    if accept != "text/csv":
        assert row[0].language == "de"


def test_csv_is_as_the_specification_says(server: Any) -> None:
    response = ask(server, params={"query": NAME, "format": "csv"})
    assert response.content == 'name\r\n"Müller, ""7""\nÜber"\r\n'.encode()


def test_the_columns_of_an_asterisk_stand_in_the_order_of_the_query(server: Any) -> None:
    response = ask(server, params={"query": "SELECT * { ?s ?p ?o } LIMIT 1", "format": "csv"})
    assert response.text.partition("\r\n")[0] == "s,p,o"


def test_json_without_rows_says_what_occurs_nowhere(server: Any) -> None:
    query = f"SELECT * {{ ?s <https{EX[4:]}name> ?o ; <{EX}nothing> ?x }}"
    found = ask(server, params={"query": query}).json()
    assert found["results"] == {"bindings": []}
    assert found["absent"] == [
        {"term": f"<https{EX[4:]}name>", "meant": f"{EX}name"},
        {"term": f"<{EX}nothing>", "meant": ""},
    ]
    assert "absent" not in ask(server, params={"query": NAME}).json()
    body = ask(server, params={"query": query}).content  # and others can read it
    assert rdflib.query.Result.parse(io.BytesIO(body), format="json").bindings == []
    assert list(pyoxigraph.parse_query_results(body, pyoxigraph.QueryResultsFormat.JSON)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "content_type", "reader"),
    [
        ("turtle", "text/turtle; charset=utf-8", "turtle"),
        ("nt", "application/n-triples", "nt"),
        ("jsonld", "application/ld+json", "json-ld"),
        ("rdf", "application/rdf+xml", "xml"),
        ("trig", "application/trig", "trig"),
        ("nq", "application/n-quads", "nquads"),
    ],
)
def test_graphs_in_every_format_as_rdflib_reads_them(server: Any, name: str, content_type: str, reader: str) -> None:
    query = f"PREFIX ex: <{EX}> CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), '{EX}id/1')) }}"
    plain = rdflib.Graph().parse(data=ask(server, params={"query": query, "format": "nt"}).text, format="nt")
    response = ask(server, params={"query": query, "format": name})
    assert (response.status_code, response.headers["content-type"]) == (200, content_type)
    read = rdflib.Dataset().parse(data=response.content, format=reader)
    assert set(plain) == {(s, p, o) for s, p, o, _ in read.quads()}
    assert len(plain) == 111 * 3
    if name == "turtle":
        assert "@prefix ex:" in response.text


def test_describe_tells_what_all_graphs_say(server: Any) -> None:
    response = ask(server, params={"query": f"DESCRIBE <{EX}id/7>", "format": "nt"})
    assert len(response.text.splitlines()) == 3


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ASK { ?s ?p 7 }", True),
        ("ASK { ?s ?p 7000 }", False),
        ("ASK { GRAPH ?g { ?s ?p 7 } }", True),
        ("ASK { ?s ?p ?o FILTER(?o = 7) }", True),
    ],
)
def test_ask(server: Any, query: str, expected: bool) -> None:
    assert ask(server, params={"query": query}).json()["boolean"] is expected
    assert (
        ask(server, params={"query": query}, headers={"Accept": "text/html, application/xml;q=0.1"}).text.count(
            str(expected).lower()
        )
        == 1
    )


@pytest.mark.parametrize("escaped", ["a%2Fb", "a%20b", "straße", "ünï"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_iris_are_decoded_exactly_once(server: Any, escaped: str, method: str) -> None:
    query = f"SELECT ?label {{ <{EX}id/{escaped}> <{EX}label> ?label }}"
    response = ask(server, method, **({"params": {"query": query}} if method == "GET" else {"data": {"query": query}}))
    assert [row["label"]["value"] for row in response.json()["results"]["bindings"]] == [escaped]


def numbers(response: httpx.Response) -> int:
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


COUNT = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"
COUNT_NAMED = "SELECT (COUNT(*) AS ?n) {} {{ GRAPH ?g {{ ?s ?p ?o }} }}"
CONTRACTS, AGENTS, ELSEWHERE = (f"{EX}graph/{name}" for name in ("contracts", "agents", "elsewhere"))


@pytest.mark.parametrize(
    ("query", "parameters", "count"),
    [
        (COUNT.format(""), {}, 1204),
        (COUNT_NAMED.format(""), {}, 1204),
        (COUNT.format(f"FROM <{AGENTS}>"), {}, 404),
        (COUNT.format(f"FROM NAMED <{AGENTS}>"), {}, 0),
        (COUNT_NAMED.format(f"FROM NAMED <{AGENTS}>"), {}, 404),
        (COUNT.format(f"FROM <{AGENTS}>"), {"default-graph-uri": CONTRACTS}, 800),
        (COUNT.format(""), {"default-graph-uri": [CONTRACTS, AGENTS]}, 1204),
        (COUNT.format(""), {"named-graph-uri": CONTRACTS}, 0),
        (COUNT_NAMED.format(""), {"named-graph-uri": CONTRACTS}, 800),
        (COUNT_NAMED.format(f"FROM NAMED <{AGENTS}>"), {"named-graph-uri": CONTRACTS}, 800),
        (COUNT.format(""), {"default-graph-uri": ELSEWHERE}, 0),
        (COUNT.format(f"FROM <{ELSEWHERE}>"), {}, 0),
    ],
)
def test_datasets(server: Any, query: str, parameters: dict[str, Any], count: int) -> None:
    assert numbers(ask(server, params={"query": query, **parameters})) == count
    assert numbers(ask(server, "POST", data={"query": query, **parameters})) == count
    posted = ask(server, "POST", params=parameters, content=query, headers={"Content-Type": "application/sparql-query"})
    assert numbers(posted) == count


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(
        ["SELECT * {} LIMIT 1", "ASK {}", "CONSTRUCT WHERE { ?s ?p 7 }", "DESCRIBE <http://a/>", "NONSENSE"]
    ),
    st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=40)
    | st.sampled_from(["text/turtle", "image/*", "text/csv"]),
    st.lists(st.sampled_from([CONTRACTS, ELSEWHERE, "x", "urn:a b", "http://ä/", ""]), max_size=3),
)
def test_whatever_is_asked_is_answered_or_refused(server: Any, query: str, accept: str, graphs: list[str]) -> None:
    headers = {"Accept": accept.strip().encode("latin-1")}
    response = ask(
        server, params={"query": query, "default-graph-uri": graphs, "named-graph-uri": graphs[:1]}, headers=headers
    )
    assert response.status_code in {200, 400, 406}, response.text


def test_a_syntax_error_has_a_place(server: Any) -> None:
    response = ask(server, params={"query": "SELECT * {\n  ?s ?p }"})
    problem = response.json()
    assert (response.status_code, response.headers["content-type"]) == (400, "application/problem+json")
    assert (problem["line"], problem["column"]) == (2, 9)
    assert problem["query_id"] == response.headers["query-id"]
    assert "}" in problem["detail"]


@pytest.mark.parametrize(
    ("language", "answered", "parameters", "detail"),
    [
        (
            "de-AT, en;q=0.5",
            "de",
            {"query": "ASK { ?s ?p }"},
            "Syntaxfehler in Zeile 1, Spalte 13: gefunden: „}“, erwartet: ",
        ),
        (
            "fr",
            "fr",
            {"query": "SELECT ?s { ?s ?p ?o } LIMIT x"},
            "trouvé\N{NBSP}: «\N{NBSP}x\N{NBSP}», attendu\N{NBSP}: un nombre.",
        ),
        (
            "fr",
            "fr",
            {"query": "ASK { ?s ?p foo:x }"},
            "Le préfixe de «\N{NBSP}foo:x\N{NBSP}» n’est pas déclaré (ligne 1, colonne 13)",
        ),
        (
            "de",
            "de",
            {"query": "ASK {} # " + "x" * 9, "timeout": "soon"},
            "„timeout“ ist eine Zahl von Sekunden größer als 0.",
        ),
        ("de", "de", {"query": "CLEAR ALL"}, "CLEAR wird abgelehnt: Was hier angeboten wird, lässt sich nur lesen."),
        ("fr", "fr", {"query": "ASK { SERVICE <http://a.test/> {} }"}, "SERVICE est refusé ici."),
        ("tlh", "en", {"query": "CLEAR ALL"}, "CLEAR is refused: what is served here is read-only."),
        ("", "en", {"query": "CLEAR ALL"}, "CLEAR is refused: what is served here is read-only."),
    ],
)
def test_problems_are_told_in_the_language_of_the_client(
    server: Any, language: str, answered: str, parameters: dict[str, str], detail: str
) -> None:
    response = ask(server, params=parameters, headers={"Accept-Language": language})
    assert detail in response.json()["detail"]
    assert response.headers["content-language"] == answered
    assert response.headers["vary"] == "Accept, Accept-Language"


def test_formats_that_the_kind_of_query_does_not_have(server: Any) -> None:
    response = ask(server, params={"query": NAME}, headers={"Accept": "text/turtle"})
    assert response.status_code == 406
    assert "text/csv" in response.json()["available"]
    response = ask(server, params={"query": "CONSTRUCT WHERE { ?s ?p ?o }"}, headers={"Accept": "text/csv"})
    assert response.status_code == 406
    assert "text/turtle" in response.json()["available"]


def test_what_xml_can_not_express_is_refused(server: Any) -> None:
    control = 'SELECT ("a\\u0001" AS ?x) {}'.replace("\\u0001", "\x01")
    assert ask(server, params={"query": control, "format": "xml"}).status_code == 406
    assert (
        ask(server, params={"query": control, "format": "json"}).json()["results"]["bindings"][0]["x"]["value"]
        == "a\x01"
    )
    construct = "CONSTRUCT { <http://a/> <http://b/1/2> 3 } WHERE {}"
    assert ask(server, params={"query": construct, "format": "rdf"}).status_code == 406


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods(server: Any, method: str) -> None:
    response = ask(server, method, params={"query": NAME})
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")


def test_options_tell_browsers_what_they_may_send(server: Any) -> None:
    response = ask(server, "OPTIONS", headers={"Origin": "http://a", "Access-Control-Request-Method": "POST"})
    assert response.status_code == 204
    assert "POST" in response.headers["access-control-allow-methods"]
    assert response.headers["access-control-allow-origin"] == "*"


def test_head_answers_as_get_does_without_a_body(server: Any) -> None:
    got = ask(server, params={"query": NAME})
    head = ask(server, "HEAD", params={"query": NAME})
    assert head.content == b""
    for name in ("content-type", "content-length", "etag", "vary", "cache-control"):
        assert head.headers[name] == got.headers[name]
    large = ask(server, "HEAD", params={"query": "SELECT * { ?s ?p ?o . ?x ?y ?z } LIMIT 20000"})
    assert (large.status_code, large.content) == (200, b"")


def test_an_unchanged_answer_is_not_sent_again_and_no_worker_asked(server: Any) -> None:
    query = f"SELECT * {{ <{EX}id/11> ?p ?o }}"
    tag = ask(server, params={"query": query}).headers["etag"]
    again = ask(server, params={"query": query}, headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    for header in (tag, "*"):  # 304 answers GET and HEAD only (RFC 9110, section 15.4.5)
        assert ask(server, "POST", data={"query": query}, headers={"If-None-Match": header}).status_code == 200
    never_asked = f"SELECT * {{ <{EX}id/12> ?p ?o }}"
    other = ask(server, params={"query": never_asked}, headers={"If-None-Match": tag})
    assert other.status_code == 200


def test_repeated_queries_come_from_the_cache_and_volatile_ones_never(server: Any) -> None:
    before = server.service.metrics.queries.counted("cached")
    first, second = (ask(server, params={"query": f"SELECT * {{ <{EX}id/13> ?p ?o }}"}) for _ in range(2))
    posted = ask(server, "POST", data={"query": f"SELECT * {{ <{EX}id/13> ?p ?o }}"})
    assert first.content == second.content == posted.content
    assert server.service.metrics.queries.counted("cached") == before + 2
    for function in ("NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"):
        response = ask(server, params={"query": f"SELECT ({function} AS ?x) {{}}"})
        assert response.headers["cache-control"] == "no-store"
        assert "etag" not in response.headers
    numbers = {ask(server, params={"query": "SELECT (RAND() AS ?x) {}"}).text for _ in range(3)}
    assert len(numbers) == 3


def test_compression_by_negotiation(server: Any) -> None:
    query = f"SELECT * {{ ?s <{EX}number> ?o }} ORDER BY ?o LIMIT 300"
    plain = ask(server, params={"query": query}, headers={"Accept-Encoding": "identity"})
    packed = ask(server, params={"query": query}, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content) / 3
    assert packed.json() == plain.json()
    large = "SELECT * { ?s ?p ?o . ?x ?y ?z } LIMIT 20000"
    streamed = ask(server, params={"query": large}, headers={"Accept-Encoding": "gzip"})
    assert streamed.headers["content-encoding"] == "gzip"
    assert streamed.content == ask(server, params={"query": large}, headers={"Accept-Encoding": "identity"}).content
    assert len(json.loads(streamed.content)["results"]["bindings"]) == 20_000


def test_a_body_that_is_too_long_is_refused_before_it_is_read(server: Any) -> None:
    limit = server.service.settings.query_bytes
    for content_type in ("application/sparql-query", "application/x-www-form-urlencoded"):
        response = ask(server, "POST", content=b"a" * (limit + 1), headers={"Content-Type": content_type})
        assert response.status_code == 413

    def pieces() -> Any:
        for _ in range(20):
            yield b"a" * (limit // 10)

    response = ask(server, "POST", content=pieces(), headers={"Content-Type": "application/sparql-query"})
    assert response.status_code == 413


def test_no_answer_may_be_run_as_a_page(server: Any) -> None:
    response = ask(server, params={"query": "<script>alert(1)</script>"}, headers={"Accept": "text/html, */*"})
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in response.headers["content-security-policy"]
    assert response.headers["content-type"] == "application/problem+json"


def test_a_compressed_request_is_refused_as_such(server: Any) -> None:
    headers = {"Content-Type": "application/sparql-query", "Content-Encoding": "gzip"}
    response = ask(server, "POST", content=gzip.compress(b"ASK {}"), headers=headers)
    assert (response.status_code, response.headers["accept-encoding"]) == (415, "identity")


def test_what_a_format_cannot_express_is_not_acceptable(server: Any) -> None:
    query = "CONSTRUCT { <urn:s> <urn:p> <<( <urn:a> <urn:b> <urn:c> )>> } WHERE {}"
    assert ask(server, params={"query": query}, headers={"Accept": "application/ld+json"}).status_code == 406
    assert "<<( <urn:a>" in ask(server, params={"query": query}, headers={"Accept": "text/turtle"}).text


def test_each_format_is_named_once_and_the_problem_is_in_ascii(server: Any) -> None:
    response = ask(server, params={"query": "ASK {}"}, headers={"Accept": "text/html"})
    available = response.json()["available"]
    assert (response.status_code, len(available)) == (406, len(set(available)))
    assert ask(server, params={"query": "ASK { ?s “ }"}).content.isascii()


@pytest.mark.parametrize(
    "clauses",
    [
        "FROM <{g}> FROM <{g}>",
        "FROM <graph/contracts> FROM g:contracts FROM <{g}>",
        "FROM <graph/contracts> # FROM\n FROM <../graph/contracts>",
    ],
)
def test_a_graph_that_is_named_twice_counts_once(server: Any, clauses: str) -> None:
    clauses = clauses.format(g=f"{EX}graph/contracts")
    named = clauses.replace("FROM <", "FROM NAMED <").replace("FROM g", "FROM NAMED g")
    prologue = f"PREFIX g: <{EX}graph/> SELECT (COUNT(*) AS ?n)"
    queries = [f"{prologue} {clauses} {{ ?s ?p ?o }}", f"{prologue} {named} {{ GRAPH ?g {{ ?s ?p ?o }} }}"]
    queries.append(f"{prologue} {clauses} {named} {{ ?s ?p ?o . GRAPH ?g {{ ?s ?p ?o }} }}")
    assert [ask(server, params={"query": query, "format": "csv"}).text for query in queries] == ["n\r\n800\r\n"] * 3
    # Only what is named is there.
    neither = f"{prologue} {named} {{ ?s ?p ?o }}", f"{prologue} {clauses} {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    assert [ask(server, params={"query": query, "format": "csv"}).text for query in neither] == ["n\r\n0\r\n"] * 2


def test_what_nobody_expected_is_a_problem_too(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: Any) -> str:
        raise KeyError("secret")

    monkeypatch.setattr(server.service, "answer", fail)
    response = ask(server, "POST", data={"query": "ASK {}"})
    assert (response.status_code, response.headers["content-type"]) == (500, "application/problem+json")
    assert response.json()["query_id"] == response.headers["query-id"]
    assert "secret" not in response.text
