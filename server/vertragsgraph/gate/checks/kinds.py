"""Whether the table of kinds speaks of what the ontology has: a misspelt property would show nothing, and nobody would notice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Triple

from vertragsgraph.finding import Finding
from vertragsgraph.rdf.curie import namespace_of
from vertragsgraph.rdf.namespaces import VG
from vertragsgraph.register import Register
from vertragsgraph.register.kinds_reading import Complaint, findings, own_terms
from vertragsgraph.sources.term_names import compact, nearest
from vertragsgraph.texts import both


def check_kinds(register: Register, ontology: Iterable[Triple]) -> list[Finding]:
    """Return the terms of our own vocabulary and of the register's that its table names and its ontology doesn't have."""
    return findings(register, _unknown(register, ontology))


def _unknown(register: Register, ontology: Iterable[Triple]) -> Iterator[Complaint]:
    known = {str(getattr(triple.subject, "value", "")) for triple in ontology}
    prefixes, terms = own_terms(register)
    namespaces = {VG, *prefixes.values()}
    for keys, iri in terms:
        if namespace_of(iri) in namespaces and iri not in known:
            name = compact(NamedNode(iri), register)
            if meant := nearest(iri, known, register):
                yield keys, both("the vocabulary has no {term}; did you mean {near}?", term=name, near=meant)
            else:
                yield keys, both("the vocabulary has no {term}; docs/model.md shows what there is", term=name)
