"""Pages in the manner of a critical edition: statements in the main column, their evidence as notes in the margin."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.collation import sort_key
from vertragsgraph.linked_data.names import COMMENT, MEMBER, OBJECT
from vertragsgraph.linked_data.neighbourhood import Neighbourhood, Term
from vertragsgraph.linked_data.terms import Label
from vertragsgraph.rdf import edtf
from vertragsgraph.rdf.namespaces import DCTERMS, OA, PROV, SCHEMA, VG
from vertragsgraph.texts import distance, marked
from vertragsgraph.web.pages import passages
from vertragsgraph.web.rendering.presenter import Presenter, Value

# How directly a passage supports a statement: what is said in so many words comes first.
_KINDS: Final = [VG + kind for kind in ("Stated", "Reported", "Implied", "Inferred", "Cited")]

_COMPACT: Final = 2
"""With more rows of one property than these, their notes are folded: they would tear the list apart."""


@dataclass(frozen=True)
class Note:
    """A piece of evidence in the margin.

    `siglum` is the short name of the source, `place` says where in it the passage stands and who has seen it; `href` leads to the
    page of the evidence, `source_href` to that of the source, `url` to the source itself, and there to the words quoted. An
    inference has its reasoning as its comment, and notes for its `premises`; it has the sigla of their sources. `silent`
    stands where there is no quotation.
    """

    href: str
    siglum: str
    source: Label
    source_href: str
    url: str
    kind: str
    quotation: Label | None
    place: str
    comment: Label | None
    silent: str = ""
    premises: tuple[Note, ...] = ()
    order: tuple[int, bool, str, int] = (0, False, "", 0)


@dataclass(frozen=True)
class Row:
    """One or several statements with the same evidence: name of the property, values, notes.

    `unknown` is what stands in place of values where the sources are silent; `mark` names a sign before the values;
    `also` are further values below them, `detail` is a further line, `more` leads to the rest where there are more values
    than are shown. `compact` rows keep their notes folded.
    """

    name: str
    values: tuple[Value, ...] = ()
    notes: tuple[Note, ...] = ()
    unknown: str = ""
    mark: str = ""
    also: tuple[Value, ...] = ()
    detail: str = ""
    wording: bool = False
    compact: bool = False
    more: Value | None = None


@dataclass(frozen=True)
class Wording:
    """One of several wordings that stand side by side."""

    value: Value
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Apparatus:
    """What sources word differently."""

    title: Label
    comment: Label | None
    href: str
    wordings: tuple[Wording, ...]


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


@dataclass(frozen=True)
class Section:
    """A part of a page under a heading, which leads somewhere where `heading` is given.

    `more` leads to the rest where there is more than is shown. `items` are shown by the macro that `template` names,
    everything else in the same way on every page.
    """

    key: str
    title: str
    rows: Sequence[Row] = ()
    heading: Value | None = None
    apparatus: Sequence[Apparatus] = ()
    utterances: Sequence[Utterance] = ()
    items: Sequence[object] = ()
    text: str = ""
    template: str = ""
    more: Value | None = None

    def __bool__(self) -> bool:
        """Return whether there is anything to show."""
        return bool(self.rows or self.apparatus or self.utterances or self.items or self.text)


class Edition:
    """Builds the parts of a page from what surrounds a resource."""

    def __init__(self, found: Neighbourhood, presenter: Presenter) -> None:
        self.found, self.show = found, presenter
        self._notes: dict[str, Note] = {}

    def rest(self, key: str) -> Value | None:
        """Return what leads to all members of a list of which only the first are shown (`Neighbourhood.cuts`)."""
        cut = self.found.cuts.get(key)
        if cut is None:
            return None
        text = self.show.say("all {count} as a table (CSV)", count=self.show.number(cut.total))
        return Value(Label(text, ""), self.show.to("sparql", query=cut.query, format="csv"))

    def rows(self, subject: str, predicate: str, name: str = "", *, wording: bool = False) -> list[Row]:
        """Return rows for the values of a property: values with the same evidence stand together."""
        clusters: dict[tuple[str, ...], list[Term]] = {}
        for value in self.found.objects(subject, predicate):
            clusters.setdefault(tuple(self.found.evidence(subject, predicate, value)), []).append(value)
        rows = []
        for evidence, values in clusters.items():
            shown = tuple(self.show.ordered(self.show.value(value) for value in values))
            rows.append(Row("", shown, self.notes(evidence), wording=wording, compact=len(clusters) > _COMPACT))
        rows.sort(key=lambda row: (-len(row.values), sort_key(row.values[0].label.text)))
        return named(rows, name or self.show.label(predicate).text)

    def period(self, subject: str, name: str) -> list[Row]:
        """Return rows for beginning and end. Where no source states the end, that is said: what has begun may have ended."""
        ends = self.rows(subject, SCHEMA + "endDate")
        begins = marked("from {date}") if ends else marked("from {date}, end not stated")
        roughly = marked("beginning: {date}") if ends else marked("beginning: {date}, end not stated")
        start, end = (
            {self.show.lexical(date) for date in self.found.literals(subject, predicate) if is_rough(date)}
            for predicate in (SCHEMA + "startDate", SCHEMA + "endDate")
        )
        rows = [self._dated(row, begins, roughly, start) for row in self.rows(subject, SCHEMA + "startDate")]
        rows += [self._dated(row, marked("until {date}"), marked("end: {date}"), end) for row in ends]
        return named(rows, name)

    def _dated(self, row: Row, pattern: str, roughly: str, rough: Container[str]) -> Row:
        """Return a row with its dates put into a pattern; those in words, which are `rough`, into another."""
        return reworded(row, lambda date: self.show.say(roughly if date in rough else pattern, date=date))

    def of(self, subject: str, predicate: str, value: Term) -> tuple[Note, ...]:
        """Return the notes for one statement."""
        return self.notes(self.found.evidence(subject, predicate, value))

    def notes(self, evidence: Iterable[str]) -> tuple[Note, ...]:
        """Return notes for pieces of evidence, the most direct first."""
        return tuple(sorted((self.note(iri) for iri in evidence), key=lambda note: note.order))

    def note(self, iri: str) -> Note:
        """Return the note for a piece of evidence."""
        if iri not in self._notes:
            self._notes[iri] = self._note(iri)
        return self._notes[iri]

    def _note(self, iri: str) -> Note:
        found, show = self.found, self.show
        source, kind = found.one(iri, OA + "hasSource"), found.one(iri, VG + "supportKind")
        quotation = found.quotation(iri)
        premises = tuple(
            sorted(map(self.note, found.iris(iri, PROV + "wasDerivedFrom")), key=lambda note: note.order[2:])
        )
        siglum = ", ".join(sorted({note.siglum for note in premises})) or self.siglum(source)
        rank = _KINDS.index(kind) if kind in _KINDS else len(_KINDS)
        return Note(
            href=show.href(iri),
            siglum=siglum,
            source=show.label(source),
            source_href=show.href(source),
            url=passages.address(found, iri, source),
            kind=show.label(kind).text if kind else show.say("premise"),
            quotation=Label(quotation.value, found.text(source, SCHEMA + "inLanguage")) if quotation else None,
            place=passages.place(found, show, iri),
            comment=self.comment(iri),
            silent="" if quotation or premises else self._silence(kind),
            premises=premises,
            order=(rank, quotation is None, siglum, passages.number(found, iri)),
        )

    def _silence(self, kind: str) -> str:
        """Return what is said in place of a quotation."""
        if kind == VG + "Inferred":
            return self.show.say("Follows from the source as a whole.")
        return self.show.say("Cited without quotation: the text was not at hand.")

    def siglum(self, source: str) -> str:
        """Return the short name of a source: its identifier, an asterisk where it has none."""
        return self.found.text(source, DCTERMS + "identifier") or "*"

    def comment(self, subject: str, *predicates: str) -> Label | None:
        """Return the comment on a resource, in the page's language where there is one."""
        return self.best(subject, *(predicates or (COMMENT,)))

    def best(self, subject: str, *predicates: str) -> Label | None:
        """Return the text of a property that suits the page's language best."""
        literals = self.found.literals(subject, *predicates)
        if not literals:
            return None
        language = self.show.language
        chosen = min(
            literals, key=lambda text: (distance(text.language or "", language), text.language or "", text.value)
        )
        return Label(self.show.lexical(chosen), chosen.language or "")

    def apparatus(self) -> list[Apparatus]:
        """Return the disagreements of sources that came along, each with its wordings side by side."""
        return [self._apparatus(iri) for iri in self.found.of_type(VG + "Disagreement")]

    def _apparatus(self, iri: str) -> Apparatus:
        wordings = [
            Wording(self.show.value(value), self.notes(self.found.iris(statement, VG + "evidence")))
            for statement in self.found.iris(iri, VG + "between")
            for value in self.found.objects(statement, OBJECT)
        ]
        wordings.sort(key=lambda wording: [note.siglum for note in wording.notes])
        return Apparatus(self.show.label(iri), self.comment(iri), self.show.href(iri), tuple(wordings))

    def utterance(self, iri: str) -> Utterance:
        """Return what was said in an utterance."""
        found, show = self.found, self.show
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
            notes=self.notes(evidence),
        )

    def utterances(self, acts: Iterable[str]) -> list[Utterance]:
        """Return the utterances among acts: those with a date first, then by speaker."""
        said = [self.utterance(act) for act in acts if VG + "Utterance" in self.found.types(act)]
        return sorted(
            said,
            key=lambda u: (
                not u.date,
                sort_key(u.speaker.label.text if u.speaker else ""),
                sort_key(u.label.label.text),
            ),
        )


def named(rows: list[Row], name: str) -> list[Row]:
    """Return rows of which the first bears the name."""
    return [replace(row, name="" if index else name) for index, row in enumerate(rows)]


def is_rough(date: Literal) -> bool:
    """Tell whether a date is known only roughly, so that it is shown in words."""
    return date.datatype.value == edtf.DATATYPE


def reworded(row: Row, word: Callable[[str], str]) -> Row:
    """Return a row with other texts for its values: what `word` makes of each."""
    values = (replace(value, label=replace(value.label, text=word(value.label.text))) for value in row.values)
    return replace(row, values=tuple(values))


def node(iri: str) -> str:
    """Return an IRI as SPARQL writes it."""
    return str(NamedNode(iri))
