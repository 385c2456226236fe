"""Statements that exclude each other, by the axioms of the ontology: disjointness, functional properties and the like.

Each axiom is brought to one question: which lines of the graphs agree in a key (for disjoint classes, the subject) and
are not the same? Lines are sorted by their keys, so that the question is answered in bounded memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from vertragsgraph.graph import terms
from vertragsgraph.graph.collect import Graphs
from vertragsgraph.graph.documents import read_document
from vertragsgraph.graph.entail import TYPE_BYTES
from vertragsgraph.graph.explain import asserted_grounds
from vertragsgraph.graph.ontology import Exclusion, Kind, logic_of
from vertragsgraph.graph.sorting import sort_file
from vertragsgraph.register import ASSERTED_ROLES, Register
from vertragsgraph.texts import Language, both

MOST: Final = 1000
"""How many contradictions are explained; who has more will want to mend these first."""


@dataclass(frozen=True)
class Contradiction:
    """Two triples of the graphs that can't both be true, and why.

    `triples` are the two (one, where a property can't lead back to where it comes from); each may be asserted or
    entailed. `grounds` are the asserted triples that they are or follow from: those that a keeper can mend.
    `message` says what is wrong and what to do; places are for the caller to add.
    """

    exclusion: Exclusion
    triples: tuple[Triple, ...]
    grounds: tuple[Triple, ...]
    message: dict[Language, str]


def contradictions(register: Register, graphs: Graphs) -> list[Contradiction]:
    """Return the contradictions in the graphs, at most `MOST`, in a fixed order.

    Resources with different IRIs are taken for different ones. Where more than two triples exclude each other, the first
    two are named. Raises `FindingsError` where the ontology can't be read.
    """
    logic = logic_of(read_document(register, register.ontology), register)
    if not logic.exclusions:
        return []
    with TemporaryDirectory(dir=graphs.folder) as folder:
        clashes = list(islice(_clashes(logic.exclusions, graphs, Path(folder)), MOST))
        asserted = [graphs.path(role) for role in graphs.roles if role in ASSERTED_ROLES]
        lines = {line for clash in clashes for line in clash.lines}
        grounds = asserted_grounds(lines, asserted, logic.rules, register.base, Path(folder)) if lines else {}
    return [_contradiction(clash, grounds, register.base) for clash in clashes]


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


def _clashes(exclusions: tuple[Exclusion, ...], graphs: Graphs, folder: Path) -> Iterator[_Clash]:
    claims = _Claims(exclusions)
    as_read, in_order = folder / "claims.read", folder / "claims"
    with as_read.open("wb") as out:
        for role in graphs.roles:
            with graphs.path(role).open("rb") as lines:
                out.writelines(claim for line in lines for claim in claims.of(line))
    sort_file(as_read, in_order)
    with in_order.open("rb") as lines:
        for (number, _), group in groupby((claim.split(b"\t", 2) for claim in lines), key=lambda claim: claim[:2]):
            exclusion = exclusions[int(number)]
            found = tuple(line for _, _, line in islice(group, 2))
            if len(found) == 2 or _excludes_itself(exclusion.kind, found[0]):
                yield _Clash(exclusion, found)


def _excludes_itself(kind: Kind, line: bytes) -> bool:
    subject, _, rest = line.split(b" ", 2)
    return kind in {Kind.ASYMMETRIC, Kind.IRREFLEXIVE} and subject == rest[:-3]


def _contradiction(clash: _Clash, grounds: Mapping[bytes, Sequence[bytes]], base: str) -> Contradiction:
    triples = tuple(_triple(line) for line in clash.lines)
    behind = dict.fromkeys(ground for line in clash.lines for ground in grounds.get(line, ()))
    return Contradiction(
        clash.exclusion, triples, tuple(_triple(line) for line in behind), _message(clash.exclusion.kind, triples, base)
    )


def _triple(line: bytes) -> Triple:
    [quad] = parse(line, RdfFormat.N_TRIPLES)
    triple: Triple = quad.triple
    return triple


def _message(kind: Kind, triples: Sequence[Triple], base: str) -> dict[Language, str]:
    first, last = triples[0], triples[-1]
    subject, predicate, target = (_short(term, base) for term in first)
    match kind:
        case Kind.CLASSES:
            return both(
                "{subject} can't be {one} and {other} at once: these classes are disjoint; take one of them back",
                subject=subject,
                one=target,
                other=_short(last.object, base),
            )
        case Kind.PROPERTIES:
            return both(
                "{one} and {other} can't both lead from {subject} to {object}: these properties are disjoint; take one back",
                one=predicate,
                other=_short(last.predicate, base),
                subject=subject,
                object=target,
            )
        case Kind.FUNCTIONAL:
            return both(
                "{subject} has {one} and {other} as {property}, which takes one value only; take one of them back",
                subject=subject,
                one=target,
                other=_short(last.object, base),
                property=predicate,
            )
        case Kind.INVERSE_FUNCTIONAL:
            return both(
                "{one} and {other} have the same {property}, {value}, which only one can have; take one of them back",
                one=subject,
                other=_short(last.subject, base),
                property=predicate,
                value=target,
            )
        case Kind.ASYMMETRIC | Kind.IRREFLEXIVE if subject == target:
            return both(
                "{property} can't lead from {subject} to itself; take this back", property=predicate, subject=subject
            )
        case Kind.ASYMMETRIC | Kind.IRREFLEXIVE:
            return both(
                "{property} can't lead from {subject} to {object} and back again; take one of them back",
                property=predicate,
                subject=subject,
                object=target,
            )


def _short(term: NamedNode | BlankNode | Literal | Triple, base: str) -> str:
    """Return a term as data files write it."""
    if not isinstance(term, NamedNode):
        return str(term)
    return f"<{term.value.removeprefix(base)}>" if term.value.startswith(base) else terms.short(term)
