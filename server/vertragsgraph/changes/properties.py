"""What is said of a resource, property by property: what tells of a new one, and what differs in a changed one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from vertragsgraph import search
from vertragsgraph.changes.signs import Sign
from vertragsgraph.changes.states import Facts, State
from vertragsgraph.linked_data.terms import LABEL_PROPERTIES
from vertragsgraph.rdf.namespaces import RDFS
from vertragsgraph.rdf.paths import Step
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.register.kinds import TableColumn

_TYPE: Final = nt.RDF_TYPE[1:-1]
_NOT_TELLING: Final = frozenset({_TYPE, RDFS + "comment", *LABEL_PROPERTIES})


@dataclass(frozen=True)
class Fact:
    """Values (terms of N-Triples) of a property (an IRI), or of a column that has a title by language."""

    values: tuple[str, ...]
    property: str = ""
    title: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Row:
    """What was added to the values of a property, those in one language, and what was removed; terms of N-Triples.

    `replaced` says that none of the former values is left.
    """

    property: str
    language: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    replaced: bool


@dataclass(frozen=True)
class Part:
    """What became of a part of a resource."""

    iri: str
    kind: str
    sign: Sign
    rows: tuple[Row, ...]


def facts(state: State, iri: str, pointing: Iterable[tuple[str, str]]) -> tuple[Fact, ...]:
    """Return what tells of a new resource, where `pointing` leads to it: the columns of its table, else its own properties."""
    if columns := state.kinds[state.kind(iri)].table:
        return tuple(_columns(state, iri, columns, pointing))
    values: defaultdict[str, list[str]] = defaultdict(list)
    for predicate, value in state.about(iri):
        if predicate not in _NOT_TELLING and not _is_documentary(state, value):
            values[predicate].append(value)
    return tuple(Fact(tuple(found), predicate) for predicate, found in sorted(values.items()))


def rows(before: State, after: State, iri: str, but: Collection[str]) -> tuple[Row, ...]:
    """Return what differs in what two states say of a resource, values that are told elsewhere left out."""
    left_out = {f"<{each}>" for each in but}
    old, new = _by_property(before, before.about(iri), left_out), _by_property(after, after.about(iri), left_out)
    found = []
    for key in sorted({*old, *new}):
        was, now = old.get(key, set()), new.get(key, set())
        if was != now:
            added, removed = now - was, was - now
            found.append(Row(*key, tuple(sorted(added)), tuple(sorted(removed)), bool(was and now) and not was & now))
    return tuple(found)


def _columns(
    state: State, iri: str, columns: Iterable[TableColumn], pointing: Iterable[tuple[str, str]]
) -> Iterable[Fact]:
    leading = list(pointing)

    def along(node: str, step: Step) -> list[str]:
        if not step.inverse:
            said = state.about(node[1:-1]) if node[0] == "<" else ()
            return [value for predicate, value in said if predicate == step.property]
        return [f"<{subject}>" for predicate, subject in leading if predicate == step.property and node == f"<{iri}>"]

    def is_a(node: str, cls: str) -> bool:
        return (_TYPE, f"<{cls}>") in state.about(node[1:-1])

    for column in columns:
        # Columns of addresses stand beside those with the names.
        if column.path and not column.is_address:
            found = column.path.follow(f"<{iri}>", along, is_a)
            if values := sorted(value for value in found if not _is_documentary(state, value)):
                yield Fact(tuple(values), title=column.title)


def _by_property(state: State, said: Facts, left_out: Collection[str]) -> dict[tuple[str, str], set[str]]:
    values: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for predicate, value in said:
        if value not in left_out and not _is_documentary(state, value):
            values[predicate, nt.literal(value).language if value[0] == '"' else ""].add(value)
    return values


def _is_documentary(state: State, value: str) -> bool:
    return value[0] == "<" and state.kind(value[1:-1]) in search.DOCUMENTARY
