from __future__ import annotations

import pyoxigraph as ox
import pytest

from vertragsgraph.sparql.diagnosis import Diagnosis, diagnose


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
    ],
)
def test_the_place_is_that_of_the_mistake(query: str, line: int, column: int, said: str) -> None:
    found = diagnosis(query)
    assert (found.line, found.column) == (line, column), found
    assert said in found.message


def test_what_is_missing_is_named() -> None:
    assert "{" in diagnosis("SELECT ?x WHERE ?s ?p ?o").message


def test_long_queries_are_left_to_the_parser() -> None:
    query = "SELECT * { " + "?s ?p ?o . " * 5000
    assert diagnosis(query).line == 1
