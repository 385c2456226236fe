"""The topics as a tree, each with the number of contracts on it or on a narrower topic."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.linked_data.names import LABEL, PROLOGUE
from vertragsgraph.linked_data.resources import Ask, solutions
from vertragsgraph.linked_data.terms import Labels

LIMIT: Final = 5000
_TOPICS: Final = f"""{PROLOGUE}
SELECT ?topic ?broader ?label WHERE {{
  {{ SELECT ?topic WHERE {{ ?topic rdf:type vg:Topic }} ORDER BY ?topic LIMIT {LIMIT} }}
  ?topic rdfs:label ?label OPTIONAL {{ ?topic skos:broader ?broader }}
}}"""
_COUNTS: Final = f"""{PROLOGUE}
SELECT ?topic (COUNT(DISTINCT ?contract) AS ?n) WHERE {{ ?contract vg:topic/skos:broader* ?topic }} GROUP BY ?topic"""


@dataclass(frozen=True)
class Topics:
    """All topics: their labels, the topics right above each, and the number of contracts on each or beneath it."""

    labels: Labels
    broader: dict[str, set[str]]
    contracts: dict[str, int]

    def below(self, topic: str) -> list[str]:
        """Return the topics right below one; `""` stands for the top."""
        if not topic:
            return [iri for iri, above in self.broader.items() if not above & self.broader.keys()]
        return [iri for iri, above in self.broader.items() if topic in above]


async def topics(ask: Ask) -> Topics:
    """Return all topics (at most `LIMIT`)."""
    listed, counted = await asyncio.gather(ask(_TOPICS), ask(_COUNTS))
    labels, broader = Labels(), dict[str, set[str]]()
    for row in solutions(listed):
        topic, above, label = row["topic"], row["broader"], row["label"]
        if isinstance(topic, NamedNode) and isinstance(label, Literal):
            labels.add(topic.value, LABEL, label)
            known = broader.setdefault(topic.value, set())
            if isinstance(above, NamedNode):
                known.add(above.value)
    counts = {
        row["topic"].value: int(row["n"].value)
        for row in solutions(counted)
        if isinstance(row["topic"], NamedNode) and isinstance(row["n"], Literal)
    }
    return Topics(labels, broader, counts)
