from __future__ import annotations

from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertragsgraph.http.problem import Problem
from vertragsgraph.sparql.api.protocol import FORM, QUERY, UPDATE, parse_parameters, prepare
from vertragsgraph.sparql.engine.request import PreparedRequest

LIMIT = 1000
ASK = b"query=ASK%7B%7D"


def get(query_string: bytes, accept: str | None = None) -> PreparedRequest:
    return prepare("GET", query_string, None, accept, b"", max_bytes=LIMIT)


def post(body: bytes, content_type: str | None, query_string: bytes = b"") -> PreparedRequest:
    return prepare("POST", query_string, content_type, None, body, max_bytes=LIMIT)


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
iris = st.sampled_from(["http://a/%2F", "http://a/%20b", "http://a/ü", "urn:x:y", "http://a/?b=c&d=e+f"])


@given(texts, st.lists(iris, max_size=3), st.lists(iris, max_size=3))
def test_every_form_of_request_says_the_same(query: str, default: list[str], named: list[str]) -> None:
    graphs = [("default-graph-uri", iri) for iri in default] + [("named-graph-uri", iri) for iri in named]
    form = urlencode([("query", query), *graphs]).encode()
    requests = [
        get(form),
        post(form, FORM + "; charset=UTF-8"),
        post(query.encode(), QUERY, urlencode(graphs).encode()),
    ]
    for request in requests:
        assert request.query == query
        # A dataset is a set: an engine gets what the key is of.
        assert request.default_graphs == (tuple(sorted(set(default))) if graphs else None)
        assert request.named_graphs == (tuple(sorted(set(named))) if graphs else None)
    assert len({request.key("release") for request in requests}) == 1


@given(st.text("%0123456789abcdefABCDEF2F7b+ü", max_size=40))
def test_parameters_are_decoded_as_the_standard_library_does(encoded: str) -> None:
    try:
        expected = parse_qs(f"a={encoded}", keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(Problem):
            parse_parameters(f"a={encoded}".encode())
    else:
        assert parse_parameters(f"a={encoded}".encode()) == expected


@given(
    st.binary(max_size=80),
    st.sampled_from(["GET", "POST", "HEAD"]),
    st.sampled_from([FORM, QUERY, UPDATE, None, "text/plain"]),
)
def test_whatever_comes_is_a_request_or_a_problem(data: bytes, method: str, content_type: str | None) -> None:
    try:
        prepare(method, data.replace(b" ", b""), content_type, None, data, max_bytes=LIMIT)
    except Problem as problem:
        assert 400 <= problem.status < 500


@pytest.mark.parametrize(
    ("query_string", "status"),
    [
        (b"", 400),
        (b"default-graph-uri=http://a/", 400),
        (ASK + b"&" + ASK, 400),
        (b"query=%FF", 400),
        (b"query=\xff", 400),
        (ASK + b"&default-graph-uri=here", 400),
        (ASK + b"&timeout=soon", 400),
        (ASK + b"&timeout=-1", 400),
        (ASK + b"&timeout=nan", 400),
        (ASK + b"&format=pdf", 406),
        (b"update=CLEAR+ALL", 403),
        (b"query=" + b"a" * (LIMIT + 1), 413),
        (b"a=1&" * 1001, 400),
    ],
)
def test_get_requests_that_are_refused(query_string: bytes, status: int) -> None:
    with pytest.raises(Problem) as raised:
        get(query_string)
    assert raised.value.status == status


@pytest.mark.parametrize(
    ("body", "content_type", "query_string", "status"),
    [
        (b"ASK{}", "text/plain", b"", 415),
        (b"ASK{}", None, b"", 415),
        (b"ASK{}", "application/sparql-query; charset=utf-16", b"", 415),
        (b"\xfc", QUERY, b"", 400),
        (b"ASK{}", QUERY, ASK, 400),
        (b"CLEAR ALL", UPDATE, b"", 403),
        (b"update=CLEAR+ALL", FORM, b"", 403),
        (b"", FORM, b"", 400),
    ],
)
def test_post_requests_that_are_refused(
    body: bytes, content_type: str | None, query_string: bytes, status: int
) -> None:
    with pytest.raises(Problem) as raised:
        post(body, content_type, query_string)
    assert raised.value.status == status


def test_what_other_forms_and_editors_add_is_passed_over() -> None:
    plain = get(ASK)
    assert get(ASK + b"&default-graph-uri=&named-graph-uri=&timeout=0&format=") == plain
    assert post("\ufeffASK {}".encode(), QUERY) == get(b"query=%EF%BB%BFASK+%7B%7D") == get(b"query=ASK+%7B%7D")


def test_other_methods_are_refused_and_those_offered_named() -> None:
    with pytest.raises(Problem) as raised:
        prepare("PUT", ASK, None, None, b"", max_bytes=LIMIT)
    assert (raised.value.status, raised.value.headers["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")


def test_formats_come_from_accept_or_a_parameter() -> None:
    request = get(ASK, "application/rdf+xml, text/csv")
    assert (request.solutions and request.solutions.name, request.graph and request.graph.name) == ("csv", "rdf")
    request = get(ASK + b"&output=xml", "text/csv")
    assert (request.solutions and request.solutions.name, request.graph and request.graph.name) == ("xml", "rdf")
    with pytest.raises(Problem) as raised:
        get(ASK, "image/png")
    assert raised.value.status == 406
    assert "text/turtle" in raised.value.detail


def test_the_key_depends_on_what_the_answer_depends_on() -> None:
    one = get(ASK + b"&default-graph-uri=http://a/&default-graph-uri=http://b/")
    same = get(ASK + b"&default-graph-uri=http://b/&default-graph-uri=http://a/&default-graph-uri=http://b/&timeout=3")
    assert one.key("r") == same.key("r")
    others = [get(ASK), get(ASK + b"&format=csv"), get(b"query=ASK%7B%7D+"), get(ASK + b"&named-graph-uri=http://a/")]
    assert len({other.key("r") for other in others} | {one.key("r"), one.key("s")}) == 6
