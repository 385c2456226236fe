"""Problem documents for HTTP interfaces (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from vertragsgraph.message import Message
from vertragsgraph.texts import ENGLISH, Language, both, marked, said, translate

MEDIA_TYPE: Final = "application/problem+json"
PHRASES: Final = (
    marked("Bad Request"),
    marked("Forbidden"),
    marked("Not Found"),
    marked("Method Not Allowed"),
    marked("Not Acceptable"),
    marked("Gone"),
    marked("Too Many Requests"),
    marked("Internal Server Error"),
    marked("Service Unavailable"),
    marked("Request Entity Too Large"),
    marked("Content Too Large"),
    marked("Unsupported Media Type"),
    marked("Unprocessable Entity"),
    marked("Unprocessable Content"),
    marked("Bad Gateway"),
    marked("Gateway Timeout"),
)
"""The titles of documents, two of them as Python up to 3.12 has them and later; those that no catalogue has are English."""


class Problem(Exception):
    """A request can't be answered: raised anywhere in the views, answered as an RFC 9457 problem document.

    `detail` says what was wrong and what to do: a message, or (a mapping) in each language, else in English; `extensions`
    are further members (`line`, `column`, `limit` …); `headers` go into the response (`Retry-After`, `Allow` …).
    """

    def __init__(
        self,
        status: int,
        detail: str | Mapping[Language, str],
        *,
        title: str = "",
        headers: Mapping[str, str] | None = None,
        **extensions: Any,
    ) -> None:
        self.status = status
        self.title = title or HTTPStatus(status).phrase
        self._details: Mapping[Language, str] = {ENGLISH: detail} if isinstance(detail, str) else detail
        self.detail = self._details[ENGLISH]
        self.headers = dict(headers or {})
        self.extensions = extensions
        super().__init__(self.detail)

    def detail_in(self, language: Language) -> str:
        """Return the detail in a language, in English where it is not known in that language."""
        return said(self._details.get(language, self.detail), language)

    def language_for(self, language: Language) -> Language:
        """Return the language in which `detail_in` answers somebody who asks for one."""
        return language if language in self._details or isinstance(self.detail, Message) else ENGLISH

    def document(self, language: Language = ENGLISH) -> dict[str, Any]:
        """Return the members of the problem document (RFC 9457, section 3.1), in a language where there is the detail in it."""
        title = translate(self.title, self.language_for(language))
        return {"title": title, "status": self.status, "detail": self.detail_in(language), **self.extensions}

    def body(self, language: Language = ENGLISH) -> bytes:
        """Return the problem document as JSON; in ASCII, because its media type names no charset and some clients guess."""
        return json.dumps(self.document(language)).encode()


def unexpected() -> Problem:
    """Return the problem of something that went wrong in the server and can't be said more exactly."""
    detail = both("something went wrong in the server; its log says what, under the id of this request")
    return Problem(500, detail, headers={"Cache-Control": "no-store"})


class BrokenOffError(ConnectionError):
    """A response can't be completed: the server must break the connection off, so that nobody takes it for whole."""
