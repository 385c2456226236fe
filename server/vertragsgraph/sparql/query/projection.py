"""The columns of `SELECT *`: in the order in which the query names its variables, as with other engines.

SPARQL leaves the order open (SPARQL 1.1, section 16.1.2), and Oxigraph's is that of the alphabet. Imported by worker
processes: nothing but the standard library and pyoxigraph.
"""

from __future__ import annotations

import re
from typing import Final

import pyoxigraph as ox

from vertragsgraph.sparql.query import scan

_STAR: Final = re.compile(r"(?:\s|#[^\n\r]*[\n\r])*+\*")
_NOTHING: Final = ox.Store()


def in_order_of_appearance(text: str, query: str, base: str) -> str:
    """Return a query whose `SELECT *` names the variables; any other query as it is.

    The order is that of `query`, which `text` was made from with the same words up to the asterisk. Raise `SyntaxError`.

    >>> query = "SELECT * { ?s ?p ?o }"
    >>> in_order_of_appearance(query, query, "http://example.org/")
    'SELECT ?s ?p ?o { ?s ?p ?o }'
    """
    star = _star(text)
    if star < 0:
        return text
    try:
        result = _NOTHING.query(text, base_iri=base)
    except (OSError, ValueError, RuntimeError):  # it has been read; the store will tell what is the matter
        return text
    in_scope = [variable.value for variable in result.variables] if isinstance(result, ox.QuerySolutions) else []
    named = dict.fromkeys(token[0][1:] for token in scan.tokens(query) if token.lastgroup == "variable")
    ordered = [name for name in named if name in in_scope]
    if ordered == in_scope or len(ordered) < len(in_scope):
        return text
    return f"{text[:star]}{' '.join(f'?{name}' for name in ordered)}{text[star + 1 :]}"


def _star(text: str) -> int:
    """Return the offset of the asterisk in the first clause of a query, -1 where it has none."""
    if "*" not in text:
        return -1
    expected = {"SELECT"}
    for token in scan.tokens(text):
        if token.lastgroup != "word" or token[0].upper() in scan.PROLOGUE:
            continue
        if token[0].upper() not in expected:
            return -1
        if found := _STAR.match(text, token.end()):
            return found.end() - 1
        expected = {"DISTINCT", "REDUCED"}
    return -1
