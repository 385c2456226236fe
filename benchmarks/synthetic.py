"""A synthetic register of any size, written as a release has it: a store and its N-Quads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, serialize

from vertragsgraph.sparql.engine.dataset import Dataset

BASE = "http://example.org/"
GRAPH = NamedNode(BASE + "graph/contracts")
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
CONTRACT = NamedNode(BASE + "Contract")
PARTY = NamedNode(BASE + "party")
YEAR = NamedNode(BASE + "year")
TRIPLES_EACH = 5


def quads(contracts: int) -> Iterator[Quad]:
    """Yield the quads of so many contracts, five of each."""
    for i in range(contracts):
        contract = NamedNode(f"{BASE}id/contract/{i}")
        yield Quad(contract, TYPE, CONTRACT, GRAPH)
        yield Quad(contract, LABEL, Literal(f"Vertrag über Förderung Nr. {i}", language="de"), GRAPH)
        yield Quad(contract, LABEL, Literal(f"Contract on support no. {i}", language="en"), GRAPH)
        yield Quad(contract, PARTY, NamedNode(f"{BASE}id/organisation/{i * 7919 % contracts}"), GRAPH)
        yield Quad(contract, YEAR, Literal(1990 + i % 36), GRAPH)


def write(folder: Path, contracts: int) -> Dataset:
    """Write the dataset into an empty folder; return it."""
    with (folder / "dump.nq").open("wb") as file:
        serialize(quads(contracts), file, RdfFormat.N_QUADS)
    store = Store(str(folder / "store"))
    store.bulk_load(path=str(folder / "dump.nq"), format=RdfFormat.N_QUADS)
    store.flush()
    (folder / "size").write_text(str(contracts * TRIPLES_EACH))
    return dataset_in(folder)


def dataset_in(folder: Path) -> Dataset:
    """Return the dataset that was written into a folder."""
    return Dataset(
        folder.name, folder / "store", folder / "dump.nq", BASE, {GRAPH.value: int((folder / "size").read_text())}
    )
