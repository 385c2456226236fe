from __future__ import annotations

import pyoxigraph as ox
import pytest

from vertragsgraph.sparql.query.diagnosis import Diagnosis, diagnose


def diagnosis(query: str) -> Diagnosis:
    with pytest.raises(SyntaxError) as raised:
        ox.Store().query(query)
    return diagnose(query, raised.value)


@pytest.mark.parametrize(
    ("query", "line", "column", "said"),
    [
        ("SELECT * { ?s ?p }", 1, 18, "found “}”"),
        ("SELECT *\n{ ?s ?p ?o . ?x }", 2, 17, "found “}”"),
        ("SELECT (1 AS ?x) { FILTER(?a > ) }", 1, 32, "found “)”"),
        ("SELECT * {} SELECT", 1, 13, "found “SELECT”"),
        ("INSERT DATA { <a:a> <a:b> 1 }", 1, 1, "SELECT"),
        ("SELECT ?x", 1, 10, "the query ends there"),
        ("", 1, 1, "the query ends there"),
        ("ASK {\n ?s ?p foo:x }", 2, 8, "prefix of “foo:x” is not declared"),
        ("SELECT * { ?s ?p 'a\n }", 1, 18, "found “'”"),
        ("SELECT * # }\n{ ?s ?p ?o }}", 2, 13, "found “}”"),
        ("SELEKT * { ?s ?p ?o }", 1, 1, "found “SELEKT”"),
        ("SELECT (xsd:integer('1') AS ?x) {}", 1, 9, "prefix of “xsd:integer” is not declared"),
        ("SELECT * { ?s ?p ?o FILTER(xsd:integer(?o) > 1) }", 1, 28, "prefix of “xsd:integer” is not declared"),
        ("SELECT * { ?s ?p ?o BIND(1 AS ?s) }", 1, 31, "BIND gives a value to ?s, which has one already"),
        ("SELECT * { ?s ?p ?o BIND(1 AS ?s)\n ?s ?p ?x }", 1, 31, "BIND gives a value to ?s"),
        ("SELECT ?s ?p (COUNT(*) AS ?n)\n{ ?s ?p ?o } GROUP BY ?s", 1, 11, "?p is neither grouped nor aggregated"),
        ("SELECT (COUNT(?x) AS ?n)\n ?y { ?x ?p ?y }", 2, 2, "?y is neither grouped nor aggregated"),
        ("SELECT * {\n { SELECT ?a (MAX(?c) AS ?d) { ?a ?b ?c } } }", 2, 11, "?a is neither grouped"),
    ],
)
def test_the_place_is_that_of_the_mistake(query: str, line: int, column: int, said: str) -> None:
    found = diagnosis(query)
    assert (found.line, found.column) == (line, column), found
    assert said in found.message


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?x WHERE ?s ?p ?o", ", expected “{”."),
        ("SELECT ?s { ?s ?p ?o } ORDER ?s", ", expected BY."),
        ("SELECT ?s { ?s ?p ?o } LIMIT x", ", expected a number."),
        ("SELECT * { ?s ?p 1^^ }", ", expected “,”, “;”"),
        (
            "SELECT * { ?s ?p }",
            ", expected a variable, an IRI, a string, a blank node, true or false, a number, “(” or “[”.",
        ),
    ],
)
def test_what_could_stand_there_is_named_in_the_words_of_the_grammar(query: str, expected: str) -> None:
    assert expected in diagnosis(query).message


def test_long_queries_are_left_to_the_parser() -> None:
    query = "SELECT * { " + "?s ?p ?o . " * 5000
    assert diagnosis(query).line == 1
