"""Who and what is connected in a release: contracts, organisations, persons, offices and topics, and the lines between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.linked_data.names import LABEL, PROLOGUE, TYPE, VG
from vertragsgraph.linked_data.resources import Ask, solutions
from vertragsgraph.linked_data.terms import Labels

LIMIT: Final = 300
"""At most so many lines are returned."""

KINDS: Final = {
    VG + "Contract": "contract",
    VG + "Organisation": "organisation",
    VG + "Person": "person",
    VG + "Office": "office",
    VG + "Topic": "topic",
}
"""The kinds of nodes, by class."""

# Each binds ?s, ?p and ?o, both nodes being of one of the kinds. Acts aren't nodes: their kind is the line's name.
_LINES: Final = (
    "?s vg:partner ?o BIND (vg:partner AS ?p)",
    "?s vg:contractingParty ?o BIND (vg:contractingParty AS ?p)",
    "?s vg:topic ?o BIND (vg:topic AS ?p)",
    "?s vg:heldOffice ?o BIND (vg:heldOffice AS ?p)",
    "?s org:postIn ?o BIND (org:postIn AS ?p)",
    "?s org:subOrganizationOf ?o BIND (org:subOrganizationOf AS ?p)",
    "?s skos:broader ?o . ?s rdf:type vg:Topic BIND (skos:broader AS ?p)",
    "?act vg:concerns ?s ; vg:actor ?o ; rdf:type ?p FILTER (?p IN (vg:Signing, vg:Presentation, vg:Utterance))",
)


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


async def network(ask: Ask, node: str = "") -> Network:
    """Return the lines of a node (an IRI), or of all; at most `LIMIT`."""
    lines = {
        Line(row["s"].value, row["p"].value, row["o"].value)
        for row in solutions(await ask(_lines(node)))
        if all(isinstance(row[name], NamedNode) for name in "spo")
    }
    nodes = sorted({end for line in lines for end in (line.source, line.target)} | ({node} if node else set()))
    kinds, labels = dict[str, str](), Labels()
    for row in solutions(await ask(_nodes(nodes))) if nodes else ():
        subject, predicate, value = row["s"].value, row["p"].value, row["o"]
        if predicate == TYPE and value.value in KINDS:
            kinds[subject] = KINDS[value.value]
        elif isinstance(value, Literal):
            labels.add(subject, LABEL, value)
    shown = tuple(sorted(line for line in lines if line.source in kinds and line.target in kinds))
    return Network(shown, kinds, labels, cut=len(lines) >= LIMIT)


def _lines(node: str) -> str:
    branches = list(_LINES)
    if node:
        place = str(NamedNode(node))
        branches = [
            part
            for line in _LINES
            for end in ("?s", "?o")
            for part in [f"{_put(line, end, place)} BIND ({place} AS {end})"]
        ]
    union = " UNION ".join(f"{{ {branch} }}" for branch in branches)
    return f"{PROLOGUE}\nSELECT DISTINCT ?s ?p ?o WHERE {{ {union} }} LIMIT {LIMIT}"


def _put(line: str, variable: str, place: str) -> str:
    """Return a pattern with an IRI in place of a variable."""
    return line.replace(f"{variable} ", f"{place} ")


def _nodes(nodes: list[str]) -> str:
    values = f"VALUES ?s {{ {' '.join(str(NamedNode(iri)) for iri in nodes)} }}"
    kinds = " ".join(str(NamedNode(kind)) for kind in KINDS)
    return (
        f"{PROLOGUE}\nSELECT ?s ?p ?o WHERE {{ {{ {values} ?s rdfs:label ?o BIND (rdfs:label AS ?p) }} "
        f"UNION {{ {values} VALUES ?o {{ {kinds} }} ?s rdf:type ?o BIND (rdf:type AS ?p) }} }}"
    )
