"""SPARQL 1.1 Protocol, section 2.1: an HTTP request becomes a prepared request, or a problem. Pure functions."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from vertragsgraph.problem import Problem
from vertragsgraph.sparql.negotiation import GRAPHS, SOLUTIONS, Format, best_format, by_name
from vertragsgraph.sparql.quality import bounded

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
ALLOW: Final = "GET, HEAD, POST, OPTIONS"
_MAX_FIELDS: Final = 1_000

Parameters = dict[str, list[str]]
"""The values of each parameter, in the order in which they came."""


class PreparedRequest(NamedTuple):
    """A query as an engine takes it.

    `default_graphs` and `named_graphs` are None where the request names no dataset; else they are as `graph_set` returns
    them, so that `key` and an engine see the same. An IRI that is no graph of the store stands for an empty graph, as it
    does after FROM (SPARQL 1.1, section 13.2: a dataset is what it is said to be, and a graph store holds an empty graph
    under every name it does not use). `solutions` and `graph` are the formats for SELECT and ASK, and for CONSTRUCT and
    DESCRIBE: which is needed only the engine can tell. `seconds` is what the client grants the query, never more than the
    server does.
    """

    query: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    solutions: Format | None = SOLUTIONS[0]
    graph: Format | None = GRAPHS[0]
    seconds: float | None = None

    def key(self, identity: str) -> str:
        """Return a digest of everything that the answer depends on, given the identity of the dataset (for ETags).

        The deadline does not count, as an answer is whole or none.
        """
        solutions, graph = self.solutions and self.solutions.media_type, self.graph and self.graph.media_type
        graphs = f"{self.default_graphs}\n{self.named_graphs}"
        what = f"{identity}\n{solutions}\n{graph}\n{graphs}\n{self.query}"  # nothing before the query has line breaks
        return blake2b(what.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def prepare(
    method: str, query_string: bytes, content_type: str | None, accept: str | None, body: bytes, *, max_bytes: int
) -> PreparedRequest:
    """Return what a request asks for. Raise `Problem` with 400, 405, 406, 413 or 415 for what is no query request.

    `body` is read for POST only; `max_bytes` is the greatest length of a query, in bytes of UTF-8.
    """
    parameters = parse_parameters(query_string)
    if method == "POST":
        media_type, charset = media_type_of(content_type)
        if media_type == FORM:
            for name, values in parse_parameters(body).items():
                parameters.setdefault(name, []).extend(values)
        elif media_type == QUERY:
            refuse_parameters(parameters, "query")
            parameters["query"] = [decode(body, charset)]
        elif media_type == UPDATE:
            raise updates_refused()
        else:
            detail = f"A query is posted as {FORM} or {QUERY}, not as “{content_type or 'nothing'}”."
            raise Problem(415, detail, headers={"Accept-Post": f"{FORM}, {QUERY}"})
    elif method not in {"GET", "HEAD"}:
        raise method_refused(method)
    return from_parameters(parameters, accept, max_bytes)


def from_parameters(parameters: Parameters, accept: str | None, max_bytes: int) -> PreparedRequest:
    """Return what decoded parameters ask for."""
    refuse_parameters(parameters, "update")
    query = the_query(parameters)
    if len(query) > max_bytes or (len(query) * 4 > max_bytes and len(query.encode("utf-8", "replace")) > max_bytes):
        raise too_long(max_bytes)
    default, named = graph_set(parameters, "default-graph-uri"), graph_set(parameters, "named-graph-uri")
    solutions, graph = formats(parameters, accept)
    if not default and not named:
        return PreparedRequest(query, None, None, solutions, graph, timeout(parameters))
    return PreparedRequest(query, default, named, solutions, graph, timeout(parameters))


def graph_set(parameters: Parameters, name: str) -> tuple[str, ...]:
    """Return the graphs that a parameter names, each once and in one order: a dataset is a set (SPARQL 1.1, section 13.1).

    An empty value names none. Raise `Problem` where one is no absolute IRI.
    """
    if name not in parameters:
        return ()
    graphs = sorted({iri for iri in parameters[name] if iri})
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
        raise Problem(400, f"There are more than {_MAX_FIELDS} parameters.")
    parameters: Parameters = {}
    try:
        for name, _, value in (field.partition(b"=") for field in fields if field):
            parameters.setdefault(_decoded(name), []).append(_decoded(value))
    except UnicodeDecodeError:
        raise Problem(400, "The parameters are not percent-encoded UTF-8.") from None
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


def the_query(parameters: Parameters) -> str:
    """Return the value of the one `query` parameter."""
    queries = parameters.get("query", [])
    if len(queries) != 1:
        problem = "There is no “query” parameter" if not queries else f"There are {len(queries)} “query” parameters"
        raise Problem(400, f"{problem}; a request asks exactly one query.")
    return queries[0].removeprefix("\ufeff")  # the byte order mark that some editors write


def formats(parameters: Parameters, accept: str | None) -> tuple[Format | None, Format | None]:
    """Return the formats for solutions and for graphs; `format=` (or `output=`) goes before `Accept`.

    Either may be None, when it turns out to be needed the answer is 406; it is 406 at once when both are.
    """
    name = named_format(parameters)
    chosen = (by_name(name, SOLUTIONS), by_name(name, GRAPHS)) if name is not None else _wanted(bounded(accept or ""))
    if chosen == (None, None):
        raise not_acceptable(None)
    return chosen


def named_format(parameters: Parameters) -> str | None:
    """Return the format that the parameters name themselves, for those who can't send `Accept`."""
    return first(parameters, "format") or first(parameters, "output")


def first(parameters: Parameters, name: str) -> str | None:
    """Return the first value of a parameter that isn't empty."""
    return next(filter(None, parameters[name]), None) if name in parameters else None


@lru_cache(maxsize=256)
def _wanted(accept: str) -> tuple[Format | None, Format | None]:
    return best_format(accept, SOLUTIONS), best_format(accept, GRAPHS)


def not_acceptable(kind: str | None) -> Problem:
    """Return the problem that says which formats exist for a kind of result (all, where the kind is not known)."""
    solutions = [offer.media_type for offer in SOLUTIONS]
    graphs = [offer.media_type for offer in GRAPHS]
    tell = {"graph": ("CONSTRUCT and DESCRIBE", graphs), None: ("queries", solutions + graphs)}
    which, known = tell.get(kind, ("SELECT and ASK", solutions))
    known = list(dict.fromkeys(known))
    return Problem(406, f"The answers to {which} exist in these formats: {', '.join(known)}.", available=known)


def timeout(parameters: Parameters) -> float | None:
    """Return the seconds of the `timeout` parameter; 0 stands for none, as others' forms send it."""
    value = first(parameters, "timeout")
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise Problem(400, "“timeout” is a number of seconds greater than 0.")
    return seconds or None


def check_iri(iri: str) -> None:
    """Raise `Problem` where a graph is not named by an absolute IRI."""
    scheme, colon, _ = iri.partition(":")
    if not colon or not scheme[:1].isalpha() or any(c in '<>"{}|^`\\' or c <= " " for c in iri):
        raise Problem(400, f"A graph is named by an absolute IRI, not by “{iri[:200]}”.")


def refuse_parameters(parameters: Parameters, name: str) -> None:
    """Raise `Problem` where a parameter is there that must not be."""
    if name in parameters:
        if name == "update":
            raise updates_refused()
        raise Problem(400, f"The {name} is in the body already; leave the “{name}” parameter out.")


def media_type_of(content_type: str | None) -> tuple[str, str]:
    """Return media type and charset of a `Content-Type` header, in lower case."""
    media_type, *parameters = (part.strip().lower() for part in (content_type or "").split(";"))
    charset = next((p.removeprefix("charset=").strip('"') for p in parameters if p.startswith("charset=")), "utf-8")
    return media_type, charset


def refuse_coded(content_encoding: str | None) -> None:
    """Raise `Problem` (415) where a request's body is compressed (RFC 9110, section 12.5.3)."""
    if (content_encoding or "identity").strip().lower() != "identity":
        detail = f"A body is sent as it is, not with Content-Encoding: {content_encoding}."
        raise Problem(415, detail, headers={"Accept-Encoding": "identity"})


def decode(body: bytes, charset: str) -> str:
    """Return a posted query as text."""
    if charset not in {"utf-8", "utf8", "us-ascii"}:
        raise Problem(415, f"A query is posted in UTF-8, not in {charset}.")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(400, f"The query is not UTF-8 (byte {error.start}).") from None


def too_long(max_bytes: int) -> Problem:
    """Return the problem of a query or a body that is too long."""
    return Problem(413, f"A query may have up to {max_bytes} bytes.", limit="length", bytes=max_bytes)


def method_refused(method: str) -> Problem:
    """Return the problem of a method that is not offered."""
    return Problem(405, f"{method} is not offered here; queries are asked with GET or POST.", headers={"Allow": ALLOW})


def updates_refused() -> Problem:
    """Return the problem of an update request: a release is immutable."""
    return Problem(
        403, "Updates are refused: what is served here is read-only. Ask queries with the “query” parameter."
    )
