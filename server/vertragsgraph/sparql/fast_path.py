"""The short way of most queries: a GET whose answer is kept already, or is short, is answered without ASGI and its tasks.

Whatever isn't as simple as that goes the usual way: from the beginning or, where the query has been asked already, from
there on (an answer that is long, that is to be compressed, or that is a problem).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Protocol

from vertragsgraph.problem import Problem
from vertragsgraph.sparql import compression
from vertragsgraph.sparql.cache import Entry, encoded
from vertragsgraph.sparql.engine import Answer
from vertragsgraph.sparql.exchange import Exchange, Scope, length
from vertragsgraph.sparql.inquiry import Inquiry
from vertragsgraph.sparql.protocol import prepare
from vertragsgraph.sparql.service import Question, Service, about, common, is_known, not_modified, validators

PATH: Final = "/sparql"
_EXTENSION: Final = "vertragsgraph.begun"
_SHORT: Final = 4_096  # a request above is not remembered in the form in which it came


class Connection(Protocol):
    """The HTTP connection that a request came by. One of the methods is called for each request that is taken."""

    peer: str
    """Address of the other end."""

    def respond(self, status: int, head: bytes, body: bytes) -> None:
        """Send a complete response; `head` is its headers as they are sent."""

    def expect(self, begun: Begun) -> None:
        """Wait for `respond` or `hand_over`; tell `begun` where the client leaves before."""

    def hand_over(self, extensions: dict[str, object]) -> None:
        """Have the request answered over ASGI, with these extensions in its scope."""


class FastPath:
    """Answers requests for the query endpoint, as far as they are simple."""

    path: Final = PATH.encode()

    def __init__(self, service: Service) -> None:
        self._service = service

    def take(self, connection: Connection, query_string: bytes, headers: Mapping[bytes, bytes]) -> bool:
        """Answer a GET, or begin to; false where it must go the usual way. Header names are in lower case."""
        accept, accept_encoding = headers.get(b"accept"), headers.get(b"accept-encoding")
        if len(query_string) + len(accept or b"") + len(accept_encoding or b"") > _SHORT or names_html(accept):
            return False
        service = self._service
        # Kept for what is asked a second time.
        shortcut = (service.engine.dataset.identity, query_string, accept, accept_encoding)
        asked = Begun(service, connection, query_string, headers)
        if (entry := service.cache.get_by_shortcut(shortcut)) is not None:
            asked.repeat(entry)
            return True
        try:
            limit = service.settings.query_bytes
            request = prepare("GET", query_string, None, asked.header(b"accept"), b"", max_bytes=limit)
            question = service.question(request, asked.header(b"accept-encoding"))
            if (entry := service.cache.get(question.cache_key)) is not None:
                service.cache.put_shortcut(shortcut, question.cache_key)
                asked.repeat(entry)
            elif is_known(asked, question.key, exists=False):
                asked.confirm(question.key)
            else:
                asked.ask(question)
        except Problem:  # the usual way will meet it again, and tell
            return False
        return True


class Begun(Inquiry):
    """A request on the short way."""

    __slots__ = ("_answer", "_connection", "_question", "_service")

    def __init__(
        self, service: Service, connection: Connection, query_string: bytes, headers: Mapping[bytes, bytes]
    ) -> None:
        super().__init__("GET", PATH, query_string, headers)
        self.client = service.client(connection.peer, headers)
        self._service = service
        self._connection = connection
        self._question: Question
        self._answer: Answer

    def repeat(self, entry: Entry) -> None:
        """Send what is kept, or that it is what the client has already."""
        head, body, key = entry
        if is_known(self, key, exists=True):
            self.confirm(key)
        else:
            self._send(200, head, body, "cached")

    def confirm(self, key: str | None) -> None:
        """Send that nothing has changed."""
        self._send(304, encoded(not_modified(key)), b"", "not-modified")

    def ask(self, question: Question) -> None:
        """Have the engine answer. Raise `Problem` where it takes no more queries, or none from this client."""
        self._question = self._service.enter(self.client, question)
        try:
            self._answer = self._service.engine.ask(question.request, self._begun)
        except Problem:
            self._service.limits.leave(self.client)
            raise
        self._connection.expect(self)

    def leave(self) -> None:
        """Take note that the client is gone: stop the query."""
        self._close()
        self._service.count(self, "gone")

    async def finish(self, exchange: Exchange) -> str:
        """Send the answer over ASGI, or raise the `Problem` that it is; return the outcome."""
        exchange.id, exchange.began = self.id, self.began
        try:
            return await self._service.deliver(exchange, self._question, self._answer)
        finally:
            self._close()

    def _begun(self) -> None:
        answer, question = self._answer, self._question
        body = None if answer.problem else answer.whole
        if body is None or (question.coding and len(body) >= compression.LEAST):
            self._connection.hand_over({_EXTENSION: self})
            return
        question = about(question, answer)
        head = _common(answer.format.content_type) + encoded([*validators(question.key), length(body)])
        self._close()
        if is_known(self, question.key, exists=True):
            self.confirm(question.key)
        else:
            self._send(200, head, body, "ok")
        self._service.keep(question, head, body)

    def _close(self) -> None:
        self._answer.close()
        self._service.limits.spend(self.client, self._answer.seconds)
        self._service.limits.leave(self.client)

    def _send(self, status: int, head: bytes, body: bytes, outcome: str) -> None:
        self.status, self.bytes = status, len(body)
        self._connection.respond(status, b"%bquery-id: %b\r\n" % (head, self.id.encode()), body)
        self._service.count(self, outcome)


def begun_in(scope: Scope) -> Begun | None:
    """Return the request on the short way that an ASGI scope goes on with."""
    extensions = scope.get("extensions")
    return extensions.get(_EXTENSION) if extensions else None


def names_html(accept: bytes | None) -> bool:
    """Tell whether a page may be wanted, not a result."""
    return accept is not None and b"text/html" in accept.lower()


@lru_cache(maxsize=64)
def _common(content_type: str) -> bytes:
    """Return what the heads of all answers in a format have in common, as it is sent."""
    return encoded(common(content_type))
