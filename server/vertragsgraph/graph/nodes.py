"""What data must not hold: blank nodes and triple terms, with which two releases of the same sources would differ; files."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, Triple

from vertragsgraph.finding import Finding
from vertragsgraph.graph.entries import BLANK, is_of_entry, with_others
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.sorted_files import blocks
from vertragsgraph.register import Register
from vertragsgraph.sources import SourceFile, read_turtle
from vertragsgraph.sources.folder import TABLES
from vertragsgraph.texts import marked

LONGEST: Final = 2**20
"""Bytes that a literal may have."""
_OTHER_OBJECT: Final = re.compile(rb" (?:_:\S+|<<\(.*\)>>) \.\n")


def may_be_wrong(path: Path) -> bool:
    """Tell whether a file of N-Triples may have what data must not hold, at the speed of reading it.

    It may raise a false alarm: for a literal that ends like a triple term, for a line whose IRIs make it too long.
    """
    return any(
        block.startswith(b"_:")
        or b"\n_:" in block
        or _OTHER_OBJECT.search(block) is not None
        or max(map(len, block.split(b"\n"))) > LONGEST
        for block in blocks(path)
    )


def wrong_nodes(files: Iterable[SourceFile], register: Register) -> Iterator[Finding]:
    """Yield for each Turtle file and each sort of what data must not hold a finding: where the first is, and how many."""
    for file in files:
        if file.role in {"links", TABLES}:  # no Turtle; what their cells hold is told by those who read them
            continue
        lines: defaultdict[str, dict[int, None]] = defaultdict(dict)
        for triple, line in read_turtle(file.path, register.base, file.prefixes):
            if text := _fault(triple, file, register.base):
                lines[text][line] = None
        for text, found in lines.items():
            yield from with_others(text, file.path, found)


def _fault(triple: Triple, file: SourceFile, base: str) -> str:
    subject, predicate, value = triple
    # What is wrong with the brackets of entries, and that brackets belong to none, the reader of entries tells.
    if BlankNode in {type(subject), type(value)} and not is_of_entry(subject, file, base):
        return BLANK
    if isinstance(value, Triple) and not (predicate == terms.REIFIES and isinstance(subject, BlankNode)):
        return marked("triple terms (<<( … )>>) are no part of the data; write evidence or a resource with an IRI")
    if isinstance(triple.object, Literal) and len(triple.object.value.encode()) > LONGEST:
        return marked(
            "a literal may have one megabyte (1,048,576 bytes), this one has more; a text of that size is published as a file"
        )
    return ""
