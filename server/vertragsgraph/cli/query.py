"""`query`: asks a release, or tells whether what was cited of one is still the same."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias
from urllib.parse import parse_qs

import pyoxigraph as ox
import typer
from SPARQLWrapper import SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from vertragsgraph.cli.console import NO_ANSWER, REFUSED, USAGE, Talk
from vertragsgraph.cli.options import LanguageOption, RegisterOption, ReleasesOption
from vertragsgraph.cli.session import Session
from vertragsgraph.finding import FindingsError
from vertragsgraph.http.problem import Problem
from vertragsgraph.rdf.media_types import DIGEST
from vertragsgraph.rdf.result_digest import ResultDigest, digest_of, read_digest
from vertragsgraph.register.files import read_text
from vertragsgraph.release import open_release
from vertragsgraph.sparql.engine.dataset import dataset_of
from vertragsgraph.sparql.engine.single_query import run_once

ResultFormat: TypeAlias = Literal["json", "xml", "csv", "tsv", "ttl", "nt", "jsonld", "rdf", "digest"]
"""The first four are for SELECT and ASK, the next four for CONSTRUCT and DESCRIBE."""

_RESULTS = "application/sparql-results+json"
_TRIPLES = "application/n-triples"


def query(
    query: Annotated[
        str, typer.Argument(help="SPARQL, the path of a file, - for standard input, or the address of a cited result.")
    ],
    result_format: Annotated[ResultFormat | None, typer.Option("--format", "-f", help="Format of the result.")] = None,
    timeout: Annotated[float | None, typer.Option(help="Seconds the query may compute.", min=0.001)] = None,
    release: Annotated[str | None, typer.Option(help="The release to ask. Default: the current one.")] = None,
    expect: Annotated[
        str | None, typer.Option(help="Tell only whether the result has this digest; end with 1 where it has not.")
    ] = None,
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    lang: LanguageOption = None,
) -> None:
    """Ask a release a question in SPARQL, or check a result that was cited.

    An address (http…?query=…) is asked where it is, without a register at hand; of what it gives the digest is worked out here.
    """
    if query.startswith(("http://", "https://")):
        talk = Talk(lang)
        _conclude(talk, _digest_at(talk, query, timeout), expect)
        return
    session = Session(register, releases, lang)
    text = _query_text(session, query)
    with session.refusals():
        dataset = dataset_of(open_release(session.releases / release) if release else session.release())
    digest = io.BytesIO()
    out, chosen = (digest, DIGEST.name) if expect else (sys.stdout.buffer, result_format)
    try:
        run_once(dataset, text, out, session.settings, result_format=chosen, seconds=timeout)
    except Problem as problem:
        session.fail(NO_ANSWER, "the query gave no result: {reason}", reason=problem.detail)
    except BrokenPipeError:  # whoever reads has enough
        raise typer.Exit(NO_ANSWER) from None
    if expect:
        _conclude(session, read_digest(digest.getvalue()), expect)


def _conclude(talk: Talk, found: ResultDigest, expected: str | None) -> None:
    """Print a digest, or tell whether it is as expected."""
    if expected is None:
        talk.out.print(found.json().decode(), end="")
    elif found.digest != expected.lower():
        talk.fail(REFUSED, "the result is another one: {rows} rows, {digest}", rows=found.rows, digest=found.digest)
    else:
        talk.say("the result is the same: {rows} rows, {digest}", rows=found.rows, digest=found.digest)


def _digest_at(talk: Talk, address: str, timeout: float | None) -> ResultDigest:
    """Return the digest of what a query gives whose address says where it is to be asked."""
    endpoint, _, parameters = address.partition("?")
    given = parse_qs(parameters)
    if len(given.get("query", ())) != 1:
        talk.fail(USAGE, "the address must hold the query: …/sparql?query=…")
    client = SPARQLWrapper(endpoint)
    client.setOnlyConneg(True)
    client.setQuery(given["query"][0])
    client.addCustomHttpHeader("Accept", f"{_RESULTS}, {_TRIPLES}")
    if timeout:
        client.setTimeout(max(1, round(timeout)))
    try:
        response: Any = client.query().response
        return digest_of(_result(response.headers.get_content_type(), response.read()))
    except (SPARQLWrapperException, HTTPException, OSError, SyntaxError, ValueError) as error:
        talk.fail(NO_ANSWER, "the query gave no result: {reason}", reason=error)


def _result(media_type: str, body: bytes) -> ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]:
    if media_type == _TRIPLES:
        return (quad.triple for quad in ox.parse(body, ox.RdfFormat.N_TRIPLES))
    if media_type == _RESULTS:
        return ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    raise ValueError(media_type)


def _query_text(session: Session, query: str) -> str:
    if any(character in query for character in "{}\n"):
        # as it was written, also where Python takes the locale's encoding for ASCII
        return os.fsencode(query).decode("utf-8", "replace")
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig") if query == "-" else read_text(Path(query), "query")
    except UnicodeDecodeError as error:
        session.fail(USAGE, "the query on standard input is not UTF-8: {reason}", reason=error.reason)
    except FindingsError as error:
        session.show(error.findings)
        session.fail(USAGE, "give a query, a file or - for standard input")
