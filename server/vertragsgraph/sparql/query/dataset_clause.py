"""The dataset that a query names itself (FROM, FROM NAMED; SPARQL 1.1, section 13.2).

Imported by worker processes: nothing but the standard library and pyoxigraph.
"""

from __future__ import annotations

import pyoxigraph as ox

from vertragsgraph.sparql.query import scan


def dataset_clause(query: str, base: str) -> tuple[list[str], list[str]] | None:
    """Return the IRIs of the default and of the named graphs that a query names, as often as it names them.

    None where they can't be read: then the query has an error, which its parser tells better.

    >>> dataset_clause("PREFIX g: <graph/> ASK FROM g:a FROM NAMED <graph/a> { ?s ?p 'FROM' }", "http://example.org/")
    (['http://example.org/graph/a'], ['http://example.org/graph/a'])
    """
    tokens = [*scan.code(query)]
    prologue = scan.prologue(query)
    default: list[str] = []
    named: list[str] = []
    for place, token in enumerate(tokens):
        if scan.is_word(token, "FROM"):
            following = tokens[place + 1 : place + 3]
            if following and scan.is_word(following[0], "NAMED"):
                named.extend(term[0] for term in following[1:])
            else:
                default.extend(term[0] for term in following[:1])
    try:
        return _resolved(default, prologue, base), _resolved(named, prologue, base)
    except SyntaxError:
        return None


def _resolved(terms: list[str], prologue: str, base: str) -> list[str]:
    """Return the IRIs that terms stand for after a prologue, told by the parser that will read the query's own."""
    document = prologue + "".join(f"\n{term} <urn:x> <urn:x> ." for term in terms)
    quads = ox.parse(document, format=ox.RdfFormat.TURTLE, base_iri=base)
    return [quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)]
