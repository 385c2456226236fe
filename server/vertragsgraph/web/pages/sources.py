"""The pages about sources, the evidence taken from them, and the statements that it supports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from vertragsgraph.collation import sort_key
from vertragsgraph.linked_data.gathering import Wanted
from vertragsgraph.linked_data.names import OBJECT, PREDICATE, SUBJECT
from vertragsgraph.linked_data.terms import Label
from vertragsgraph.rdf.namespaces import DC, DCTERMS, FABIO, OA, PROV, SCHEMA, VG
from vertragsgraph.text_fragment import is_web_address
from vertragsgraph.web.pages.edition import Edition, Note, Row, Section, named
from vertragsgraph.web.pages.kinds import Content, PageKind
from vertragsgraph.web.pages.passages import web_address
from vertragsgraph.web.rendering.presenter import Value


@dataclass(frozen=True)
class StatementLine:
    """A statement in words: subject, property, value; `href` leads to its page."""

    subject: Value
    predicate: Value
    value: Value
    href: str


@dataclass(frozen=True)
class Passage:
    """A passage of a source, or an inference, with the statements that it supports, and those for which it is a premise."""

    note: Note
    statements: tuple[StatementLine, ...]
    inferred: tuple[StatementLine, ...] = ()


def source(edition: Edition, iri: str) -> Content:
    """Return the content of the page about a source: what it is, where it is found again, its passages in the order of its text."""
    found, show = edition.found, edition.show
    passages = [_passage(edition, evidence) for evidence in found.subjects(_SOURCE, iri)]
    passages.sort(key=lambda passage: (passage.note.order[1], passage.note.order[3], passage.note.href))
    # What would lead to this page again, or to the beginning of the source, is left out.
    passages = [replace(each, note=_on_its_source(each.note)) for each in passages]
    sections = (
        Section("about", show.say("What it is"), _about(edition, iri)),
        Section("again", show.say("How it is found again"), _again(edition, iri)),
        Section(
            "passages",
            show.say("Passages used"),
            items=passages,
            template="passages",
            more=edition.rest(_PASSAGES),
        ),
    )
    extra = {"address": web_address(found, iri)}
    return Content(sections, lede=edition.comment(iri), extra=extra)


def _about(edition: Edition, iri: str) -> list[Row]:
    show = edition.show
    codes = edition.found.literals(iri, SCHEMA + "inLanguage")
    edition.told.update((iri, SCHEMA + "inLanguage", code) for code in codes)
    languages = tuple(Value(Label(show.language_name(code.value), "")) for code in codes)
    return [
        *edition.rows(iri, DCTERMS + "title", show.say("Title")),
        *edition.rows(iri, DCTERMS + "identifier", show.say("Identifier")),
        *_known(edition, iri, show.say("By"), DC + "creator", DCTERMS + "creator"),
        *_known(edition, iri, show.say("Published by"), DC + "publisher", DCTERMS + "publisher"),
        *_known(edition, iri, show.say("Published"), DCTERMS + "issued"),
        *_known(edition, iri, show.say("Rights"), DC + "rights", DCTERMS + "rights", DCTERMS + "license"),
        *([Row(show.say("Language"), languages)] if languages else []),
        *edition.rows(iri, DCTERMS + "relation", show.say("Belongs with")),
    ]


def _again(edition: Edition, iri: str) -> list[Row]:
    show = edition.show
    return [
        *_known_address(edition, iri, show.say("Address"), SCHEMA + "url"),
        *_known(edition, iri, show.say("Accessed"), _ACCESSED),
        *_known_address(edition, iri, show.say("Archived copy"), SCHEMA + "archivedAt"),
        *edition.rows(iri, VG + "heldBy", show.say("The text is held by")),
        *_known(edition, iri, show.say("SHA-256 of the text that the quotations are from"), SCHEMA + "sha256"),
    ]


def _known(edition: Edition, iri: str, name: str, *predicates: str) -> list[Row]:
    """Return the rows for some properties of a source that say the same; where it has none of them, that it isn't known."""
    rows = [row for predicate in predicates for row in edition.rows(iri, predicate)]
    return named(rows, name) or [Row(name, unknown=edition.show.say("not known"))]


def _known_address(edition: Edition, iri: str, name: str, predicate: str) -> list[Row]:
    """Return a row for the addresses that a property gives, in full, as somebody would copy them."""
    addresses = [each for each in edition.found.iris(iri, predicate) if is_web_address(each)]
    edition.told.update((iri, predicate, NamedNode(each)) for each in addresses)
    values = tuple(Value(Label(each, ""), each) for each in addresses)
    return [Row(name, values, unknown="" if values else edition.show.say("not known"))]


def _on_its_source(note: Note) -> Note:
    return replace(note, source_href="", url=note.url if note.quotation else "")


def evidence(edition: Edition, iri: str) -> Content:
    """Return the content of the page about a piece of evidence: the passage, and what it supports."""
    show = edition.show
    passage = _passage(edition, iri)
    if passage.note.premises:
        title = show.say("What is inferred, and from what")
    elif passage.statements:
        title = show.say("The passage and what it supports")
    else:
        title = show.say("The passage and what follows from it")
    edition.tell(iri, VG + "supports")
    judged = [
        *edition.rows(iri, DCTERMS + "creator", show.say("Judged by")),
        *edition.rows(iri, DCTERMS + "date", show.say("Judged on")),
        *edition.rows(iri, VG + "seenBy", show.say("Original seen by")),
        *edition.rows(iri, VG + "seenOn", show.say("Original seen on")),
    ]
    sections = (
        Section(
            "passage",
            title,
            items=[replace(passage, note=replace(passage.note, href=""))],
            template="passages",
        ),
        Section("judgement", show.say("The judgement"), judged),
    )
    return Content(sections)


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
    edition.tell(iri, SUBJECT, PREDICATE, OBJECT, VG + "evidence", VG + "disputedIn")
    words = [(line.subject.label, line.predicate.label, line.value.label) for line in lines]
    return Content(sections, title=words[0] if words else ())


def _passage(edition: Edition, iri: str) -> Passage:
    inferences = edition.found.subjects(PROV + "wasDerivedFrom", iri)
    return Passage(edition.note(iri), _supported(edition, [iri]), _supported(edition, inferences))


def _supported(edition: Edition, evidence: Iterable[str]) -> tuple[StatementLine, ...]:
    nodes = {node for iri in evidence for node in edition.found.subjects(VG + "evidence", iri)}
    lines = [line for node in sorted(nodes) for line in _line(edition, node)]
    lines.sort(key=lambda line: [sort_key(term.label.text) for term in (line.subject, line.predicate, line.value)])
    return tuple(lines)


def _line(edition: Edition, iri: str) -> list[StatementLine]:
    found, show = edition.found, edition.show
    subject, predicate = found.one(iri, SUBJECT), found.one(iri, PREDICATE)
    return [
        StatementLine(show.named(subject), show.named(predicate), show.value(value), show.href(iri))
        for value in found.objects(iri, OBJECT)
        if subject and predicate
    ]


_SOURCE: Final = OA + "hasSource"
_ACCESSED: Final = FABIO + "hasAccessDate"


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
