"""SPARQL 1.1 Graph Store HTTP Protocol, reading only: whole graphs as RDF (sections 4 and 5.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vertragsgraph.http.accept import best_format
from vertragsgraph.http.problem import Problem
from vertragsgraph.message import Message
from vertragsgraph.rdf.media_types import GRAPHS, Format, by_name
from vertragsgraph.sparql.api.exchange import Exchange, Receive, Scope, Send, preflight
from vertragsgraph.sparql.api.protocol import Parameters, check_iri, named_format, parse_parameters, timeout
from vertragsgraph.sparql.api.service import Service
from vertragsgraph.sparql.engine.request import PreparedRequest, not_acceptable

ALLOW: Final = "GET, HEAD, OPTIONS"
EVERYTHING: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


class GraphStore:
    """The graph store: an ASGI application for `/graphs` (`?default`, `?graph=IRI`) and for `/graph/…`.

    Below `/graph/` a graph is identified by the path itself: base IRI and path make up its IRI.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        await self._service.handle(Exchange.over_asgi(scope, receive, send), self._respond)

    async def _respond(self, exchange: Exchange) -> str:
        if exchange.method == "OPTIONS":
            return await exchange.send(preflight(ALLOW))
        if exchange.method not in {"GET", "HEAD"}:
            detail = Message("{method} is not offered here: graphs are read-only.", method=exchange.method)
            raise Problem(405, detail, headers={"Allow": ALLOW})
        return await self._service.answer(exchange, self._prepare(exchange))

    def _prepare(self, exchange: Exchange) -> PreparedRequest:
        parameters = parse_parameters(exchange.query_string)
        graph = self._graph(exchange.path, parameters)
        if graph is not None and graph not in self._service.engine.dataset.graphs:
            known = tuple(self._service.engine.dataset.graphs)
            raise Problem(
                404, Message("There is no graph <{graph}>; the graphs are: {known}.", graph=graph, known=known)
            )
        chosen = chosen_format(parameters, exchange.header(b"accept"), GRAPHS)
        default, named = ((graph,), ()) if graph is not None else (None, None)
        return PreparedRequest(EVERYTHING, default, named, None, chosen, timeout(parameters))

    def _graph(self, path: str, parameters: Parameters) -> str | None:
        return graph_meant(path, parameters, self._service.engine.dataset.base)


def graph_meant(path: str, parameters: Parameters, base: str) -> str | None:
    """Return the IRI of the graph that is meant; None for the default graph. Raise `Problem` (400) where it isn't one."""
    if "/graph/" in path:
        return f"{base}graph/{path.rpartition('/graph/')[2]}"
    graphs, default = parameters.get("graph", []), "default" in parameters
    if len(graphs) + default != 1:
        raise Problem(400, Message("Name one graph: “?default”, or “?graph=” and its IRI."))
    if default:
        return None
    check_iri(graphs[0])
    return graphs[0]


def chosen_format(parameters: Parameters, accept: str | None, offers: Sequence[Format]) -> Format:
    """Return the format that is wanted of those offered; raise `Problem` (406) where it is none of them."""
    name = named_format(parameters)
    chosen = by_name(name, offers) if name else best_format(accept, offers)
    if chosen is None:
        raise not_acceptable("graph")
    return chosen
