"""Heads and bodies of requests, as they come in bytes."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vertragsgraph.http.http11.message import Body, Fields, Head, next_head
from vertragsgraph.http.problem import Problem

LINE = st.binary(max_size=60).filter(lambda line: not {10, 13} & set(line))


@given(name=LINE, value=LINE)
@example(name=b"Upgrade", value=b"h2c")
@example(name=b"Transfer-Encoding", value=b"chunked")
def test_bytes_are_never_taken_for_fields_that_they_are_not(name: bytes, value: bytes) -> None:
    line = name + b": " + value
    try:
        headers = Fields(b"Host: x\r\n" + line + b"\r\n\r\n").headers
    except Problem as problem:
        assert problem.status == 400
        return
    named, _, rest = line.partition(b":")
    assert headers == [(b"host", b"x"), (named.lower(), rest.strip(b" \t"))]


@given(st.binary(max_size=200))
def test_a_head_is_read_or_refused(data: bytes) -> None:
    for head in (data + b"\r\n\r\n", b"GET " + data + b" HTTP/1.1\r\nHost: x\r\n\r\n"):
        try:
            end, read = next_head(head, 0, 1_000)
        except Problem as problem:
            assert problem.status in {400, 431}
        else:
            assert read is not None
            assert head[:end].endswith(b"\r\n\r\n")
            assert read.path.startswith(b"/") or read.path == b"*"
            assert (read.path + read.query_string).isascii()


def chunked(content: bytes, sizes: list[int], last: bytes) -> bytes:
    """A body in chunks of these sizes, then the rest in one."""
    parts, start = [], 0
    for size in [*sizes, len(content)]:
        if piece := content[start : start + size]:
            parts.append(b"%x;name=value\r\n%b\r\n" % (len(piece), piece))
        start += size
    return b"".join(parts) + last


@given(
    content=st.lists(st.sampled_from([b"\r\n", b"0\r\n\r\n", b"a", b"GET / HTTP/1.1\r\n\r\n"]), max_size=8).map(
        b"".join
    ),
    sizes=st.lists(st.integers(1, 9), max_size=6),
    last=st.sampled_from([b"0\r\n\r\n", b"0\r\nTrailer: x\r\n\r\n", b"000;a=b\r\n\r\n"]),
    cuts=st.lists(st.integers(0, 120), max_size=6).map(sorted),
    rest=st.sampled_from([b"", b"\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"0\r\n\r\n"]),
    in_chunks=st.booleans(),
)
def test_a_body_ends_where_it_ends_however_it_comes(
    content: bytes, sizes: list[int], last: bytes, cuts: list[int], rest: bytes, in_chunks: bool
) -> None:
    body = Body(None if in_chunks else len(content))
    data = (chunked(content, sizes, last) if in_chunks else content) + rest
    taken = after = b""
    for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
        piece = data[start : max(start, end)]
        after += piece if body.complete else body.feed(piece)
        taken += body.take()
    assert (taken, after, body.complete) == (content, rest, True)


@pytest.mark.parametrize(
    "data", [b"zz\r\n", b"-1\r\n", b"1\r\nab\r\n", b"1 \r\na\r\n", b"fffffffffffffffff\r\n", b"1\na\n"]
)
def test_what_is_no_chunk_is_refused(data: bytes) -> None:
    with pytest.raises(Problem, match="chunks"):
        Body(None).feed(data)


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/ä?ö", b"/%C3%A4", b"%C3%B6"),
        ("/%C3%A4", b"/%C3%A4", b""),
        ("HTTP://example.org", b"/", b""),
        ("https://example.org?a=b#c", b"/", b"a=b"),
        ("//example.org/a", b"//example.org/a", b""),
        ("/a?b?c", b"/a", b"b?c"),
    ],
)
def test_targets(target: str, path: bytes, query: bytes) -> None:
    head = Head(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert (head.path, head.query_string) == (path, query)
