"""Mappings: as RDF in a release (owl:Axiom, as SSSOM has it) and as SSSOM/TSV, from either to the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from vertragsgraph.graph.links import SEVERAL, SLOTS
from vertragsgraph.links.register_entities import Term
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.curie import shorten
from vertragsgraph.rdf.namespaces import OWL
from vertragsgraph.register.names import kind_of
from vertragsgraph.search.identifiers import AUTHORITIES, authority_of
from vertragsgraph.sources.sssom import BUILT_IN, write_mapping_set

QUERY: Final = f"""
SELECT ?mapping ?property ?value WHERE {{{{
  GRAPH <{{graph}}> {{{{ ?mapping a {terms.AXIOM} ; ?property ?value }}}}
}}}}"""
_ENDS: Final = ("subject_id", "subject_label", "predicate_id", "object_id", "object_label")
COLUMNS: Final = tuple(dict.fromkeys((*_ENDS, *SLOTS)))
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
        ends = [node.get(f"{OWL}annotated{end}", [""])[0] for end in ("Source", "Property", "Target")]
        slots = {_PROPERTIES[name]: tuple(sorted(values)) for name, values in node.items() if name in _PROPERTIES}
        subject, predicate, target = ends
        if all(ends):
            links.append(Link(subject, predicate, target, slots))
    return sorted(links, key=lambda link: (link.subject, link.predicate, link.object))


def prefixes(base: str, links: Sequence[Link]) -> dict[str, str]:
    """Return the prefixes that a file of links needs: of the register's kinds, and of the authorities."""
    kinds = {kind_of(iri, base) for link in links for iri in (link.subject, *link.slots.get("author_id", ()))}
    found = {kind: f"{base}id/{kind}/" for kind in sorted(kinds) if kind}
    targets = {link.target for link in links}
    found.update({a.prefixes[0]: a.namespace for a in AUTHORITIES if a.key in targets})
    return found


def to_tsv(links: Sequence[Link], base: str, *, set_id: str, title: str, licence: str) -> str:
    """Return links as SSSOM/TSV with its metadata in front (SSSOM 1.0, "TSV")."""
    known = prefixes(base, links)
    metadata = [f"mapping_set_id: {set_id}", f"mapping_set_title: {title}", f"license: {licence}", "curie_map:"]
    metadata += [f"  {prefix}: {namespace}" for prefix, namespace in known.items()]
    present = {"subject_id", "predicate_id", "object_id", *(column for link in links for column in link.slots)}
    columns = [column for column in COLUMNS if column in present]
    names = BUILT_IN | known
    return write_mapping_set(metadata, columns, [_row(link, names) for link in links])


def _row(link: Link, names: Mapping[str, str]) -> dict[str, str]:
    ends = {"subject_id": link.subject, "predicate_id": link.predicate, "object_id": link.object}
    row = {column: shorten(iri, names) or iri for column, iri in ends.items()}
    for column, values in link.slots.items():
        cells = [shorten(value, names) or value if _is_entity(column) else value for value in values]
        row[column] = "|".join(cells if column in SEVERAL else cells[:1])
    return row


def _is_entity(column: str) -> bool:
    return column.endswith("_id") or column in {"mapping_justification", "see_also"}
