"""How likely it is that an item elsewhere is what a resource of the register is, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from vertragsgraph.links.register_entities import Local
from vertragsgraph.links.wikidata_entities import HUMAN, ORGANISATION, PLACE, POSITION, Item
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.edtf import year_of
from vertragsgraph.rdf.namespaces import VG
from vertragsgraph.search import Resource
from vertragsgraph.search.analysis import words
from vertragsgraph.search.matching import likeness
from vertragsgraph.texts import Language, translate

FITTING: Final = {"person": HUMAN, "organisation": ORGANISATION, "place": PLACE, "office": POSITION}
SAME_IDENTIFIER: Final = 100.0
OTHER_IDENTIFIER: Final = 50.0
NAME: Final = 0.9
"""What a name is worth: without anything else that fits, a namesake is as likely."""
NO_TYPE: Final = 10.0
OTHER_DATE: Final = 10.0
CONTEXT: Final = 3.0
MOST_CONTEXT: Final = 9.0
CONNECTED: Final = 6.0
MOST_CONNECTED: Final = 12.0
"""What it is worth that both are connected with the same: links that somebody has looked at, not just words."""
DATE: Final = "P585"
_NEUTRAL: Final = 6


@dataclass(frozen=True)
class Score:
    """From 0 to 100, and the reasons as texts of the interface."""

    value: float
    reasons: tuple[str, ...]


def contradicts(kind: str, item: Item) -> str:
    """Return the broad class that a resource of a kind can't have; "" where nothing speaks against it.

    A person is never an organisation, and nothing that is neither person nor organisation is one of them.
    """
    fitting = FITTING.get(kind, "")
    for other in (HUMAN, ORGANISATION, POSITION):
        if other in item.broad and other != fitting and fitting not in item.broad:
            return other
    if fitting == HUMAN and item.classes and HUMAN not in item.broad | item.classes:
        return sorted(item.classes)[0]
    return ""


def score(local: Local, resource: Resource, item: Item, language: Language) -> Score:
    """Hold an item against a resource: names in all languages, type, identifiers, and what else is known of both."""

    def say(text: str, **values: object) -> str:
        return translate(text, language, **values)

    if wrong := contradicts(resource.kind, item):
        return Score(0.0, (say("is of another kind ({wrong})", wrong=wrong),))
    known = {name: _identifier(iri) for name, iri in local.linked.get(resource.path, {}).items()}
    for name, identifier in item.identifiers.items():
        if known.get(name) == identifier:
            return Score(
                SAME_IDENTIFIER,
                (say("has the same identifier: {name} {identifier}", name=name, identifier=identifier),),
            )
    value, reasons = _by_name(local, resource, item, language)
    for name in item.identifiers.keys() & known.keys():
        value -= OTHER_IDENTIFIER
        reasons.append(say("has another identifier: {name} {identifier}", name=name, identifier=item.identifiers[name]))
    fitting = FITTING.get(resource.kind)
    if fitting and fitting not in item.broad | item.classes:
        value -= NO_TYPE
        reasons.append(say("its kind is not known"))
    (around, linked), described = _surroundings(local, resource), _described(item)
    stated = {iri for values in item.statements.values() for iri in values}
    if both := sorted({linked[iri] for iri in linked.keys() & stated}):
        value += min(MOST_CONNECTED, CONNECTED * len(both))
        reasons.append(say("connected with the same: {shared}", shared=", ".join(both[:_NEUTRAL])))
    if shared := sorted(described[stem] for stem in around & described.keys()):
        value += min(MOST_CONTEXT, CONTEXT * len(shared))
        reasons.append(say("described with: {shared}", shared=", ".join(shared[:_NEUTRAL])))
    ours, theirs = _years(local, resource), {date[:4] for date in item.statements.get(DATE, ())}
    if ours and theirs:
        same = sorted(ours & theirs)
        value += CONTEXT if same else -OTHER_DATE
        dates = ", ".join(same or sorted(theirs))
        reasons.append(
            say("of the same year: {dates}", dates=dates) if same else say("of another year: {dates}", dates=dates)
        )
    return Score(round(min(max(value, 0.0), SAME_IDENTIFIER - 1), 1), tuple(reasons))


def _by_name(local: Local, resource: Resource, item: Item, language: Language) -> tuple[float, list[str]]:
    best, reason = 0.0, translate("no name is alike", language)
    for entry in local.index.names(resource.number):
        for names in item.names.values():
            for name in names:
                found = likeness(local.index.analyse(name), entry.name, local.index.name_words)
                if found.score > best:
                    best = found.score
                    reason = translate("name: {ours} – {theirs}", language, ours=entry.text, theirs=name)
    return best * NAME, [reason]


def _surroundings(local: Local, resource: Resource) -> tuple[set[str], dict[str, str]]:
    """Return the words of what a resource is connected with, but for its own, and its links elsewhere with their names here."""
    iri = local.release.base + resource.path
    query = f"""
SELECT DISTINCT ?other ?text WHERE {{
  {{ <{iri}> ?property ?other }} UNION {{ ?other ?property <{iri}> }}
  UNION {{ ?link ?property <{iri}> ; ?further ?other }}
  ?other {terms.LABEL} ?text .
  FILTER(?other != <{iri}> && STRSTARTS(STR(?other), "{local.release.base}id/") && !CONTAINS(STR(?other), "/id/evidence/"))
}} LIMIT 500"""
    own = {word for entry in local.index.names(resource.number) for word in words(entry.text)}
    found: set[str] = set()
    linked: dict[str, str] = {}
    for row in local.rows(query):
        found.update(words(row["text"].text))
        for elsewhere in local.linked.get(row["other"].text.removeprefix(local.release.base), {}).values():
            linked.setdefault(elsewhere, row["text"].text)
    return {word for word in found - own if len(word) >= _NEUTRAL}, linked


def _years(local: Local, resource: Resource) -> set[str]:
    """Return the years of a resource and of the acts that concern it."""
    iri = local.release.base + resource.path
    query = f"""
PREFIX vg: <{VG}>
SELECT DISTINCT ?date WHERE {{ {{ <{iri}> vg:date ?date }} UNION {{ ?act vg:concerns <{iri}> ; vg:date ?date }} }}"""
    return {year_of(row["date"].text) for row in local.rows(query)} - {""}


def _described(item: Item) -> dict[str, str]:
    """Return the words that an item is described with, as they are written there, by their stems."""
    written = (word for text in item.descriptions.values() for word in re.findall(r"\w+", text))
    return {stem: word for word in written for stem in words(word)}


def _identifier(iri: str) -> str:
    return iri.rstrip("/").rsplit("/", 1)[-1]
