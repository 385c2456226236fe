"""The pages about sources, the evidence taken from them, and the statements that it supports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from vertragsgraph.collation import sort_key
from vertragsgraph.linked_data.gathering import Wanted
from vertragsgraph.linked_data.names import DC, DCTERMS, OBJECT, PREDICATE, SCHEMA, SUBJECT, VG
from vertragsgraph.linked_data.terms import Label
from vertragsgraph.web.edition import Edition, Note, Row, Section, web_address
from vertragsgraph.web.page_kinds import Content, PageKind
from vertragsgraph.web.values import Value


@dataclass(frozen=True)
class StatementLine:
    """A statement in words: subject, property, value; `href` leads to its page."""

    subject: Value
    predicate: Value
    value: Value
    href: str


@dataclass(frozen=True)
class Passage:
    """A passage of a source with the statements that it supports."""

    note: Note
    statements: tuple[StatementLine, ...]


def source(edition: Edition, iri: str) -> Content:
    """Return the content of the page about a source: what it is, and its passages in the order of its text."""
    found, show = edition.found, edition.show
    shown = (
        (DCTERMS + "title", show.say("Title")),
        (DC + "publisher", show.say("Published by")),
        (DCTERMS + "issued", show.say("Published")),
        (DC + "rights", show.say("Rights")),
    )
    languages = [show.language_name(code.value) for code in found.literals(iri, SCHEMA + "inLanguage")]
    about = [row for predicate, name in shown for row in edition.rows(iri, predicate, name)]
    about += [Row(show.say("Language"), tuple(Value(Label(name, "")) for name in languages))] if languages else []
    passages = [_passage(edition, evidence) for evidence in found.subjects(_SOURCE, iri)]
    passages.sort(key=lambda passage: (passage.note.order[1], passage.note.order[3], passage.note.href))
    # What would lead to this page again is left out.
    passages = [replace(each, note=replace(each.note, source_href="", url="")) for each in passages]
    sections = (
        Section("about", show.say("What it is"), about),
        Section(
            "passages",
            show.say("Passages used"),
            items=passages,
            template="passages",
            more=edition.rest(_PASSAGES),
        ),
    )
    extra = {"address": web_address(found, iri)}
    return Content([section for section in sections if section], lede=edition.comment(iri), extra=extra)


def evidence(edition: Edition, iri: str) -> Content:
    """Return the content of the page about a piece of evidence: the passage, and what it supports."""
    show = edition.show
    passage = _passage(edition, iri)
    judged = [
        *edition.rows(iri, DCTERMS + "creator", show.say("Judged by")),
        *edition.rows(iri, DCTERMS + "date", show.say("Judged on")),
    ]
    sections = (
        Section(
            "passage",
            show.say("The passage and what it supports"),
            items=[replace(passage, note=replace(passage.note, href=""))],
            template="passages",
        ),
        Section("judgement", show.say("The judgement"), judged),
    )
    return Content([section for section in sections if section])


def statement(edition: Edition, iri: str) -> Content:
    """Return the content of the page about a statement: in words, with each piece of its evidence in full."""
    found, show = edition.found, edition.show
    proofs = edition.notes(found.iris(iri, VG + "evidence"))
    lines = _line(edition, iri)
    sections = (
        Section("statement", show.say("The statement"), items=lines, template="statements"),
        Section(
            "evidence", show.say("What supports it"), items=[Passage(note, ()) for note in proofs], template="passages"
        ),
        Section("wordings", show.say("Where the sources differ"), apparatus=edition.apparatus()),
    )
    return Content([section for section in sections if section], title=_in_words(lines))


def _in_words(lines: list[StatementLine]) -> Label | None:
    """Return a statement as a title: the subject, and the property with its value."""
    words = [f"{line.subject.label.text}, {line.predicate.label.text}: {line.value.label.text}" for line in lines]
    return Label(words[0], "") if words else None


def _passage(edition: Edition, iri: str) -> Passage:
    lines = [line for node in edition.found.subjects(VG + "evidence", iri) for line in _line(edition, node)]
    lines.sort(key=lambda line: [sort_key(term.label.text) for term in (line.subject, line.predicate, line.value)])
    return Passage(edition.note(iri), tuple(lines))


def _line(edition: Edition, iri: str) -> list[StatementLine]:
    found, show = edition.found, edition.show
    subject, predicate = found.one(iri, SUBJECT), found.one(iri, PREDICATE)
    return [
        StatementLine(show.named(subject), show.named(predicate), show.value(value), show.href(iri))
        for value in found.objects(iri, OBJECT)
        if subject and predicate
    ]


_SOURCE: Final = "http://www.w3.org/ns/oa#hasSource"


_PASSAGES: Final = "?f oa:hasSource {node} ."
_OTHERS: Final = "?disagreement vg:between {node} ; vg:between ?other ."
SOURCE: Final = PageKind(source, Wanted(passages=(_PASSAGES,), supported=True))
EVIDENCE: Final = PageKind(evidence, Wanted(passages=("VALUES ?f { {node} }",), supported=True))
STATEMENT: Final = PageKind(
    statement,
    Wanted(
        passages=("{node} vg:evidence ?f .", f"{_OTHERS} ?other vg:evidence ?f ."),
        extra=(
            "?s vg:between {node} ; ?p ?o FILTER (?p IN (rdf:type, rdfs:label, rdfs:comment, vg:between))",
            f"{_OTHERS} ?other ?p ?o FILTER (?p IN (rdf:object, vg:evidence)) BIND (?other AS ?s)",
        ),
    ),
)
