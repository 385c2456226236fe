"""The ontology, and the data that its axioms must fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import Graph

from vertragsgraph.register import Register, load_register
from vertragsgraph.sources import source_files

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def register() -> Register:
    return load_register(ROOT)


@pytest.fixture(scope="session")
def ontology() -> Graph:
    return Graph().parse(ROOT / "ontology" / "vertragsgraph.ttl")


@pytest.fixture(scope="session")
def data(register: Register) -> Graph:
    """What the Turtle files assert, evidence left out."""
    files = [file.path for file in source_files(register) if file.role not in {"evidence", "links"}]
    lines = [
        f"{quad.triple} .\n"
        for path in files
        for quad in parse(path=path, format=RdfFormat.TURTLE, base_iri=register.base)
    ]
    return Graph().parse(data="".join(lines), format="nt")
