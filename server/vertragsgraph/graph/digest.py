"""What makes a release the same release: the digest of everything that goes into it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from pyoxigraph import Triple

from vertragsgraph.rdf.sorted_files import BLOCK, side_by_side
from vertragsgraph.rdf.syntax.ntriples import canonical
from vertragsgraph.register import Kinds, Register

_HEAD: Final = "vertragsgraph release format 1\n"


def digest(
    register: Register,
    graphs: Mapping[str, Path],
    ontology: Iterable[Triple],
    shapes: Iterable[Triple],
    queries: Mapping[str, str],
    kinds: Kinds,
) -> str:
    r"""Return the digest of what a register says: 64 hexadecimal digits.

    `graphs` names for each role the file of its sorted N-Triples. The digest is the SHA-256 of this text (UTF-8, each
    line with a line feed, the last too); a line is what `sha256sum` writes: a SHA-256, two spaces, what it is of. How a
    release writes it is added to it (`vertragsgraph.release.digest`).

        vertragsgraph release format 1
        {sha256}  quads
        {sha256}  ontology
        {sha256}  shapes
        {sha256}  register
        {sha256}  queries
        {sha256}  kinds

    - *quads*: all named graphs as canonical N-Quads in bytewise order. That is the file `dumps/{key}.nq` of the release,
      and what `LC_ALL=C sort` makes of any canonical N-Quads file with the same quads.
    - *ontology*, *shapes*: the triples of all Turtle files of the folder together, their blank nodes named by RDFC-1.0,
      as canonical N-Quads in bytewise order.
    - *register*: the contents of register.toml with their defaults as JSON in UTF-8, keys sorted, no white space between
      tokens, no line feed at the end.
    - *queries*: a line as above for each example query (`data/queries/*.rq`, without its byte order mark), in the order of
      their names.
    - *kinds*: the table of kinds as JSON in UTF-8, in the order of the table, no white space between tokens, no line feed at
      the end.
    """
    return combined(
        quads=sha256(sorted_quads(graphs, register)),
        ontology=sha256([canonical(ontology)]),
        shapes=sha256([canonical(shapes)]),
        register=sha256([register.canonical().encode()]),
        queries=listed({name: sha256([text.encode()]) for name, text in queries.items()}),
        kinds=sha256([kinds.canonical().encode()]),
    )


def combined(**parts: str) -> str:
    """Return the digest that is made of these checksums (see `digest`); earlier releases have no table of kinds."""
    order = ("quads", "ontology", "shapes", "register", "queries", "kinds")
    return listed({name: parts[name] for name in order if name in parts}, _HEAD)


def listed(checksums: Mapping[str, str], head: str = "") -> str:
    """Return the SHA-256 of a list of them, as `sha256sum` writes it, with a first line of its own."""
    lines = "".join(f"{value}  {name}\n" for name, value in checksums.items())
    return sha256([(head + lines).encode()])


def sorted_quads(graphs: Mapping[str, Path], register: Register, size: int = BLOCK) -> Iterator[bytes]:
    """Yield the named graphs in stretches of sorted canonical N-Quads; `graphs` as in `digest`.

    Putting a graph's IRI behind a triple changes nothing in the order of the triples, since no triple begins with another.
    """
    endings = [f" <{register.graph(role)}> .\n".encode() for role in graphs]
    for stretch in side_by_side(list(graphs.values()), size):
        quads: list[bytes] = []
        for lines, ending in zip(stretch, endings, strict=True):
            quads += [line[:-3] + ending for line in lines]
        quads.sort()
        yield b"".join(quads)


def sha256(parts: Iterable[bytes]) -> str:
    """Return the SHA-256 of bytes that come in parts, in hexadecimal."""
    found = hashlib.sha256()
    for part in parts:
        found.update(part)
    return found.hexdigest()
