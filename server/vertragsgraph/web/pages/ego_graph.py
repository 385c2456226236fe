"""The small graph on the page of a resource: what it is directly connected with, drawn without scripts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from vertragsgraph.collation import sort_key
from vertragsgraph.linked_data.network import Network
from vertragsgraph.linked_data.terms import Label
from vertragsgraph.web.rendering.presenter import Presenter, Value

SHOWN: Final = 6
"""At most so many nodes are drawn at the end of lines of one name; the rest is in the graph that can be explored."""


@dataclass(frozen=True)
class Node:
    """A node: the resource as pages show it, and its kind, which chooses the shape."""

    value: Value
    kind: str


@dataclass(frozen=True)
class Branch:
    """Lines of one name: the nodes at their ends, and the number of those that are left out (`""` where there are none)."""

    name: Label
    nodes: tuple[Node, ...]
    more: str


@dataclass(frozen=True)
class Star:
    """A resource in the middle and branches on both sides; `cut` tells that there may be more than was gathered."""

    centre: Node
    arms: tuple[tuple[Branch, ...], tuple[Branch, ...]]
    cut: bool


def star(presenter: Presenter, network: Network, centre: str) -> Star | None:
    """Return the drawing of what is around a resource (an IRI); None where there is nothing."""
    ends = defaultdict[tuple[str, bool], set[str]](set)
    for line in network.lines:
        outward = line.source == centre
        ends[line.predicate, outward].add(line.target if outward else line.source)
    if not ends:
        return None
    arms: tuple[list[Branch], list[Branch]] = ([], [])
    said = {line.name: line for line in reversed(presenter.site.kinds.lines)}
    order = list(reversed(said))
    for (predicate, outward), iris in sorted(ends.items(), key=lambda item: (order.index(item[0][0]), item[0][1])):
        name = presenter.label(predicate if outward else said[predicate].inverse or predicate)
        lighter = min(arms, key=lambda arm: sum(len(branch.nodes) + 1 for branch in arm))
        lighter.append(_branch(presenter, network, name, iris))
    return Star(Node(presenter.named(centre), network.kinds[centre]), (tuple(arms[0]), tuple(arms[1])), network.cut)


def _branch(presenter: Presenter, network: Network, name: Label, iris: set[str]) -> Branch:
    nodes = [Node(presenter.named(iri), network.kinds[iri]) for iri in iris]
    nodes.sort(key=lambda node: (sort_key(node.value.label.text), node.value.iri))
    shown = SHOWN if len(nodes) > SHOWN + 1 else len(nodes)
    more = len(nodes) - shown
    return Branch(name, tuple(nodes[:shown]), presenter.number(more) if more else "")
