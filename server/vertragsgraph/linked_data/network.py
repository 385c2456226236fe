"""Who and what is connected in a release: the nodes and the lines between them that the table of kinds names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.linked_data.gathering import LIMIT as GATHERED
from vertragsgraph.linked_data.gathering import labelled, values
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.linked_data.terms import Labels
from vertragsgraph.rdf.asking import Ask, solutions
from vertragsgraph.rdf.paths import Step
from vertragsgraph.register.kinds import Connection, Kinds

LIMIT: Final = 300
"""Where there are more lines than these, a selection is returned."""
NODES: Final = 60
"""The nodes of a selection: as many as can be drawn without being a tangle."""

CENTRES: Final = 20
"""Nodes around which a selection is made."""
STEPS_UP: Final = 2
"""From persons to offices, from there to organisations."""


@dataclass(frozen=True, order=True)
class Line:
    """A line from one node to another (IRIs), and the property or the kind of act that it stands for."""

    source: str
    predicate: str
    target: str


@dataclass(frozen=True)
class Network:
    """Lines in order, the kind of each node, the labels of all, and whether there may be more lines."""

    lines: tuple[Line, ...]
    kinds: dict[str, str]
    labels: Labels
    cut: bool


def around(found: Neighbourhood, node: str, kinds: Kinds) -> Network:
    """Return the lines of a node (an IRI), from what was gathered for its page; none where it is of no kind that is drawn.

    What was gathered is what is asserted, so the paths are those that do without what follows from it.
    """

    def along(iri: str, step: Step) -> Iterable[str]:
        return found.subjects(step.property, iri) if step.inverse else found.iris(iri, step.property)

    def is_a(iri: str, cls: str) -> bool:
        return cls in found.types(iri)

    kind = next((kinds.nodes[each].name for each in sorted(found.types(node)) if each in kinds.nodes), "")
    lines, ends = set[Line](), {node: kind} if kind else {}
    for line in kinds.lines:
        path = line.asserted or line.direct
        for own, other, back in ((line.start, line.end, False), (line.end, line.start, True)):
            for iri in path.follow(node, along, is_a, back=back) if own == kind else ():
                types = found.types(iri)
                if types and kinds[other].iri not in types:  # a line of the same name, from or to another kind
                    continue
                lines.add(Line(iri, line.name, node) if back else Line(node, line.name, iri))
                ends[iri] = other
    return Network(tuple(sorted(lines)), ends, found.labels, cut=len(lines) >= GATHERED)


async def network(ask: Ask, kinds: Kinds, centres: Sequence[str], *, many: bool) -> Network:
    """Return the lines between all nodes; where they are more than `LIMIT`, those around the first of some centres (IRIs).

    `many` says that they are more in any case: to count them would take as long as the register is large.
    """
    pattern = _union(kinds.lines, kinds)
    count = f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}"
    is_small = not many and (not pattern or _number(await ask(count)) <= LIMIT)
    found = await (_lines(ask, kinds, kinds.lines) if is_small else _selection(ask, kinds, centres))
    nodes = {
        iri: kind for line, said in found.items() for iri, kind in ((line.source, said.start), (line.target, said.end))
    }
    lines = tuple(sorted(found))
    return Network(lines, nodes, await labelled(ask, sorted(nodes)), cut=not is_small)


async def _selection(ask: Ask, kinds: Kinds, centres: Sequence[str]) -> dict[Line, Connection]:
    """Return all lines of some centres, and those between the nodes that they lead to and what is right above them.

    Centres are of a kind of which lines begin and none ends: contracts. Nodes are taken a centre at a time, so that none of
    them is left without its lines.
    """
    ends = {line.end for line in kinds.lines}
    outward = [line for line in kinds.lines if line.start not in ends] or list(kinds.lines)
    upward = [line for line in kinds.lines if line not in outward]
    around: dict[str, dict[Line, Connection]] = {centre: {} for centre in centres}
    for line, said in (await _lines(ask, kinds, outward, centres)).items():
        around[line.source][line] = said
    chosen, nodes = dict[Line, Connection](), set[str]()
    for lines in around.values():
        more = nodes | {end for line in lines for end in (line.source, line.target)}
        if len(more) <= NODES:
            chosen, nodes = chosen | lines, more
    for _ in range(STEPS_UP):
        up = await _lines(ask, kinds, upward, sorted(nodes))
        for line in sorted(up):
            if line.target in nodes or len(nodes) < NODES:
                chosen[line] = up[line]
                nodes.add(line.target)
    return chosen


async def _lines(
    ask: Ask, kinds: Kinds, of: Sequence[Connection], sources: Sequence[str] | None = None
) -> dict[Line, Connection]:
    """Return the lines that some connections of the table stand for, all of them or those from some nodes (IRIs)."""
    if not of or sources == []:
        return {}
    these = "" if sources is None else values("s", sources)
    rows = solutions(await ask(f"SELECT DISTINCT ?s ?number ?o WHERE {{ {_union(of, kinds, these)} }}"))
    found = {}
    for row in rows:
        source, number, target = row["s"], row["number"], row["o"]
        if isinstance(source, NamedNode) and isinstance(number, Literal) and isinstance(target, NamedNode):
            said = of[int(number.value)]
            found[Line(source.value, said.name, target.value)] = said
    return found


def _union(lines: Sequence[Connection], kinds: Kinds, these: str = "") -> str:
    """Return the pattern that binds ?s, which is of the kind where a line begins, ?o and the ?number of the line.

    What binds ?s to `these` stands in each branch: joined with the union, it would have the engine go through all of it.
    """
    return " UNION ".join(
        f"{{ {line.direct.pattern('?s', '?o', f'{these} ?s a <{kinds[line.start].iri}> .')} BIND ({number} AS ?number) }}"
        for number, line in enumerate(lines)
    )


def _number(results: bytes) -> int:
    return sum(int(row["n"].value) for row in solutions(results) if isinstance(row["n"], Literal))
