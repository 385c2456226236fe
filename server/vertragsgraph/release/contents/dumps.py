"""The dumps of a release, written from its sorted graphs in constant memory; the same graphs always give the same bytes.

Triple dumps hold the default graph of the endpoint, quad dumps the same by named graphs. What takes RDF 1.2 to be read
stands in files of its own. Each named graph is there once more, for those who fetch it alone: compressed only, since what
is in it stands in the dumps already.
"""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import Final, TextIO

from vertragsgraph.graph import Graphs
from vertragsgraph.graph.digest import sorted_quads
from vertragsgraph.rdf.sorted_files import side_by_side
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.rdf.syntax import rdfxml, turtle
from vertragsgraph.register import REIFIERS, Register
from vertragsgraph.release.contents import jsonld
from vertragsgraph.release.contents.formats import FORMATS
from vertragsgraph.release.contents.jsonld import Context
from vertragsgraph.release.contents.reifiers import reifying

GRAPHS: Final = "graphs"
"""The folder of the named graphs."""
_INDENT: Final = "    "


def merged(paths: Sequence[Path]) -> Iterator[bytes]:
    """Yield stretches of the lines of several sorted files of N-Triples, in one order, each line once."""
    for stretch in side_by_side(paths):
        yield b"".join(sorted(set(chain.from_iterable(stretch))))


def merged_lines(paths: Sequence[Path]) -> Iterator[str]:
    """Yield the lines of several sorted files of N-Triples, in one order, each once."""
    for stretch in merged(paths):
        yield from StringIO(stretch.decode(), newline="\n")


def create(path: Path) -> TextIO:
    """Open a new UTF-8 file; line feeds are written as they are."""
    return path.open("x", encoding="utf-8", newline="\n")


def write_lines(graphs: Graphs, register: Register, folder: Path) -> None:
    """Write those of the dumps that have a statement on each line, of which the store is made, into `folder`, which exists."""
    stem = folder / register.key
    triples = stem.with_suffix(".nt")
    by_role = {role: graphs.path(role) for role in graphs.roles}
    with triples.open("xb") as file:
        file.writelines(merged(list(by_role.values())))
    with stem.with_suffix(".nq").open("xb") as file:
        file.writelines(sorted_quads(by_role, register))
    with create(folder / f"{register.key}-{REIFIERS}.nq") as out:
        graph = f"<{register.graph(REIFIERS)}> .\n"
        out.writelines(line[:-2] + graph for line in reifying(nt.read(triples)))


def write(graphs: Graphs, register: Register, folder: Path, prefixes: Mapping[str, str], context: Context) -> None:
    """Write the other RDF dumps into `folder`, beside those with a statement on each line."""
    stem = folder / register.key
    triples = stem.with_suffix(".nt")
    with create(stem.with_suffix(".ttl")) as out:
        turtle.write_lines(nt.read(triples), out, prefixes)
    with create(stem.with_suffix(".jsonld")) as out:
        jsonld.write_lines(nt.read(triples), out, context.against(register.base))
    with create(stem.with_suffix(".rdf")) as out:
        rdfxml.write_lines(nt.read(triples), out, prefixes, register.base)
    with create(folder / f"{register.key}-{REIFIERS}.ttl") as out:
        turtle.write_lines(reifying(nt.read(triples)), out, prefixes)


def write_graphs(graphs: Graphs, register: Register, folder: Path, prefixes: Mapping[str, str]) -> None:
    """Write the TriG dump in `folder`, and each named graph by itself (see `graph_file`) in the folder beside it."""
    own = folder.parent / GRAPHS
    own.mkdir()
    terms = turtle.Terms(prefixes)
    with create(folder / f"{register.key}.trig") as out:
        out.write(turtle.declarations(prefixes))
        for role in graphs.roles:
            with graphs.path(role).open("rb") as source, packed(folder.parent / graph_file(role, "nt")) as alone:
                shutil.copyfileobj(source, alone, 1 << 16)
            out.write(f"\n<{register.graph(role)}> {{\n")
            with packed(folder.parent / graph_file(role, "ttl")) as alone:
                alone.write(turtle.declarations(prefixes).encode())
                for block in turtle.blocks(nt.read(graphs.path(role)), terms, _INDENT):
                    out.write(block)
                    alone.write(block.replace(f"\n{_INDENT}", "\n").encode())
            out.write("}\n")


def graph_file(role: str, extension: str) -> str:
    """Return the path within a release of the file with a named graph alone, `nt` or `ttl`."""
    return f"{GRAPHS}/{role}.{extension}.gz"


def compress(folder: Path) -> None:
    """Write each dump in `folder` a second time, compressed."""
    extensions = {f".{item.name}" for item in FORMATS}
    for path in sorted(folder.iterdir()):
        if path.suffix in extensions:
            with path.open("rb") as source, packed(path.with_name(f"{path.name}.gz")) as out:
                shutil.copyfileobj(source, out, 1 << 16)


@contextmanager
def packed(path: Path) -> Iterator[gzip.GzipFile]:
    """Open a new file to be compressed (RFC 1952), without time stamp and name, so that bytes repeat."""
    with (
        path.open("xb") as target,
        gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=target, mtime=0) as out,
    ):
        yield out
