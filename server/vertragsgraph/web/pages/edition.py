"""Pages in the manner of a critical edition: statements in the main column, their evidence as notes in the margin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.collation import sort_key
from vertragsgraph.linked_data.names import COMMENT, OBJECT, PREDICATE, SUBJECT
from vertragsgraph.linked_data.neighbourhood import Neighbourhood, Term
from vertragsgraph.linked_data.terms import Label
from vertragsgraph.rdf import edtf
from vertragsgraph.rdf.namespaces import DCTERMS, OA, PROV, SCHEMA, VG
from vertragsgraph.texts import distance
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
    than are shown; `sentence` stands, in pieces, in place of values. `compact` rows keep their notes folded.
    """

    name: str
    values: tuple[Value, ...] = ()
    notes: tuple[Note, ...] = ()
    unknown: str = ""
    mark: str = ""
    also: tuple[Value, ...] = ()
    sentence: tuple[Value, ...] = ()
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
    items: Sequence[object] = ()
    template: str = ""
    more: Value | None = None

    def __bool__(self) -> bool:
        """Return whether there is anything to show."""
        return bool(self.rows or self.apparatus or self.items)


class Edition:
    """Builds the parts of a page from what surrounds a resource, and takes note of what the page tells in them (`told`)."""

    def __init__(self, found: Neighbourhood, presenter: Presenter) -> None:
        self.found, self.show = found, presenter
        self.told: set[tuple[str, str, Term]] = set()
        self._notes: dict[str, Note] = {}

    def tell(self, subject: str, *predicates: str) -> None:
        """Take note that the page tells all values of some properties in a way of its own."""
        self.told.update((subject, name, value) for name in predicates for value in self.found.objects(subject, name))

    def rest(self, key: str) -> Value | None:
        """Return what leads to all members of a list of which only the first are shown (`Neighbourhood.cuts`)."""
        cut = self.found.cuts.get(key)
        if cut is None:
            return None
        text = self.show.say("all {count} as a table (CSV)", count=self.show.number(cut.total))
        return Value(Label(text, ""), self.show.to("sparql", query=cut.query, format="csv"))

    def rows(
        self, subject: str, predicate: str, name: str = "", *, wording: bool = False, some: Sequence[Term] | None = None
    ) -> list[Row]:
        """Return rows for the values of a property, all or some: values with the same evidence stand together."""
        clusters: dict[tuple[str, ...], list[Term]] = {}
        for value in self.found.objects(subject, predicate) if some is None else some:
            self.told.add((subject, predicate, value))
            clusters.setdefault(tuple(self.found.evidence(subject, predicate, value)), []).append(value)
        rows = []
        for evidence, values in clusters.items():
            shown = tuple(self.show.ordered(self.show.value(value) for value in values))
            rows.append(Row("", shown, self.notes(evidence), wording=wording, compact=len(clusters) > _COMPACT))
        rows.sort(key=lambda row: (-len(row.values), sort_key(row.values[0].label.text)))
        return named(rows, name or self.show.label(predicate).text)

    def texts(self, subject: str, predicate: str, name: str) -> list[Row]:
        """Return the row for what the register says in its own words: in the page's language, with all the evidence."""
        found = self.found.literals(subject, predicate)
        proofs = {proof for text in found for proof in self.found.evidence(subject, predicate, text)}
        values = tuple(self.show.in_language(map(self.show.value, found)))
        shown = {(value.label.text, value.label.language) for value in values}
        self.told.update((subject, predicate, text) for text in found if (text.value, text.language or "") in shown)
        return [Row(name, values, self.notes(proofs))] if values else []

    def of(self, subject: str, predicate: str, value: Term) -> tuple[Note, ...]:
        """Return the notes for one statement, which the page tells with them."""
        self.told.add((subject, predicate, value))
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
        self.tell(iri, OA + "hasSource", OA + "hasSelector", VG + "supportKind", PROV + "wasDerivedFrom")
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
            silent="" if quotation or premises or found.text(iri, VG + "row") else self._silence(kind),
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
        if not (literals := self.found.literals(subject, *predicates)):
            return None

        def rank(text: Literal) -> tuple[int, str, str]:
            return distance(text.language or "", self.show.language), text.language or "", text.value

        chosen = min(literals, key=rank)
        self.told.update((subject, name, chosen) for name in predicates)
        return Label(self.show.lexical(chosen), chosen.language or "")

    def apparatus(self) -> list[Apparatus]:
        """Return the disagreements of sources that came along, each with its wordings side by side."""
        return [self._apparatus(iri) for iri in self.found.of_type(VG + "Disagreement")]

    def _apparatus(self, iri: str) -> Apparatus:
        found, statements = self.found, self.found.iris(iri, VG + "between")
        told = [(each, value) for each in statements for value in found.objects(each, OBJECT)]
        wordings = [
            Wording(self.show.value(value), self.notes(found.iris(each, VG + "evidence"))) for each, value in told
        ]
        self.told.update((found.one(each, SUBJECT), found.one(each, PREDICATE), value) for each, value in told)
        self.tell(iri, VG + "between")
        wordings.sort(key=lambda wording: [note.siglum for note in wording.notes])
        return Apparatus(self.show.label(iri), self.comment(iri), self.show.href(iri), tuple(wordings))


def named(rows: list[Row], name: str) -> list[Row]:
    """Return rows of which the first bears the name."""
    return [replace(row, name="" if index else name) for index, row in enumerate(rows)]


def is_rough(date: Literal) -> bool:
    """Tell whether a date is known only roughly, so that it is shown in words."""
    return date.datatype.value == edtf.DATATYPE


def node(iri: str) -> str:
    """Return an IRI as SPARQL writes it."""
    return str(NamedNode(iri))
