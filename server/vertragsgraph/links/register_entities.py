"""What a release says about its resources, as finding and exporting links need it; read straight from its files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import QuerySolutions, Store

from vertragsgraph.rdf.store import of_the_data
from vertragsgraph.release import Release
from vertragsgraph.search import FILE_NAME, Resource, SearchIndex
from vertragsgraph.search.identifiers import authority_of


@dataclass(frozen=True)
class Term:
    """A value in a row: an IRI (`iri`), or a text with language or datatype."""

    text: str
    iri: bool = False
    language: str = ""
    datatype: str = ""


class Local:
    """A release, asked in this process."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.index = SearchIndex(release.folder / FILE_NAME)
        self._store = Store.read_only(str(release.store))

    def rows(self, query: str) -> Iterator[dict[str, Term]]:
        """Yield the solutions of a SELECT over all graphs; unbound variables are left out."""
        found = self._store.query(query, **of_the_data(self._store))
        if not isinstance(found, QuerySolutions):
            raise TypeError("only SELECT has rows")
        names = [variable.value for variable in found.variables]
        for solution in found:
            yield {name: _term(value) for name in names if (value := solution[name]) is not None}

    @cached_property
    def linked(self) -> dict[str, dict[str, str]]:
        """The IRIs that resources are the same as: path to authority to IRI (owl:sameAs, skos:exactMatch)."""
        found: dict[str, dict[str, str]] = {}
        for link in self.index.links():
            authority = authority_of(link.object)
            if authority and link.predicate.rpartition("#")[2] in {"sameAs", "exactMatch"}:
                found.setdefault(link.path, {})[authority.key] = link.object
        return found

    @property
    def kinds(self) -> list[str]:
        """The kinds whose resources may have an item elsewhere, in the order in which people look at them."""
        return self.release.kinds.linked

    def resources(self, kinds: Sequence[str] = ()) -> list[Resource]:
        """Return the resources of some kinds, kind by kind; by default, of all that may have an item elsewhere."""
        kinds = kinds or self.kinds
        numbers = [row[0] for row in self.index.rows("SELECT id FROM resource ORDER BY iri")]
        found = [item for item in self.index.resources(numbers).values() if item.kind in kinds]
        return sorted(found, key=lambda item: (kinds.index(item.kind), item.path))

    def unlinked(self, authority: str) -> list[Resource]:
        """Return the resources that have no link, of whatever kind, to an authority."""
        linked = {
            link.path for link in self.index.links() if (found := authority_of(link.object)) and found.key == authority
        }
        return [item for item in self.resources() if item.path not in linked]


def _term(value: object) -> Term:
    text = str(getattr(value, "value", value))
    datatype = getattr(value, "datatype", None)
    if datatype is None:
        return Term(text, iri=True)
    language = getattr(value, "language", None) or ""
    return Term(text, language=language, datatype=datatype.value)
