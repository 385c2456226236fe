"""HTTP/1.1 requests as they come over the wire (RFC 9112), read by httptools; no input or output here."""

from __future__ import annotations

import re
from typing import Final

import httptools

from vertragsgraph.problem import Problem

TARGET_BYTES: Final = 65_536
"""Greatest length of a request target."""

MAX_FIELDS: Final = 100
"""Greatest number of header fields."""

_LINE_BYTES: Final = TARGET_BYTES + 64  # the longest request line: beside the target a method and the version
_FRAMING_BYTES: Final = 65_536  # extensions and trailers of a chunked body, from one piece of content to the next
_END_OF_HEAD: Final = re.compile(rb"\n\r?\n")
_REQUEST_LINE: Final = re.compile(rb"[^ \r\n]+ [^ \r\n]+ HTTP/\d\.\d\r\n")
_NOT_ASCII: Final = re.compile(rb"[^\x00-\x7f]")
_UPGRADE: Final = re.compile(rb"(?i)\nupgrade:[^\n]*")
_ORIGIN: Final = re.compile(rb"(?i)https?://[^/?]*")


def end_of_head(data: bytes, searched: int, header_bytes: int) -> int:
    r"""Return where the head ends that `data` begins with, 0 where that isn't here yet; before `searched` it doesn't.

    Raise `Problem` (414, 431) as soon as it is longer than it may be: the target `TARGET_BYTES`, the header section
    `header_bytes` or `MAX_FIELDS` fields.

    >>> end_of_head(b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET", 0, 1_000)
    27
    """
    found = _END_OF_HEAD.search(data, searched)
    end = found.end() if found else 0
    line = data.find(b"\n", 0, _LINE_BYTES)
    if line < 0 and len(data) >= _LINE_BYTES:
        detail = f"The address may have up to {TARGET_BYTES} bytes. POST what is longer than that."
        raise Problem(414, detail, limit="target", bytes=TARGET_BYTES)
    size = (end or len(data)) - line - 1
    if line >= 0 and size > header_bytes:
        detail = f"All header fields together may have up to {header_bytes} bytes. Send fewer or shorter ones."
        raise Problem(431, detail, limit="header", bytes=header_bytes)
    if end and data.count(b"\n", 0, end) - 2 > MAX_FIELDS:
        raise Problem(431, f"Up to {MAX_FIELDS} header fields are taken.", limit="header", fields=MAX_FIELDS)
    return end


class Request:
    """A request whose head is here; `feed` takes the body.

    `method` is in ASCII, `path` and `query_string` are as they came but for bytes beyond ASCII, which are percent-encoded;
    names in `headers` are in lower case. `keep_alive` says whether the connection may serve another request. `body` is
    what came of the body and nobody took out yet; it is `complete` when all has come.
    """

    __slots__ = (
        "_framing",
        "_in_body",
        "_left",
        "_parser",
        "_tail",
        "_target",
        "body",
        "complete",
        "expects_continue",
        "headers",
        "keep_alive",
        "method",
        "path",
        "query_string",
        "version",
    )

    _parser: httptools.HttpRequestParser
    _left: int | None  # of a body with a Content-Length

    def __init__(self, head: bytes) -> None:
        """Read a head, from its first byte to the empty line at its end. Raise `Problem` (400, 405) where it is none.

        Upgrade is ignored, as it may be (RFC 9110, section 7.8).
        """
        if not head.isascii():
            line, end, fields = head.partition(b"\n")
            head = _NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], line) + end + fields
        try:
            try:
                self._read(head)
            except httptools.HttpParserUpgrade:
                # The parser would leave the rest of the connection to the other protocol, body and all.
                self._read(_UPGRADE.sub(b"", head))
        except httptools.HttpParserUpgrade:
            allow = {"Allow": "GET, HEAD, POST, OPTIONS"}
            raise Problem(405, "This is no proxy: CONNECT is not offered.", headers=allow) from None
        except httptools.HttpParserError as error:
            raise _malformed(head, error) from None
        self._take_target()
        self._take_fields()

    def feed(self, data: bytes) -> bytes:
        """Take more of the body; return what comes after its end. Raise `Problem` (400) where it can't be a body."""
        if self._left is None:
            return self._feed_chunks(data)
        piece, rest = data[: self._left], data[self._left :]
        self.body += piece
        self._left -= len(piece)
        self.complete = not self._left
        return rest

    def on_url(self, target: bytes) -> None:
        """Take a piece of the request target (httptools)."""
        self._target += target

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field (httptools); those after a chunked body don't count."""
        if not self._in_body:
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Take what the parser knows now, and not any more when the request is complete (httptools)."""
        self._in_body = True
        self.method = self._parser.get_method().decode("ascii")
        self.version = self._parser.get_http_version()
        self.keep_alive = self.version == "1.1" and self._parser.should_keep_alive()

    def on_body(self, data: bytes) -> None:
        """Take a piece of a chunked body (httptools)."""
        self.body += data
        self._framing = 0

    def on_message_complete(self) -> None:
        """Note that the request is complete (httptools)."""
        self.complete = True

    def _read(self, head: bytes) -> None:
        self._target = self._tail = b""
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = bytearray()
        self.complete = self._in_body = False
        self._framing = 0
        self._parser = httptools.HttpRequestParser(self)
        self._parser.feed_data(head)

    def _take_target(self) -> None:
        """Take the target apart (RFC 9112, section 3.2): origin-form, absolute-form, or the asterisk of OPTIONS."""
        target = self._target.partition(b"#")[0]
        if not target.startswith(b"/") and (origin := _ORIGIN.match(target)):
            target = target[origin.end() :]
            target = target if target.startswith(b"/") else b"/" + target
        path, _, self.query_string = target.partition(b"?")
        if not path.startswith(b"/") and not (target == b"*" and self.method == "OPTIONS"):
            raise Problem(400, "The address in the first line of a request begins with “/”.")
        self.path = path

    def _take_fields(self) -> None:
        hosts, length, self.expects_continue = 0, 0, False
        for name, value in self.headers:
            if name == b"host":
                hosts += 1
            elif name == b"content-length":
                length = int(value)
            elif name == b"expect":
                self.expects_continue = value.lower() == b"100-continue" and self.version == "1.1"
        if hosts > 1 or (not hosts and self.version == "1.1"):
            raise Problem(400, "A request names its host once, in one Host field (RFC 9112, section 3.2).")
        self._left = length or None

    def _feed_chunks(self, data: bytes) -> bytes:
        """Feed a chunked body to the parser.

        It ends with an empty line, so each piece that is fed ends with one at the latest: the parser sees nothing of what
        comes after the body.
        """
        data, fed = self._tail + data, len(self._tail)
        try:
            while fed < len(data) and not self.complete:
                found = data.find(b"\r\n\r\n", max(0, fed - 3))
                end = found + 4 if found >= 0 else len(data)
                self._framing += end - fed
                self._parser.feed_data(data[fed:end])
                fed = end
        except httptools.HttpParserError:
            raise Problem(400, "The body is not in chunks as they have to be (RFC 9112, section 7.1).") from None
        if self._framing > _FRAMING_BYTES:
            raise Problem(400, "The body has much between its chunks, and little in them.")
        self._tail = data[max(0, fed - 3) : fed]
        return data[fed:]


def _malformed(head: bytes, error: httptools.HttpParserError) -> Problem:
    if isinstance(error, httptools.HttpParserInvalidMethodError):
        return Problem(400, "The request begins with a method that is none of HTTP's, such as GET or POST.")
    if isinstance(error, httptools.HttpParserInvalidURLError) or not _REQUEST_LINE.match(head):
        detail = "The first line of a request is its method, its address and “HTTP/1.1”, with a blank between each two."
        return Problem(400, f"{detail} Percent-encode blanks and control characters in the address.")
    return Problem(400, "The header fields are not as HTTP wants them (RFC 9112, section 5).", reason=str(error))
