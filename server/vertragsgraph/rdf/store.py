"""Stores: filled from the files of a release, and asked for its data.

The default graph holds the data a second time: an index of its own takes half of the store again, but the union of some
of the named graphs would cost a join several times its time (docs/decisions/default-graph.md). Imported by worker
processes: nothing but the standard library and pyoxigraph.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox


def fill(store: ox.Store, quads: Path, beside: Mapping[str, Path]) -> None:
    """Load the N-Quads of the data, and what stands beside them: files by the IRI of their graph.

    N-Triples are the default graph, N-Quads name their graphs; Turtle files are small, and a triple that two of them have
    is loaded once, because queries are asked of all of them together. All is loaded at once: each loading writes down the
    terms that it meets, also those that the store knows, which took an eighth of it.
    """
    with ExitStack() as stack:
        files: list[IO[bytes]] = [
            stack.enter_context(path.open("rb")) for path in (quads, *beside.values()) if path.suffix != ".ttl"
        ]
        turtle = {graph: path for graph, path in beside.items() if path.suffix == ".ttl"}
        about = ox.serialize(_once(turtle), format=ox.RdfFormat.N_QUADS) or b""
        store.bulk_load(input=_Joined([*files, io.BytesIO(about)]), format=ox.RdfFormat.N_QUADS)  # type: ignore[arg-type]


def _once(turtle: Mapping[str, Path]) -> Iterator[ox.Quad]:
    """Yield the triples of files as quads of their graphs, each in one graph only."""
    seen: set[ox.Triple] = set()
    for graph, path in turtle.items():
        found = {quad.triple for quad in ox.parse(path=path, rename_blank_nodes=True)} - seen
        yield from (ox.Quad(each.subject, each.predicate, each.object, ox.NamedNode(graph)) for each in found)
        seen |= found


class _Joined(io.RawIOBase):
    """Files that are read one after the other."""

    def __init__(self, files: Iterable[IO[bytes]]) -> None:
        self._files = list(files)

    def readable(self) -> bool:
        """Say that it can be read (io)."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, none at the end of the last file (io)."""
        while self._files:
            if data := self._files[0].read(size):
                return data
            del self._files[0]
        return b""


def has_default_graph(store: ox.Store) -> bool:
    """Tell whether a store holds the data as its default graph too; those of earlier releases hold named graphs only."""
    return next(iter(store.quads_for_pattern(None, None, None, ox.DefaultGraph())), None) is not None


def of_the_data(store: ox.Store) -> dict[str, Any]:
    """Return the arguments that have pyoxigraph ask a store for the data: its default graph, or the union of its graphs."""
    return {} if has_default_graph(store) else {"use_default_graph_as_union": True}
