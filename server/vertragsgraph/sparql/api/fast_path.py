"""The short way of most queries: a GET that is answered at once, or by a short result, without ASGI and its tasks.

What is answered, and how, the service decides as it does for every request; here it only goes back over the connection
it came by. What can't be sent at once goes the usual way: from the beginning (where its client must wait), or from the
answer on (one that is long, or that is to be compressed).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vertragsgraph.http.http11.connection import Connection
from vertragsgraph.http.problem import Problem
from vertragsgraph.sparql.api.exchange import Exchange
from vertragsgraph.sparql.api.protocol import prepare
from vertragsgraph.sparql.api.service import Service

PATH: Final = "/sparql"
_SHORT: Final = 4_096  # a request above is not remembered in the form in which it came


class FastPath:
    """Answers requests for the query endpoint, as far as they are simple."""

    path = PATH.encode()

    def __init__(self, service: Service) -> None:
        self._service = service

    def take(self, connection: Connection, query_string: bytes, headers: Mapping[bytes, bytes]) -> bool:
        """Answer a GET, or begin to; false where it must go the usual way. Header names are in lower case."""
        accept, accept_encoding = headers.get(b"accept"), headers.get(b"accept-encoding")
        service, cache = self._service, self._service.cache
        shortcut = (service.engine.dataset.identity, query_string, accept, accept_encoding)
        key = cache.shortcuts.get(shortcut)
        entry = None if key is None else cache.entries.get(key)
        if entry is None and not _is_short(query_string, accept, accept_encoding):
            return False
        exchange = Exchange("GET", PATH, query_string, headers, connection.peer)
        try:
            if key is not None and entry is not None:
                cache.shortcuts.move_to_end(shortcut)
                cache.entries.move_to_end(key)
                response = exchange.known(entry[2], entry)
            else:
                accepted = None if accept is None else accept.decode("latin-1")
                request = prepare("GET", query_string, None, accepted, b"", max_bytes=service.settings.query_bytes)
                response = service.look_up(exchange, request)
                if response is not None and response.outcome == "cached":
                    cache.shortcuts.put(shortcut, exchange.cache_key)  # for those who ask a third time
            if response is None:
                begun = Begun(service, connection, exchange)
                if is_asked := service.ask(exchange, begun.go_on):
                    connection.expect(begun)
                return is_asked
        except Problem as problem:
            response = exchange.problem(problem)
        exchange.respond(connection, response)
        service.finish(exchange, response.outcome)
        return True


def _is_short(query_string: bytes, accept: bytes | None, accept_encoding: bytes | None) -> bool:
    """Tell whether the short way will do: not where a page may be wanted."""
    size = len(query_string) + len(accept or b"") + len(accept_encoding or b"")
    return size <= _SHORT and (accept is None or b"text/html" not in accept.lower())


@dataclass(slots=True, eq=False)
class Begun:
    """A request on the short way that the engine computes."""

    service: Service
    connection: Connection
    exchange: Exchange

    def go_on(self) -> None:
        """Send the answer now that it has begun, or have it sent over ASGI."""
        exchange, answer = self.exchange, self.exchange.answer
        try:
            response = self.service.complete(exchange, answer) if answer else None
        except Problem as problem:
            response = exchange.problem(problem)
        if response is None:
            self.connection.hand_over(exchange.handed_over())
        else:
            exchange.respond(self.connection, response)
            self.service.finish(exchange, response.outcome)

    def leave(self) -> None:
        """Take note that the client is gone: stop the query."""
        self.service.finish(self.exchange, "gone")
