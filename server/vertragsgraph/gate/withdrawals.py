"""Nothing that was released vanishes: what the register no longer describes is withdrawn, and says when and why.

The IRIs of statements and mappings are derived from what they stand for, so they come and go with it, and those of parts
with the whole. All others have been given to somebody to cite.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from vertragsgraph.finding import Finding, Place, Severity
from vertragsgraph.gate.lines import in_both, only_in_first
from vertragsgraph.gate.near import MOST, by_kind, kind_of, nearest
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.report import first, more_of
from vertragsgraph.gate.words import compact
from vertragsgraph.graph import Graphs, terms
from vertragsgraph.graph.sorting import blocks, sort_file
from vertragsgraph.register import ASSERTED_ROLES, Register
from vertragsgraph.register.prefixes import WELL_KNOWN
from vertragsgraph.texts import both

RULE: Final = "withdrawals"
TOMBSTONE: Final = str(terms.TOMBSTONE).encode()


@dataclass(frozen=True)
class Released:
    """A release to hold the register against: its id, and a file of sorted N-Triples with the types of its resources."""

    id: str
    triples: Path


class _Names(NamedTuple):
    """Files with IRIs of resources in angle brackets, sorted: all, those that are described, those that are withdrawn."""

    every: Path
    described: Path
    withdrawn: Path


def check_withdrawals(
    register: Register, graphs: Graphs, places: Places, released: Sequence[Released]
) -> list[Finding]:
    """Compare the resources of a register with those of releases, the one to follow first.

    One that is gone without a tombstone is a violation, in whichever of them it was; one that was withdrawn in the first of
    them and is back, a warning.
    """
    if not released:
        return []
    with TemporaryDirectory(dir=graphs.folder) as folder:
        now = _names(
            register, [graphs.path(role) for role in ASSERTED_ROLES if role in graphs.roles], Path(folder, "now")
        )
        then = _names(register, [release.triples for release in released], Path(folder, "then"))
        before = _names(register, [released[0].triples], Path(folder, "before"))
        gone, more_gone = first(name[1:-1] for name in only_in_first(then.every, now.every))
        back, more_back = first(NamedNode(name[1:-1]) for name in in_both(before.withdrawn, now.described))
        kinds = {kind_of(iri) for iri in gone}
        new = (name[1:-1] for name in only_in_first(now.every, then.every))
        arrived = by_kind(islice(new, MOST), kinds) if gone else {}
    last = _last_seen(register, released, gone)
    places.look_up(nodes=back)
    tombstones = {
        iri: _tombstone(iri, last[iri][1], nearest(iri, arrived[kind_of(iri)], register), register) for iri in gone
    }
    return [
        *(_gone(iri, last[iri][0], tombstone, register) for iri, tombstone in tombstones.items()),
        *([_prefixes(tombstones.values(), register)] if gone else []),
        *(_back(node, places, register, released[0]) for node in back),
        *([more_of(RULE, more_gone)] if more_gone else []),
        *([more_of(RULE, more_back, Severity.WARNING)] if more_back else []),
    ]


def resources(register: Register, path: Path) -> Iterator[bytes]:
    """Yield those lines of a file of sorted N-Triples that say which resources there are and of which types."""
    for name, kind in _types_in(register, path):
        yield b"%s %s %s .\n" % (name, str(terms.TYPE).encode(), kind)


def _types_in(register: Register, path: Path) -> Iterator[tuple[bytes, bytes]]:
    """Yield the resources of the register that a file of sorted N-Triples describes, each with each of its types."""
    below, kind = re.escape(f"<{register.iri('id/')}".encode()), re.escape(str(terms.TYPE).encode())
    # It begins with text that is looked for quickly; an object or a literal is never followed by a type and the line's end.
    pattern = re.compile(rb"(%s(?!statement/|mapping/)[^/>]+/[^/>]+>) %s (<[^>]+>) \.\n" % (below, kind))
    for block in blocks(path):
        for match in pattern.finditer(block):
            yield match[1], match[2]


def _names(register: Register, paths: Iterable[Path], folder: Path) -> _Names:
    folder.mkdir()
    names = _Names(*(folder / name for name in _Names._fields))
    as_read = _Names(*(path.with_suffix(".read") for path in names))
    with (
        as_read.every.open("wb") as every,
        as_read.described.open("wb") as described,
        as_read.withdrawn.open("wb") as gone,
    ):
        for path in paths:
            for name, kind in _types_in(register, path):
                every.write(name + b"\n")
                (gone if kind == TOMBSTONE else described).write(name + b"\n")
    for source, target in zip(as_read, names, strict=True):
        sort_file(source, target)
    return names


def _last_seen(
    register: Register, released: Sequence[Released], wanted: Iterable[str]
) -> dict[str, tuple[Released, list[str]]]:
    """Return for resources the first of the releases that has them, and their types there as messages write them."""
    found: dict[str, tuple[Released, list[str]]] = {}
    missing = set(wanted)
    for release in released if missing else ():
        for name, kind in _types_in(register, release.triples):
            if (iri := name[1:-1].decode()) in missing:
                types = found.setdefault(iri, (release, []))[1]
                if kind != TOMBSTONE:
                    types.append(compact(NamedNode(kind[1:-1].decode()), register))
        missing -= found.keys()
    return found


def _prefixes(tombstones: Iterable[str], register: Register) -> Finding:
    """Return the finding with the prefixes that tombstones are written with, so that they can be copied."""
    used = {name for text in tombstones for name in re.findall(r"(?:^|[ ^])([a-z][\w-]*):", text)}
    namespaces = {name: WELL_KNOWN.get(name, register.iri(f"id/{name}/")) for name in sorted(used)}
    lines = " ".join(f"@prefix {name}: <{namespace}> ." for name, namespace in namespaces.items())
    message = both("the tombstones above are written with these prefixes: {prefixes}", prefixes=lines)
    return Finding(message, _place(register), Severity.INFO, rule=RULE)


def _place(register: Register) -> Place:
    folder = register.data / "tombstones"
    return Place(register.shown(folder if folder.is_dir() else folder.with_suffix(".ttl")))


def _tombstone(iri: str, types: list[str], near: str, register: Register) -> str:
    parts = [
        "a as:Tombstone",
        f'as:deleted "{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"^^xsd:dateTime',
        *([f"as:formerType {' , '.join(types)}"] if types else []),
        *([f"dcterms:isReplacedBy {near}"] if near else []),
        'skos:changeNote "…"@de , "…"@en',
    ]
    return f"{compact(NamedNode(iri), register)} {' ; '.join(parts)} ."


def _gone(iri: str, released: Released, tombstone: str, register: Register) -> Finding:
    """Return the finding for a resource that has vanished, with the tombstone that can be copied."""
    message = both(
        "{resource} stands in release {release} and is gone; what was released is withdrawn, not dropped: describe it "
        "again, or write {tombstone} (or call with --no-compare, as long as no release has been public)",
        resource=compact(NamedNode(iri), register),
        release=released.id,
        tombstone=tombstone,
    )
    return Finding(message, _place(register), rule=RULE, focus=f"<{iri}>")


def _back(node: NamedNode, places: Places, register: Register, released: Released) -> Finding:
    message = both(
        "{resource} is withdrawn in release {release} and is described again; that is right only if it is the same "
        "thing, as an IRI is never used for another",
        resource=compact(node, register),
        release=released.id,
    )
    return Finding(message, places.of_node(node), Severity.WARNING, rule=RULE, focus=str(node))
