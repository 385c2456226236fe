"""Terms of the graph in words that a keeper knows from the files, and which of them somebody probably meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.rdf.curie import namespace_of, shorten
from vertragsgraph.rdf.terms import STRING, Node
from vertragsgraph.register import Register

MOST: Final = 10_000
"""Names of a kind among which the one that was meant is looked for."""
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
    return quoted if node.datatype == STRING else f"{quoted}^^{_compact_iri(node.datatype.value, register)}"


def _compact_iri(iri: str, register: Register) -> str:
    if iri.startswith(register.base):
        path = iri.removeprefix(register.base)
        kind, slash, name = path.removeprefix("id/").partition("/")
        return f"{kind}:{name}" if path.startswith("id/") and slash else f"<{path}>"
    return shorten(iri) or f"<{iri}>"


def by_kind(iris: Iterable[str], kinds: Iterable[str]) -> dict[str, list[str]]:
    """Return for each kind the first `MOST` of the IRIs that are of it."""
    known: dict[str, list[str]] = {kind: [] for kind in kinds}
    for iri in iris:
        names = known.get(namespace_of(iri))
        if names is not None and len(names) < MOST:
            names.append(iri)
    return known


def nearest(iri: str, known: Iterable[str], register: Register) -> str:
    """Return the known IRI whose last part is most like that of another, as messages write it; nothing if none is like it."""
    near = nearest_iri(iri, known)
    return compact(NamedNode(near), register) if near else ""


def nearest_iri(iri: str, known: Iterable[str]) -> str:
    """Return the known IRI whose last part is most like that of another; nothing if none is like it."""
    names = {other.removeprefix(namespace_of(other)): other for other in known}
    return names.get(like(iri.removeprefix(namespace_of(iri)), names), "")


def like(name: str, known: Iterable[str], least: float = 0.6) -> str:
    """Return the known name that is most like another; nothing if none is like it enough (0 to 1)."""
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=least)), "")
