"""Which statement each node stands for, said in RDF 1.2 (RDF 1.2 Concepts, section "Reification")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Final

from vertragsgraph.rdf import terms
from vertragsgraph.rdf.namespaces import RDF
from vertragsgraph.rdf.syntax import ntriples as nt

REIFIED: Final = tuple(map(str, (terms.SUBJECT, terms.PREDICATE, terms.OBJECT)))


def reifying(lines: Iterable[str]) -> Iterator[str]:
    """Yield for each node with `rdf:subject`, `rdf:predicate` and `rdf:object` the triple `node rdf:reifies <<( s p o )>>`.

    `lines` are N-Triples that stand subject by subject; what is yielded (RDF 1.2 N-Triples) is in the same order.
    """
    for node, group in nt.grouped(lines):
        for subject, predicate, value in described(group, REIFIED):
            if subject[0] == predicate[0] == "<":  # else the node says what no triple can
                yield f"{node} <{RDF}reifies> <<( {subject} {predicate} {value} )>> .\n"


def described(group: nt.Group, parts: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Return the triples that a node describes; `parts` are the properties that name subject, predicate and object."""
    subjects, predicates, objects = ([value for name, value in group if name == part] for part in parts)
    return product(subjects, predicates, objects)
