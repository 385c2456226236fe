"""Who and what is connected in a release: contracts, organisations, persons, offices and topics, and the lines between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from vertragsgraph.linked_data.gathering import LIMIT as GATHERED
from vertragsgraph.linked_data.gathering import properties, values
from vertragsgraph.linked_data.names import LABEL, MEMBER, ORG, PROLOGUE, SKOS, VG
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.linked_data.resources import Ask, solutions
from vertragsgraph.linked_data.terms import Labels

LIMIT: Final = 300
"""Where there are more lines than these, a selection is returned."""
NODES: Final = 60
"""The nodes of a selection: as many as can be drawn without being a tangle."""

KINDS: Final = {
    VG + "Contract": "contract",
    VG + "Organisation": "organisation",
    VG + "Person": "person",
    VG + "Office": "office",
    VG + "Topic": "topic",
}
"""The kinds of nodes, by class."""

# Each binds ?s, ?p and ?o, both nodes being of one of the kinds. Acts aren't nodes: their kind is the line's name.
_OF_CONTRACTS: Final = (
    "?s vg:partner ?o BIND (vg:partner AS ?p)",
    "?s vg:contractingParty ?o BIND (vg:contractingParty AS ?p)",
    "?s vg:topic ?o BIND (vg:topic AS ?p)",
    "?act vg:concerns ?s ; vg:actor ?o ; rdf:type ?p FILTER (?p IN (vg:Signing, vg:Presentation, vg:Utterance))",
)
_OF_OTHERS: Final = (
    "?s vg:heldOffice ?o BIND (vg:heldOffice AS ?p)",
    "?s org:postIn ?o BIND (org:postIn AS ?p)",
    "?s org:subOrganizationOf ?o BIND (org:subOrganizationOf AS ?p)",
    "?s skos:broader ?o . ?s rdf:type vg:Topic BIND (skos:broader AS ?p)",
)
_LINES: Final = (*_OF_CONTRACTS, *_OF_OTHERS)
_CENTRES: Final = """SELECT ?s WHERE {
  ?s vg:partner|vg:contractingParty|vg:topic ?o
} GROUP BY ?s ORDER BY DESC(COUNT(?o)) ?s LIMIT 20"""
_STEPS_UP: Final = 2  # from persons to offices, from there to organisations


@dataclass(frozen=True, order=True)
class Line:
    """A line from one node to another (IRIs), and the property or the kind of act that it stands for."""

    source: str
    predicate: str
    target: str


@dataclass(frozen=True)
class Network:
    """Lines in order, the kind of each node, the labels of all, and whether there may be more lines.

    `total`, where it is known, is how many lines there are.
    """

    lines: tuple[Line, ...]
    kinds: dict[str, str]
    labels: Labels
    cut: bool
    total: int = 0


_ACTS: Final = (VG + "Signing", VG + "Presentation", VG + "Utterance")
# What the ends of a line are, by its property; an act leads from a contract to a person.
_ENDS: Final = {
    VG + "partner": ("contract", "organisation"),
    VG + "contractingParty": ("contract", "organisation"),
    VG + "topic": ("contract", "topic"),
    VG + "heldOffice": ("person", "office"),
    ORG + "postIn": ("office", "organisation"),
    ORG + "subOrganizationOf": ("organisation", "organisation"),
    SKOS + "broader": ("topic", "topic"),
    **dict.fromkeys(_ACTS, ("contract", "person")),
}
ORDER: Final = tuple(_ENDS)
"""What lines stand for, in the order in which they are shown."""
INVERSE: Final = {
    VG + "partner": VG + "partnerIn",
    VG + "contractingParty": VG + "contractingPartyIn",
    VG + "topic": VG + "topicOf",
    VG + "heldOffice": VG + "officeHolder",
    ORG + "postIn": ORG + "hasPost",
    ORG + "subOrganizationOf": ORG + "hasSubOrganization",
    SKOS + "broader": SKOS + "narrower",
}
"""The name of a line for those who look from its other end; that of an act is the same from both."""


def around(found: Neighbourhood, node: str) -> Network:
    """Return the lines of a node (an IRI), from what was gathered for its page; none where it is of no kind that is drawn."""
    kind = next((KINDS[each] for each in sorted(found.types(node)) if each in KINDS), "")
    lines, kinds = set[Line](), {node: kind} if kind else {}
    for source, predicate, target in {*_direct(found, node), *_offices(found, node), *_acts(found, node)}:
        ends = _ENDS[predicate]
        if kind == ends[source != node]:
            lines.add(Line(source, predicate, target))
            kinds |= {source: ends[0], target: ends[1]}
    return Network(tuple(sorted(lines)), kinds, found.labels, cut=len(lines) >= GATHERED)


Ends: TypeAlias = tuple[str, str, str]


def _direct(found: Neighbourhood, node: str) -> Iterator[Ends]:
    for predicate in _ENDS:
        yield from ((node, predicate, target) for target in found.iris(node, predicate))
        yield from ((source, predicate, node) for source in found.subjects(predicate, node))


def _offices(found: Neighbourhood, node: str) -> Iterator[Ends]:
    for tenure in {*found.subjects(MEMBER, node), *found.subjects(VG + "inOffice", node)}:
        for person in found.iris(tenure, MEMBER):
            yield from ((person, VG + "heldOffice", office) for office in found.iris(tenure, VG + "inOffice"))


def _acts(found: Neighbourhood, node: str) -> Iterator[Ends]:
    tenures = found.subjects(MEMBER, node)
    own = {act for tenure in tenures for act in found.subjects(VG + "actedAs", tenure)}
    for act in {*own, *found.subjects(VG + "actor", node), *found.subjects(VG + "concerns", node)}:
        people = {person for tenure in found.iris(act, VG + "actedAs") for person in found.iris(tenure, MEMBER)}
        for kind in found.types(act).intersection(_ACTS):
            for contract in found.iris(act, VG + "concerns"):
                yield from ((contract, kind, person) for person in people.union(found.iris(act, VG + "actor")))


async def network(ask: Ask) -> Network:
    """Return the lines between all nodes; where they are more than `LIMIT`, those around the contracts with the most."""
    total = _number(await ask(f"{PROLOGUE}\nSELECT (COUNT(*) AS ?n) WHERE {{ {_union(_LINES)} }}"))
    lines = sorted(await _lines(ask, _union(_LINES)) if total <= LIMIT else await _selection(ask))
    kinds = {
        iri: kind for line in lines for iri, kind in zip((line.source, line.target), _ENDS[line.predicate], strict=True)
    }
    labels = Labels()
    for fact in await properties(ask, sorted(kinds), ("rdfs:label",)):
        if isinstance(fact.subject, NamedNode) and isinstance(fact.object, Literal):
            labels.add(fact.subject.value, LABEL, fact.object)
    return Network(tuple(lines), kinds, labels, cut=total > len(lines), total=total)


async def _selection(ask: Ask) -> set[Line]:
    """Return all lines of some contracts, and those between the nodes that they lead to and what is right above them.

    Nodes are taken a contract at a time, so that none of them is left without its lines.
    """
    found = await ask(f"{PROLOGUE}\n{_CENTRES}")
    centres = [row["s"].value for row in solutions(found) if isinstance(row["s"], NamedNode)]
    around: dict[str, set[Line]] = {centre: set() for centre in centres}
    for line in await _lines(ask, f"{values('s', centres)} {{ {_union(_OF_CONTRACTS)} }}"):
        around[line.source].add(line)
    chosen, nodes = set[Line](), set[str]()
    for lines in around.values():
        more = nodes | {end for line in lines for end in (line.source, line.target)}
        if len(more) <= NODES:
            chosen, nodes = chosen | lines, more
    for _ in range(_STEPS_UP):
        up = await _lines(ask, f"{values('s', sorted(nodes))} {{ {_union(_OF_OTHERS)} }}")
        for line in sorted(up):
            if line.target in nodes or len(nodes) < NODES:
                chosen.add(line)
                nodes.add(line.target)
    return chosen


async def _lines(ask: Ask, pattern: str) -> set[Line]:
    rows = solutions(await ask(f"{PROLOGUE}\nSELECT DISTINCT ?s ?p ?o WHERE {{ {pattern} }}"))
    return {
        Line(row["s"].value, row["p"].value, row["o"].value)
        for row in rows
        if all(isinstance(row[name], NamedNode) for name in "spo")
    }


def _union(patterns: Iterable[str]) -> str:
    return " UNION ".join(f"{{ {pattern} }}" for pattern in patterns)


def _number(results: bytes) -> int:
    return sum(int(row["n"].value) for row in solutions(results) if isinstance(row["n"], Literal))
