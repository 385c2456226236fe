"""Queries that ask other endpoints (SPARQL 1.1 Federated Query): what each is asked, and the query with its answers in place.

A worker can reach nobody. It says what the endpoints are to be asked, whoever may ask them does, and then each answer
takes the place of its SERVICE clause, as inline data (VALUES). So a query can be taken apart by a scan of its text, and
the engine's own parser is asked whether it agrees: where it reads SERVICE and the scan does not, the query is refused.
Imported by worker processes: nothing but the standard library and pyoxigraph.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

import pyoxigraph as ox

from vertragsgraph.message import Message
from vertragsgraph.sparql.query import scan, syntax

MOST_CLAUSES: Final = 10
"""So many SERVICE clauses a query may have."""
MOST_ROWS: Final = 200_000
"""So many solutions one of them may have."""

_KEYWORD: Final = re.compile("service", re.IGNORECASE | re.ASCII)
_NO_KEYWORD: Final = "servicf"
_SCHEME: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:")
_UNRECOGNISED: Final = Message(
    "This query asks another endpoint in a form that is not recognised here. "
    "Put blanks around SERVICE, the IRI and the braces, and close every string."
)


class Question(NamedTuple):
    """What another endpoint is asked; where `silent`, it does not matter that it gives no answer (SERVICE SILENT)."""

    iri: str
    silent: bool
    query: str


class Reply(NamedTuple):
    """What another endpoint answered, as it came: SPARQL results, it is hoped."""

    media_type: str
    body: bytes


@dataclass(frozen=True)
class Clause:
    """A SERVICE clause that stands in no other one: its place in the query, the endpoint, and what is between its braces."""

    start: int
    end: int
    iri: str
    silent: bool
    pattern: str


class UnusableReply(Exception):
    """An endpoint's answer can't be put in place of its clause; the message says why."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message)


def questions(query: str, base: str) -> list[Question]:
    """Return what other endpoints are asked by a query, in the order in which it asks them; nothing where it asks none.

    Raise `SyntaxError` where it is no SPARQL, `ScanError` where a clause can't be told for certain.
    """
    syntax.check(query, base)
    found = clauses(query)
    if len(found) > MOST_CLAUSES:
        start = found[MOST_CLAUSES].start
        raise scan.ScanError(
            Message("A query may ask other endpoints {times} times.", times=MOST_CLAUSES), query, start
        )
    _without_clauses(query, base)
    return [Question(clause.iri, clause.silent, asked(query, clause, base)) for clause in found]


def answered(query: str, base: str, replies: Sequence[Reply | None]) -> str:
    """Return a query with replies in place of its SERVICE clauses; None stands for one that failed and is SILENT.

    Blank nodes of the other side become IRIs (RDF 1.1, section 3.5): a query can't name them otherwise. Raise
    `UnusableReply` where a reply holds no solutions and the clause is not SILENT.
    """
    skolem = urljoin(base, f"/.well-known/genid/{os.urandom(16).hex()}")
    found = clauses(query)
    tables = []
    for number, (clause, reply) in enumerate(zip(found, replies, strict=True)):
        variables = _variables(clause, query, base)
        tables.append(_table(variables, _rows(clause, variables, reply, f"{skolem}-{number}-")))
    return _replaced(query, found, tables)


def clauses(query: str) -> list[Clause]:
    """Return the SERVICE clauses of a query that stand in no other one; raise `ScanError` where one can't be told.

    >>> [(clause.iri, clause.silent, clause.pattern) for clause in clauses("ASK { SERVICE SILENT <http://a/> { ?s ?p '}' } }")]
    [('http://a/', True, " ?s ?p '}' ")]
    """
    found = []
    code = scan.code(query)
    for token in code:
        if not scan.is_word(token, "SERVICE"):
            continue
        iri = next(code, token)
        silent = scan.is_word(iri, "SILENT")
        if silent:
            iri = next(code, token)
        opening = next(code, token)
        closing = _closing(code) if opening[0] == "{" else None
        if iri.lastgroup != "iri" or closing is None:
            raise scan.ScanError(_UNRECOGNISED)
        pattern = query[opening.end() : closing.start()]
        found.append(Clause(token.start(), closing.end(), iri[0][1:-1], silent, pattern))
    return found


def asked(query: str, clause: Clause, base: str) -> str:
    """Return the query that a clause's endpoint is asked: the prologue and the pattern, as they are written."""
    text = f"{scan.prologue(query)} SELECT * WHERE {{{clause.pattern}}}".lstrip()
    is_relative = any(token.lastgroup == "iri" and not _SCHEME.match(token[0]) for token in scan.tokens(text))
    return f"BASE <{base}> {text}" if is_relative else text


def _closing(code: Iterator[re.Match[str]]) -> re.Match[str] | None:
    """Return the brace that closes the one that was read last."""
    depth = 1
    for token in code:
        depth += (token[0] == "{") - (token[0] == "}")
        if depth == 0:
            return token
    return None


def _variables(clause: Clause, query: str, base: str) -> list[ox.Variable]:
    """Return the variables that a clause can bind."""
    text = asked(query, clause, base)
    return syntax.variables(_without_clauses(text, base), base)


def _without_clauses(query: str, base: str) -> str:
    """Return a query with nothing in place of its SERVICE clauses, by which it keeps its variables.

    Raise `ScanError` where the engine reads SERVICE in what is left of it: then it makes a difference that the word is
    another one.
    """
    found = clauses(query)
    rest = _replaced(query, found, [_table(_variables(clause, query, base), ()) for clause in found])
    try:
        syntax.check(rest, base)
        syntax.check(_KEYWORD.sub(_NO_KEYWORD, rest), base)
    except SyntaxError as error:
        raise scan.ScanError(_UNRECOGNISED) from error
    return rest


def _replaced(query: str, found: Sequence[Clause], tables: Sequence[str]) -> str:
    parts: list[str] = []
    position = 0
    for clause, table in zip(found, tables, strict=True):
        parts += query[position : clause.start], table
        position = clause.end
    return "".join([*parts, query[position:]])


def _table(variables: Sequence[ox.Variable], rows: Iterable[Iterable[str]]) -> str:
    """Return a group that has these solutions (SPARQL 1.1, section 10)."""
    names, lines = " ".join(map(str, variables)), " ".join(f"({' '.join(row)})" for row in rows)
    return f"{{ VALUES ({names}) {{ {lines} }} }}"


def _rows(clause: Clause, variables: Sequence[ox.Variable], reply: Reply | None, skolem: str) -> list[list[str]]:
    nothing_bound = [["UNDEF"] * len(variables)]
    if reply is None:
        return nothing_bound
    try:
        return _read(reply, variables, skolem)
    except (OSError, SyntaxError, ValueError) as error:
        if clause.silent:
            return nothing_bound
        message = Message(
            "{host}, which the query asks by SERVICE, gave no answer that can be read as SPARQL results, "
            "or one of more than {most} solutions.",
            host=urlsplit(clause.iri).netloc,
            most=MOST_ROWS,
        )
        raise UnusableReply(message) from error


def _read(reply: Reply, variables: Sequence[ox.Variable], skolem: str) -> list[list[str]]:
    """Return the solutions in a reply, each value as it stands in a query; raise one of many errors where there are none."""
    solutions = ox.parse_query_results(reply.body, ox.QueryResultsFormat.from_media_type(reply.media_type))
    if not isinstance(solutions, ox.QuerySolutions):
        raise ValueError
    known = set(solutions.variables)
    wanted = [variable if variable in known else None for variable in variables]
    rows = [[_written(name and row[name], skolem) for name in wanted] for row in islice(solutions, MOST_ROWS + 1)]
    if len(rows) > MOST_ROWS:
        raise ValueError
    return rows


def _written(term: object, skolem: str) -> str:
    """Return a term as it stands in a query."""
    if term is None:
        return "UNDEF"
    if isinstance(term, ox.BlankNode):
        return f"<{skolem}{quote(term.value)}>"
    if isinstance(term, ox.Triple):
        return f"<<( {' '.join(_written(part, skolem) for part in (term.subject, term.predicate, term.object))} )>>"
    return str(term)
