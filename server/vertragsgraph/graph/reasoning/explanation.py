"""Why a triple stands in the graphs: the asserted triples that it follows from.

Nothing is kept about this while a release is built; it is found out when there is a complaint. Most triples follow from
a single one, which one pass through the graphs finds. For the others, the triples about them are left out by and by until
none can be spared.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Final

from vertragsgraph.graph.reasoning.entailment import consequences, entail
from vertragsgraph.graph.reasoning.rules import TYPE_BYTES, Rules
from vertragsgraph.rdf.sorted_files import lines_of

HOPS: Final = 4
"""How far away from a triple its grounds are looked for."""
MOST: Final = 5000
"""Among how many triples they are looked for at most."""


def asserted_grounds(
    wanted: Collection[bytes], asserted: Sequence[Path], rules: Rules, base: str, folder: Path
) -> dict[bytes, list[bytes]]:
    """Return for triples, as lines of N-Triples, the asserted lines that each is or follows from.

    Lines for which nothing is found (they follow from too much, or from afar) are left out. `folder` is for work files.
    """
    grounds = _single_grounds(wanted, asserted, rules, base)
    for line in wanted:
        if line not in grounds and (several := _several_grounds(line, asserted, rules, base, folder)):
            grounds[line] = several
    return grounds


def _single_grounds(
    wanted: Collection[bytes], asserted: Sequence[Path], rules: Rules, base: str
) -> dict[bytes, list[bytes]]:
    plans, own = rules.plans(), f"<{base}".encode()
    nodes = {node for line in wanted for node in _nodes(line)}
    grounds: dict[bytes, list[bytes]] = {}
    for line in _lines_about(nodes, asserted):
        if line in wanted:
            grounds[line] = [line]
        else:
            for new in consequences([line], plans, own):
                if new in wanted:
                    grounds.setdefault(new, [line])
    return grounds


def _several_grounds(line: bytes, asserted: Sequence[Path], rules: Rules, base: str, folder: Path) -> list[bytes]:
    """Return a smallest set of asserted lines from which a line follows; none where none is found near it."""

    def follows(lines: Sequence[bytes]) -> bool:
        source, target = folder / "grounds.nt", folder / "consequences.nt"
        source.write_bytes(b"".join(lines))
        entail([source], rules, base, target)
        return line in target.read_bytes().splitlines(keepends=True)

    near: list[bytes] = []
    nodes = set(_nodes(line))
    for _ in range(HOPS):
        near = list(_lines_about(nodes, asserted))
        if len(near) > MOST:
            return []
        if follows(near):
            return _without_what_can_be_spared(near, follows)
        nodes |= {node for found in near for node in _nodes(found)}
    return []


def _without_what_can_be_spared(lines: list[bytes], follows: Callable[[Sequence[bytes]], bool]) -> list[bytes]:
    """Leave out lines, many at a time at first, as long as the rest is enough."""
    size = len(lines) // 2
    while size:
        start = 0
        while start < len(lines):
            rest = lines[:start] + lines[start + size :]
            if follows(rest):
                lines = rest
            else:
                start += size
        size //= 2
    return lines


def _nodes(line: bytes) -> tuple[bytes, ...]:
    """Return the resources that a line is about: its subject, and its object if that is an IRI and no class."""
    subject, predicate, rest = line.split(b" ", 2)
    return (subject, rest[:-3]) if rest.startswith(b"<") and predicate != TYPE_BYTES else (subject,)


def _lines_about(nodes: set[bytes], paths: Sequence[Path]) -> Iterator[bytes]:
    return (line for line in lines_of(*paths) if not nodes.isdisjoint(_nodes(line)))
