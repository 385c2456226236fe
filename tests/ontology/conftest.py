"""The ontology, and the data that its axioms must fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph

from vertragsgraph.graph import collect
from vertragsgraph.register import Register, load_register

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def register() -> Register:
    return load_register(ROOT)


@pytest.fixture(scope="session")
def ontology() -> Graph:
    return Graph().parse(ROOT / "ontology" / "vertragsgraph.ttl")


@pytest.fixture(scope="session")
def data(register: Register, tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """What the Turtle files assert, evidence left out."""
    graphs = collect(register, tmp_path_factory.mktemp("graphs"))
    roles = [role for role in graphs.roles if role not in {"evidence", "links", "entailed"}]
    return Graph().parse(data="".join(graphs.path(role).read_text("utf-8") for role in roles), format="nt")
