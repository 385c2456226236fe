"""Whoever asks a dump gets what the endpoint answers: every documented query, each file, two engines."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib

from vertragsgraph.rdf.media_types import GRAPHS, SOLUTIONS
from vertragsgraph.release import Release
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.engine.dataset import dataset_of
from vertragsgraph.sparql.engine.engine import answering
from vertragsgraph.sparql.engine.pool import Pool
from vertragsgraph.sparql.engine.request import PreparedRequest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# What names graphs, other endpoints, triple terms or what describes the register asks for what no dump of the data holds.
ELSEWHERE = re.compile(r"\b(?:GRAPH|FROM|SERVICE)\b|\{\||<<|~|rdf:reifies|\bdcat:|\bvoid:|\bsh:")
SHOWN = [
    query for path in DOCUMENTS for query in re.findall(r"```sparql\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
]
EXAMPLES = [path.read_text("utf-8") for path in sorted((ROOT / "data/queries").glob("*.rq"))]
QUERIES = [query for query in (*SHOWN, *EXAMPLES) if "SELECT" in query and not ELSEWHERE.search(query)]
QUADS = ("nq", "trig")

Rows = Counter[Any] | list[Any]


def rows(query: str, result: bytes) -> Rows:
    """The rows of a result (SPARQL 1.1 Query Results JSON Format): in order only where the query asks for one."""
    bindings = json.loads(result)["results"]["bindings"]
    found = [
        frozenset((name, term["value"], term.get("xml:lang"), term.get("datatype")) for name, term in row.items())
        for row in bindings
    ]
    return found if "ORDER BY" in query else Counter(found)


@pytest.fixture(scope="module")
def at_the_endpoint(release: Release) -> dict[str, Rows]:
    """The rows of each query, from the engine and the default graph of the endpoint."""

    async def ask() -> dict[str, Rows]:
        engine, found = Pool(dataset_of(release), Settings(workers=1), spare=0), {}
        try:
            await engine.start()
            for query in QUERIES:
                async with answering(engine, PreparedRequest(query, solutions=SOLUTIONS[0], graph=GRAPHS[0])) as answer:
                    found[query] = rows(query, b"".join([data async for data in answer]))
        finally:
            await engine.close()
        return found

    return asyncio.run(ask())


def in_rdflib(dump: Path) -> dict[str, Rows]:
    graph = rdflib.Dataset(default_union=True) if dump.suffix[1:] in QUADS else rdflib.Graph()
    graph.parse(dump)
    return {query: rows(query, graph.query(query).serialize(format="json") or b"") for query in QUERIES}


def in_pyoxigraph(dump: Path) -> dict[str, Rows]:
    store = pyoxigraph.Store()
    store.bulk_load(path=dump)
    union = dump.suffix[1:] in QUADS
    results = {query: store.query(query, use_default_graph_as_union=union) for query in QUERIES}
    form = pyoxigraph.QueryResultsFormat.JSON
    return {query: rows(query, result.serialize(format=form) or b"") for query, result in results.items()}


def test_there_are_queries() -> None:
    assert len(QUERIES) >= 19


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize("ask", [in_rdflib, in_pyoxigraph])
@pytest.mark.parametrize("extension", ["ttl", "nt", "jsonld", "rdf", *QUADS])
def test_each_query_has_the_rows_of_the_endpoint(
    extension: str,
    ask: Any,
    release: Release,
    at_the_endpoint: dict[str, Rows],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)  # it writes instants otherwise than they are written
    found = ask(release.dump(extension))
    assert [query for query in QUERIES if found[query] != at_the_endpoint[query]] == []
