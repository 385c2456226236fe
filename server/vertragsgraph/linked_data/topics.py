"""The topics as a tree."""

from __future__ import annotations

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


@dataclass(frozen=True)
class Topics:
    """All topics: their labels, and the topics right above each."""

    labels: Labels
    broader: dict[str, set[str]]

    def below(self, topic: str) -> list[str]:
        """Return the topics right below one; `""` stands for the top."""
        if not topic:
            return [iri for iri, above in self.broader.items() if not above & self.broader.keys()]
        return [iri for iri, above in self.broader.items() if topic in above]


async def topics(ask: Ask) -> Topics:
    """Return all topics (at most `LIMIT`)."""
    labels, broader = Labels(), dict[str, set[str]]()
    for row in solutions(await ask(_TOPICS)):
        topic, above, label = row["topic"], row["broader"], row["label"]
        if isinstance(topic, NamedNode) and isinstance(label, Literal):
            labels.add(topic.value, LABEL, label)
            known = broader.setdefault(topic.value, set())
            if isinstance(above, NamedNode):
                known.add(above.value)
    return Topics(labels, broader)
