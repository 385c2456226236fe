"""The example queries on trial: each is asked once before there is a release, so that none is published broken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Literal

from vertragsgraph.finding import Finding, Place, Severity
from vertragsgraph.graph import Graphs
from vertragsgraph.graph.digest import sorted_quads
from vertragsgraph.http.problem import Problem
from vertragsgraph.rdf.media_types import GRAPHS, SOLUTIONS, by_name
from vertragsgraph.register import Register
from vertragsgraph.release.contents.queries import titles_of
from vertragsgraph.settings import Settings
from vertragsgraph.sources.folder import QUERY_RULE as RULE
from vertragsgraph.sources.folder import read_queries
from vertragsgraph.sparql.engine.dataset import Dataset
from vertragsgraph.sparql.engine.engine import answering
from vertragsgraph.sparql.engine.pool import Pool
from vertragsgraph.sparql.engine.request import PreparedRequest
from vertragsgraph.sparql.query import scan
from vertragsgraph.texts import LANGUAGES, Language, both, marked, translate

SECONDS: Final = 10.0
"""For so long an example may compute."""
MOST_TRIPLES: Final = 200_000
"""Of a larger register the queries are asked of nothing, which shows no less what is wrong with them."""


def check_examples(register: Register, graphs: Graphs, settings: Settings) -> list[Finding]:
    """Ask each example query once, in a worker that strangers' queries run in too; return what is wrong, with its place.

    What a query asks other endpoints (SERVICE) isn't sent to them: of these queries only the rest is tried.
    Raises `SourceError` for files that can't be read.
    """
    if not (queries := read_queries(register)):
        return []
    return asyncio.run(_ask_all(queries, register, graphs, settings))


async def _ask_all(queries: dict[Path, str], register: Register, graphs: Graphs, settings: Settings) -> list[Finding]:
    alone = settings.model_copy(
        update={
            "workers": 1,
            "query_seconds": SECONDS,
            "nice_after_seconds": 2 * SECONDS,
            "in_memory_quads": MOST_TRIPLES,
        }
    )
    engine = Pool(_dataset(register, graphs), alone, spare=0)
    try:
        await engine.start()
        return [finding for path, text in queries.items() async for finding in _ask(engine, path, text)]
    except Problem as problem:
        message = _message(marked("the example queries can't be tried: {reason}"), problem)
        return [Finding(message, None, Severity.WARNING, RULE)]
    finally:
        await engine.close()


def _dataset(register: Register, graphs: Graphs) -> Dataset:
    small = graphs.triples <= MOST_TRIPLES
    paths = {role: graphs.path(role) for role in graphs.roles} if small else {}
    quads = graphs.folder / "trial.nq"
    with quads.open("wb") as file:
        file.writelines(sorted_quads(paths, register))
    counts = {register.graph(role): graphs.counts[role] if small else 0 for role in graphs.roles}
    return Dataset(graphs.digest, Path(), quads, register.base, counts)


async def _ask(engine: Pool, path: Path, text: str) -> AsyncIterator[Finding]:
    """Ask a query; yield what is wrong with it."""
    if wrong := list(_wrong_at_sight(path, text)):
        for finding in wrong:
            yield finding
        return
    request = PreparedRequest(_kept_here(text), solutions=by_name("csv", SOLUTIONS), graph=by_name("nt", GRAPHS))
    try:
        async with answering(engine, request) as answer:
            async for _ in answer:
                pass
    except Problem as problem:
        line, column = (int(problem.extensions.get(name, 0)) for name in ("line", "column"))
        severity = Severity.VIOLATION if problem.status < 500 else Severity.WARNING
        message = _message(marked("this query gives no result: {reason}"), problem)
        yield Finding(message, Place(path, line, column), severity, RULE)


def _message(text: str, problem: Problem) -> dict[Language, str]:
    return {language: translate(text, language, reason=problem.detail_in(language)) for language in LANGUAGES}


def _wrong_at_sight(path: Path, text: str) -> Iterator[Finding]:
    """Yield what is wrong with a query that no parser need tell."""
    if not any(scan.code(text)):
        yield Finding(both("this file holds no query; write one, or remove the file"), Place(path), rule=RULE)
    if (word := scan.form_word(text)) and word[0].upper() in scan.UPDATES:
        message = both("{word} is an update; a register answers SELECT, ASK, CONSTRUCT and DESCRIBE only", word=word[0])
        yield Finding(message, Place(path, *scan.place(text, word.start())), rule=RULE)
    for language in titles_of(text):
        try:
            Literal("", language=language)
        except ValueError:
            at = text.index(f"title@{language}")
            yield Finding(
                both('"{language}" is no language tag, such as de', language=language),
                Place(path, *scan.place(text, at)),
                rule=RULE,
            )


def _kept_here(text: str) -> str:
    """Return a query that asks the register's graphs in place of other endpoints, all else where it stood.

    >>> _kept_here("SELECT * { SERVICE SILENT <http://x/> { ?s ?p ?o } }")
    'SELECT * { GRAPH          <http://x/> { ?s ?p ?o } }'
    """
    asked = False
    for token in scan.tokens(text):
        service, silent = scan.is_word(token, "SERVICE"), asked and scan.is_word(token, "SILENT")
        if service or silent:
            put = ("GRAPH" if service else "").ljust(len(token[0]))
            text = text[: token.start()] + put + text[token.end() :]
        asked = service or (asked and token.lastgroup == "comment")
    return text
