"""Responses as they go over the wire."""

from __future__ import annotations

import pytest

from vertragsgraph.http.http11.message import Head
from vertragsgraph.http.http11.response import Response

GET = Head(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
HEAD = Head(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
OLD = Head(b"GET / HTTP/1.0\r\n\r\n")


def sent(
    request: Head, *parts: bytes, status: int = 200, headers: tuple[tuple[bytes, bytes], ...] = ()
) -> tuple[bytes, bytes, bool]:
    """The head of a response without its first two lines, its body as it is sent, and whether the connection goes on."""
    response = Response(keep_alive=request.keep_alive)
    whole = len(parts[0]) if len(parts) == 1 else None
    head = response.head(request, status, headers, whole)
    body = [response.framed(part, is_last=number == len(parts)) for number, part in enumerate(parts, 1)]
    assert head.startswith(b"HTTP/1.1 %d " % status)
    return head.split(b"\r\n", 2)[2], b"".join(piece for pieces in body for piece in pieces), response.keep_alive


@pytest.mark.parametrize(
    ("request_head", "parts", "head", "body", "keep_alive"),
    [
        (GET, [b"abc"], b"content-length: 3\r\n\r\n", b"abc", True),
        (GET, [b""], b"content-length: 0\r\n\r\n", b"", True),
        (GET, [b"abc", b"", b"d"], b"transfer-encoding: chunked\r\n\r\n", b"3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n", True),
        (GET, [b"abc", b""], b"transfer-encoding: chunked\r\n\r\n", b"3\r\nabc\r\n0\r\n\r\n", True),
        (OLD, [b"abc"], b"content-length: 3\r\nconnection: close\r\n\r\n", b"abc", False),
        (OLD, [b"abc", b"d"], b"connection: close\r\n\r\n", b"abcd", False),
        (HEAD, [b"abc"], b"\r\n", b"", True),
    ],
)
def test_a_body_ends_where_its_head_says(
    request_head: Head, parts: list[bytes], head: bytes, body: bytes, keep_alive: bool
) -> None:
    assert sent(request_head, *parts) == (head, body, keep_alive)


@pytest.mark.parametrize("status", [204, 304])
def test_some_responses_have_no_body(status: int) -> None:
    assert sent(GET, b"abc", status=status) == (b"\r\n", b"", True)


def test_a_length_that_is_given_is_kept_to() -> None:
    given = ((b"Content-Length", b"3"),)
    assert sent(GET, b"ab", b"c", headers=given) == (b"Content-Length: 3\r\n\r\n", b"abc", True)
    assert sent(HEAD, b"", headers=given) == (b"Content-Length: 3\r\n\r\n", b"", True)
    for parts in ([b"ab"], [b"abcd", b""], [b"ab", b""]):
        with pytest.raises(ValueError, match="as long as"):
            sent(GET, *parts, headers=given)


def test_a_status_may_be_unknown() -> None:
    assert Response(keep_alive=True).head(GET, 299, (), 0).startswith(b"HTTP/1.1 299 \r\ndate: ")
