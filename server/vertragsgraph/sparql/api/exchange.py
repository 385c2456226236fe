"""One request to the endpoint and its response, whichever way the bytes go: over a connection of our own, or over ASGI."""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple

from vertragsgraph.http import encoding
from vertragsgraph.http.conditional import names_any, names_tag
from vertragsgraph.http.fields import COMMON, PREFLIGHT, RELEASE, Headers, decoded, encoded, joined, length
from vertragsgraph.http.http11.connection import Connection
from vertragsgraph.http.language import from_accept_language
from vertragsgraph.http.problem import MEDIA_TYPE, BrokenOffError, Problem
from vertragsgraph.sparql.api.result_cache import Entry
from vertragsgraph.sparql.engine.dataset import Dataset
from vertragsgraph.sparql.engine.engine import Answer
from vertragsgraph.sparql.engine.request import PreparedRequest
from vertragsgraph.texts import ENGLISH, LANGUAGES

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

VARY: Final = (b"vary", b"Accept, Accept-Encoding")
_SPOKEN: Final = tuple(sorted(LANGUAGES, key=ENGLISH.__ne__))  # English is for those who name none that there is
_EXTENSION: Final = "vertragsgraph.exchange"

new_id: Final[Callable[[], str]] = map(f"{os.urandom(6).hex()}{{:x}}".format, itertools.count(1)).__next__
"""Returns what names a request, here and in the log: unique among all processes."""


class Response(NamedTuple):
    """A complete response: its headers as they are sent, but for the query id; and the outcome by which it is counted."""

    status: int
    head: bytes
    body: bytes
    outcome: str


@dataclass(slots=True, eq=False)
class Exchange:
    """A request and what becomes of it.

    Of `headers` the names are in lower case, those of one name joined; `peer` is the address at the other end, `client` who
    is asking as far as limits and log are concerned. `id` is named by the response; `began` is when the request came
    (`time.perf_counter`). `request` is what is asked of the dataset that `identity` names, `coding` the content coding its
    answer may have. `key` is what the answer is known by (`PreparedRequest.key`), None once it is told that the answer is
    good for this once only; `cache_key` is what the response is kept under. `admitted` tells that the request counts among
    its client's, `is_over` that it has been counted; `status` and `size` (of the body) say what has been sent.
    """

    method: str
    path: str
    query_string: bytes
    headers: Mapping[bytes, bytes]
    peer: str
    id: str = field(default_factory=new_id)
    began: float = field(default_factory=time.perf_counter)
    client: str = ""
    request: PreparedRequest = field(init=False)
    answer: Answer | None = None
    identity: str = ""
    coding: str | None = None
    key: str | None = None
    cache_key: str = ""
    admitted: bool = False
    is_over: bool = False
    status: int = 0
    size: int = 0
    _receive: Receive = field(init=False)
    _send: Send = field(init=False)

    @classmethod
    def over_asgi(cls, scope: Scope, receive: Receive, send: Send) -> Exchange:
        """Return the exchange of a request that comes over ASGI, or goes on there (`handed_over`)."""
        exchange = (scope.get("extensions") or {}).get(_EXTENSION)
        if exchange is None:
            peer = scope.get("client")
            headers = joined(scope["headers"])
            exchange = cls(scope["method"], scope["path"], scope["query_string"], headers, peer[0] if peer else "")
        exchange._receive, exchange._send = receive, send
        return exchange

    def handed_over(self) -> dict[str, object]:
        """Return the extensions of an ASGI scope in which this exchange goes on."""
        return {_EXTENSION: self}

    def header(self, name: bytes) -> str | None:
        """Return a request header as text; several of one name are joined."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    # What a response is, by the request's headers.

    def known(self, key: str | None, entry: Entry | None = None, *, exists: bool = False) -> Response | None:
        """Return the response where it is known already: 304, as the client has the answer by this key, or what is kept.

        To GET and HEAD only (RFC 9110, section 13.1.2). `exists` says whether it is known that there is an answer: any
        will do for who asks with `*`.
        """
        if_none_match = self.headers.get(b"if-none-match")
        if if_none_match is not None and key is not None and self.method in {"GET", "HEAD"}:
            text = if_none_match.decode("latin-1")
            if names_tag(text, f'"{key}"') or ((exists or entry is not None) and names_any(text)):
                return Response(304, encoded([*COMMON, VARY]) + _validators(key), b"", "not-modified")
        return None if entry is None else Response(200, entry[0], entry[1], "cached")

    def problem(self, problem: Problem) -> Response:
        """Return the response that a problem is (RFC 9457), in the language of the client; its document names the query id."""
        language = from_accept_language(self.header(b"accept-language") or "", _SPOKEN)
        body = json.dumps({**problem.document(language), "query_id": self.id}).encode()
        headers: Headers = [
            *COMMON,
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-language", problem.language_for(language).encode()),
            (b"vary", b"Accept, Accept-Language"),
            (b"cache-control", b"no-store"),
            length(body),
            *((name.lower().encode(), value.encode()) for name, value in problem.headers.items()),
        ]
        return Response(problem.status, encoded(headers), body, outcome_of(problem))

    # How it is sent: `respond` on the fast path, all else over ASGI.

    def respond(self, connection: Connection, response: Response) -> None:
        """Send a response over a connection of our own."""
        status, head, body, _ = response
        self.status, self.size = status, len(body)
        connection.respond(status, b"%bquery-id: %b\r\n" % (head, self.id.encode()), body)

    async def send(self, response: Response) -> str:
        """Send a response, to HEAD without its body; return its outcome."""
        await self._start(response.status, response.head)
        self.size = len(response.body)
        await self._send({"type": "http.response.body", "body": b"" if self.method == "HEAD" else response.body})
        return response.outcome

    async def stream(self, head: bytes, chunks: AsyncIterator[bytes]) -> str:
        """Send a response piece by piece; return its outcome. Raise `BrokenOffError` where it fails in the midst."""
        await self._start(200, head)
        try:
            if self.method != "HEAD":
                async for chunk in chunks:
                    await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
                    self.size += len(chunk)
            await self._send({"type": "http.response.body", "body": b""})
        except Problem as problem:
            msg = f"query {self.id} was broken off: {problem.detail}"
            raise BrokenOffError(msg) from problem
        return "ok"

    async def body(self) -> AsyncIterator[bytes]:
        """Yield the request's body; raise `BrokenOffError` where it never ends."""
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                msg = f"query {self.id} was broken off: its body did not come"
                raise BrokenOffError(msg)
            yield message.get("body", b"")
            more = message.get("more_body", False)

    async def _start(self, status: int, head: bytes) -> None:
        self.status = status
        headers = [*decoded(head), (b"query-id", self.id.encode())]
        await self._send({"type": "http.response.start", "status": status, "headers": headers})


def head_of(
    dataset: Dataset, content_type: str, key: str | None, coding: str | None = None, size: int | None = None
) -> bytes:
    """Return the head of a response from a dataset with status 200, as it is sent; no size where that isn't known yet."""
    coded = b"content-encoding: %b\r\n" % coding.encode() if coding else b""
    sized = b"" if size is None else b"content-length: %d\r\n" % size
    return b"".join((_common(content_type, dataset.release, dataset.iri), _validators(key), coded, sized))


async def compressed(dataset: Dataset, content_type: str, key: str | None, body: bytes, coding: str | None) -> Response:
    """Return a response from a dataset with status 200, its body compressed where that is wanted and saves anything."""
    if coding is None or len(body) < encoding.LEAST:
        return Response(200, head_of(dataset, content_type, key, None, len(body)), body, "ok")
    body = await encoding.compress(body, coding)
    return Response(200, head_of(dataset, content_type, key, coding, len(body)), body, "ok")


def preflight(allow: str) -> Response:
    """Return the response to OPTIONS: the methods that are offered, to scripts of any origin."""
    headers: Headers = [*COMMON, *PREFLIGHT, (b"allow", allow.encode())]
    return Response(204, encoded(headers), b"", "ok")


def outcome_of(problem: Problem) -> str:
    """Return the outcome by which a problem is counted."""
    if problem.status in {429, 503}:
        return "limited" if problem.status == 429 else "stopped"
    return "refused" if problem.status < 500 else "failed"


@lru_cache(maxsize=256)
def _common(content_type: str, release: str, iri: str) -> bytes:
    """Return what all answers of a kind have, and the release that they come from (RFC 8574)."""
    named: Headers = [(RELEASE, release.encode()), (b"link", f'<{iri}>; rel="cite-as"'.encode())] if release else []
    return encoded([*COMMON, VARY, *named, (b"content-type", content_type.encode())])


def _validators(key: str | None) -> bytes:
    """Return the headers that say how long an answer is good for: until another release, or for this once only.

    The entity tag is weak, because blank nodes may be named anew, and whatever the content coding.
    """
    return b'etag: W/"%b"\r\ncache-control: no-cache\r\n' % key.encode() if key else b"cache-control: no-store\r\n"
