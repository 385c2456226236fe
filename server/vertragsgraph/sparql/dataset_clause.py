"""The dataset that a query names itself (FROM, FROM NAMED; SPARQL 1.1, section 13.2).

Imported by worker processes: nothing but the standard library and pyoxigraph.
"""

from __future__ import annotations

import re

import pyoxigraph as ox

from vertragsgraph.sparql import scan


def dataset_clause(query: str, base: str) -> tuple[list[str], list[str]] | None:
    """Return the IRIs of the default and of the named graphs that a query names, as often as it names them.

    None where they can't be read: then the query has an error, which its parser tells better.

    >>> dataset_clause("PREFIX g: <graph/> ASK FROM g:a FROM NAMED <graph/a> { ?s ?p 'FROM' }", "http://example.org/")
    (['http://example.org/graph/a'], ['http://example.org/graph/a'])
    """
    tokens = [token for token in scan.tokens(query) if token.lastgroup != "comment"]
    prologue = _prologue(tokens)
    default: list[str] = []
    named: list[str] = []
    for place, token in enumerate(tokens):
        if _is_word(token, "FROM"):
            following = tokens[place + 1 : place + 3]
            if following and _is_word(following[0], "NAMED"):
                named.extend(term[0] for term in following[1:])
            else:
                default.extend(term[0] for term in following[:1])
    try:
        return _resolved(default, prologue, base), _resolved(named, prologue, base)
    except SyntaxError:
        return None


def _prologue(tokens: list[re.Match[str]]) -> str:
    """Return the declarations at the beginning of a query (section 4.1), which Turtle has, too."""
    texts: list[str] = []
    place = 0
    while place < len(tokens):
        length = 2 if _is_word(tokens[place], "BASE") else 3 if _is_word(tokens[place], "PREFIX") else 0
        if not length:
            break
        texts += [token[0] for token in tokens[place : place + length]]
        place += length
    return " ".join(texts)


def _resolved(terms: list[str], prologue: str, base: str) -> list[str]:
    """Return the IRIs that terms stand for after a prologue, told by the parser that will read the query's own."""
    document = prologue + "".join(f"\n{term} <urn:x> <urn:x> ." for term in terms)
    quads = ox.parse(document, format=ox.RdfFormat.TURTLE, base_iri=base)
    return [quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)]


def _is_word(token: re.Match[str], word: str) -> bool:
    return token.lastgroup == "word" and token[0].upper() == word
