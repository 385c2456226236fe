"""Addresses and headers, made up: each is answered, and never by an error of the server."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = [pytest.mark.slow, pytest.mark.fuzz]

DATE = "Thu, 01 Jan 2026 00:00:00 GMT"
PARTS = st.sampled_from(
    ["releases", "doc", "id", "dumps", "timemap", "reconcile", "suggest", "entity", "compare", "contracts.csv", "graph",
     "sitemap-", "catalog", "search", "same-as", "cite.", "contract", "iaf", ".ttl", "%00", "%0d%0a", "%E2%82%AC", "%ed%a0%80",
     "%", "..", "?", "&", "=", "cursor=", "9" * 30, "page=", "q=", "id=", "iri=", "limit=", "lang=", "format=", "\\", "'", '"']
)  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
NAMES = st.sampled_from(
    [
        "Accept",
        "Accept-Language",
        "Accept-Encoding",
        "Accept-Datetime",
        "If-None-Match",
        "If-Modified-Since",
        "Range",
        "If-Range",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(PARTS | TEXT.map(quote), max_size=6),
    joints=st.lists(st.sampled_from(["/", ""]), min_size=6, max_size=6),
    headers=st.dictionaries(NAMES, TEXT.map(lambda text: text.strip().encode()) | st.just(DATE.encode()), max_size=3),
)
def test_no_address_and_no_header_is_an_error_of_the_server(
    server: Any, parts: list[str], joints: list[str], headers: dict[str, bytes]
) -> None:
    path = "".join(part + joint for part, joint in zip(parts, joints, strict=False))
    if path.startswith("/"):
        path = path.lstrip("/")
    target = httpx.URL(server.url).copy_with(raw_path=b"/" + re.sub(r"[^!-~]", "", path).encode())
    with httpx.Client(timeout=60) as client:
        response = client.send(client.build_request("GET", target, headers=list(headers.items())))
    assert response.status_code < 500, (path, headers, response.text)
    if response.status_code >= 400:
        media_types = {"application/problem+json", "text/html; charset=utf-8"}
        assert response.headers["content-type"] in media_types, (path, headers, response.text)
