"""Checking published links: whether the items are still there, still the same, and still of a fitting kind and name."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from vertragsgraph.finding import Finding, Place, Severity
from vertragsgraph.links.register_entities import Local
from vertragsgraph.links.scoring import contradicts
from vertragsgraph.links.wikidata_entities import Foreign, Item
from vertragsgraph.search import Resource
from vertragsgraph.search.analysis import fold
from vertragsgraph.search.matching import likeness
from vertragsgraph.sources import read_mappings
from vertragsgraph.texts import Language, both

RULE: Final = "link"
ALIKE: Final = 60.0


def verify(local: Local, foreign: Foreign, file: Path) -> list[Finding]:
    """Hold the links of an SSSOM file against what the other side says now; returns what has changed, in their order.

    An item that is gone or was merged into another, or is of a kind that contradicts the resource's, is a violation; a
    label that is like none of the resource's names, a warning. Raises `ForeignError` and `SourceError`.
    """
    links = read_mappings(file, local.release.base)
    items = foreign.items(sorted({link.object.value for link in links}))
    findings = []
    for link in links:
        place = Place(file, link.line)
        message = _changed(local, link.subject.value, items[link.object.value], link.row["object_label"])
        if message:
            severity, text = message
            findings.append(Finding(text, place, severity, RULE, str(link.subject)))
    return findings


def _changed(local: Local, subject: str, item: Item, label: str) -> tuple[Severity, dict[Language, str]] | None:
    resource = local.index.resource(subject)
    message = None
    if item.redirect:
        message = both(
            "{item} was merged into {other}; link that one, once you have looked at it",
            item=item.iri,
            other=item.redirect,
        )
    elif not item.known:
        message = both("nothing is said of {item} any more; remove the link", item=item.iri)
    elif resource is None:
        message = both("there is no {subject} in the current release", subject=subject)
    elif wrong := contradicts(resource.kind, item):
        message = both("{item} is of another kind now ({wrong})", item=item.iri, wrong=wrong)
    if message:
        return Severity.VIOLATION, message
    names = [name for found in item.names.values() for name in found]
    if label and names and fold(label) not in {fold(name) for name in names}:
        return Severity.WARNING, both(
            '{item} was called "{before}" and is called "{now}" now', item=item.iri, before=label, now=item.label()
        )
    if resource and not label and not _alike(local, resource, names):
        return Severity.WARNING, both(
            'the names of {item} ("{name}") are like none of ours', item=item.iri, name=item.label()
        )
    return None


def _alike(local: Local, resource: Resource, names: list[str]) -> bool:
    ours = [entry.name for entry in local.index.names(resource.number)]
    words = local.index.name_words
    return any(likeness(local.index.analyse(name), own, words).score >= ALIKE for name in names for own in ours)
