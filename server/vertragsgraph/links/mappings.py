"""Mappings: as RDF in a release (owl:Axiom, as SSSOM has it) and as SSSOM/TSV, from either to the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from vertragsgraph.graph.links import SEVERAL, SLOTS
from vertragsgraph.links.local import Term
from vertragsgraph.release.search.identifiers import AUTHORITIES, authority_of
from vertragsgraph.sources.sssom import BUILT_IN, write_mapping_set
from vertragsgraph.sources.syntax import WELL_KNOWN

_OWL: Final = WELL_KNOWN["owl"]
QUERY: Final = """
SELECT ?mapping ?property ?value WHERE {{
  GRAPH <{graph}> {{ ?mapping a <http://www.w3.org/2002/07/owl#Axiom> ; ?property ?value }}
}}"""
COLUMNS: Final[tuple[str, ...]] = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "confidence",
    "author_id",
    "author_label",
    "creator_id",
    "reviewer_id",
    "reviewer_label",
    "mapping_date",
    "review_date",
    "mapping_tool",
    "see_also",
    "comment",
)
_PROPERTIES: Final = {iri: column for column, (iri, _) in SLOTS.items()}


@dataclass(frozen=True)
class Link:
    """A mapping between IRIs; `slots` are its other columns, IRIs and texts as they are."""

    subject: str
    predicate: str
    object: str
    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """The key of the authority that the object belongs to; "other" where it is none known."""
        found = authority_of(self.object)
        return found.key if found else "other"


def from_rows(rows: Iterable[Mapping[str, Term]]) -> list[Link]:
    """Return the mappings that the rows of `QUERY` tell, sorted."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        node = found.setdefault(row["mapping"].text, {})
        node.setdefault(row["property"].text, []).append(row["value"].text)
    links = []
    for node in found.values():
        ends = [node.get(f"{_OWL}annotated{end}", [""])[0] for end in ("Source", "Property", "Target")]
        slots = {_PROPERTIES[name]: tuple(sorted(values)) for name, values in node.items() if name in _PROPERTIES}
        subject, predicate, target = ends
        if all(ends):
            links.append(Link(subject, predicate, target, slots))
    return sorted(links, key=lambda link: (link.subject, link.predicate, link.object))


def prefixes(base: str, links: Sequence[Link]) -> dict[str, str]:
    """Return the prefixes that a file of links needs: of the register's kinds, and of the authorities."""
    kinds = {_kind(iri, base) for link in links for iri in (link.subject, *link.slots.get("author_id", ()))}
    found = {kind: f"{base}id/{kind}/" for kind in sorted(kinds) if kind}
    targets = {link.target for link in links}
    found.update({a.prefixes[0]: a.namespace for a in AUTHORITIES if a.key in targets})
    return found


def to_tsv(links: Sequence[Link], base: str, *, set_id: str, title: str, licence: str) -> str:
    """Return links as SSSOM/TSV with its metadata in front (SSSOM 1.0, "TSV")."""
    known = prefixes(base, links)
    metadata = [f"mapping_set_id: {set_id}", f"mapping_set_title: {title}", f"license: {licence}", "curie_map:"]
    metadata += [f"  {prefix}: {namespace}" for prefix, namespace in known.items()]
    used = [column for column in COLUMNS if column.endswith("_id") and column[:3] in {"sub", "pre", "obj"}]
    present = {*used, *(column for link in links for column in link.slots)}
    columns = [column for column in COLUMNS if column in present]
    names = {**{prefix: WELL_KNOWN[prefix] for prefix in BUILT_IN}, **known}
    return write_mapping_set(metadata, columns, [_row(link, names) for link in links])


def _row(link: Link, names: Mapping[str, str]) -> dict[str, str]:
    ends = {"subject_id": link.subject, "predicate_id": link.predicate, "object_id": link.object}
    row = {column: short(iri, names) for column, iri in ends.items()}
    for column, values in link.slots.items():
        cells = [short(value, names) if _is_entity(column) else value for value in values]
        row[column] = "|".join(cells if column in SEVERAL else cells[:1])
    return row


def short(iri: str, names: Mapping[str, str]) -> str:
    """Return an IRI as CURIE where a prefix fits (the longest namespace), else as it is."""
    fitting = [(space, prefix) for prefix, space in names.items() if iri.startswith(space) and iri != space]
    if not fitting:
        return iri
    space, prefix = max(fitting)
    return f"{prefix}:{iri.removeprefix(space)}"


def _is_entity(column: str) -> bool:
    return column.endswith("_id") or column in {"mapping_justification", "see_also"}


def _kind(iri: str, base: str) -> str:
    return iri.removeprefix(f"{base}id/").partition("/")[0] if iri.startswith(f"{base}id/") else ""
