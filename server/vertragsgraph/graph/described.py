"""Resources that several files describe: the graphs no longer tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Triple

from vertragsgraph.graph import terms
from vertragsgraph.graph.sorting import sort_file

MOST: Final = 1000


class Described:
    """Notes in a file which source files say what a resource is (`rdf:type`)."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "described.read"
        self._file = self._path.open("wb")

    def noted(self, triples: Iterable[Triple], file: str) -> Iterator[Triple]:
        """Yield the triples of a source file; `file` names it."""
        for triple in triples:
            if triple.predicate == terms.TYPE and isinstance(triple.subject, NamedNode):
                self._file.write(f"{triple.subject} {file}\n".encode())
            yield triple

    def twice(self) -> tuple[NamedNode, ...]:
        """Return the first `MOST` resources that several files describe; what was noted is removed."""
        self._file.close()
        ordered = self._path.with_suffix(".sorted")
        sort_file(self._path, ordered)
        with ordered.open("rb") as lines:
            subjects = groupby(line.split(b" ", 1)[0] for line in lines)
            several = (NamedNode(subject[1:-1].decode()) for subject, files in subjects if len(list(files)) > 1)
            found = tuple(islice(several, MOST))
        self._path.unlink()
        ordered.unlink()
        return found
