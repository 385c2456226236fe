"""What the properties of each class lead to: the classes of their objects, and the datatypes of their values.

An object's classes stand elsewhere in the graph. They are found by a join of sorted files, in the memory of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from vertragsgraph.rdf.namespaces import RDF, XSD
from vertragsgraph.rdf.sorted_files import lines_of, sorting
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.release.contents.statistics import IRI, PLAIN, TAGGED, kind

_DATATYPES: Final = {PLAIN: f"{XSD}string", TAGGED: f"{RDF}langString"}


@dataclass
class Objects:
    """The IRIs of classes and of datatypes that a property leads to, by the class and the property (both IRIs)."""

    classes: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    datatypes: dict[tuple[str, str], set[str]] = field(default_factory=dict)


def objects(lines: Iterable[str], work: Path) -> Objects:
    """Look through N-Triples lines in bytewise order; `work` is a folder for passing files."""
    found = Objects()
    sets: dict[tuple[str, ...], int] = {}  # the classes of a subject: there are few combinations
    typed, references = work / "typed", work / "references"
    with typed.open("wb") as types, sorting(references) as out:
        for subject, group in nt.grouped(lines):
            classes = tuple(value[1:-1] for name, value in group if name == nt.RDF_TYPE)
            if not classes:
                continue
            number = sets.setdefault(classes, len(sets))
            types.write(f"{subject} {number}\n".encode())
            for name, value in group:
                if (of := kind(value)) == IRI:
                    out.write(f"{value} {name[1:-1]} {number}\n".encode())
                else:
                    for each in classes:
                        found.datatypes.setdefault((each, name[1:-1]), set()).add(_DATATYPES.get(of, of))
    by_number = [*sets]
    for name, source, target in set(_joined(references, typed)):
        for each in by_number[source]:
            found.classes.setdefault((each, name), set()).update(by_number[target])
    return found


def _joined(references: Path, typed: Path) -> Iterator[tuple[str, int, int]]:
    """Yield property, classes of the subject and of the object (by number) for each reference to something with a class."""
    described = _fields(typed)
    subject, number = next(described, (b"", b""))
    for value, rest in _fields(references):
        while subject and subject < value:
            subject, number = next(described, (b"", b""))
        if subject == value:
            name, _, source = rest.rpartition(b" ")
            yield name.decode(), int(source), int(number)


def _fields(path: Path) -> Iterator[tuple[bytes, bytes]]:
    for line in lines_of(path):
        first, _, rest = line.rstrip(b"\n").partition(b" ")
        yield first, rest
