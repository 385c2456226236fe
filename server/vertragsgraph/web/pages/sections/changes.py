"""What became of organisations, in sentences: renamed, merged, split, dissolved (change events of ORG)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from vertragsgraph.linked_data.terms import Label
from vertragsgraph.rdf.namespaces import DCTERMS, ORG, VG
from vertragsgraph.texts import marked
from vertragsgraph.web.pages.edition import Edition, Row, named
from vertragsgraph.web.rendering.presenter import Value

_ORIGINAL, _RESULTING, _DATE = ORG + "originalOrganization", ORG + "resultingOrganization", DCTERMS + "date"
_KIND, _FORMER_NAME = VG + "changeKind", VG + "formerName"

OF_ORGANISATION: Final = "?f org:originalOrganization|org:resultingOrganization {node} ."
"""Binds `?f` to the changes of an organisation."""
OF_PARTIES: Final = (
    "{node} vg:contractingParty|vg:partner ?party . ?f org:originalOrganization ?party . "
    "OPTIONAL { {node} vg:earliest ?concluded } OPTIONAL { ?f vg:latest ?changed } "
    "FILTER (COALESCE(?changed >= ?concluded, true))"
)
"""Binds `?f` to the changes of the parties of a contract, but for those before its conclusion."""

# The forms for one organisation and for several.
_DISSOLVED: Final = (marked("{subject} was dissolved."), marked("{subject} were dissolved."))
_JOINED: Final = (marked("{subject} became part of {other}."), marked("{subject} became parts of {other}."))
_MERGED: Final = (_JOINED[0], marked("{subject} merged to form {other}."))
_SEPARATED: Final = (marked("{subject} was separated from {other}."), marked("{subject} were separated from {other}."))
_SPLIT: Final = (marked("{subject} was split into {other}."),) * 2
_RENAMED: Final = (marked("{subject} took the name {other}."),) * 2
_BLANK: Final = Value(Label(" ", ""))


def changes(edition: Edition) -> list[Row]:
    """Return the changes that came along as sentences, the earliest first, those of which no source says when at the end."""
    found, show = edition.found, edition.show

    def when(event: str) -> tuple[bool, str]:
        date = found.text(event, _DATE)
        return not date, date

    rows = []
    for event in sorted(found.of_type(ORG + "ChangeEvent"), key=when):
        said = [
            (name, value)
            for name in (_ORIGINAL, _RESULTING, _DATE, _KIND, _FORMER_NAME)
            for value in found.objects(event, name)
        ]
        notes = edition.notes({proof for name, value in said for proof in found.evidence(event, name, value)})
        dates, comment = found.literals(event, _DATE), edition.comment(event)
        pieces = [piece for sentence in _sentences(edition, event) for piece in (*sentence, _BLANK)]
        rows.append(
            Row(
                show.listed(map(show.lexical, dates)) or show.say("date not known"),
                sentence=tuple(pieces[:-1]) or (show.named(event),),
                notes=notes,
                detail=comment.text if comment else "",
            )
        )
    return rows


def former_names(edition: Edition, organisation: str, name: str) -> list[Row]:
    """Return rows for what an organisation was called before it went on under another name."""
    found = edition.found
    events = [iri for iri in found.subjects(_ORIGINAL, organisation) if organisation in found.iris(iri, _RESULTING)]
    return named([row for event in events for row in edition.rows(event, _FORMER_NAME)], name)


def _sentences(edition: Edition, event: str) -> Iterator[tuple[Value, ...]]:
    """Yield what became of the organisations of a change, and what one that goes on was called until then."""
    found, show = edition.found, edition.show
    before, after = found.iris(event, _ORIGINAL), found.iris(event, _RESULTING)
    same = [iri for iri in before if iri in after]
    gone, new = ([iri for iri in those if iri not in same] for those in (before, after))

    def say(forms: tuple[str, str], subject: Sequence[str], other: Sequence[str] = ()) -> tuple[Value, ...]:
        word = partial(show.say, forms[len(subject) > 1])
        return show.sentence(
            word, **{name: _named(edition, iris) for name, iris in (("subject", subject), ("other", other))}
        )

    kind = found.one(event, _KIND)
    if kind == VG + "Dissolved":
        yield say(_DISSOLVED, before)
    elif kind == VG + "Merged":
        yield say(_JOINED, gone, same) if same and gone else say(_MERGED, before, after)
    elif kind == VG + "Split":
        yield say(_SEPARATED, new, same) if same and new else say(_SPLIT, before, after)
    elif kind == VG + "Renamed" and not same:
        yield say(_RENAMED, before, after)
    if names := show.in_language(show.value(text) for text in found.literals(event, _FORMER_NAME)):
        word = partial(show.say, marked("{organisation} was called {name} until then."))
        yield show.sentence(word, organisation=_named(edition, same or after), name=names)


def _named(edition: Edition, iris: Sequence[str]) -> list[Value]:
    return edition.show.ordered(edition.show.named(iri) for iri in iris)
