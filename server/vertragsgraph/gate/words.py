"""Terms of the graph in words that a keeper knows from the files."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.register import Register
from vertragsgraph.sources.locate import Node
from vertragsgraph.sources.syntax import WELL_KNOWN

XSD: Final = WELL_KNOWN["xsd"]
LONGEST: Final = 80  # characters of a literal that a message shows


def compact(node: Node, register: Register) -> str:
    r"""Return a term as the files write it: `contract:drk-hessen`, `vg:partner`, `"2019"^^xsd:gYear`; long texts cut.

    >>> from vertragsgraph.register import load_register, shipped_folder
    >>> register = load_register(shipped_folder())
    >>> compact(NamedNode(register.iri("id/contract/drk-hessen")), register)
    'contract:drk-hessen'
    """
    if isinstance(node, NamedNode):
        return _compact_iri(node.value, register)
    if not isinstance(node, Literal):
        return str(node)
    text = node.value if len(node.value) <= LONGEST else node.value[: LONGEST - 1] + "…"
    quoted = '"' + re.sub(r"\s", " ", text) + '"'
    if node.language:
        return f"{quoted}@{node.language}"
    return (
        quoted if node.datatype.value == XSD + "string" else f"{quoted}^^{_compact_iri(node.datatype.value, register)}"
    )


def _compact_iri(iri: str, register: Register) -> str:
    if iri.startswith(register.base):
        path = iri.removeprefix(register.base)
        kind, slash, name = path.removeprefix("id/").partition("/")
        return f"{kind}:{name}" if path.startswith("id/") and slash else f"<{path}>"
    for prefix, namespace in WELL_KNOWN.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return f"<{iri}>"
