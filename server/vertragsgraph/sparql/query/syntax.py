"""SPARQL read by the engine's own parser, and not evaluated. Imported by worker processes."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

_NOTHING: Final = ox.Store()
# pyoxigraph has no parser to itself. It reads a query, then refuses to substitute a variable that is not there.
_NO_VARIABLE: Final[dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]] = {
    ox.Variable("vertragsgraph_that_no_query_has"): ox.Literal("")
}


def check(query: str, base: str | None = None) -> None:
    """Raise `SyntaxError` where a query can't be read.

    >>> check("ASK { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }")
    """
    try:
        _NOTHING.query(query, base_iri=base, substitutions=_NO_VARIABLE)
    except (RuntimeError, OSError):  # OSError where it has the variable, after all
        return


def variables(query: str, base: str | None = None) -> list[ox.Variable]:
    """Return the variables of the solutions of a SELECT query."""
    solutions = _NOTHING.query(query, base_iri=base)
    return solutions.variables if isinstance(solutions, ox.QuerySolutions) else []
