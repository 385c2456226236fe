"""Data hold IRIs and literals only: blank nodes and triple terms would make two releases of the same sources differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Triple

from vertragsgraph.finding import Finding, Place
from vertragsgraph.graph.sorting import blocks
from vertragsgraph.register import Register
from vertragsgraph.sources import SourceFile, read_turtle
from vertragsgraph.texts import both

RULE: Final = "graph"
_OTHER_OBJECT: Final = re.compile(rb" (?:_:\S+|<<\(.*\)>>) \.\n")


def may_have_other_nodes(path: Path) -> bool:
    """Tell whether a file of N-Triples has nodes that are neither IRIs nor literals, at the speed of reading it.

    A literal that ends like a triple term may raise a false alarm.
    """
    return any(
        block.startswith(b"_:") or b"\n_:" in block or _OTHER_OBJECT.search(block) is not None for block in blocks(path)
    )


def other_nodes(files: Iterable[SourceFile], register: Register) -> Iterator[Finding]:
    """Yield a finding for each line of Turtle files on which a blank node or a triple term stands."""
    for file in files:
        complained = 0
        for triple, line in read_turtle(file.path, register.base):
            if line == complained:
                continue
            if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
                message = both(
                    "blank nodes ([ … ], _:name, lists) can't be cited, so the data have none; give this one an IRI"
                )
            elif isinstance(triple.object, Triple):
                message = both(
                    "triple terms (<<( … )>>) are no part of the data; write evidence or a resource with an IRI"
                )
            else:
                continue
            complained = line
            yield Finding(message, Place(file.path, line), rule=RULE)
