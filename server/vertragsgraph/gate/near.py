"""What somebody probably meant: the known name that is most like another of its kind."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

from pyoxigraph import NamedNode

from vertragsgraph.gate.words import compact
from vertragsgraph.register import Register

MOST: Final = 10_000
"""Names of a kind among which the one that was meant is looked for."""


def kind_of(iri: str) -> str:
    """Return an IRI without its last part: the namespace of a term, the kind of a resource.

    >>> kind_of("https://example.org/id/person/kai-klose")
    'https://example.org/id/person/'
    """
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]


def by_kind(iris: Iterable[str], kinds: Iterable[str]) -> dict[str, list[str]]:
    """Return for each kind the first `MOST` of the IRIs that are of it."""
    known: dict[str, list[str]] = {kind: [] for kind in kinds}
    for iri in iris:
        names = known.get(kind_of(iri))
        if names is not None and len(names) < MOST:
            names.append(iri)
    return known


def nearest(iri: str, known: Iterable[str], register: Register) -> str:
    """Return the known IRI whose last part is most like that of another, as messages write it; nothing if none is like it."""
    names = {other.removeprefix(kind_of(other)): other for other in known}
    near = like(iri.removeprefix(kind_of(iri)), names)
    return compact(NamedNode(names[near]), register) if near else ""


def like(name: str, known: Iterable[str], least: float = 0.6) -> str:
    """Return the known name that is most like another; nothing if none is like it enough (0 to 1)."""
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=least)), "")
