"""What goes with a resource that is withdrawn, since it depends on it, or has no purpose without it; and what stays, and why.

A part (an act, a tenure; the table of kinds says what is one) depends on what it must name to be right: an act on the
contract that it concerns, a tenure on the person. Anything is left without purpose when nothing that stays names it any
more, as a grant without its contract. Evidence goes with the last statement that it proves. Contracts and concepts stand by
themselves: nobody has to name them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Final

from vertragsgraph.rdf import terms
from vertragsgraph.rdf.namespaces import SKOS
from vertragsgraph.register import Kinds
from vertragsgraph.register.names import kind_of
from vertragsgraph.withdrawal.uses import Uses

_IN_SCHEME: Final = SKOS + "inScheme"


@dataclass(frozen=True)
class Withdrawal:
    """What a withdrawal comes to: `gone` are all that go, each with what it goes with ("" for those that were asked for).

    `staying` are the resources that one of those names and that stay, each with one that still names it ("" where there is
    none, since it stands by itself or was to be kept).
    """

    gone: Mapping[str, str]
    staying: Mapping[str, str]


class Dependants:
    """Works out what goes with resources of a register."""

    def __init__(
        self,
        uses: Uses,
        demands: Mapping[str, list[frozenset[str]]],
        kinds: Kinds,
        base: str,
        kept: Iterable[str] = (),
    ) -> None:
        """Take what names what, what the shapes demand, the table of kinds, the base IRI, and what stays in any case."""
        self._uses, self._demands, self._kinds, self._base = uses, demands, kinds, base
        self._kept = set(kept)

    def of(self, asked: Iterable[str]) -> Withdrawal:
        """Return what goes with resources that are asked for, and what stays."""
        gone = dict.fromkeys(asked, "")
        while new := self._dependent(gone) or self._without_purpose(gone):
            gone |= new
        beside = dict.fromkeys(
            value for iri in gone for values in self._uses.values[iri].values() for value in sorted(values) if value
        )
        staying = {
            iri: min(self._uses.users[iri] - gone.keys(), default="")
            for iri in beside
            if iri not in gone and not self._is_concept(iri)
        }
        return Withdrawal(gone, staying)

    def _dependent(self, gone: Mapping[str, str]) -> dict[str, str]:
        """Return the parts that lack what they need once all these are gone."""
        return {
            part: iri
            for iri in gone
            for part in sorted(self._uses.users[iri])
            if part not in gone and self._is_part(part) and self._lacks(part, gone)
        }

    def _lacks(self, part: str, gone: Mapping[str, str]) -> bool:
        values = self._uses.values[part]
        for kind in self._uses.types[part]:
            for properties in self._demands.get(kind, ()):
                had = {value for name in properties if name in values for value in values[name]}
                if had and had <= gone.keys():
                    return True
        return False

    def _without_purpose(self, gone: Mapping[str, str]) -> dict[str, str]:
        """Return what nothing names any more once all these are gone, be it that such resources name each other."""
        found = {value for value, _ in self._reached(gone)}
        while needed := [iri for iri in found if self._is_needed(iri, gone.keys() | found)]:
            found.difference_update(needed)
        return dict(self._reached(gone, found))

    def _reached(self, gone: Iterable[str], within: Container[str] | None = None) -> Iterator[tuple[str, str]]:
        """Yield what the resources that are gone name, what that names, and so on, each with what led to it."""
        pending = deque(gone)
        seen = set(pending)
        while pending:
            iri = pending.popleft()
            for value in self._led_to(iri):
                if value not in seen and (value in within if within is not None else not self._stands_by_itself(value)):
                    seen.add(value)
                    pending.append(value)
                    yield value, iri

    def _led_to(self, iri: str) -> list[str]:
        values = {value for each in self._uses.values[iri].values() for value in each if value}
        evidence = {entry for statement in self._uses.about[iri] for entry in self._uses.entries[statement]}
        return sorted(values) + sorted(evidence)

    def _is_needed(self, iri: str, gone: Set[str]) -> bool:
        proved = self._uses.proves[iri]
        left = sum(not self._uses.ends[statement] & gone for statement in proved)
        least = 2 if terms.DISAGREEMENT.value in self._uses.types[iri] else 1  # it lies between two statements
        return (bool(proved) and left >= least) or not self._uses.users[iri] <= gone

    def _stands_by_itself(self, iri: str) -> bool:
        main = kind_of(iri, self._base) == self._kinds.table.name
        return iri in self._kept or main or self._is_concept(iri) or not self._uses.types[iri]

    def _is_concept(self, iri: str) -> bool:
        return _IN_SCHEME in self._uses.values[iri]

    def _is_part(self, iri: str) -> bool:
        return iri not in self._kept and self._kinds.is_part(kind_of(iri, self._base))
