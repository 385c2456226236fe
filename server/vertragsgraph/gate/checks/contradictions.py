"""Contradictions as findings: what the ontology excludes, with the places of the statements that say it all the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pyoxigraph import Triple

from vertragsgraph.finding import Finding
from vertragsgraph.gate.places import Places
from vertragsgraph.graph import Graphs
from vertragsgraph.graph.reasoning.contradictions import Contradiction, contradictions
from vertragsgraph.graph.reasoning.ontology import Kind
from vertragsgraph.register import ASSERTED_ROLES, Register
from vertragsgraph.sources.term_names import compact
from vertragsgraph.texts import LANGUAGES, Language, both, marked

RULE: Final = "contradiction"

_CIRCLE: Final = marked("{property} can't lead from {subject} to {object} and back again; take one of them back")
_MESSAGES: Final[Mapping[Kind, str]] = {
    Kind.CLASSES: marked(
        "{subject} can't be {object} and {other} at once: these classes are disjoint; take one of them back"
    ),
    Kind.PROPERTIES: marked(
        "{property} and {other_property} can't both lead from {subject} to {object}: these properties are disjoint; "
        "take one back"
    ),
    Kind.FUNCTIONAL: marked(
        "{subject} has {object} and {other} as {property}, which takes one value only; take one of them back"
    ),
    Kind.INVERSE_FUNCTIONAL: marked(
        "{subject} and {other_subject} have the same {property}, {object}, which only one can have; take one of them back"
    ),
    Kind.ASYMMETRIC: _CIRCLE,
    Kind.IRREFLEXIVE: _CIRCLE,
}
_TO_ITSELF: Final = marked("{property} can't lead from {subject} to itself; take this back")


def check_contradictions(register: Register, graphs: Graphs, places: Places) -> list[Finding]:
    """Return a finding for each contradiction in the graphs; its message names the statements with file and line."""
    found = contradictions(graphs.logic, graphs.paths(), graphs.paths(ASSERTED_ROLES), register.base)
    places.look_up(triples=[triple for item in found for triple in item.grounds])
    findings = []
    for item in found:
        statements = "; ".join(_with_place(triple, places, register) for triple in item.grounds)
        said = message_of(item, register)
        message: dict[Language, str] = {language: f"{said[language]}: {statements}" for language in LANGUAGES}
        known = [place for triple in item.grounds if (place := places.of_triple(triple))]
        focus = str(item.triples[0].subject)
        findings.append(Finding(message, min(known, default=None), rule=RULE, focus=focus))
    return findings


def message_of(item: Contradiction, register: Register) -> dict[Language, str]:
    """Say what is wrong with two statements, and what to do."""
    first, last = item.triples[0], item.triples[-1]
    names = {"subject": first.subject, "property": first.predicate, "object": first.object, "other": last.object}
    names |= {"other_subject": last.subject, "other_property": last.predicate}
    to_itself = item.exclusion.kind in {Kind.ASYMMETRIC, Kind.IRREFLEXIVE} and first.subject == first.object
    message = _TO_ITSELF if to_itself else _MESSAGES[item.exclusion.kind]
    return both(message, **{name: compact(term, register) for name, term in names.items()})


def _with_place(triple: Triple, places: Places, register: Register) -> str:
    statement = " ".join(compact(term, register) for term in triple)
    place = places.of_triple(triple)
    return f"{statement} ({place})" if place else statement
