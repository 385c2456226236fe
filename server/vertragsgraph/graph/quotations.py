"""The quotations that keepers have written, each with its place in the files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from vertragsgraph.finding import Complaints, Place
from vertragsgraph.graph.entries import Entry, read_entries
from vertragsgraph.rdf import terms
from vertragsgraph.register import Register
from vertragsgraph.sources import source_files


@dataclass(frozen=True)
class Quotation:
    """Words quoted from a source: `text[start:end] == exact`, in code points; `prefix` and `suffix` stand right around them.

    Those from a scan or from paper have no position: `start` and `end` are 0. `entry` is the IRI of the evidence, `place` where
    its words stand.
    """

    entry: str
    source: NamedNode
    exact: str
    start: int
    end: int
    prefix: str
    suffix: str
    place: Place

    @property
    def positioned(self) -> bool:
        """Whether it says where it stands in a text, and can be compared with that."""
        return self.end > 0


def read_quotations(register: Register) -> Iterator[Quotation]:
    """Yield the quotations of a register; entries that are malformed are complained about where the graphs are made."""
    for file in source_files(register):
        for entry in read_entries(file, register.base, Complaints()):
            source = entry.one(terms.HAS_SOURCE) if isinstance(entry, Entry) else None
            if isinstance(entry, Entry) and isinstance(source, NamedNode) and terms.EXACT in entry.values:
                yield Quotation(
                    entry.node.value,
                    source,
                    _text(entry, terms.EXACT),
                    int(_text(entry, terms.START) or 0),
                    int(_text(entry, terms.END) or 0),
                    _text(entry, terms.PREFIX),
                    _text(entry, terms.SUFFIX),
                    Place(file.path, entry.values[terms.EXACT][0][1]),
                )


def _text(entry: Entry, predicate: NamedNode) -> str:
    value = entry.one(predicate)
    return value.value if isinstance(value, Literal) else ""
