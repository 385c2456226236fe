"""What data must not hold: blank nodes and triple terms, with which two releases of the same sources would differ; files."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, Triple

from vertragsgraph.finding import Finding, Place
from vertragsgraph.rdf.sorted_files import blocks
from vertragsgraph.register import Register
from vertragsgraph.sources import SourceFile, read_turtle
from vertragsgraph.texts import LANGUAGES, both, counted, marked

RULE: Final = "graph"
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
        if file.role == "links":  # a table of IRIs and short texts
            continue
        lines: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])  # the first, the last, how many
        for triple, line in read_turtle(file.path, register.base):
            if (text := _fault(triple, file.role)) and line != lines[text][1]:
                lines[text] = [lines[text][0] or line, line, lines[text][2] + 1]
        for text, (line, _, count) in lines.items():
            message = both(text)
            if more := count - 1:
                for language in LANGUAGES:
                    others = counted("and on {count} more line", "and on {count} more lines", more, language)
                    message[language] += f" ({others})"
            yield Finding(message, Place(file.path, line), rule=RULE)


def _fault(triple: Triple, role: str) -> str:
    # Evidence is written with brackets, of which the build makes nodes with IRIs.
    if role != "evidence" and BlankNode in {type(triple.subject), type(triple.object)}:
        return marked("blank nodes ([ … ], _:name, lists) can't be cited, so the data have none; give this one an IRI")
    if isinstance(triple.object, Triple):
        return marked("triple terms (<<( … )>>) are no part of the data; write evidence or a resource with an IRI")
    if isinstance(triple.object, Literal) and len(triple.object.value.encode()) > LONGEST:
        return marked(
            "a literal may have one megabyte (1,048,576 bytes), this one has more; a text of that size is published as a file"
        )
    return ""
