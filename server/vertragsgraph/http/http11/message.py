"""HTTP/1.1 requests as they come over the wire (RFC 9112), read by httptools; no input or output here."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import httptools

from vertragsgraph.http.fields import joined
from vertragsgraph.http.problem import Problem

TARGET_BYTES: Final = 65_536
"""Greatest length of a request target."""

MAX_FIELDS: Final = 100
"""Greatest number of header fields."""

_LINE_BYTES: Final = TARGET_BYTES + 64  # the longest request line: beside the target a method and the version
_ANY_LINE: Final = b"POST / HTTP/1.1\r\n"  # httptools reads what comes after it, whatever the method
_KNOWN_BYTES: Final = 1_024  # header sections up to this length are remembered: clients send the same again and again
_END_OF_HEAD: Final = re.compile(rb"\n\r?\n")
_METHOD: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TARGET: Final = re.compile(rb"[\x21-\x7e\x80-\xff]+")
_USUAL: Final = bytes({*range(0x21, 0x7F)} - {ord("#")})  # in a target
_VERSIONS: Final = {b"HTTP/1.1": "1.1", b"HTTP/1.0": "1.0"}
_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")
_ORIGIN: Final = re.compile(rb"(?i)https?://[^/?]*")
_NO_LINE: Final = (
    "The first line of a request is its method, its address and “HTTP/1.1”, with one blank between each two. "
    "Percent-encode blanks and control characters in the address."
)


def next_head(data: bytes, searched: int, header_bytes: int) -> tuple[int, Head | None]:
    """Return where the head ends that `data` begins with, and the head; 0 and None where that isn't here yet.

    Before `searched` it doesn't end. Raise `Problem` (414, 431) as soon as it is longer than it may be: the target
    `TARGET_BYTES`, the header section `header_bytes`; 400 where it can't be a head.
    """
    # Clients ask the same again and again: what is short is read once only, which halves the time of a cached answer.
    read = _known_head if len(data) <= _KNOWN_BYTES else _next_head
    return read(data, searched, header_bytes)


def _next_head(data: bytes, searched: int, header_bytes: int) -> tuple[int, Head | None]:
    found = _END_OF_HEAD.search(data, searched)
    end = found.end() if found else 0
    if end and data[end - 4 : end] != b"\r\n\r\n":
        raise Problem(400, "Each line of a request's head ends with CR LF (RFC 9112, section 2.2).")
    size = end or len(data)
    if size > header_bytes or size >= _LINE_BYTES:
        line = data.find(b"\n", 0, _LINE_BYTES) + 1
        if not line and size >= _LINE_BYTES:
            detail = f"The address may have up to {TARGET_BYTES} bytes. POST what is longer than that."
            raise Problem(414, detail, limit="target", bytes=TARGET_BYTES)
        if line and size - line > header_bytes:
            detail = f"All header fields together may have up to {header_bytes} bytes. Send fewer or shorter ones."
            raise Problem(431, detail, limit="header", bytes=header_bytes)
    return end, Head(data[:end]) if end else None


class Fields:
    """The header section of a request, as httptools reads it.

    `headers` are the fields as they came, their names in lower case; in `by_name` those of one name are joined. `length`
    is that of the body, None where it comes in chunks; `keep_alive` says that the client doesn't want the connection closed.
    """

    __slots__ = ("by_name", "expects_continue", "headers", "hosts", "keep_alive", "length")

    def __init__(self, lines: bytes) -> None:
        """Read the lines after the request line, the empty one included. Raise `Problem` (400, 431) where they can't be."""
        self.headers: list[tuple[bytes, bytes]] = []
        try:
            httptools.HttpRequestParser(self).feed_data(_ANY_LINE + lines)
        except httptools.HttpParserUpgrade:
            pass  # all fields are read; Upgrade may be ignored (RFC 9110, section 7.8), and so it is
        except httptools.HttpParserError as error:
            detail = "The header fields are not as they have to be (RFC 9112, sections 5 and 6)."
            raise Problem(400, detail, reason=str(error)) from None
        if len(self.headers) > MAX_FIELDS:
            raise Problem(
                431, f"A request may have up to {MAX_FIELDS} header fields.", limit="header", fields=MAX_FIELDS
            )
        self.by_name = joined(self.headers)
        self.hosts = sum(name == b"host" for name, _ in self.headers)
        connection = self.by_name.get(b"connection", b"").lower().split(b",")
        self.keep_alive = b"close" not in (option.strip() for option in connection)
        self.expects_continue = self.by_name.get(b"expect", b"").lower() == b"100-continue"
        coding = self.by_name.get(b"transfer-encoding")
        if coding is not None and coding.lower() != b"chunked":
            raise Problem(400, "A body comes as it is or in chunks; other transfer codings are not taken.")
        self.length = int(self.by_name.get(b"content-length", b"0")) if coding is None else None

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field (httptools)."""
        self.headers.append((name.lower(), value.rstrip(b" \t")))


class Head:
    """The head of a request; nothing in it may be changed.

    `path` and `query_string` are as they came, but for bytes beyond ASCII, which are percent-encoded. `keep_alive` says
    whether the connection may serve another request, `is_simple` that it may and that this is a GET of a query, without body.
    """

    __slots__ = ("expects_continue", "fields", "is_simple", "keep_alive", "method", "path", "query_string", "version")

    def __init__(self, head: bytes) -> None:
        """Read a head, from its first byte to the empty line at its end. Raise `Problem` (400, 431) where it can't be one."""
        method, _, rest = head.partition(b" ")
        target, _, rest = rest.partition(b" ")
        version, _, lines = rest.partition(b"\r\n")
        if target.translate(None, _USUAL) or target[:1] != b"/":
            target = _origin_form(target)
        if version not in _VERSIONS or not target or not _METHOD.fullmatch(method):
            raise Problem(400, _NO_LINE)
        fields = self.fields = _known_fields(lines) if len(lines) <= _KNOWN_BYTES else Fields(lines)
        self.method = method.decode("ascii")
        self.version = _VERSIONS[version]
        if fields.hosts != 1 and (fields.hosts or self.version == "1.1"):
            raise Problem(400, "A request names its host once, in one Host field (RFC 9112, section 3.2).")
        self.path, _, self.query_string = target.partition(b"?")
        if not self.path.startswith(b"/") and not (target == b"*" and self.method == "OPTIONS"):
            raise Problem(400, "The address in the first line of a request begins with “/”.")
        self.keep_alive = fields.keep_alive and self.version == "1.1"
        self.expects_continue = fields.expects_continue and self.version == "1.1"
        self.is_simple = bool(self.query_string) and self.keep_alive and method == b"GET" and fields.length == 0

    def body(self) -> Body | None:
        """Return the body that comes after the head; None where there is none."""
        length = self.fields.length
        return None if length == 0 else Body(length)


_known_head: Final = lru_cache(maxsize=256)(_next_head)
_known_fields: Final = lru_cache(maxsize=256)(Fields)


class Body:
    """The body of a request: what came of it and nobody took yet; it is `complete` when all has come.

    One in chunks is taken apart by httptools (RFC 9112, section 7.1); its trailers are thrown away.
    """

    __slots__ = ("_content", "_left", "_parser", "_tail", "complete")

    def __init__(self, length: int | None) -> None:
        """Given the length, None where it comes in chunks."""
        self.complete = False
        self._content = bytearray()
        self._left = length
        self._tail = b""
        if length is None:
            self._parser = httptools.HttpRequestParser(self)
            self._parser.feed_data(_ANY_LINE + b"Transfer-Encoding: chunked\r\n\r\n")

    def __len__(self) -> int:
        """Return how much there is to take."""
        return len(self._content)

    def feed(self, data: bytes) -> bytes:
        """Take more of the body; return what comes after its end. Raise `Problem` (400) where it can't be a body."""
        left = self._left
        if left is None:
            return self._feed_chunks(data)
        self._content += data[:left]
        self._left = max(0, left - len(data))
        self.complete = not self._left
        return data[left:]

    def take(self) -> bytes:
        """Return what came since this was called last."""
        content = bytes(self._content)
        self._content.clear()
        return content

    def _feed_chunks(self, data: bytes) -> bytes:
        # A body in chunks ends with an empty line, so each piece that is fed ends with one at the latest: the parser sees
        # nothing of what comes afterwards.
        data, fed = self._tail + data, len(self._tail)
        try:
            while fed < len(data) and not self.complete:
                found = data.find(b"\r\n\r\n", max(0, fed - 3))
                end = found + 4 if found >= 0 else len(data)
                self._parser.feed_data(data[fed:end])
                fed = end
        except httptools.HttpParserError as error:
            detail = "The body does not come in chunks as it has to (RFC 9112, section 7.1)."
            raise Problem(400, detail, reason=str(error)) from None
        self._tail = data[max(0, fed - 3) : fed]
        return data[fed:]

    def on_body(self, data: bytes) -> None:
        """Take a piece of a body in chunks (httptools)."""
        self._content += data

    def on_message_complete(self) -> None:
        """Note that a body in chunks is complete (httptools)."""
        self.complete = True


def _origin_form(target: bytes) -> bytes:
    r"""Return a target as most clients send it: without origin (RFC 9112, section 3.2.2) and fragment, and in ASCII.

    Return none where it can't be one.

    >>> _origin_form(b"http://example.org?q=1"), _origin_form("/ä#b".encode()), _origin_form(b"/a\0b")
    (b'/?q=1', b'/%C3%A4', b'')
    """
    if not _TARGET.fullmatch(target):
        return b""
    target = target.partition(b"#")[0]
    if not target.isascii():
        target = _NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], target)
    if not target.startswith(b"/") and (origin := _ORIGIN.match(target)):
        target = target[origin.end() :]
        return target if target.startswith(b"/") else b"/" + target
    return target
