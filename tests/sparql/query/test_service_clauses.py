"""What other endpoints are asked, and what becomes of their answers: held against the engine itself."""

from __future__ import annotations

import json
import socket
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertragsgraph.sparql.query import scan, syntax
from vertragsgraph.sparql.query.diagnosis import diagnose
from vertragsgraph.sparql.query.service_clauses import Question, Reply, UnusableReply, answered, questions

BASE = "http://base.example/x/"
JSON = "application/sparql-results+json"
DATA = [ox.Quad(ox.NamedNode(f"http://e/{i}"), ox.NamedNode("http://p"), ox.Literal(i)) for i in range(3)]


def reply(*rows: dict[str, Any], names: str = "a b c", media_type: str = JSON) -> Reply:
    document = {"head": {"vars": names.split()}, "results": {"bindings": rows}}
    return Reply(media_type, json.dumps(document).encode())


def uri(value: str) -> dict[str, str]:
    return {"type": "uri", "value": value}


def rows(query: str, *replies: Reply | None) -> tuple[list[str], list[list[str]]]:
    """Names and values of the result on `DATA`, with replies from elsewhere."""
    store = ox.Store()
    store.extend(DATA)
    result = store.query(answered(query, BASE, replies))
    assert isinstance(result, ox.QuerySolutions)
    found = sorted(["" if value is None else str(value) for value in row] for row in result)
    return [variable.value for variable in result.variables], found


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("SELECT * { SERVICE <http://ok/> { ?a ?b '}' # }\n } }", ["SELECT * WHERE { ?a ?b '}' # }\n }"]),
        ("SELECT*{?s ?p true.service\nsilent#{\n<http://ok/>{?a ?b ?c}}", ["SELECT * WHERE {?a ?b ?c}"]),
        ("SELECT * { ?s ?p 1.e1SERVICE<http://ok/>{?a ?b ?c} }", ["SELECT * WHERE {?a ?b ?c}"]),
        (
            "BASE <http://b/> # x\nPREFIX a.b: <c/> PREFIX : <http://d/> SELECT * { SERVICE <http://ok/> { ?a a.b:c :d.e } }",
            [
                f"BASE <{BASE}> BASE <http://b/> PREFIX a.b: <c/> PREFIX : <http://d/> SELECT * WHERE {{ ?a a.b:c :d.e }}"
            ],
        ),
        ("ASK { SERVICE <http://ok/> { <r> ?b ?c } }", [f"BASE <{BASE}> SELECT * WHERE {{ <r> ?b ?c }}"]),
        (
            "PREFIX c: <http://c/> ASK { ?s a c:.SERVICE <http://ok/> { ?x ?y ?a } SERVICE <http://ok/> {} }",
            ["PREFIX c: <http://c/> SELECT * WHERE { ?x ?y ?a }", "PREFIX c: <http://c/> SELECT * WHERE {}"],
        ),
        (
            "ASK { SERVICE <http://ok/> { ?a ?b ?c SERVICE SILENT <http://2/> { ?c ?d ?e } } }",
            ["SELECT * WHERE { ?a ?b ?c SERVICE SILENT <http://2/> { ?c ?d ?e } }"],
        ),
        (
            "CONSTRUCT { ?a ?b ?c } { OPTIONAL { GRAPH ?g { SERVICE <http://ok/> { SELECT ?a { ?a ?b [] } } } } }",
            ["SELECT * WHERE { SELECT ?a { ?a ?b [] } }"],
        ),
        ("SELECT * { ?service ?p 'SERVICE', '''service' <x>''' . ?s <http://service/> <service> } # SERVICE", []),
        ("PREFIX service: <http://s/> SELECT * { ?s service:service service:, _:service }", []),
    ],
)
def test_an_endpoint_is_asked_what_stands_between_the_braces(query: str, asked: list[str]) -> None:
    found = questions(query, BASE)
    assert [question.query for question in found] == asked
    assert all(question.iri == "http://ok/" for question in found)
    assert all(question.silent == ("silent" in query) for question in found)


@pytest.mark.parametrize(
    "query",
    [
        # What the engine reads as SERVICE and SPARQL 1.1 (section 19.8) as a part of something longer.
        "SELECT * { ?s ?p trueSERVICE<http://x/> {?a ?b ?c} }",
        "PREFIX : <http://x/> SELECT * { ?s ?p ?o . SERVICE:x {?a ?b ?c} }",
        "PREFIX : <http://x/> PREFIX SERVICE: <http://y/> SELECT * { ?s ?p ?o . SERVICE:x {?a ?b ?c} }",
        "PREFIX : <http://x/> SELECT * { ?s ?p ?o . serviceSilent:x {?a ?b ?c} }",
        "SELECT * { SERVICESILENT <http://x/> {?a ?b ?c} }",
        # What it reads as an operator and a comment.
        "PREFIX ex: <http://e/> SELECT * { BIND(1 AS ?a) FILTER(?a<ex:a#>'''\n) SERVICE <http://x/> {?s ?p ?o} #'''\n }",
        # A string that is not closed, before which an empty one is.
        'SELECT * { VALUES ?x { """x" } SERVICE <http://x/> {?a ?b ?c} }',
        # The same within what another endpoint is asked.
        "SELECT * { SERVICE <http://ok/> { ?s ?p trueSERVICE<http://x/> {?a ?b ?c} } }",
    ],
)
def test_what_only_the_engine_takes_for_a_service_is_refused(query: str) -> None:
    with pytest.raises(scan.ScanError, match="in a form that is not recognised"):
        questions(query, BASE)


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("SELECT * {\n SERVICE <http://ok/> { ?a ?b } }", (2, 31)),
        ("SELECT * { SERVICE <http://ok/> {} UNION {} }", (1, 36)),
    ],
)
def test_a_mistake_is_one_in_the_text_as_it_was_written(query: str, place: tuple[int, int]) -> None:
    with pytest.raises(SyntaxError) as raised:
        questions(query, BASE)
    found = diagnose(query, raised.value)
    assert (found.line, found.column) == place


@pytest.mark.parametrize(
    "form", ["ASK", "SELECT *", "SELECT (COUNT(*) AS ?n)", "DESCRIBE ?s", "CONSTRUCT { ?s ?p ?o }"]
)
def test_nobody_is_asked_while_a_query_is_read(form: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        query = f"{form} {{ SERVICE <http://127.0.0.1:{listener.getsockname()[1]}/> {{ ?s ?p ?o }} }}"
        syntax.check(query)
        (question,) = questions(query, BASE)
        syntax.variables(question.query)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_query_asks_so_often_and_not_more() -> None:
    clause = "SERVICE <http://ok/> {} "
    assert questions(f"ASK {{ {clause * 10} }}", BASE) == [Question("http://ok/", False, "SELECT * WHERE {}")] * 10
    with pytest.raises(scan.ScanError, match="10 times"):
        questions(f"ASK {{ {clause * 11} }}", BASE)


def test_an_answer_is_joined_with_what_is_here() -> None:
    here = "?s <http://p> ?o SERVICE <http://ok/> { ?s ?q ?label }"
    there = reply(
        {"s": uri("http://e/1"), "label": {"type": "literal", "value": "ü\n\"'\\", "xml:lang": "de"}}, names="s q label"
    )
    names, found = rows(f"SELECT * {{ {here} }}", there)
    assert names == ["label", "o", "q", "s"]
    assert found == [['"ü\\n\\"\'\\\\"@de', '"1"^^<http://www.w3.org/2001/XMLSchema#integer>', "", "<http://e/1>"]]
    assert rows(f"SELECT (COUNT(*) AS ?n) {{ ?s <http://p> ?o OPTIONAL {{ {here} }} FILTER(!BOUND(?label)) }}", there)[
        1
    ] == [['"2"^^<http://www.w3.org/2001/XMLSchema#integer>']]
    assert rows(f"SELECT ?o {{ ?s <http://p> ?o FILTER NOT EXISTS {{ {here} }} }}", there)[1] == [
        ['"0"^^<http://www.w3.org/2001/XMLSchema#integer>'],
        ['"2"^^<http://www.w3.org/2001/XMLSchema#integer>'],
    ]


def test_all_that_the_pattern_can_bind_is_a_column_whatever_comes() -> None:
    query = "SELECT * { SERVICE SILENT <http://ok/> { ?a ?b ?c OPTIONAL { ?c ?d _:x } } }"
    assert rows(query, reply(names="a")) == (["a", "b", "c", "d"], [])
    assert rows(query, reply({"a": uri("http://x/")}, names="a other")) == (
        ["a", "b", "c", "d"],
        [["<http://x/>", "", "", ""]],
    )
    # A SILENT one that failed is one solution in which nothing is bound (SPARQL 1.1 Federated Query, section 2.3).
    for failed in (
        None,
        Reply(JSON, b"{"),
        Reply("text/html", b"<html>"),
        Reply("", b""),
        reply(media_type="text/csv"),
    ):
        assert rows(query, failed) == (["a", "b", "c", "d"], [["", "", "", ""]])
    assert rows("SELECT * { SERVICE <http://ok/> { <a:b> <a:c> 1 } }", reply({}, {}, names="")) == ([], [[], []])


@pytest.mark.parametrize(
    "unusable",
    [
        Reply("text/html", b"<html>"),
        Reply(JSON, b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"uri","value":"http://x/"}},'),
        Reply(JSON, b'{"head":{},"boolean":true}'),
        reply({"a": uri("http://x/> } SERVICE <http://y/> { ?s ?p <")}),
        reply({"a": {"type": "literal", "value": "x", "xml:lang": "e n"}}),
        reply({"a": {"type": "literal", "value": "x", "datatype": "http://a b"}}),
        Reply(JSON, b'{"head":{"vars":["a"]},"results":{"bindings":[{}' + b",{}" * 200_000 + b"]}}"),
    ],
)
def test_what_is_no_answer_is_none(unusable: Reply) -> None:
    with pytest.raises(UnusableReply, match="ok, which the query asks by SERVICE, "):
        answered("SELECT * { SERVICE <http://ok/> { ?a ?b ?c } }", BASE, [unusable])


def test_blank_nodes_stay_apart_and_together() -> None:
    node = {"type": "bnode", "value": "b"}
    triple = {"type": "triple", "value": {"subject": node, "predicate": uri("http://p"), "object": node}}
    query = "SELECT * { SERVICE <http://1/> { ?a ?b ?c } SERVICE <http://2/> { ?d ?e ?f } }"
    names, [row] = rows(query, reply({"a": node, "c": triple}), reply({"d": node}, names="d"))
    found = dict(zip(names, row, strict=True))
    assert found["a"].startswith("<http://base.example/.well-known/genid/")
    assert found["c"] == f"{found['a']} <http://p> {found['a']}"
    assert found["d"] != found["a"]


terms = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])).map(lambda value: {"type": "literal", "value": value}),
    st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["de", "de-CH", "zh-Hans-x-a"])).map(
        lambda value: {"type": "literal", "value": value[0], "xml:lang": value[1]}
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5).map(
        lambda value: {"type": "literal", "value": value, "datatype": "http://www.w3.org/2001/XMLSchema#integer"}
    ),
    st.text("abc/?äß'()*", max_size=9).map(lambda value: uri(f"http://x/%41{value}#a")),
    st.none(),
)


@given(st.lists(st.tuples(terms, terms), max_size=5))
def test_any_answer_comes_through_as_it_is(given_rows: list[tuple[Any, Any]]) -> None:
    there = reply(
        *({name: term for name, term in zip("ab", row, strict=True) if term} for row in given_rows), names="a b"
    )
    expected = ox.parse_query_results(there.body, ox.QueryResultsFormat.JSON)
    assert isinstance(expected, ox.QuerySolutions)
    wanted = sorted(["" if term is None else str(term) for term in row] for row in expected)
    assert rows("SELECT ?a ?b { SERVICE <http://ok/> { ?a ?p ?b } }", there)[1] == wanted
