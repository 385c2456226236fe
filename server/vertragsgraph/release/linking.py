"""Which entities of a release have a link to another register, and which have none: counted when it is built."""

from __future__ import annotations

from collections import Counter
from typing import Final

from vertragsgraph.release import lines as nt
from vertragsgraph.release.manifest import Links
from vertragsgraph.release.prefixes import expand
from vertragsgraph.release.search.identifiers import AUTHORITIES

CLASSES: Final = ("vg:Contract", "vg:Organisation", "vg:Person", "vg:Office", "vg:Topic")
"""The classes whose instances may have an item elsewhere. Places and forms come from elsewhere, acts are nowhere else."""
PROPERTIES: Final = (
    "owl:sameAs",
    "skos:exactMatch",
    "skos:closeMatch",
    "skos:broadMatch",
    "skos:narrowMatch",
    "skos:relatedMatch",
)
"""The properties of links, from the closest to the loosest."""
_LINKING: Final = frozenset(f"<{expand(name)}>" for name in PROPERTIES)
_COUNTED: Final = frozenset(f"<{expand(name)}>" for name in CLASSES)
_TARGETS: Final = tuple((authority.key, f"<{authority.namespace}") for authority in AUTHORITIES)


class Linking:
    """Counts the entities of a release, one subject after the other, by the targets that they are linked to."""

    def __init__(self, base: str) -> None:
        self._own = f"<{base}"
        self._entities = 0
        self._unlinked = 0
        self._linked: Counter[str] = Counter()

    def take(self, subject: str, group: nt.Group) -> None:
        """Count a subject of the register where it is an instance of `CLASSES`; `group` holds all that is said of it."""
        if not subject.startswith(self._own):
            return
        if _COUNTED.isdisjoint(value for predicate, value in group if predicate == nt.RDF_TYPE):
            return
        links = [value for predicate, value in group if predicate in _LINKING and not value.startswith(self._own)]
        self._entities += 1
        self._unlinked += not links
        self._linked.update({key for link in links for key, namespace in _TARGETS if link.startswith(namespace)})

    def counts(self) -> Links:
        """Return what was counted."""
        without = {authority.key: self._entities - self._linked[authority.key] for authority in AUTHORITIES}
        return Links(entities=self._entities, unlinked=self._unlinked, without=without)
