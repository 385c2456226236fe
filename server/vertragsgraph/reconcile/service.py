"""The reconciliation service of a release, apart from the wire: matching, suggesting, extending."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from vertragsgraph import search
from vertragsgraph.rdf.asking import Ask
from vertragsgraph.reconcile import names
from vertragsgraph.reconcile.model import MOST_CANDIDATES, Candidate, Condition, Query, Values
from vertragsgraph.reconcile.schema import Schema, Term
from vertragsgraph.reconcile.values import FITS, NOT_KNOWN, fit, holders, values_of
from vertragsgraph.register import Register
from vertragsgraph.release import Release
from vertragsgraph.search import Resource, SearchIndex
from vertragsgraph.search.analysis import fold
from vertragsgraph.search.matching import BEST
from vertragsgraph.search.writing import DOCUMENTARY
from vertragsgraph.texts import Language

MARGIN: Final = 10.0
ENOUGH: Final = 95.0
FOR_EACH_CONDITION: Final = 5.0
WEIGHT_OF_CONDITION: Final = 0.4
SUGGESTIONS: Final = 20


@dataclass(frozen=True)
class Service:
    """What the protocol's versions are answered from; threads and requests may share it."""

    index: SearchIndex
    schema: Schema
    register: Register
    ask: Ask

    async def match(self, queries: Sequence[Query]) -> list[list[Candidate]]:
        """Return the candidates for each query of a batch, the likeliest first."""
        found = await asyncio.to_thread(lambda: [self._by_name(query) for query in queries])
        for query, candidates in zip(queries, found, strict=True):
            # Where no name is surely meant, those whom the conditions fit may be.
            if query.conditions and not any(candidate.certain for candidate in candidates):
                known = {candidate.number for candidate in candidates}
                candidates.extend(item for item in await self._by_conditions(query) if item.number not in known)
            _drop_hopeless(candidates, len(query.conditions))
        await self._hold_against_conditions(queries, found)
        return [_decided(candidates, query) for candidates, query in zip(found, queries, strict=True)]

    def suggest(self, prefix: str, offset: int = 0) -> list[Resource]:
        """Return the resources whose names begin with, or are, what somebody has typed so far."""
        own = self.index.resource(f"id/{prefix.strip().removeprefix(self.index.base).removeprefix('id/')}")
        if own:
            return [own]
        kinds = [kind for kind in self.index.kinds if kind not in DOCUMENTARY]
        hits = search.find(self.index, prefix, kinds=kinds, limit=SUGGESTIONS, offset=offset).hits
        found = [self.index.resource(hit.path) for hit in hits]
        return [resource for resource in found if resource]

    def suggest_terms(self, terms: Iterable[Term], prefix: str, language: Language, offset: int = 0) -> list[Term]:
        """Return the types or properties that what somebody has typed so far fits; all of them for nothing."""
        wanted = fold(prefix).strip()

        def rank(term: Term) -> int:
            name, identifier = fold(term.name(language)), fold(term.id)
            if wanted in {name, identifier}:
                return 0
            if name.startswith(wanted) or identifier.startswith(wanted):
                return 1
            others = [fold(other) for other in term.names.values()]
            return 2 if any(wanted in text for text in (name, identifier, *others)) else 9

        fitting = [term for term in terms if rank(term) < 9]
        return sorted(fitting, key=rank)[offset : offset + SUGGESTIONS]

    async def extend(self, paths: Sequence[str], term: Term, language: Language) -> Values:
        """Return the values of a property for entities of the register; unknown entities have none."""
        known = [path for path in paths if self.index.resource(path)]
        return await values_of(self.ask, self.index, term, known, language)

    def path(self, identifier: str) -> str:
        """Return the path below the base IRI for an identifier of the service or an IRI."""
        return f"id/{identifier.removeprefix(self.index.base).removeprefix('id/')}"

    def describe(self, resource: Resource, language: Language) -> str:
        """Return a line that tells namesakes apart: the types, and what else the resource is called."""
        label = self.index.label(resource.number, language)
        types = [term.name(language) for term in self.schema.types_of(resource.types)]
        others = [entry.text for entry in self.index.names(resource.number) if entry.text != label]
        return " · ".join([*types, *others[:2]])

    def _by_name(self, query: Query) -> list[Candidate]:
        types = [self.schema.type_iri(name) for name in query.types]
        wanted = [iri for iri in types if iri]
        if query.types and not wanted:
            return []
        best: dict[int, Candidate] = {}
        for text in query.texts:
            for of_type in wanted or [""]:
                for candidate in names.find(self.index, text, of_type):
                    known = best.get(candidate.number)
                    if known is None or candidate.score > known.score:
                        best[candidate.number] = candidate
        for candidate in best.values():
            candidate.features["name"] = round(candidate.score, 1)
        return list(best.values())

    async def _by_conditions(self, query: Query) -> list[Candidate]:
        """Return the entities that fit the first condition that any does, compared by name where there is one."""
        types = {self.schema.type_iri(name) for name in query.types} - {""}
        for condition in query.conditions:
            text = holders(self.schema, condition, self._meant(condition), self.index)
            rows = await _subjects(self.ask, text, self.index.base) if text else []
            found = [resource for path in rows if (resource := self.index.resource(path))]
            if fitting := [resource.number for resource in found if not types or types & set(resource.types)]:
                return [self._compared(query, number) for number in fitting]
        return []

    def _compared(self, query: Query, number: int) -> Candidate:
        if not query.texts:
            return Candidate(number, BEST, certain=True)
        candidate = names.compare(self.index, query.texts, number)
        candidate.features["name"] = round(candidate.score, 1)
        return candidate

    def _meant(self, condition: Condition) -> list[str]:
        """Return the paths of the entities that the values of a condition surely mean."""
        paths = []
        for wanted in condition.values:
            if wanted.id:
                paths.append(self.path(wanted.id))
            else:
                sure = [candidate.number for candidate in names.find(self.index, wanted.text) if candidate.certain]
                paths.extend(resource.path for resource in self.index.resources(sure[:1]).values())
        return [path for path in paths if self.index.resource(path)]

    async def _hold_against_conditions(self, queries: Sequence[Query], found: Sequence[list[Candidate]]) -> None:
        """Let the conditions of the queries change the scores of their candidates; one question for each property."""
        wanted: dict[str, set[str]] = {}
        paths: dict[int, str] = {}
        for query, candidates in zip(queries, found, strict=True):
            if query.conditions:
                resources = self.index.resources([candidate.number for candidate in candidates])
                paths.update((number, resource.path) for number, resource in resources.items())
                for condition in query.conditions:
                    wanted.setdefault(condition.property, set()).update(r.path for r in resources.values())
        known: dict[str, Values] = {}
        for name, of in wanted.items():
            term = self.schema.property(name)
            known[name] = (
                await values_of(self.ask, self.index, term, sorted(of), self.register.spoken[0]) if term else {}
            )
        for query, candidates in zip(queries, found, strict=True):
            for condition in query.conditions:
                for candidate in candidates:
                    values = known[condition.property].get(paths[candidate.number], [])
                    candidate.features[condition.property] = round(fit(values, condition, self.index), 1)


async def _subjects(ask: Ask, query: str, base: str) -> list[str]:
    """Return the paths of the entities that a query for ?s finds."""
    rows = json.loads(await ask(query))["results"]["bindings"]
    return [row["s"]["value"].removeprefix(base) for row in rows if row["s"]["value"].startswith(base)]


def _decided(candidates: list[Candidate], query: Query) -> list[Candidate]:
    """Return the candidates with their final scores, the likeliest first; the first one may be a match.

    The name weighs 1, each condition 0.4. A match needs a score above 95, less 5 for each condition, ten more than the
    runner-up, and nothing that speaks against it.
    """
    count = len(query.conditions)
    kept = []
    for candidate in candidates:
        fits = [candidate.features[condition.property] for condition in query.conditions]
        if any(value < FITS for value, condition in zip(fits, query.conditions, strict=True) if condition.required):
            continue
        name = [(candidate.score, 1.0)] if query.texts else []
        parts = [*name, *((value, WEIGHT_OF_CONDITION) for value in fits)]
        candidate.score = round(sum(v * w for v, w in parts) / sum(w for _, w in parts), 1) if parts else 0.0
        candidate.certain = candidate.certain and all(value >= NOT_KNOWN for value in fits)
        kept.append(candidate)
    kept.sort(key=lambda candidate: (-candidate.score, -candidate.exact, candidate.number))
    if kept:
        kept[0].match = _is_match(kept, ENOUGH - FOR_EACH_CONDITION * count)
    return kept[: max(1, min(query.limit, MOST_CANDIDATES))]


def _drop_hopeless(candidates: list[Candidate], conditions: int) -> None:
    """Drop candidates whose names are so far off that no condition could bring them to the front."""
    if conditions:
        best = max((candidate.score for candidate in candidates), default=0.0)
        candidates[:] = [item for item in candidates if item.score >= best - BEST * WEIGHT_OF_CONDITION * conditions]


def _is_match(candidates: Sequence[Candidate], enough: float) -> bool:
    first, others = candidates[0], candidates[1:]
    if not first.certain or first.score <= enough:
        return False
    if not others:
        return True
    # The very name is a match even beside one that is nearly so; beside a namesake it is none.
    only = first.exact and not others[0].exact
    return first.score - others[0].score >= MARGIN or only


def open_service(release: Release, ask: Ask, index: SearchIndex) -> Service:
    """Return the service of a release, `index` being its search index."""
    return Service(
        index, Schema(release.folder / "ontology.ttl", index, release.prefixes, release.kinds), release.register, ask
    )
