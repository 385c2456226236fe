"""The digest of a result: equal where two results say the same, whoever computed them and in whatever order.

It is the SHA-256 of a text (`docs/querying.md`, “The digest of a result”): for SELECT a line of the variables, then the rows
as terms of canonical N-Triples, for a graph its triples as canonical N-Triples, for ASK `true` or `false`. Lines are sorted
bytewise, blank nodes named by RDFC-1.0. Imported by worker processes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, TypeAlias

import pyoxigraph as ox

from vertragsgraph.message import Message
from vertragsgraph.rdf.syntax import ntriples

MOST: Final = 256 * 1024 * 1024
"""Bytes of the longest text of which there is a digest: its lines are sorted in memory."""

Row: TypeAlias = "tuple[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None, ...]"
_COLUMN: Final = "urn:x-column:"


class TooLongError(ValueError):
    """A result is too long for a digest."""

    def __init__(self) -> None:
        self.message = Message(
            "The result is too long for a digest: its rows as N-Triples take more than {size} MiB. "
            "Narrow the query down, or cite a dump.",
            size=MOST // 1024 // 1024,
        )
        super().__init__(self.message)


class ResultDigest(NamedTuple):
    """A digest, `sha256:` and 64 hexadecimal digits, and of how many rows (triples of a graph, 1 for ASK) it is."""

    digest: str
    rows: int

    def json(self) -> bytes:
        """Return it as a line of JSON."""
        return json.dumps(self._asdict()).encode() + b"\n"


def read_digest(text: bytes) -> ResultDigest:
    """Return the digest that was written as JSON."""
    return ResultDigest(**json.loads(text))


def digest_of(result: ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple]) -> ResultDigest:
    """Return the digest of a result; raise `TooLongError` where its text is longer than `MOST`."""
    if isinstance(result, ox.QueryBoolean):
        return _digest("", [b"true\n" if result else b"false\n"])
    if isinstance(result, ox.QuerySolutions):
        names = "\t".join(map(str, result.variables)) + "\n"
        return _digest(names, _sorted(_row_lines(result)))
    return _digest("", sorted(set(_sorted(_triple_lines(result)))))


def _digest(head: str, lines: list[bytes]) -> ResultDigest:
    found = hashlib.sha256(head.encode())
    for line in lines:
        found.update(line)
    return ResultDigest(f"sha256:{found.hexdigest()}", len(lines))


def _sorted(lines: Iterable[str]) -> list[bytes]:
    kept, size = [], 0
    for line in lines:
        kept.append(line.encode("utf-8", "surrogatepass"))
        size += len(kept[-1])
        if size > MOST:
            raise TooLongError
    return sorted(kept)


def _row_lines(
    solutions: Iterable[Iterable[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None]],
) -> Iterator[str]:
    blank: list[Row] = []
    for solution in solutions:
        row = tuple(solution)
        line = _line(row)
        if "_:" in line and any(map(_is_blank, row)):
            blank.append(row)
        else:
            yield line
    if blank:
        yield from map(_line, _canonical(blank))


def _canonical(rows: list[Row]) -> Iterator[Row]:
    """Yield rows with their blank nodes named by RDFC-1.0: of a graph in which each row is a blank node of its own.

    It has a triple for each variable that is bound: `urn:x-column:` and the number of the column (from 1), and the term.
    """
    dataset = ox.Dataset(
        ox.Quad(node, ox.NamedNode(f"{_COLUMN}{number}"), term)
        for node, row in ((ox.BlankNode(), row) for row in rows)
        for number, term in enumerate(row, 1)
        if term is not None
    )
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    named: dict[object, dict[int, object]] = {}
    for quad in dataset:
        named.setdefault(quad.subject, {})[int(quad.predicate.value.removeprefix(_COLUMN))] = quad.object
    width = len(rows[0])
    yield from (tuple(cells.get(number) for number in range(1, width + 1)) for cells in named.values())  # type: ignore[misc]


def _triple_lines(triples: Iterable[ox.Triple]) -> Iterator[str]:
    blank = []
    for triple in triples:
        line = f"{triple} .\n"
        if "_:" in line and (_is_blank(triple.subject) or _is_blank(triple.object)):
            blank.append(triple)
        else:
            yield line
    if blank:
        lines = ntriples.canonical(blank).decode("utf-8", "surrogatepass").split("\n")[:-1]
        yield from (f"{line}\n" for line in lines)


def _line(row: Row) -> str:
    return "\t".join("" if term is None else str(term) for term in row) + "\n"


def _is_blank(term: object) -> bool:
    """Tell whether a term is a blank node, or a triple about one."""
    if isinstance(term, ox.Triple):
        return _is_blank(term.subject) or _is_blank(term.object)
    return isinstance(term, ox.BlankNode)
