"""Which resources differ between two states of a register: new, changed or gone, and which of them are parts of others."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from vertragsgraph import search
from vertragsgraph.changes.states import ENTAILED, LINKS, TOMBSTONES, State
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.release.compare import changed_lines
from vertragsgraph.release.redaction.redact import whole

MOST_PARTS: Final = 20_000
"""Parts of which it is found out what they are parts of: enough for a year's work of any ministry, a second's for a server."""

_ADDED, _REMOVED, _TYPE_ADDED, _TYPE_REMOVED = (1 << number for number in range(4))


class Sign(Enum):
    """What became of a resource."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


@dataclass
class Differing:
    """The resources that differ and stand by themselves, and the parts of each that differ.

    `evidence` and `links` are counted only; `beyond` are parts of which nobody looked up what they belong to.
    """

    resources: dict[str, Sign] = field(default_factory=dict)
    parts: defaultdict[str, dict[str, Sign]] = field(default_factory=lambda: defaultdict(dict))
    evidence: Counter[Sign] = field(default_factory=Counter)
    links: Counter[Sign] = field(default_factory=Counter)
    beyond: int = 0


def differing(before: State, after: State) -> Differing:
    """Return which resources differ in what two states assert; memory grows with how many these are.

    What is said of a part counts as said of the resource to which it belongs: that among those it is connected with whose
    kind stands first in the table of kinds. One that belongs to nothing is told of by itself.
    """
    found, parts = Differing(), dict[str, Sign]()
    for iri, flags in _flags(before, after).items():
        kind = after.kind(iri) or before.kind(iri)
        if kind == "mapping":
            found.links[_sign(flags)] += 1
        elif kind in search.DOCUMENTARY:
            found.evidence[_sign(flags)] += 1
        else:
            of_parts = after.kinds.is_part(kind)
            (parts if of_parts else found.resources)[iri] = _checked(_sign(flags), iri, before, after)
    attributed = dict(list(parts.items())[:MOST_PARTS])
    found.beyond = len(parts) - len(attributed)
    for state, signs in ((before, {Sign.GONE}), (after, {Sign.NEW, Sign.CHANGED})):
        own = {iri: sign for iri, sign in attributed.items() if sign in signs}
        for part, owners in _owners(state, own).items():
            for owner in owners:
                if found.resources.setdefault(owner, Sign.CHANGED) is Sign.CHANGED:
                    found.parts[owner][part] = own[part]
            if not owners:
                found.resources[part] = own[part]
    return found


def _flags(before: State, after: State) -> dict[str, int]:
    """Return for each resource of which a statement differs how."""
    found: defaultdict[str, int] = defaultdict(int)
    links = {f"<{state.register.graph(LINKS)}> .\n" for state in (before, after)}
    # That there is a tombstone is no news: what it stands for is gone from the other graphs.
    roles = (ENTAILED, TOMBSTONES)
    left_out = [f" <{state.register.graph(role)}> .\n".encode() for state in (before, after) for role in roles]
    current, iri, kind = "", "", ""
    for change in changed_lines(before.quads, after.quads, tuple(left_out)):
        subject, predicate, rest = change.quad.split(" ", 2)
        if subject != current:
            current, iri = subject, whole(subject)
            kind = after.kind(iri) or before.kind(iri)
        is_link = rest[rest.rindex("<") :] in links
        if not kind or kind == "statement" or is_link != (kind == "mapping"):
            continue
        flags = _ADDED if change.sign == "+" else _REMOVED
        if predicate == nt.RDF_TYPE and subject[1:-1] == iri:
            flags |= _TYPE_ADDED if change.sign == "+" else _TYPE_REMOVED
        found[iri] |= flags
    return found


def _sign(flags: int) -> Sign:
    if flags & _TYPE_REMOVED and not flags & _ADDED:
        return Sign.GONE
    return Sign.NEW if flags & _TYPE_ADDED and not flags & _REMOVED else Sign.CHANGED


def _checked(sign: Sign, iri: str, before: State, after: State) -> Sign:
    """Return a sign as it is where a resource only has a type more or less than before."""
    if sign is Sign.CHANGED:
        return sign
    there = before if sign is Sign.NEW else after
    return Sign.CHANGED if there.describes(iri) else sign


def _owners(state: State, parts: dict[str, Sign]) -> dict[str, list[str]]:
    """Return for each of some parts the resources to which it belongs in a state, maybe by another part."""
    pointing = state.pointing(parts.keys())
    rank = {kind: number for number, kind in enumerate(state.kinds.kinds)}

    def ahead(iri: str) -> list[str]:
        return [value[1:-1] for _, value in state.about(iri) if value.startswith(f"<{state.base}id/")]

    def standing(iris: list[str]) -> list[str]:
        return [
            iri for iri in iris if state.stands_alone(iri) and state.kind(iri) not in {*search.DOCUMENTARY, "source"}
        ]

    found = {}
    for part in parts:
        near = [*ahead(part), *(subject for _, subject in pointing.get(part, ()))]
        owners = standing(near) or standing([far for each in near for far in ahead(each)])
        first = min((rank[state.kind(owner)] for owner in owners), default=0)
        found[part] = sorted({owner for owner in owners if rank[state.kind(owner)] == first})
    return found
