"""What was said, as pages show it: the words, who said them in which office, and what they were about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vertragsgraph.collation import sort_key
from vertragsgraph.linked_data.names import MEMBER
from vertragsgraph.rdf.namespaces import VG
from vertragsgraph.web.pages.edition import Edition, Note, Section
from vertragsgraph.web.rendering.presenter import Value


@dataclass(frozen=True)
class Utterance:
    """What somebody said: the words, who, in which office, when (`""` where that isn't known), about what."""

    words: tuple[Value, ...]
    speaker: Value | None
    office: Value | None
    date: str
    label: Value
    particular: tuple[Value, ...]
    contracts: tuple[Value, ...]
    notes: tuple[Note, ...]


def utterances(edition: Edition, acts: Iterable[str]) -> Section:
    """Return the section with the utterances among acts: those with a date first, then by speaker."""
    said = [_utterance(edition, act) for act in acts if VG + "Utterance" in edition.found.types(act)]
    said.sort(
        key=lambda u: (
            not u.date,
            sort_key(u.speaker.label.text if u.speaker else ""),
            sort_key(u.label.label.text),
        )
    )
    return Section("utterances", edition.show.say("What was said"), items=said, template="utterances")


def _utterance(edition: Edition, iri: str) -> Utterance:
    found, show = edition.found, edition.show
    tenure = found.one(iri, VG + "actedAs")
    speaker = found.one(tenure, MEMBER) or found.one(iri, VG + "actor")
    office = found.one(tenure, VG + "inOffice")
    words = found.literals(iri, VG + "words")
    evidence = {proof for text in words for proof in found.evidence(iri, VG + "words", text)}
    return Utterance(
        words=tuple(show.value(text) for text in words),
        speaker=show.named(speaker) if speaker else None,
        office=show.named(office) if office else None,
        date=", ".join(show.lexical(date) for date in found.literals(iri, VG + "date")),
        label=show.named(iri),
        particular=tuple(show.value(text) for text in found.literals(iri, VG + "particularWording")),
        contracts=tuple(show.named(contract) for contract in found.iris(iri, VG + "concerns")),
        notes=edition.notes(evidence),
    )
