"""The texts that are quoted: no part of a register, and known by their SHA-256, whatever their files are called."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.rdf.namespaces import DCTERMS, SCHEMA
from vertragsgraph.register import Register
from vertragsgraph.sources.folder import source_files
from vertragsgraph.sources.term_names import compact
from vertragsgraph.sources.turtle import read_turtle

SHA256: Final = NamedNode(SCHEMA + "sha256")
_IDENTIFIER: Final = NamedNode(DCTERMS + "identifier")


@dataclass
class DescribedSource:
    """A source as files describe it: its IRI, as they write it, its identifier (`dcterms:identifier`), the SHA-256 of its text.

    Where the text has several forms, it has several of the last.
    """

    iri: NamedNode
    name: str
    key: str = ""
    sha256: list[str] = field(default_factory=list)

    def is_called(self, name: str) -> bool:
        """Tell whether it is meant by a name: its identifier, its IRI, or that with a prefix; whatever the case."""
        return name.casefold() in map(str.casefold, filter(None, (self.key, self.name, self.iri.value)))


def described_sources(register: Register) -> list[DescribedSource]:
    """Return the sources of a register in the order of its files; nothing else of it is read.

    Raises `SourceError` where these can't be read.
    """
    found: dict[NamedNode, DescribedSource] = {}
    for file in source_files(register):
        for triple, _ in read_turtle(file.path, register.base, file.prefixes) if file.role == "sources" else ():
            if isinstance(triple.subject, NamedNode) and isinstance(triple.object, Literal):
                name = compact(triple.subject, register)
                source = found.setdefault(triple.subject, DescribedSource(triple.subject, name))
                if triple.predicate == _IDENTIFIER:
                    source.key = triple.object.value
                elif triple.predicate == SHA256:
                    source.sha256.append(triple.object.value)
    return list(found.values())


def files_below(folder: Path) -> list[Path]:
    """Return all files below a folder, sorted by path."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def read_texts(files: Iterable[Path], wanted: Container[str]) -> Iterator[tuple[str, str]]:
    """Yield the texts in files that are wanted, each with its SHA-256."""
    for path in files:
        content = path.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 in wanted:
            yield sha256, content.decode("utf-8", errors="replace")
