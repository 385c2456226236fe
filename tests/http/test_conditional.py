"""Conditional requests and ranges: what of a representation is sent, if any of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from starlette.requests import Request

from vertragsgraph.http.conditional import as_http_date, entity_tag, not_modified
from vertragsgraph.http.problem import Problem
from vertragsgraph.http.ranges import wanted_ranges

CHANGED = datetime(2026, 11, 26, 12, tzinfo=UTC)
HEADERS = {"ETag": '"a"', "Last-Modified": as_http_date(CHANGED), "Content-Type": "text/turtle", "Vary": "Accept"}


def asked(method: str = "GET", **fields: str) -> Request:
    headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in fields.items()]
    return Request({"type": "http", "method": method, "headers": headers})


@pytest.mark.parametrize(
    ("request_", "exists", "is_known"),
    [
        (asked(), True, False),
        (asked(if_none_match='"b", W/"a"'), False, True),
        (asked(if_none_match='"b"', if_modified_since=as_http_date(CHANGED)), True, False),
        (asked(if_none_match="*"), True, True),
        (asked(if_none_match="*"), False, False),
        (asked(if_modified_since=as_http_date(CHANGED)), True, True),
        (asked(if_modified_since=as_http_date(CHANGED)), False, False),
        (asked(if_modified_since=as_http_date(CHANGED - timedelta(seconds=1))), True, False),
        (asked(if_modified_since="yesterday"), True, False),
    ],
)
def test_what_the_client_has_is_not_sent_again(request_: Request, exists: bool, is_known: bool) -> None:
    response = not_modified(request_, '"a"', HEADERS, modified=CHANGED, exists=exists)
    assert (response is not None) == is_known
    if response is not None:
        assert response.status_code == 304
        assert (response.headers["etag"], response.headers["vary"]) == ('"a"', "Accept")
        assert "content-type" not in response.headers


def test_each_representation_has_a_tag_of_its_own() -> None:
    assert entity_tag("d") == '"d"'
    assert len({entity_tag("d", *parts) for parts in [(), ("ttl",), ("ttl", "gzip"), ("ttl\ngzip\n",)]}) == 4


@pytest.mark.parametrize(
    ("request_", "ranges"),
    [
        (asked(), ""),
        (asked("HEAD", range="bytes=0-1"), ""),
        (asked(range="lines=0-1"), ""),
        (asked(range="bytes=2-1"), ""),
        (asked(range="bytes=0-1, x"), ""),
        (asked(range="bytes=0-1", if_range='"b"'), ""),
        (asked(range="bytes=0-1", if_range='"a"'), "bytes=0-1"),
        (asked(range="Bytes= 0-1 , 99-, -3", if_range=HEADERS["Last-Modified"]), "bytes=0-1,-3"),
    ],
)
def test_what_is_within_the_file_is_sent(request_: Request, ranges: str) -> None:
    assert wanted_ranges(request_, 9, HEADERS) == ranges


@pytest.mark.parametrize(("asked_for", "size"), [("bytes=9-", 9), ("bytes=-0", 9), ("bytes=-1", 0)])
def test_what_is_beyond_the_file_is_refused(asked_for: str, size: int) -> None:
    with pytest.raises(Problem) as refused:
        wanted_ranges(asked(range=asked_for), size, HEADERS)
    assert refused.value.status == 416
    assert refused.value.headers["Content-Range"] == f"bytes */{size}"
