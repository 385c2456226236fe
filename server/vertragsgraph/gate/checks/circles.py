"""Hierarchies without circles: nothing is part of itself, however far around."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import NamedNode, Triple

from vertragsgraph.finding import Finding
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.report import first, more_of
from vertragsgraph.graph import Graphs
from vertragsgraph.rdf.curie import expand
from vertragsgraph.rdf.sorted_files import blocks
from vertragsgraph.register import Register
from vertragsgraph.sources.term_names import compact
from vertragsgraph.texts import both

RULE: Final = "circles"
ROLES: Final = ("contracts", "agents", "topics", "sources", "tombstones")
UPWARDS: Final = ("skos:broader", "dcterms:isPartOf", "org:subOrganizationOf", "org:reportsTo", "dcterms:isReplacedBy")
"""Properties that lead to what a thing is below of, within, or replaced by."""
DOWNWARDS: Final = {
    "skos:narrower": "skos:broader",
    "dcterms:hasPart": "dcterms:isPartOf",
    "org:hasSubOrganization": "org:subOrganizationOf",
    "dcterms:replaces": "dcterms:isReplacedBy",
}
"""Properties that lead back, each with its inverse."""
SHOWN: Final = 8
"""Things of a circle that a message names."""


_HIERARCHY: Final = {expand(name): expand(name) for name in UPWARDS} | {
    expand(name): expand(inverse) for name, inverse in DOWNWARDS.items()
}
_DOWN: Final = frozenset(map(expand, DOWNWARDS))
_STEP: Final = re.compile(
    rb"^<([^>\n]*)> <(%b)> <([^>\n]*)> \.$" % b"|".join(re.escape(iri.encode()) for iri in _HIERARCHY), re.MULTILINE
)


class Step(NamedTuple):
    """A step upwards: from a thing to another, and the triple that says it."""

    below: str
    above: str
    triple: Triple


Hierarchy: TypeAlias = Mapping[str, Mapping[str, Step]]
"""The steps from each thing, by the thing that they lead to."""


def check_circles(register: Register, graphs: Graphs, places: Places) -> list[Finding]:
    """Return a finding for each circle in what is broader, larger, or takes the place of another."""
    found, more = first(circle for hierarchy in _hierarchies(graphs) for circle in circles(hierarchy))
    places.look_up(triples=[circle[-1].triple for circle in found])
    findings = [_finding(circle, places, register) for circle in found]
    return [*findings, more_of(RULE, more)] if more else findings


def circles(hierarchy: Hierarchy) -> Iterator[list[Step]]:
    """Yield circles of steps, at least one of those that go through the same things; the time is linear in the steps."""
    done: set[str] = set()
    for start in hierarchy:
        if start in done:
            continue
        way: list[Step] = []
        position = {start: 0}
        pending = [(start, iter(hierarchy[start].values()))]
        while pending:
            thing, steps = pending[-1]
            step = next(steps, None)
            if step is None:
                pending.pop()
                done.add(thing)
                del position[thing]
                del way[-1:]
            elif step.above in position:
                yield [*way[position[step.above] :], step]
            elif step.above in hierarchy and step.above not in done:
                position[step.above] = len(pending)
                pending.append((step.above, iter(hierarchy[step.above].values())))
                way.append(step)


def _hierarchies(graphs: Graphs) -> Iterator[Hierarchy]:
    steps: defaultdict[str, defaultdict[str, dict[str, Step]]] = defaultdict(lambda: defaultdict(dict))
    for path in graphs.paths(ROLES):
        for block in blocks(path):
            for found in _STEP.finditer(block):
                subject, predicate, target = (part.decode() for part in found.groups())
                triple = Triple(NamedNode(subject), NamedNode(predicate), NamedNode(target))
                below, above = (target, subject) if predicate in _DOWN else (subject, target)
                steps[_HIERARCHY[predicate]][below].setdefault(above, Step(below, above, triple))
    return iter(steps.values())


def _finding(circle: list[Step], places: Places, register: Register) -> Finding:
    things = [compact(NamedNode(step.below), register) for step in circle]
    shown = [*things[:SHOWN], *(["…"] if len(things) > SHOWN else []), things[0]]
    closing = circle[-1].triple
    message = both(
        "{things} is a circle of {property}: nothing is above or below itself; take away the statement that is wrong",
        things=" → ".join(shown),
        property=compact(closing.predicate, register),
    )
    return Finding(message, places.of_triple(closing), rule=RULE, focus=str(closing.subject))
