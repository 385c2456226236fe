"""What changed between two states, gathered: the first resources of each kind with what became of them, and how many there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from pyoxigraph import Literal

from vertragsgraph import search
from vertragsgraph.changes.properties import Fact, Part, Row, facts, rows
from vertragsgraph.changes.signs import Differing, Sign, differing
from vertragsgraph.changes.states import Facts, State
from vertragsgraph.linked_data.terms import LABEL_PROPERTIES, Labels
from vertragsgraph.rdf.namespaces import DCTERMS, SKOS
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.register import Kinds

GATHERED: Final = 25
"""Resources of a kind that are new, and that are changed, and that are gone, of which it is gathered what became of them."""
MOST_PARTS_TOLD: Final = 25
_REASON, _REPLACED = SKOS + "changeNote", DCTERMS + "isReplacedBy"


@dataclass(frozen=True)
class Entry:
    """What became of a resource.

    `facts` tell of a new one, `rows` what is said otherwise of a changed one, `parts` what became of its parts (`further` of
    them aren't gathered), `reasons` (terms) and `successors` (IRIs) why one was withdrawn and what takes its place.
    `names` are the other resources with which it was or is connected by what changed.
    """

    iri: str
    kind: str
    sign: Sign
    facts: tuple[Fact, ...] = ()
    rows: tuple[Row, ...] = ()
    parts: tuple[Part, ...] = ()
    further: int = 0
    reasons: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Changes:
    """What changed between two states, which are named: `counts` by kind and sign, and of each the first as `entries`.

    `labels` are the names of all that these name, `vocabulary` those of terms. `beyond` parts are not attributed.
    """

    before: str
    after: str
    base: str
    kinds: Kinds
    counts: Mapping[tuple[str, Sign], int]
    entries: tuple[Entry, ...]
    evidence: Mapping[Sign, int]
    links: Mapping[Sign, int]
    beyond: int
    labels: Labels
    vocabulary: Labels

    @property
    def is_whole(self) -> bool:
        """Whether all resources that differ are among the entries."""
        return len(self.entries) == sum(self.counts.values()) and not self.beyond

    def concerning(self, iri: str) -> tuple[Entry, ...]:
        """Return the entries on a resource, and on those that are new or gone beside it."""
        return tuple(entry for entry in self.entries if entry.iri == iri or iri in entry.names)


def changes_between(before: State, after: State, gathered: int = GATHERED) -> Changes:
    """Return what changed from one state to another, with the first so many resources of each kind and sign.

    Memory grows with how many resources differ, not with what is said of them; both files are read once and a half.
    """
    found = differing(before, after)
    counts = Counter((after.kind(iri) or before.kind(iri), sign) for iri, sign in found.resources.items())
    chosen = _first(found, after, before, gathered)
    made = _entries(before, after, found, chosen)
    return Changes(
        before.name,
        after.name,
        after.base,
        after.kinds,
        counts,
        tuple(made),
        found.evidence,
        found.links,
        found.beyond,
        _labels(made, before, after),
        _joined(before.vocabulary, after.vocabulary),
    )


def entry_about(before: State, after: State, iri: str) -> Changes:
    """Return what changed in what is said of one resource itself, its parts left out: a few dozen readings in each file."""
    there = before.describes(iri), after.describes(iri)
    sign = {(False, True): Sign.NEW, (True, False): Sign.GONE}.get(there, Sign.CHANGED)
    made = _entries(before, after, Differing({iri: sign}), {iri: sign})
    made = [entry for entry in made if entry.sign is not Sign.CHANGED or entry.rows]
    counts = Counter((entry.kind, entry.sign) for entry in made)
    labels, vocabulary = _labels(made, before, after), _joined(before.vocabulary, after.vocabulary)
    return Changes(before.name, after.name, after.base, after.kinds, counts, tuple(made), {}, {}, 0, labels, vocabulary)


def _first(found: Differing, after: State, before: State, gathered: int) -> dict[str, Sign]:
    """Return the first resources of each kind and sign, kinds in the order of their table."""
    groups: defaultdict[tuple[str, Sign], list[str]] = defaultdict(list)
    for iri, sign in sorted(found.resources.items()):
        group = groups[after.kind(iri) or before.kind(iri), sign]
        if len(group) < gathered:
            group.append(iri)
    rank = {kind: number for number, kind in enumerate(after.kinds.kinds)}
    ordered = sorted(groups.items(), key=lambda item: (rank.get(item[0][0], len(rank)), item[0][0]))
    return {iri: sign for (_, sign), group in ordered for iri in group}


def _entries(before: State, after: State, found: Differing, chosen: Mapping[str, Sign]) -> list[Entry]:
    told = {iri for iri, sign in chosen.items() if sign is Sign.NEW and after.kinds[after.kind(iri)].table}
    pointing = after.pointing(told)
    return [_entry(before, after, found, iri, sign, pointing) for iri, sign in chosen.items()]


def _entry(before: State, after: State, found: Differing, iri: str, sign: Sign, pointing: Mapping[str, Facts]) -> Entry:
    kind = after.kind(iri) or before.kind(iri)
    if sign is Sign.NEW:
        own = facts(after, iri, pointing.get(iri, ()))
        return Entry(iri, kind, sign, facts=own, names=_named(after, after.about(iri)))
    if sign is Sign.GONE:
        grave = after.tombstone(iri)
        reasons = tuple(value for predicate, value in grave if predicate == _REASON)
        successors = tuple(value[1:-1] for predicate, value in grave if predicate == _REPLACED)
        return Entry(iri, kind, sign, reasons=reasons, successors=successors, names=_named(before, before.about(iri)))
    parts = found.parts.get(iri, {})
    own_rows = tuple(row for row in rows(before, after, iri, {*parts}) if row.added or row.removed)
    renamed = any(row.property in LABEL_PROPERTIES for row in own_rows)
    told = [
        Part(part, after.kind(part), became, _part_rows(before, after, part, became, iri, renamed=renamed))
        for part, became in sorted(parts.items())[:MOST_PARTS_TOLD]
    ]
    told = [part for part in told if part.rows or part.sign is not Sign.CHANGED]
    values = [(row.property, value) for row in own_rows for value in (*row.added, *row.removed)]
    values += [(fact.property, value) for part in told for fact in part.rows for value in (*fact.added, *fact.removed)]
    further = len(parts) - len(told)
    return Entry(iri, kind, sign, rows=own_rows, parts=tuple(told), further=further, names=_named(after, values))


def _part_rows(before: State, after: State, part: str, became: Sign, owner: str, *, renamed: bool) -> tuple[Row, ...]:
    """Return what changed in a part, or what a new one says but its name and what it is a part of.

    Where the owner was `renamed`, so were its parts, which are named after it.
    """
    if became is Sign.GONE:
        return ()
    found = rows(before, after, part, {owner})
    if became is Sign.CHANGED:
        return tuple(row for row in found if not renamed or row.property not in LABEL_PROPERTIES)
    return tuple(row for row in found if row.property not in {*LABEL_PROPERTIES, nt.RDF_TYPE[1:-1]})


def _named(state: State, values: Iterable[tuple[str, str]]) -> frozenset[str]:
    iris = (value[1:-1] for _, value in values if value[0] == "<")
    return frozenset(iri for iri in iris if state.stands_alone(iri) and state.kind(iri) not in search.DOCUMENTARY)


def _joined(first: Labels, last: Labels) -> Labels:
    return Labels({**first.found, **last.found})


def _labels(entries: Iterable[Entry], before: State, after: State) -> Labels:
    """Return the names of all that entries name, as they are now or were before."""
    labels = Labels()
    for iri in sorted(set(chain.from_iterable(map(_iris, entries)))):
        for predicate, value in _naming(after, iri) or _naming(before, iri) or _naming_of(after.tombstone(iri)):
            literal = nt.literal(value)
            text = nt.unescaped(literal.escaped)
            labels.add(iri, predicate, Literal(text, language=literal.language) if literal.language else Literal(text))
    return labels


def _naming(state: State, iri: str) -> Facts:
    return _naming_of(state.about(iri))


def _naming_of(said: Facts) -> Facts:
    return [(predicate, value) for predicate, value in said if predicate in LABEL_PROPERTIES and value[0] == '"']


def _iris(entry: Entry) -> Iterator[str]:
    yield entry.iri
    yield from entry.successors
    yield from (part.iri for part in entry.parts)
    told = (*entry.rows, *(row for part in entry.parts for row in part.rows))
    values = chain(
        (value for row in told for value in (*row.added, *row.removed)), *(fact.values for fact in entry.facts)
    )
    yield from (value[1:-1] for value in values if value[0] == "<")
