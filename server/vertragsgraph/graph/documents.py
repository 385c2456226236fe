"""Ontology and shapes: small documents that are held in memory, unlike the data."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import BlankNode, Triple

from vertragsgraph.graph.complaints import Complaints
from vertragsgraph.register import Register
from vertragsgraph.sources import documents, read_turtle


def read_document(register: Register, folder: Path) -> list[Triple]:
    """Return the triples of all Turtle files below `folder` (the register's ontology or shapes), in the order of the files.

    Blank nodes of different files stay different ones, even where the files give them the same label.
    Raises `FindingsError` with the syntax errors of all files, and with files that are not read though they look like it.
    """
    triples: list[Triple] = []
    complaints = Complaints()
    for number, path in enumerate(documents(register, folder)):
        with complaints.gathered():
            triples += (_kept_apart(triple, f"f{number}") for triple, _ in read_turtle(path, register.base))
    complaints.raise_any()
    return triples


def _kept_apart(triple: Triple, prefix: str) -> Triple:
    subject, predicate, target = triple
    if isinstance(subject, BlankNode):
        subject = BlankNode(prefix + subject.value)
    if isinstance(target, BlankNode):
        target = BlankNode(prefix + target.value)
    return Triple(subject, predicate, target)
