"""What entries of evidence assert, brought into the graphs of the resources that they speak of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import IO

from vertragsgraph.graph.graphs import AS_READ
from vertragsgraph.rdf.sorted_files import lines_of
from vertragsgraph.register import ASSERTED_ROLES


def add_asserted(asserted: Path, described: Path, folder: Path) -> None:
    """Add to what has been read for each role (`{role}.read` in `folder`) what entries assert of the resources of its graph.

    `asserted` has a triple a line, `described` for each resource that files describe its IRI and `role/file`; both are sorted.
    What nothing describes goes to the first graph, as the gate refuses it anyway. `asserted` is removed.
    """
    roles = _by_subject(described)
    subject, known = next(roles, (b"", b""))
    with ExitStack() as stack:
        outs: dict[str, IO[bytes]] = {}
        for about, lines in groupby(lines_of(asserted), key=_subject):
            while subject and subject < about:
                subject, known = next(roles, (b"", b""))
            role = known.decode() if subject == about else ASSERTED_ROLES[0]
            if role not in outs:
                outs[role] = stack.enter_context((folder / f"{role}{AS_READ}").open("ab"))
            outs[role].writelines(lines)
    asserted.unlink()


def _by_subject(described: Path) -> Iterator[tuple[bytes, bytes]]:
    """Yield the resources that are described, each with the first of its roles."""
    for subject, lines in groupby(lines_of(described), key=_subject):
        roles = {line.split(b" ", 1)[1].partition(b"/")[0] for line in lines}
        yield subject, next(role.encode() for role in ASSERTED_ROLES if role.encode() in roles)


def _subject(line: bytes) -> bytes:
    return line[: line.index(b" ") + 1]
