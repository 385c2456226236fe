"""`SELECT *` has its columns in the order in which the query names them, and the same rows as before."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from vertragsgraph.sparql.query.projection import in_order_of_appearance

BASE = "http://example.org/"
DATA = '<a:s> <a:p> "1" .\n<a:s> <a:q> <a:t> .\n<a:t> <a:p> "2" .'


@pytest.fixture(scope="module")
def store() -> ox.Store:
    made = ox.Store()
    made.bulk_load(DATA, format=ox.RdfFormat.N_TRIPLES)
    return made


def rows(store: ox.Store, query: str) -> list[dict[str, str]]:
    result = store.query(query, base_iri=BASE)
    assert isinstance(result, ox.QuerySolutions)
    names = [variable.value for variable in result.variables]
    return sorted(({n: str(row[n]) for n in names} for row in result), key=lambda row: sorted(row.items()))


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT * { ?s ?p ?o }", "s p o"),
        ("PREFIX a: <a:> # ?z *\nselect distinct * WHERE { ?s a:p ?o . ?o2 a:q/a:p* ?s }", "s o o2"),
        ("SELECT # all of them\n * { ?x ?p ?o FILTER(?o > ?nothing || true) }", "x p o"),
        ("SELECT * { ?s ?p ?o { SELECT ?b (COUNT(?z) AS ?a) { ?b ?y ?z } GROUP BY ?b } }", "s p o b a"),
        ("SELECT * { $s ?p ?o MINUS { ?s ?z ?a } BIND(1 AS ?b) } ORDER BY ?o", "s p o b"),
        ('SELECT * { ?s ?p "?a ?b" } VALUES (?z ?s) { (1 <a:s>) }', "s p z"),
        ("SELECT ?p ?s { ?s ?p ?o }", "p s"),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "n"),
        ("SELECT ?x { { SELECT * { ?x ?p ?a } } }", "x"),
    ],
)
def test_columns_stand_in_the_order_of_appearance(store: ox.Store, query: str, columns: str) -> None:
    ordered = in_order_of_appearance(query, query, BASE)
    result = store.query(ordered, base_iri=BASE)
    assert isinstance(result, ox.QuerySolutions)
    assert [variable.value for variable in result.variables] == columns.split()
    assert rows(store, ordered) == rows(store, query)


@pytest.mark.parametrize("query", ["ASK { ?s ?p ?o }", "DESCRIBE * { ?s ?p ?o }", "CONSTRUCT { ?s ?p 1 } { ?s a* ?p }"])
def test_other_queries_stay_as_they_are(query: str) -> None:
    assert in_order_of_appearance(query, query, BASE) == query
