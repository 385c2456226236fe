"""`/graphs` and `/graph/…`: whole graphs (SPARQL 1.1 Graph Store HTTP Protocol), from the files of the release where it has them.

A query for a whole graph takes time as the graph is large, and in the end too long. So only what no file holds is asked for.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from vertragsgraph.http.problem import Problem
from vertragsgraph.rdf.media_types import GRAPHS
from vertragsgraph.release import Release
from vertragsgraph.release.contents.dumps import GRAPHS as FOLDER
from vertragsgraph.sparql.api.graph_store import chosen_format, graph_meant
from vertragsgraph.sparql.api.protocol import parse_parameters
from vertragsgraph.sparql.api.service import Service
from vertragsgraph.texts import both
from vertragsgraph.web.publication.file_response import send_file
from vertragsgraph.web.site.site import site_of
from vertragsgraph.web.site.visits import counted

LARGE: Final = 100_000
"""Triples of a graph that is given in the formats of its files only: to write it in another one takes too long."""
_OF_ALL: Final = ("ttl", "nt", "jsonld", "rdf")
_OF_ONE: Final = ("ttl", "nt")


class Graphs:
    """The graphs of the release that is being served (an ASGI application)."""

    def __init__(self, asking: ASGIApp, service: Service) -> None:
        """`asking` answers what no file holds."""
        self._asking = asking
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI); raise `Problem` (406, 416)."""
        response = _file(Request(scope)) if scope["method"] in {"GET", "HEAD"} else None
        if response:
            await counted(self._service, response, scope, receive, send)
        else:
            await self._asking(scope, receive, send)


def _file(request: Request) -> Response | None:
    """Return the file that is asked for; None where there is none, or the request is out of form."""
    site = site_of(request)
    release = site.release
    try:
        parameters = parse_parameters(request.scope["query_string"])
        graph = graph_meant(request.url.path, parameters, release.base)
    except Problem:
        return None
    path, names, triples = _files(release, graph)
    accept, offers = request.headers.get("accept"), [offer for offer in GRAPHS if offer.name in names]
    try:
        chosen = chosen_format(parameters, accept, GRAPHS)
        if chosen.name not in names and triples > LARGE:
            chosen = chosen_format(parameters, accept, offers)
    except Problem as problem:
        if not path or triples <= LARGE:
            return None
        types = list(dict.fromkeys(offer.media_type for offer in offers))
        detail = both(
            "a graph of {count} triples is given as {types} only; the dumps hold everything in each format",
            count=triples,
            types=", ".join(types),
        )
        raise Problem(406, detail, available=types) from problem
    if not path or chosen.name not in names:
        return None
    return send_file(request, release, f"{path}.{chosen.name}", site.modified, {"Vary": "Accept"})


def _files(release: Release, graph: str | None) -> tuple[str, Collection[str], int]:
    """Return where the files of a graph lie (`""` where there are none), their extensions, and how many triples it has."""
    if graph is None:
        return (f"dumps/{release.key}" if release.beside else ""), _OF_ALL, release.manifest.triples
    role = graph.removeprefix(f"{release.base}graph/")
    path = f"{FOLDER}/{role}"
    return (path if f"{path}.nt.gz" in release.manifest.files else ""), _OF_ONE, release.counts.get(role, 0)
