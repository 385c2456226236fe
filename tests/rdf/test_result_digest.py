"""The digest of a result is of what it says, not of how it came."""

from __future__ import annotations

import hashlib

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, Store, parse_query_results

from vertragsgraph.rdf import result_digest
from vertragsgraph.rdf.result_digest import ResultDigest, TooLongError, digest_of, read_digest

DATA = rb"""
<a:1> <a:name> "Zo\u00eb\t\"x\"\u0085"@de , "_:b" ; <a:number> 1 .
<a:2> <a:name> "b" ; <a:knows> [ <a:name> "c" ; <a:knows> [ <a:name> "d" ] ] .
"""


def store(data: bytes = DATA) -> Store:
    made = Store()
    made.load(data, RdfFormat.TURTLE)
    return made


def sha256(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def test_rows_are_terms_of_canonical_n_triples_sorted_below_the_variables() -> None:
    found = digest_of(store().query("SELECT ?n ?x ?v { <a:1> ?p ?v . BIND(STR(?v) AS ?n) }"))
    expected = (
        "?n\t?x\t?v\n"
        '"1"\t\t"1"^^<http://www.w3.org/2001/XMLSchema#integer>\n'
        '"Zoë\\t\\"x\\"\x85"\t\t"Zoë\\t\\"x\\"\x85"@de\n'
        '"_:b"\t\t"_:b"\n'
    )
    assert found == ResultDigest(sha256(expected), 3)


def test_rows_that_are_there_twice_count_twice() -> None:
    assert digest_of(store().query("SELECT (1 AS ?x) { <a:1> ?p ?o }")).rows == 3


@pytest.mark.parametrize(("query", "text"), [("ASK {}", "true\n"), ("ASK { ?s <a:none> ?o }", "false\n")])
def test_yes_and_no(query: str, text: str) -> None:
    assert digest_of(store().query(query)) == ResultDigest(sha256(text), 1)


def test_a_graph_is_its_triples_each_once() -> None:
    found = digest_of(store().query("CONSTRUCT { <a:s> <a:p> ?t } { <a:1> <a:name> ?o BIND(LANG(?o) AS ?t) }"))
    assert found == ResultDigest(sha256('<a:s> <a:p> "" .\n<a:s> <a:p> "de" .\n'), 2)
    assert digest_of(store().query("CONSTRUCT { <a:s> <a:p> 1 } { ?s ?p ?o }")).rows == 1


@pytest.mark.parametrize(
    "query",
    ["SELECT * { ?s ?p ?o }", "SELECT * { ?s ?p ?o } ORDER BY DESC(?o)", "CONSTRUCT WHERE { ?s ?p ?o }"],
)
def test_neither_the_names_of_blank_nodes_nor_the_order_of_rows_count(query: str) -> None:
    renamed = DATA.replace(b"[ <a:name>", b"_:z .\n_:z <a:name>", 1).replace(b"] ] .", b"] .")
    assert digest_of(store().query(query)) == digest_of(store(renamed).query(query))


def test_which_blank_node_is_which_counts() -> None:
    one, two = b"[] <a:p> 1 ; <a:q> 2 .", b"[] <a:p> 1 . [] <a:q> 2 ."
    for query in ("SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"):
        results = [digest_of(store(data).query(query)) for data in (one, two)]
        assert results[0].digest != results[1].digest
        assert results[0].rows == results[1].rows == 2


def test_a_result_that_went_through_json_is_the_same() -> None:
    query = "SELECT * { ?s ?p ?o OPTIONAL { ?o <a:name> ?n } }"
    text = store().query(query).serialize(format=QueryResultsFormat.JSON)  # type: ignore[union-attr, call-arg]
    assert text is not None
    assert digest_of(parse_query_results(text, format=QueryResultsFormat.JSON)) == digest_of(store().query(query))


def test_what_is_too_long_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_digest, "MOST", 100)
    with pytest.raises(TooLongError, match="cite a dump"):
        digest_of(store().query("SELECT * { ?s ?p ?o }"))


def test_a_digest_is_read_as_it_was_written() -> None:
    digest = ResultDigest(sha256(""), 7)
    assert read_digest(digest.json()) == digest
