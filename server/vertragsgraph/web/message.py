"""HTTP/1.1 requests as they come over the wire (RFC 9112), read by httptools; no input or output here."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import httptools

from vertragsgraph.problem import Problem
from vertragsgraph.sparql.inquiry import joined

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
_VERSIONS: Final = {b"HTTP/1.1": "1.1", b"HTTP/1.0": "1.0"}
_ORIGIN_FORM: Final = re.compile(rb"/[!\"$-~]*")
_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")
_UPGRADE: Final = re.compile(rb"(?i)\nupgrade:[^\n]*")
_ORIGIN: Final = re.compile(rb"(?i)https?://[^/?]*")
_NO_REQUEST_LINE: Final = (
    "The first line of a request is its method, its address and “HTTP/1.1”, with one blank between each two. "
    "Percent-encode blanks and control characters in the address."
)


def end_of_head(data: bytes, searched: int, header_bytes: int) -> int:
    r"""Return where the head ends that `data` begins with, 0 where that isn't here yet; before `searched` it doesn't.

    Raise `Problem` (414, 431) as soon as it is longer than it may be: the target `TARGET_BYTES`, the header section
    `header_bytes`; 400 where its lines don't end as they have to.

    >>> end_of_head(b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET", 0, 1_000)
    27
    """
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
    return end


def next_head(data: bytes, searched: int, header_bytes: int) -> tuple[int, Head | None]:
    """Return where the head ends that `data` begins with, and the head; 0 and None where that isn't here yet.

    Clients send the same again and again, so what is short is read once only. Raise `Problem` as `end_of_head` and `Head` do.
    """
    read = _known_head if len(data) <= _KNOWN_BYTES else _next_head
    return read(data, searched, header_bytes)


def _next_head(data: bytes, searched: int, header_bytes: int) -> tuple[int, Head | None]:
    end = end_of_head(data, searched, header_bytes)
    return end, Head(data[:end]) if end else None


class Fields:
    """The header section of a request, as httptools reads it.

    `headers` are the fields as they came, their names in lower case; in `by_name` those of one name are joined. `length`
    is that of the body, None where it comes in chunks; `keep_alive` says that the client doesn't want the connection closed.
    """

    __slots__ = ("by_name", "expects_continue", "headers", "hosts", "keep_alive", "length")

    def __init__(self, lines: bytes) -> None:
        """Read the lines after the request line, the empty one included. Raise `Problem` (400, 431) where they can't be."""
        try:
            self._read(lines)
        except httptools.HttpParserUpgrade:
            # Upgrade may be ignored (RFC 9110, section 7.8); the parser would take the body for another protocol's.
            self._read(_UPGRADE.sub(b"", b"\n" + lines)[1:])
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

    def _read(self, lines: bytes) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        try:
            httptools.HttpRequestParser(self).feed_data(_ANY_LINE + lines)
        except httptools.HttpParserError as error:
            detail = "The header fields are not as they have to be (RFC 9112, sections 5 and 6)."
            raise Problem(400, detail, reason=str(error)) from None


class Head:
    """The head of a request; nothing in it may be changed.

    `path` and `query_string` are as they came, but for bytes beyond ASCII, which are percent-encoded. `keep_alive` says
    whether the connection may serve another request.
    """

    __slots__ = ("expects_continue", "fields", "keep_alive", "method", "path", "query_string", "version")

    def __init__(self, head: bytes) -> None:
        """Read a head, from its first byte to the empty line at its end. Raise `Problem` (400, 431) where it can't be one."""
        line, _, lines = head.partition(b"\r\n")
        parts = line.split(b" ")
        if len(parts) != 3 or parts[2] not in _VERSIONS or not _METHOD.fullmatch(parts[0]):
            raise Problem(400, _NO_REQUEST_LINE)
        method, target, version = parts
        fields = self.fields = _known_fields(lines) if len(head) <= _KNOWN_BYTES else Fields(lines)
        self.method = method.decode("ascii")
        self.version = _VERSIONS[version]
        if fields.hosts != 1 and (fields.hosts or self.version == "1.1"):
            raise Problem(400, "A request names its host once, in one Host field (RFC 9112, section 3.2).")
        if not _ORIGIN_FORM.fullmatch(target):
            if not _TARGET.fullmatch(target):
                raise Problem(400, _NO_REQUEST_LINE)
            target = _origin_form(target)
        self.path, _, self.query_string = target.partition(b"?")
        if not self.path.startswith(b"/") and not (target == b"*" and self.method == "OPTIONS"):
            raise Problem(400, "The address in the first line of a request begins with “/”.")
        self.keep_alive = fields.keep_alive and self.version == "1.1"
        self.expects_continue = fields.expects_continue and self.version == "1.1"

    def body(self) -> Body | None:
        """Return the body that comes after the head; None where there is none."""
        length = self.fields.length
        return None if length == 0 else Body(length)


_known_head: Final = lru_cache(maxsize=256)(_next_head)
_known_fields: Final = lru_cache(maxsize=256)(Fields)


class Body:
    """The body of a request: what came of it and nobody took yet; it is `complete` when all has come."""

    __slots__ = ("_chunks", "_content", "_left", "complete")

    def __init__(self, length: int | None) -> None:
        """Given the length, None where it comes in chunks."""
        self._content = bytearray()
        self._left = length or 0
        self._chunks = Chunks(self._content) if length is None else None
        self.complete = False

    def __len__(self) -> int:
        """Return how much there is to take."""
        return len(self._content)

    def feed(self, data: bytes) -> bytes:
        """Take more of the body; return what comes after its end. Raise `Problem` (400) where it can't be a body."""
        if self._chunks is not None:
            rest = self._chunks.feed(data)
            self.complete = self._chunks.complete
            return rest
        left = self._left
        self._content += data[:left]
        self._left = max(0, left - len(data))
        self.complete = not self._left
        return data[left:]

    def take(self) -> bytes:
        """Return what came since this was called last."""
        content = bytes(self._content)
        self._content.clear()
        return content


class Chunks:
    """Takes the chunks of a body apart, as httptools does it (RFC 9112, section 7.1); trailers are thrown away."""

    def __init__(self, content: bytearray) -> None:
        """Given where the content is put."""
        self.complete = False
        self._content = content
        self._tail = b""
        self._parser = httptools.HttpRequestParser(self)
        self._parser.feed_data(_ANY_LINE + b"Transfer-Encoding: chunked\r\n\r\n")

    def feed(self, data: bytes) -> bytes:
        """Take more of the body; return what comes after its end. Raise `Problem` (400) where it can't be a body.

        A body in chunks ends with an empty line, so each piece that is fed ends with one at the latest: the parser sees
        nothing of what comes afterwards.
        """
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
        """Take a piece of content (httptools)."""
        self._content += data

    def on_message_complete(self) -> None:
        """Note that the body is complete (httptools)."""
        self.complete = True


def _origin_form(target: bytes) -> bytes:
    """Return a target as most clients send it: without origin (RFC 9112, section 3.2.2) and fragment, and in ASCII.

    >>> _origin_form(b"http://example.org?q=1"), _origin_form("/ä#b".encode())
    (b'/?q=1', b'/%C3%A4')
    """
    target = target.partition(b"#")[0]
    if not target.isascii():
        target = _NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], target)
    if not target.startswith(b"/") and (origin := _ORIGIN.match(target)):
        target = target[origin.end() :]
        return target if target.startswith(b"/") else b"/" + target
    return target
