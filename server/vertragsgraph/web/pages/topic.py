"""The page about a topic (or another concept): where it stands in its scheme, the contracts beneath it, the grants for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from vertragsgraph.linked_data.gathering import LIMIT, Wanted
from vertragsgraph.rdf.namespaces import DCTERMS, SKOS, VG
from vertragsgraph.web.pages.agents import elsewhere
from vertragsgraph.web.pages.edition import Edition, Row, Section
from vertragsgraph.web.pages.kinds import Content, PageKind, contracts_section
from vertragsgraph.web.rendering.presenter import Value

_PATHS: Final = 5


@dataclass(frozen=True)
class Place:
    """A place of a concept in its scheme: the concepts above it from the top, itself, those right below it."""

    above: tuple[Value, ...]
    own: Value
    below: tuple[Value, ...]


def build(edition: Edition, iri: str) -> Content:
    """Return the content of the page about a topic."""
    found, show = edition.found, edition.show
    contracts = found.of_type(VG + "Contract")
    having = found.subjects(VG + "topic", iri)
    direct = sorted(set(having).intersection(contracts))
    beneath = [c for c in contracts if c not in direct]
    grants = show.ordered(show.named(each) for each in having if each not in direct)
    name = iri.rpartition("/")[2]
    sections = (
        Section("place", show.say("Place in the scheme"), items=_places(edition, iri), template="places"),
        Section("names", show.say("Names"), edition.rows(iri, SKOS + "altLabel", show.say("Also called"))),
        contracts_section(edition, "contracts", show.say("Contracts on this topic"), direct, _DIRECT),
        contracts_section(edition, "beneath", show.say("Contracts on narrower topics"), beneath, _BENEATH, topic=name),
        Section("grants", show.say("Grants for it"), [_grants(edition, grants)] if grants else []),
        Section("aims", show.say("Named by"), _references(edition, iri)),
        elsewhere(edition, [iri]),
    )
    lede = edition.best(iri, SKOS + "definition", SKOS + "scopeNote")
    return Content(sections, lede=lede)


def _grants(edition: Edition, grants: Sequence[Value]) -> Row:
    """Return the row with grants that are for the topic, and what leads to all of them."""
    return Row(edition.show.say("Grants"), tuple(grants), more=edition.rest(VG + "topic"))


def _places(edition: Edition, iri: str) -> list[Place]:
    show = edition.show
    below = tuple(show.ordered(show.named(topic) for topic in edition.found.subjects(SKOS + "broader", iri)))
    paths = _paths_to_top(edition, iri, frozenset({iri}))[:_PATHS]
    edition.told.update((iri, SKOS + "broader", NamedNode(path[-1])) for path in paths if path)
    return [Place(tuple(show.named(topic) for topic in path), show.named(iri), below) for path in paths]


def _paths_to_top(edition: Edition, iri: str, seen: frozenset[str]) -> list[tuple[str, ...]]:
    """Return the ways from the top of the scheme down to a concept, itself left out; circles are not walked twice."""
    broader = [topic for topic in edition.found.iris(iri, SKOS + "broader") if topic not in seen]
    if not broader:
        return [()]
    return [(*path, topic) for topic in broader for path in _paths_to_top(edition, topic, seen | {topic})]


def _references(edition: Edition, iri: str) -> list[Row]:
    """Return rows for the aims and utterances that name the topic, by their class."""
    found, show = edition.found, edition.show
    rows = []
    for kind, name in ((VG + "Aim", show.say("Aims")), (VG + "Utterance", show.say("Utterances"))):
        naming = [node for node in found.subjects(DCTERMS + "references", iri) if kind in found.types(node)]
        if naming:
            rows.append(Row(name, tuple(show.ordered(show.named(node) for node in naming))))
    if rows:
        rows[-1] = replace(rows[-1], more=edition.rest(DCTERMS + "references"))
    return rows


_DIRECT: Final = "?f vg:topic {node} ; rdf:type vg:Contract ."
_BENEATH: Final = "?topic skos:broader+ {node} . ?f vg:topic ?topic ; rdf:type vg:Contract ."
_GRANTS: Final = "?f vg:topic {node} ; rdf:type vg:Grant ."
_NAMING: Final = "dcterms:references {node} ; rdf:type ?o FILTER (?o IN (vg:Aim, vg:Utterance))"
KIND: Final = PageKind(
    build,
    Wanted(
        contracts=(_DIRECT, _BENEATH),
        members={DCTERMS + "references": f"?f {_NAMING}", VG + "topic": _GRANTS},
        extra=(
            "{node} skos:broader+ ?s . ?s skos:broader ?o BIND (skos:broader AS ?p)",
            "?s skos:broader {node} BIND (skos:broader AS ?p) BIND ({node} AS ?o)",
            f"{{ SELECT ?s ?o WHERE {{ ?s {_NAMING} }} ORDER BY ?s LIMIT {LIMIT} }} BIND (rdf:type AS ?p)",
        ),
        links=True,
    ),
)
