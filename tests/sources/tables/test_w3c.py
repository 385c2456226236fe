"""How far the W3C's recommendation is followed: its test suite for CSV to RDF (github.com/w3c/csvw, folder tests).

The suite isn't part of this repository; CSVW_TESTS names the folder. A register has a description beside each table and gives
each cell a subject, so of the suite only what cells say is compared, not the nodes for tables and rows, and tests of tables
without a description are left out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from csvw.metadata_utils import NAMESPACES
from pyoxigraph import RdfFormat, parse, serialize
from rdflib import Graph, Namespace
from rdflib.compare import to_isomorphic

from tests.conftest import ROOT
from vertragsgraph.sources import SourceError
from vertragsgraph.sources.tables import Description, read_table
from vertragsgraph.sources.tables.description import columns_of

FOLDER = Path(os.environ.get("CSVW_TESTS", ""))
BASE = "http://www.w3.org/2013/csvw/tests/"
CSVW = Namespace("http://www.w3.org/ns/csvw#")
NOT_FOLLOWED = {
    **dict.fromkeys(("034", "035"), "A description is one file: nothing is fetched."),
    **dict.fromkeys(("104", "251", "252", "253"), "Keys, and references from table to table, are not checked."),
    **dict.fromkeys(("148", "149"), "The language of a title is not looked at."),
    "187": "A time in UTC ends in +00:00, never in Z.",
    **dict.fromkeys(("306", "307"), "There are no lists."),
}
"""What isn't followed, by the numbers of the tests that show it."""
pytestmark = pytest.mark.skipif(
    not (FOLDER / "manifest-rdf.jsonld").is_file(), reason="CSVW_TESTS names no folder with the W3C's suite"
)


def entries() -> list[dict[str, Any]]:
    manifest = FOLDER / "manifest-rdf.jsonld"
    found = json.loads(manifest.read_text("utf-8"))["entries"] if manifest.is_file() else []
    return [entry for entry in found if description_of(entry)]


def description_of(entry: dict[str, Any]) -> str:
    """Return the file that describes the tables of a test, where it stands where descriptions of a register do."""
    action = entry["action"]
    beside = f"{action}-metadata.json"
    if action.endswith(".json"):
        return str(action)
    return beside if (FOLDER / beside).is_file() and beside in entry.get("implicit", []) else ""


def number(entry: dict[str, Any]) -> str:
    return str(entry["id"].rpartition("#test")[2])


def descriptions(path: str) -> Iterator[tuple[Description, bool]]:
    """Yield the tables that a file describes, each with whether it is to say nothing."""
    document = json.loads((FOLDER / path).read_text("utf-8"))
    context = document.get("@context")
    parts = context if isinstance(context, list) else [context]
    if "http://www.w3.org/ns/csvw" not in parts or not document.get("tables", [document]):
        raise ValueError(context)
    base = urljoin(
        BASE + path, next((each["@base"] for each in parts if isinstance(each, dict) and "@base" in each), "")
    )
    for table in document.get("tables", [document]):
        url = urljoin(base, table["url"])
        columns, dialect = columns_of(document, table, Path(path), url, "urn:no-register:", NAMESPACES)
        file = FOLDER / url.removeprefix(BASE)
        yield Description(file, Path(path), columns, dialect, "", "", ""), bool(table.get("suppressOutput"))


def said(path: str) -> Graph:
    graph = Graph()
    for count, (described, silent) in enumerate(descriptions(path)):
        lines = [f"{each.line}\n".replace("_:row", f"_:table{count}row") for each in read_table(described)]
        graph.parse(data="" if silent else "".join(lines), format="nt")
    return graph


def wanted(entry: dict[str, Any]) -> Graph:
    """Return what the suite wants of the cells, its language tags as everything here writes them."""
    triples = parse((FOLDER / entry["result"]).read_bytes(), RdfFormat.TURTLE, base_iri=BASE + entry["action"])
    graph = Graph().parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")
    if entry.get("option", {}).get("minimal"):
        return graph
    cells = Graph()
    for node in set(graph.objects(None, CSVW.describes)):
        for triple in graph.triples((node, None, None)):
            cells.add(triple)
    return cells


@pytest.mark.parametrize("entry", entries(), ids=number)
def test_the_suite(entry: dict[str, Any]) -> None:
    if number(entry) in NOT_FOLLOWED:
        pytest.skip(NOT_FOLLOWED[number(entry)])
    path = description_of(entry)
    if entry["type"] == "csvt:NegativeRdfTest":
        with pytest.raises((SourceError, ValueError, KeyError, TypeError)):
            said(path)
    elif entry["type"] == "csvt:ToRdfTestWithWarnings":
        with suppress(SourceError):  # what others warn of, keepers are to put right
            assert to_isomorphic(said(path)) == to_isomorphic(wanted(entry))
    else:
        assert to_isomorphic(said(path)) == to_isomorphic(wanted(entry))


def test_the_document_tells_what_is_not_followed() -> None:
    text = (ROOT / "docs/tables.md").read_text("utf-8")
    assert [reason for reason in NOT_FOLLOWED.values() if reason not in text] == []
