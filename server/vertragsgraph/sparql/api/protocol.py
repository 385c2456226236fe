"""SPARQL 1.1 Protocol, section 2.1: an HTTP request becomes a prepared request, or a problem. Pure functions."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from urllib.parse import unquote_to_bytes

from vertragsgraph.http.accept import best_format
from vertragsgraph.http.problem import Problem
from vertragsgraph.message import Message
from vertragsgraph.rdf.media_types import GRAPHS, SOLUTIONS, Format, both_by_name
from vertragsgraph.sparql.engine.request import PreparedRequest, not_acceptable

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
ALLOW: Final = "GET, HEAD, POST, OPTIONS"
_MAX_FIELDS: Final = 1_000

Parameters = dict[str, list[str]]
"""The values of each parameter, in the order in which they came."""


def prepare(
    method: str, query_string: bytes, content_type: str | None, accept: str | None, body: bytes, *, max_bytes: int
) -> PreparedRequest:
    """Return what a request asks for. Raise `Problem` with 400, 405, 406, 413 or 415 for what is no query request.

    `body` is read for POST only; `max_bytes` is the greatest length of a query, in bytes of UTF-8.
    """
    parameters = parse_parameters(query_string)
    if method == "POST":
        _add_posted(parameters, content_type, body)
    elif method not in {"GET", "HEAD"}:
        detail = Message("{method} is not offered here; queries are asked with GET or POST.", method=method)
        raise Problem(405, detail, headers={"Allow": ALLOW})
    if "update" in parameters:
        raise _updates_refused()
    queries = parameters.get("query", ())
    if len(queries) != 1:
        none = Message("There is no “query” parameter; a request asks exactly one query.")
        several = Message("There are {count} “query” parameters; a request asks exactly one query.", count=len(queries))
        raise Problem(400, several if queries else none)
    query = queries[0].removeprefix("\ufeff")  # the byte order mark that some editors write
    if len(query) > max_bytes or (len(query) * 4 > max_bytes and len(query.encode("utf-8", "replace")) > max_bytes):
        raise too_long(max_bytes)
    if len(parameters) == 1:
        return PreparedRequest(query, None, None, *_wanted(accept), None)
    default, named = _graph_set(parameters, "default-graph-uri"), _graph_set(parameters, "named-graph-uri")
    solutions, graph = _formats(parameters, accept)
    if not default and not named:
        return PreparedRequest(query, None, None, solutions, graph, timeout(parameters))
    return PreparedRequest(query, default, named, solutions, graph, timeout(parameters))


def _add_posted(parameters: Parameters, content_type: str | None, body: bytes) -> None:
    """Add what a POST asks to the parameters of its address (sections 2.1.2 and 2.1.3)."""
    media_type, *options = (part.strip().lower() for part in (content_type or "").split(";"))
    if media_type == FORM:
        for name, values in parse_parameters(body).items():
            parameters.setdefault(name, []).extend(values)
    elif media_type == QUERY:
        if "query" in parameters:
            raise Problem(400, Message("The query is in the body already; leave the “query” parameter out."))
        charsets = (option.removeprefix("charset=").strip('"') for option in options if option.startswith("charset="))
        parameters["query"] = [_posted_query(body, next(charsets, "utf-8"))]
    elif media_type == UPDATE:
        raise _updates_refused()
    else:
        detail = (
            Message(
                "A query is posted as {form} or {query}, not as “{given}”.", form=FORM, query=QUERY, given=content_type
            )
            if content_type
            else Message("A query is posted as {form} or {query}; say which in Content-Type.", form=FORM, query=QUERY)
        )
        raise Problem(415, detail, headers={"Accept-Post": f"{FORM}, {QUERY}"})


def _graph_set(parameters: Parameters, name: str) -> tuple[str, ...]:
    """Return the graphs that a parameter names, each once and in one order: a dataset is a set (SPARQL 1.1, section 13.1).

    An empty value names none. Raise `Problem` where one is no absolute IRI.
    """
    graphs = sorted({iri for iri in parameters.get(name, ()) if iri})
    for iri in graphs:
        check_iri(iri)
    return tuple(graphs)


def parse_parameters(encoded: bytes) -> Parameters:
    """Return the parameters of a query string or form, percent-decoded once. Raise `Problem` where they are not UTF-8.

    >>> parse_parameters(b"query=ASK+%7B%7D&format=json&x")
    {'query': ['ASK {}'], 'format': ['json'], 'x': ['']}
    """
    fields = encoded.split(b"&")
    if len(fields) > _MAX_FIELDS:
        raise Problem(400, Message("There are more than {most} parameters.", most=_MAX_FIELDS))
    parameters: Parameters = {}
    try:
        for field in fields:
            if field:
                name, _, value = field.partition(b"=")
                parameters.setdefault(_decoded(name), []).append(_decoded(value))
    except UnicodeDecodeError:
        raise Problem(400, Message("The parameters are not percent-encoded UTF-8.")) from None
    return parameters


def _decoded(part: bytes) -> str:
    """Return a name or value of a form as text (URL Standard, section 5.1); raise `UnicodeDecodeError`."""
    part = part.replace(b"+", b" ")
    if b"%" not in part:
        return part.decode("utf-8")
    try:
        # `%41` is what Python writes as `\x41`, and its codec reads all of them at once.
        escaped = part.replace(b"\\", b"\\\\").replace(b"%", b"\\x")
        return escaped.decode("unicode_escape").encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:  # also where a percent sign introduces nothing: then it stands for itself
        return unquote_to_bytes(part).decode("utf-8")


def _formats(parameters: Parameters, accept: str | None) -> tuple[Format | None, Format | None]:
    """Return the formats for solutions and for graphs; `format=` (or `output=`) goes before `Accept`.

    Either may be None, when it turns out to be needed the answer is 406; it is 406 at once when both are.
    """
    name = named_format(parameters)
    if name is None:
        return _wanted(accept)
    chosen = both_by_name(name)
    if chosen == (None, None):
        raise not_acceptable(None)
    return chosen


@lru_cache(maxsize=128)
def _wanted(accept: str | None) -> tuple[Format | None, Format | None]:
    chosen = best_format(accept, SOLUTIONS), best_format(accept, GRAPHS)
    if chosen == (None, None):
        raise not_acceptable(None)
    return chosen


def named_format(parameters: Parameters) -> str | None:
    """Return the format that the parameters name themselves, for those who can't send `Accept`."""
    return _first(parameters, "format") or _first(parameters, "output")


def _first(parameters: Parameters, name: str) -> str | None:
    """Return the first value of a parameter that isn't empty."""
    return next(filter(None, parameters.get(name, ())), None)


def timeout(parameters: Parameters) -> float | None:
    """Return the seconds of the `timeout` parameter; 0 stands for none, as others' forms send it."""
    value = _first(parameters, "timeout")
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise Problem(400, Message("“timeout” is a number of seconds greater than 0."))
    return seconds or None


def check_iri(iri: str) -> None:
    """Raise `Problem` where a graph is not named by an absolute IRI."""
    scheme, colon, _ = iri.partition(":")
    if not colon or not scheme[:1].isalpha() or any(c in '<>"{}|^`\\' or c <= " " for c in iri):
        raise Problem(400, Message("A graph is named by an absolute IRI, not by “{iri}”.", iri=iri[:200]))


def refuse_coded(content_encoding: str | None) -> None:
    """Raise `Problem` (415) where a request's body is compressed (RFC 9110, section 12.5.3)."""
    if (content_encoding or "identity").strip().lower() != "identity":
        detail = Message("A body is sent as it is, not with Content-Encoding: {coding}.", coding=content_encoding)
        raise Problem(415, detail, headers={"Accept-Encoding": "identity"})


def too_long(max_bytes: int) -> Problem:
    """Return the problem of a query or a body that is too long."""
    return Problem(
        413, Message("A query may have up to {size} bytes.", size=max_bytes), limit="length", bytes=max_bytes
    )


def _posted_query(body: bytes, charset: str) -> str:
    if charset not in {"utf-8", "utf8", "us-ascii"}:
        raise Problem(415, Message("A query is posted in UTF-8, not in {charset}.", charset=charset))
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(400, Message("The query is not UTF-8 (byte {byte}).", byte=error.start)) from None


def _updates_refused() -> Problem:
    detail = Message("Updates are refused: what is served here is read-only. Ask queries with the “query” parameter.")
    return Problem(403, detail)
