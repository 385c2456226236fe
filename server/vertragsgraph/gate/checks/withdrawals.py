"""Nothing that was released vanishes: what the register no longer describes is withdrawn, and says when and why.

The IRIs of statements and mappings are derived from what they stand for, so they come and go with it, and those of parts
with the whole. All others have been given to somebody to cite.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from vertragsgraph.finding import Finding, Place, Severity
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.report import first, more_of
from vertragsgraph.gate.tombstones import Tombstone, file_of, in_one_line, in_turtle
from vertragsgraph.graph import Graphs
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.curie import namespace_of
from vertragsgraph.rdf.sorted_files import blocks, in_both, only_in_first, sorting
from vertragsgraph.register import ASSERTED_ROLES, Register
from vertragsgraph.sources.term_names import MOST, by_kind, compact, nearest_iri
from vertragsgraph.texts import both

RULE: Final = "withdrawals"
TOMBSTONE: Final = str(terms.TOMBSTONE).encode()


@dataclass(frozen=True)
class Released:
    """A release to hold the register against: its id, a file of sorted N-Triples with the types of its resources, its ontology."""

    id: str
    triples: Path
    ontology: Path


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
        now = _names(register, graphs.paths(ASSERTED_ROLES), Path(folder, "now"))
        then = _names(register, [release.triples for release in released], Path(folder, "then"))
        before = _names(register, [released[0].triples], Path(folder, "before"))
        gone, more_gone = first(name[1:-1] for name in only_in_first(then.every, now.every))
        back, more_back = first(NamedNode(name[1:-1]) for name in in_both(before.withdrawn, now.described))
        kinds = {namespace_of(iri) for iri in gone}
        new = (name[1:-1] for name in only_in_first(now.every, then.every))
        arrived = by_kind(islice(new, MOST), kinds) if gone else {}
    last = last_seen(register, released, gone)
    places.look_up(nodes=back)
    reasons = dict.fromkeys(register.languages, "…")
    tombstones = [
        Tombstone(iri, reasons, last[iri][1], replaced_by=nearest_iri(iri, arrived[namespace_of(iri)])) for iri in gone
    ]
    return [
        *(_gone(tombstone, last[tombstone.iri][0], register) for tombstone in tombstones),
        *([_by_hand(tombstones, register)] if gone else []),
        *(_back(node, places, register, released[0]) for node in back),
        *([more_of(RULE, more_gone)] if more_gone else []),
        *([more_of(RULE, more_back, Severity.WARNING)] if more_back else []),
    ]


def resources(register: Register, stretches: Iterable[bytes]) -> Iterator[bytes]:
    """Yield those lines of sorted N-Triples that say which resources there are and of which types.

    The lines come in stretches, each of whole ones.
    """
    for name, kind in _types_in(register, stretches):
        yield b"%s %s %s .\n" % (name, str(terms.TYPE).encode(), kind)


def _types_in(register: Register, stretches: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the resources of the register that lines of N-Triples describe, each with each of its types."""
    below, kind = re.escape(f"<{register.iri('id/')}".encode()), re.escape(str(terms.TYPE).encode())
    # It begins with text that is looked for quickly; an object or a literal is never followed by a type and the line's end.
    pattern = re.compile(rb"(%s(?!statement/|mapping/)[^/>]+/[^/>]+>) %s (<[^>]+>) \.\n" % (below, kind))
    for stretch in stretches:
        for match in pattern.finditer(stretch):
            yield match[1], match[2]


def _names(register: Register, paths: Iterable[Path], folder: Path) -> _Names:
    folder.mkdir()
    names = _Names(*(folder / name for name in _Names._fields))
    with sorting(names.every) as every, sorting(names.described) as described, sorting(names.withdrawn) as withdrawn:
        for path in paths:
            for name, kind in _types_in(register, blocks(path)):
                every.write(name + b"\n")
                (withdrawn if kind == TOMBSTONE else described).write(name + b"\n")
    return names


def last_seen(
    register: Register, released: Sequence[Released], wanted: Iterable[str]
) -> dict[str, tuple[Released, list[str]]]:
    """Return for resources (IRIs) the first of the releases that has them, and the IRIs of their types there."""
    found: dict[str, tuple[Released, list[str]]] = {}
    missing = set(wanted)
    for release in released if missing else ():
        for name, kind in _types_in(register, blocks(release.triples)):
            if (iri := name[1:-1].decode()) in missing:
                types = found.setdefault(iri, (release, []))[1]
                if kind != TOMBSTONE:
                    types.append(kind[1:-1].decode())
        missing -= found.keys()
    return found


def _gone(tombstone: Tombstone, released: Released, register: Register) -> Finding:
    """Return the finding for a resource that has vanished, with the command that withdraws it."""
    name = compact(NamedNode(tombstone.iri), register)
    successor = compact(NamedNode(tombstone.replaced_by), register) if tombstone.replaced_by else ""
    reasons = " ".join(["--reason …", *(f"--reason-{tag} …" for tag in register.languages[1:])])
    command = f"vertragsgraph withdraw {name} {reasons}" + (f" --replaced-by {successor}" if successor else "")
    message = both(
        "{resource} stands in release {release} and is gone; what was released is withdrawn, not dropped: describe it "
        "again, or withdraw it: {command}",
        resource=name,
        release=released.id,
        command=command,
    )
    return Finding(message, _place(register), rule=RULE, focus=f"<{tombstone.iri}>")


def _by_hand(tombstones: Iterable[Tombstone], register: Register) -> Finding:
    """Return the finding with all tombstones, ready to be copied."""
    message = both(
        "to withdraw all this by hand, write here, with the reasons in place of …: {turtle} (as long as no release has been "
        "public, call with --no-compare instead)",
        turtle=in_one_line(in_turtle(tombstones, register)),
    )
    return Finding(message, _place(register), Severity.INFO, rule=RULE)


def _place(register: Register) -> Place:
    return Place(register.shown(file_of(register)))


def _back(node: NamedNode, places: Places, register: Register, released: Released) -> Finding:
    message = both(
        "{resource} is withdrawn in release {release} and is described again; that is right only if it is the same "
        "thing, as an IRI is never used for another",
        resource=compact(node, register),
        release=released.id,
    )
    return Finding(message, places.of_node(node), Severity.WARNING, rule=RULE, focus=str(node))
