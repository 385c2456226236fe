"""A query as an engine takes it."""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

from vertragsgraph.http.problem import Problem
from vertragsgraph.message import Message
from vertragsgraph.rdf.media_types import GRAPHS, SOLUTIONS, Format
from vertragsgraph.texts import marked


class PreparedRequest(NamedTuple):
    """A query as an engine takes it.

    `default_graphs` and `named_graphs` are None where the request names no dataset; else they are as `graph_set` returns
    them, so that `key` and an engine see the same. An IRI that is no graph of the store stands for an empty graph, as it
    does after FROM (SPARQL 1.1, section 13.2: a dataset is what it is said to be, and a graph store holds an empty graph
    under every name it does not use). `solutions` and `graph` are the formats for SELECT and ASK, and for CONSTRUCT and
    DESCRIBE: which is needed only the engine can tell. `seconds` is what the client grants the query, never more than the
    server does.
    """

    query: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    solutions: Format | None = SOLUTIONS[0]
    graph: Format | None = GRAPHS[0]
    seconds: float | None = None

    def key(self, identity: str) -> str:
        """Return a digest of everything that the answer depends on, given the identity of the dataset (for ETags).

        The deadline does not count, as an answer is whole or none.
        """
        solutions, graph = self.solutions and self.solutions.media_type, self.graph and self.graph.media_type
        graphs = f"{self.default_graphs}\n{self.named_graphs}"
        what = f"{identity}\n{solutions}\n{graph}\n{graphs}\n{self.query}"  # nothing before the query has line breaks
        return blake2b(what.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def not_acceptable(kind: str | None) -> Problem:
    """Return the problem that says which formats exist for a kind of result (all, where the kind is not known)."""
    solutions = [offer.media_type for offer in SOLUTIONS]
    graphs = [offer.media_type for offer in GRAPHS]
    tell = {
        "graph": (marked("The answers to CONSTRUCT and DESCRIBE exist in these formats: {formats}."), graphs),
        None: (marked("The answers to queries exist in these formats: {formats}."), solutions + graphs),
    }
    otherwise = (marked("The answers to SELECT and ASK exist in these formats: {formats}."), solutions)
    text, known = tell.get(kind, otherwise)
    known = list(dict.fromkeys(known))
    return Problem(406, Message(text, formats=tuple(known)), available=known)
