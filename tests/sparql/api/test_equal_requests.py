"""One request in many equal spellings, by every way that it can take, has one answer."""

from __future__ import annotations

import http.client
import random
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vertragsgraph.sparql.engine.dataset import Dataset

pytestmark = pytest.mark.slow

EX = "http://example.org/"
FORM = "application/x-www-form-urlencoded"
QUERIES = [
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    f"SELECT * {{ ?s <{EX}number> ?o }} ORDER BY ?o LIMIT 40",
    f"CONSTRUCT {{ ?s <{EX}p> ?o }} WHERE {{ ?s <{EX}number> ?o }} ORDER BY ?o LIMIT 3",
    f"SELECT (COUNT(*) AS ?n) FROM <{EX}graph/agents> FROM <graph/agents> {{ ?s ?p ?o }}",
    "SELECT (STR(NOW()) = STR(NOW()) AS ?x) {}",
    "ASK { ?s “ }",
    "SELECT * { ?s ?p }",
]
GRAPHS = [f"{EX}graph/contracts", f"{EX}graph/agents", f"{EX}graph/none"]
# What may differ between two answers that are the same.
OWN = {"date", "query-id", "connection", "keep-alive"}
WAYS = ("quick", "usual", "form", "body")

Reply = tuple[int, dict[str, str], bytes]


def spelt(text: str, choose: random.Random) -> str:
    """Percent-encode a text in one of the ways that mean the same."""
    encoded = quote(text, safe=choose.choice(["", "/:", "{}?*()"]))
    if choose.random() < 0.5:
        encoded = encoded.replace("%20", "+")
    return "".join(
        piece.lower() if piece.startswith("%") and choose.random() < 0.5 else piece
        for piece in (encoded[at : at + 3] if encoded[at] == "%" else encoded[at] for at in starts(encoded))
    )


def starts(encoded: str) -> list[int]:
    """Return where each character, or escape, begins."""
    found, at = [], 0
    while at < len(encoded):
        found.append(at)
        at += 3 if encoded[at] == "%" else 1
    return found


def ask(
    port: int, way: str, parameters: list[tuple[str, str]], headers: list[tuple[str, str]], choose: random.Random
) -> Reply:
    """Ask by one way: a GET as fast clients send it, one that closes the connection, a form, or the query as the body."""
    given = parameters + [choose.choice(parameters) for _ in range(2) if len(parameters) > 1]  # graphs, twice
    given = [pair for at, pair in enumerate(given) if pair[0] not in {"query", "format"} or pair not in given[:at]]
    choose.shuffle(given)
    query = dict(parameters)["query"]
    in_address = [pair for pair in given if way in {"quick", "usual"} or (way == "body" and pair[0] != "query")]
    encoded = ["&".join(f"{spelt(k, choose)}={spelt(v, choose)}" for k, v in pairs) for pairs in (in_address, given)]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        method = "GET" if way in {"quick", "usual"} else "POST"
        connection.putrequest(method, f"/sparql?{encoded[0]}" if encoded[0] else "/sparql", skip_accept_encoding=True)
        lines = [(choose.choice([name, name.lower(), name.upper()]), value) for name, value in headers]
        lines += [("X-Nothing", "1")]
        choose.shuffle(lines)
        lines.sort(key=lambda line: line[0].lower() == "accept")  # their order among themselves counts
        if way == "usual":
            lines.append(("Connection", "close"))
        body = {"form": encoded[1], "body": query}.get(way, "").encode()
        if method == "POST":
            lines += [("Content-Type", FORM if way == "form" else "application/sparql-query")]
            lines += [("Content-Length", str(len(body)))]
        for name, value in lines:
            connection.putheader(name, value)
        connection.endheaders(body or None)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders() if name.lower() not in OWN}
        content = response.read()
        if response.status >= 400:  # the query id is in it
            found.pop("content-length", None)
            content = content.partition(b', "query_id"')[0]
        return response.status, found, content
    finally:
        connection.close()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.sampled_from(QUERIES),
    number=st.integers(0, 40),
    graphs=st.lists(
        st.tuples(st.sampled_from(["default-graph-uri", "named-graph-uri"]), st.sampled_from(GRAPHS)), max_size=3
    ),
    name=st.sampled_from([None, None, "csv", "xml", "nt"]),
    accept=st.sampled_from(
        [[], ["*"], ["image/png", "text/csv"], ["text/csv;q=.5", "application/json;q=0.4999"], ["text/x"]]
    ),
    encoding=st.sampled_from([None, "gzip", "zstd;q=.3, gzip;q=0.2"]),
    seed=st.integers(0, 2**32),
)
def test_equal_requests_have_equal_answers(
    server: Any,
    query: str,
    number: int,
    graphs: list[tuple[str, str]],
    name: str | None,
    accept: list[str],
    encoding: str | None,
    seed: int,
) -> None:
    choose = random.Random(seed)
    parameters = [("query", f"{query} # {number} %2B+"), *dict.fromkeys(graphs), *([("format", name)] if name else [])]
    packed = [("Accept-Encoding", encoding)] if encoding else []
    joined = [*([("Accept", ", ".join(accept))] if accept else []), *packed]
    apart = [*(("Accept", each) for each in accept), *packed]
    ways = [*WAYS, *choose.sample(WAYS, 2)]
    choose.shuffle(ways)
    replies = [ask(server.port, way, parameters, choose.choice([joined, apart]), choose) for way in ways]
    for way, reply in zip(ways, replies, strict=True):
        assert reply == replies[0], (way, ways[0])
    status, headers, _ = replies[0]
    tag = headers.get("etag", '"none"')
    for header in (
        tag,
        tag.removeprefix("W/"),
        tag.replace("W/", "w/"),
        f'"x,", {tag}',
        "*",
        '"other"',
        tag[:-2] + '"',
    ):
        known = status == 200 and "etag" in headers and (tag.removeprefix("W/") in header or header == "*")
        conditional = [*joined, ("If-None-Match", header)]
        found = [ask(server.port, way, parameters, conditional, choose)[0] for way in ("quick", "usual", "form")]
        assert found == [304 if known else status] * 2 + [status], header
    twice = [*joined, ("If-None-Match", '"x"'), ("If-None-Match", tag)]
    assert {ask(server.port, way, parameters, twice, choose)[0] for way in ("quick", "usual")} == {
        304 if "etag" in headers else status
    }


def test_what_is_kept_is_answered_to_a_client_at_its_limit_by_every_way(
    dataset: Dataset, serving: Callable[..., Any]
) -> None:
    with serving(dataset, client_seconds=0.0005, client_wait_seconds=0) as limited:
        choose = random.Random(1)
        texts = ("ASK {}", "ASK { ?s ?p ?o }")  # the one is kept, the other is one too many
        ways = (*WAYS, "quick")
        statuses = [ask(limited.port, way, [("query", text)], [], choose)[0] for text in texts for way in ways]
        assert statuses == [200] * 5 + [429] * 5
