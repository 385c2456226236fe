"""Answers as the checks read them, whether they came by the HTTP client or by a bare connection."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

_SHOWN: Final = 240
_LINK: Final = re.compile(r'<([^>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^",;\s]+))*)')
_RELATION: Final = re.compile(r'(?i);\s*rel\s*=\s*"?([^";]*)')


class NoAnswerError(Exception):
    """A request got no answer; `asked` is the request, `reason` what the network said."""

    def __init__(self, asked: str, reason: str) -> None:
        self.asked = asked
        self.reason = reason
        super().__init__(f"{asked}: {reason}")


@dataclass(frozen=True)
class Answer:
    """The response to a request (`asked`); `body` has its content coding still. `is_whole` is false where it broke off."""

    asked: str
    url: httpx.URL
    status: int
    headers: httpx.Headers
    body: bytes = b""
    is_whole: bool = True

    def came(self, *names: str) -> str:
        """Return the answer as text: its status, and the headers named."""
        return ", ".join([str(self.status), *(f"{name}: {self.header(name)[:_SHOWN] or '-'}" for name in names)])

    def header(self, name: str) -> str:
        """Return a header, those of one name joined; nothing where there is none."""
        return str(self.headers.get(name, ""))

    @property
    def media_type(self) -> str:
        """The media type without its parameters."""
        return self.header("Content-Type").partition(";")[0].strip().lower()

    @property
    def is_redirect(self) -> bool:
        """Whether the client is sent elsewhere (RFC 9110, section 15.4)."""
        return self.status in {301, 302, 303, 307, 308}

    @property
    def location(self) -> httpx.URL:
        """Where the client is sent to, as an absolute address; where it is none, the address that was asked."""
        try:
            return self.url.join(self.header("Location"))
        except httpx.InvalidURL:
            return self.url

    @property
    def is_problem(self) -> bool:
        """Whether this is a problem document (RFC 9457)."""
        return self.media_type == "application/problem+json" and "detail" in self.json()

    @property
    def digest(self) -> str:
        """The digest of the bytes sent, as `Repr-Digest` has it (RFC 9530, section 3)."""
        return f"sha-256=:{base64.b64encode(hashlib.sha256(self.body).digest()).decode()}:"

    @property
    def text(self) -> str:
        """The body as text, without its content coding."""
        try:
            body = gzip.decompress(self.body) if self.header("Content-Encoding") == "gzip" else self.body
        except (OSError, EOFError, zlib.error):
            return ""
        return body.decode("utf-8", "replace")

    def json(self) -> Mapping[str, Any]:
        """Return the body as an object of JSON; an empty one where it is none."""
        try:
            document = json.loads(self.text)
        except ValueError:
            return {}
        return document if isinstance(document, dict) else {}

    def links(self) -> list[tuple[str, list[str]]]:
        """Return the targets of the Link header as they stand there, with their relations (RFC 8288)."""
        found = _LINK.findall(self.header("Link"))
        return [(target, " ".join(_RELATION.findall(parameters)).lower().split()) for target, parameters in found]
