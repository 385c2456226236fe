"""Deleting from the sources what is withdrawn, where whole lines have nothing else.

Lines are taken out, and the file is read again: only where it then says exactly what it said before, without what is
withdrawn, does it take the place of the old one. What stands between other statements is left to the keeper.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from pyoxigraph import BlankNode, Triple

from vertragsgraph.rdf.syntax.ntriples import canonical
from vertragsgraph.rdf.terms import Node
from vertragsgraph.register import Register
from vertragsgraph.sources import SourceError, common_prefixes, read_mappings, read_turtle
from vertragsgraph.sources.folder import SSSOM
from vertragsgraph.withdrawal.sources import Change, is_gone


def delete(register: Register, changes: Iterable[Change], gone: Container[str]) -> list[Path]:
    """Delete the changes that are whole blocks or rows, a file whole or not at all, and return the files that changed.

    A Turtle file in which no statement is left is removed. Raises `OSError`.
    """
    blocks = [change for change in changes if change.last]
    changed = []
    for shown, own in groupby(blocks, key=lambda change: change.path):
        path = shown.resolve()  # where the file itself is, if there is a link to it
        rest = _without(path.read_bytes(), list(own))
        beside = path.with_name(f".{path.name}")  # it ends as the file does, since that tells what it is
        beside.write_bytes(rest)
        try:
            if not _says_the_same(path, beside, register, gone):
                continue
            if not path.name.endswith(SSSOM) and not list(_triples(beside, register)):
                path.unlink()
            else:
                beside.replace(path)
            changed.append(shown)
        finally:
            beside.unlink(missing_ok=True)
    return changed


def _without(content: bytes, blocks: Sequence[Change]) -> bytes:
    """Return a file's content without the lines of the blocks, each with the empty line that follows."""
    lines = re.findall(rb"[^\n]*\n|[^\n]+", content)
    taken: set[int] = set()
    for block in blocks:
        taken |= {*range(block.first, block.last + 1)}
        if block.last < len(lines) and not lines[block.last].strip():
            taken.add(block.last + 1)
    return b"".join(line for number, line in enumerate(lines, 1) if number not in taken)


def _says_the_same(before: Path, after: Path, register: Register, gone: Container[str]) -> bool:
    """Tell whether a file says after what it said before, without what is gone."""
    try:
        if before.name.endswith(SSSOM):
            left = [triple for triple in _links(before, register.base) if not is_gone(triple.subject, gone)]
            return [triple for triple in left if not is_gone(triple.object, gone)] == list(_links(after, register.base))
        return canonical(_remaining(list(_triples(before, register)), gone)) == canonical(_triples(after, register))
    except SourceError:
        return False


def _links(path: Path, base: str) -> Iterator[Triple]:
    return (link.triple for link in read_mappings(path, base))


def _triples(path: Path, register: Register) -> Iterator[Triple]:
    return (triple for triple, _ in read_turtle(path, register.base, common_prefixes(register)))


def _remaining(triples: Sequence[Triple], gone: Container[str]) -> Iterator[Triple]:
    """Yield the triples that aren't about what is gone, nor about the brackets and annotations that stand in those."""
    brackets: set[Node] = {
        triple.object for triple in triples if is_gone(triple.subject, gone) and isinstance(triple.object, BlankNode)
    }
    brackets |= {
        triple.subject
        for triple in triples
        if isinstance(triple.object, Triple) and is_gone(triple.object.subject, gone)
    }
    return (triple for triple in triples if not is_gone(triple.subject, gone) and triple.subject not in brackets)
