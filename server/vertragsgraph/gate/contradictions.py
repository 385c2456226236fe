"""Contradictions as findings: what the ontology excludes, with the places of the statements that say it all the same."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Triple

from vertragsgraph.finding import Finding
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.words import compact
from vertragsgraph.graph import Graphs
from vertragsgraph.graph.contradictions import contradictions
from vertragsgraph.register import Register
from vertragsgraph.texts import LANGUAGES, Language

RULE: Final = "contradiction"


def check_contradictions(register: Register, graphs: Graphs, places: Places) -> list[Finding]:
    """Return a finding for each contradiction in the graphs; its message names the statements with file and line."""
    found = contradictions(register, graphs)
    places.look_up(triples=[triple for item in found for triple in item.grounds])
    findings = []
    for item in found:
        statements = "; ".join(_with_place(triple, places, register) for triple in item.grounds)
        message: dict[Language, str] = {language: f"{item.message[language]}: {statements}" for language in LANGUAGES}
        known = [place for triple in item.grounds if (place := places.of_triple(triple))]
        focus = str(item.triples[0].subject)
        findings.append(Finding(message, min(known, default=None), rule=RULE, focus=focus))
    return findings


def _with_place(triple: Triple, places: Places, register: Register) -> str:
    statement = " ".join(compact(term, register) for term in triple)
    place = places.of_triple(triple)
    return f"{statement} ({place})" if place else statement
