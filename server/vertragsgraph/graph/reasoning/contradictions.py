"""Statements that exclude each other, by the axioms of the ontology: disjointness, functional properties and the like.

Each axiom is brought to one question: which lines of the graphs agree in a key (for disjoint classes, the subject) and
are not the same? Lines are sorted by their keys, so that the question is answered in bounded memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from pyoxigraph import Triple

from vertragsgraph.graph.reasoning.explanation import asserted_grounds
from vertragsgraph.graph.reasoning.ontology import Exclusion, Kind, Logic
from vertragsgraph.graph.reasoning.rules import TYPE_BYTES
from vertragsgraph.rdf.sorted_files import lines_of, sorting
from vertragsgraph.rdf.syntax.ntriples import triple_of

MOST: Final = 1000
"""How many contradictions are explained; who has more will want to mend these first."""


@dataclass(frozen=True)
class Contradiction:
    """Triples of the graphs that can't both be true.

    `triples` are the two (one, where a property can't lead back to where it comes from); each may be asserted or
    entailed. `grounds` are the asserted triples that they are or follow from: those that a keeper can mend.
    """

    exclusion: Exclusion
    triples: tuple[Triple, ...]
    grounds: tuple[Triple, ...]


def contradictions(logic: Logic, graphs: Sequence[Path], asserted: Sequence[Path], base: str) -> list[Contradiction]:
    """Return the contradictions in graphs (files of sorted N-Triples), at most `MOST`, in a fixed order.

    `asserted` are those of the graphs that don't follow from the others. Resources with different IRIs are taken for
    different ones. Where more than two triples exclude each other, the first two are named.
    """
    if not logic.exclusions or not graphs:
        return []
    with TemporaryDirectory(dir=graphs[0].parent) as folder:
        clashes = list(islice(_clashes(logic.exclusions, graphs, Path(folder, "claims")), MOST))
        lines = {line for clash in clashes for line in clash.lines}
        grounds = asserted_grounds(lines, asserted, logic.rules, base, Path(folder)) if lines else {}
    return [
        Contradiction(
            clash.exclusion,
            tuple(map(triple_of, clash.lines)),
            tuple(map(triple_of, dict.fromkeys(ground for line in clash.lines for ground in grounds.get(line, ())))),
        )
        for clash in clashes
    ]


class _Clash(NamedTuple):
    exclusion: Exclusion
    lines: tuple[bytes, ...]


class _Claims:
    """Knows for each line of the graphs to which questions it belongs."""

    def __init__(self, exclusions: Iterable[Exclusion]) -> None:
        self._by_term: dict[bytes, list[tuple[int, Kind]]] = defaultdict(list)
        for number, exclusion in enumerate(exclusions):
            for term in exclusion.terms:
                suffix = b" .\n" if exclusion.kind is Kind.CLASSES else b""
                self._by_term[term.encode() + suffix].append((number, exclusion.kind))

    def of(self, line: bytes) -> Iterator[bytes]:
        """Yield a claim for each question: the number of the exclusion, the key, the line, with tabs between them."""
        subject, predicate, rest = line.split(b" ", 2)
        for number, kind in self._by_term.get(rest if predicate == TYPE_BYTES else predicate, ()):
            if key := _key(kind, subject, rest[:-3]):
                yield b"%d\t%s\t%s" % (number, key, line)


def _key(kind: Kind, subject: bytes, target: bytes) -> bytes:
    """Return in what two lines must agree to exclude each other; nothing where a line excludes no other."""
    match kind:
        case Kind.CLASSES | Kind.FUNCTIONAL:
            return subject
        case Kind.INVERSE_FUNCTIONAL:
            return target
        case Kind.PROPERTIES:
            return subject + b" " + target
        case Kind.ASYMMETRIC:
            return b" ".join(sorted((subject, target)))
        case Kind.IRREFLEXIVE:
            return subject if subject == target else b""


def _clashes(exclusions: tuple[Exclusion, ...], graphs: Sequence[Path], work: Path) -> Iterator[_Clash]:
    claims = _Claims(exclusions)
    with sorting(work) as out:
        out.writelines(claim for line in lines_of(*graphs) for claim in claims.of(line))
    for (number, _), group in groupby((claim.split(b"\t", 2) for claim in lines_of(work)), key=lambda claim: claim[:2]):
        exclusion = exclusions[int(number)]
        found = tuple(line for _, _, line in islice(group, 2))
        subject, _, rest = found[0].split(b" ", 2)
        excludes_itself = exclusion.kind in {Kind.ASYMMETRIC, Kind.IRREFLEXIVE} and subject == rest[:-3]
        if len(found) == 2 or excludes_itself:
            yield _Clash(exclusion, found)
