"""The shipped register as the build makes it: its graphs, and a store of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from vertragsgraph.graph import Graphs, collect
from vertragsgraph.register import Register, load_register

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def register() -> Register:
    return load_register(ROOT)


@pytest.fixture(scope="session")
def graphs(register: Register, tmp_path_factory: pytest.TempPathFactory) -> Graphs:
    return collect(register, tmp_path_factory.mktemp("graphs"))


@pytest.fixture(scope="session")
def store(register: Register, graphs: Graphs) -> Store:
    """All graphs, each under its name; not to be written to."""
    store = Store()
    for role in graphs.roles:
        store.load(path=graphs.path(role), format=RdfFormat.N_TRIPLES, to_graph=NamedNode(register.graph(role)))
    return store
