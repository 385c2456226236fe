"""Which entities of a release have a link to another register, and which have none: counted when it is built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from pydantic import BaseModel, ConfigDict

from vertragsgraph.rdf import terms
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.search.identifiers import AUTHORITIES

_LINKING: Final = frozenset(map(str, terms.LINKS))
_TARGETS: Final = tuple((authority.key, f"<{authority.namespace}") for authority in AUTHORITIES)


class Links(BaseModel):
    """Resources of the kinds that may have a link elsewhere: how many there are, and how many have no link at all.

    `without` says how many have no link to a target, by its key (`wikidata`, `gnd` …).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    entities: int
    unlinked: int
    without: dict[str, int]


class Linking:
    """Counts the entities of a release, one subject after the other, by the targets that they are linked to."""

    def __init__(self, base: str, classes: Iterable[str]) -> None:
        self._counted = frozenset(f"<{iri}>" for iri in classes)
        self._own = f"<{base}"
        self._entities = 0
        self._unlinked = 0
        self._linked: Counter[str] = Counter()

    def take(self, subject: str, group: nt.Group) -> None:
        """Count a subject of the register where it is of one of the classes; `group` holds all that is said of it."""
        if not subject.startswith(self._own):
            return
        if self._counted.isdisjoint(value for predicate, value in group if predicate == nt.RDF_TYPE):
            return
        links = [value for predicate, value in group if predicate in _LINKING and not value.startswith(self._own)]
        self._entities += 1
        self._unlinked += not links
        self._linked.update({key for link in links for key, namespace in _TARGETS if link.startswith(namespace)})

    def counts(self) -> Links:
        """Return what was counted."""
        without = {authority.key: self._entities - self._linked[authority.key] for authority in AUTHORITIES}
        return Links(entities=self._entities, unlinked=self._unlinked, without=without)
