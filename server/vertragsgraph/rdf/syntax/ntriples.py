"""Triples as lines of canonical N-Triples (RDF 1.2 N-Triples, section 4), the form in which a release is computed.

Sorted lines stand subject by subject, so every writer needs the memory of one subject only. Splitting a line is three
times as fast as making terms of it, and a canonical literal can go into Turtle and JSON as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias, cast

import pyoxigraph

from vertragsgraph.rdf.namespaces import RDF, RDFS, SKOS

Group: TypeAlias = "list[tuple[str, str]]"
"""The predicates and objects of one subject, as N-Triples terms."""

RDF_TYPE: Final = f"<{RDF}type>"
RDFS_LABEL: Final = f"<{RDFS}label>"
SKOS_PREF_LABEL: Final = f"<{SKOS}prefLabel>"
FIRST_PREDICATES: Final = {RDF_TYPE: 0, RDFS_LABEL: 1, SKOS_PREF_LABEL: 2}

_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED_CHARACTER: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


class Literal(NamedTuple):
    """The parts of a literal: what stands between its quotes (escaped), language tag or "", datatype IRI or ""."""

    escaped: str
    language: str
    datatype: str


def read(path: Path) -> Iterator[str]:
    """Yield the lines of a UTF-8 file, each with its line feed; no other character ends a line."""
    with path.open(encoding="utf-8", newline="\n") as file:
        yield from file


def from_triples(triples: Iterable[pyoxigraph.Triple]) -> list[str]:
    """Return triples as sorted lines, each once."""
    return sorted({f"{triple} .\n" for triple in triples})


def canonical(triples: Iterable[pyoxigraph.Triple]) -> bytes:
    """Return the triples of a small document as sorted lines; their blank nodes are named by RDFC-1.0."""
    dataset = pyoxigraph.Dataset(pyoxigraph.Quad(*triple) for triple in triples)
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return b"".join(sorted(f"{quad} .\n".encode() for quad in dataset))


def triple_of(line: str | bytes) -> pyoxigraph.Triple:
    """Return the triple that a line is."""
    found: pyoxigraph.Triple = next(pyoxigraph.parse(line, pyoxigraph.RdfFormat.N_TRIPLES)).triple
    return found


def literal_of(term: bytes) -> pyoxigraph.Literal:
    """Return the literal that a term is."""
    return cast("pyoxigraph.Literal", triple_of(b"<a:s> <a:p> %b ." % term).object)


def parts(line: str) -> tuple[str, str, str]:
    """Return subject, predicate and object of a line, as N-Triples terms."""
    subject, predicate, rest = line.split(" ", 2)
    return subject, predicate, rest[:-3]


def grouped(lines: Iterable[str]) -> Iterator[tuple[str, Group]]:
    r"""Yield each subject with its predicates and objects; the lines must stand subject by subject.

    >>> list(grouped(['<a> <p> "x y" .\n', "<a> <q> <b> .\n"]))
    [('<a>', [('<p>', '"x y"'), ('<q>', '<b>')])]
    """
    current = ""
    group: Group = []
    for line in lines:
        subject, predicate, rest = line.split(" ", 2)
        if subject != current:
            if group:
                yield current, group
            current, group = subject, []
        group.append((predicate, rest[:-3]))
    if group:
        yield current, group


def by_predicate(group: Group) -> list[tuple[str, list[str]]]:
    """Return each predicate with its objects: type first, then labels, then in the order of their IRIs."""
    objects: dict[str, list[str]] = {}
    for predicate, value in group:
        objects.setdefault(predicate, []).append(value)
    return sorted(objects.items(), key=lambda item: (FIRST_PREDICATES.get(item[0], 9), item[0]))


def literal(term: str) -> Literal:
    r"""Return the parts of a literal in N-Triples syntax.

    >>> literal('"3 \\"Verträge\\""@de')
    Literal(escaped='3 \\"Verträge\\"', language='de', datatype='')
    >>> literal('"2018"^^<http://www.w3.org/2001/XMLSchema#gYear>').datatype
    'http://www.w3.org/2001/XMLSchema#gYear'
    """
    if term.endswith('"'):
        return Literal(term[1:-1], "", "")
    end = term.rindex('"')
    if term.endswith(">"):
        return Literal(term[1:end], "", term[end + 4 : -1])
    return Literal(term[1:end], term[end + 2 :], "")


def unescaped(text: str) -> str:
    r"""Return the characters that an escaped N-Triples string stands for.

    >>> unescaped(r'a \"b\" \u00E4')
    'a "b" ä'
    """
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    if code := escape[1] or escape[2]:
        return chr(int(code, 16))
    return _ESCAPED_CHARACTER.get(escape[3], escape[3])
