"""Data hold IRIs and literals only: blank nodes and triple terms would make two releases of the same sources differ."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, Triple

from vertragsgraph.finding import Finding, Place
from vertragsgraph.graph.sorting import blocks
from vertragsgraph.register import Register
from vertragsgraph.sources import SourceFile, read_turtle
from vertragsgraph.texts import LANGUAGES, Language, both, counted, marked

RULE: Final = "graph"
LONGEST: Final = 2**20
"""Bytes that a literal may have."""
TOO_LONG: Final = marked(
    "a literal may have one megabyte (1,048,576 bytes), this one has more; a text of that size is published as a file"
)
_OTHER_OBJECT: Final = re.compile(rb" (?:_:\S+|<<\(.*\)>>) \.\n")


def may_have_other_nodes(path: Path) -> bool:
    """Tell whether a file of N-Triples has nodes that are neither IRIs nor literals, at the speed of reading it.

    A literal that ends like a triple term may raise a false alarm.
    """
    return any(
        block.startswith(b"_:") or b"\n_:" in block or _OTHER_OBJECT.search(block) is not None for block in blocks(path)
    )


def may_have_long_literals(path: Path) -> bool:
    """Tell whether a file of N-Triples has a line that is longer than a literal may be, at the speed of reading it."""
    return any(max(map(len, block.split(b"\n"))) > LONGEST for block in blocks(path))


def other_nodes(files: Iterable[SourceFile], register: Register) -> Iterator[Finding]:
    """Yield for each Turtle file with blank nodes or triple terms a finding of each kind: where the first is, and how many."""
    return _in_each(files, register, _other_node)


def long_literals(files: Iterable[SourceFile], register: Register) -> Iterator[Finding]:
    """Yield for each Turtle file with literals that are too long a finding: where the first is, and how many."""
    return _in_each((file for file in files if file.role != "links"), register, _long_literal)


def _other_node(triple: Triple) -> str:
    if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
        return marked("blank nodes ([ … ], _:name, lists) can't be cited, so the data have none; give this one an IRI")
    if isinstance(triple.object, Triple):
        return marked("triple terms (<<( … )>>) are no part of the data; write evidence or a resource with an IRI")
    return ""


def _long_literal(triple: Triple) -> str:
    if isinstance(triple.object, Literal) and len(triple.object.value.encode()) > LONGEST:
        return TOO_LONG
    return ""


def _in_each(files: Iterable[SourceFile], register: Register, fault: Callable[[Triple], str]) -> Iterator[Finding]:
    """Yield for each file and each fault in it a finding with the line of the first, and on how many more lines it is."""
    for file in files:
        lines: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])  # the first, the last, how many
        for triple, line in read_turtle(file.path, register.base):
            if (text := fault(triple)) and line != lines[text][1]:
                lines[text] = [lines[text][0] or line, line, lines[text][2] + 1]
        for text, (line, _, count) in lines.items():
            message = both(text)
            if more := count - 1:
                message = {language: f"{message[language]} ({_more(more, language)})" for language in LANGUAGES}
            yield Finding(message, Place(file.path, line), rule=RULE)


def _more(count: int, language: Language) -> str:
    return counted("and on {count} more line", "and on {count} more lines", count, language)
