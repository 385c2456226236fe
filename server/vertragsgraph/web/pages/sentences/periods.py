"""From when until when something lasted, in words: a term of office, a grant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from pyoxigraph import Literal

from vertragsgraph.linked_data.terms import Label
from vertragsgraph.rdf.namespaces import SCHEMA
from vertragsgraph.texts import marked
from vertragsgraph.web.pages.edition import Edition, Row, named
from vertragsgraph.web.rendering.presenter import Presenter, Value

START: Final = SCHEMA + "startDate"
END: Final = SCHEMA + "endDate"


def period(edition: Edition, subject: str, name: str) -> list[Row]:
    """Return rows for the beginning and the end of a subject, one for both where there is one of each.

    Where no source states the end, that is said: what has begun may have ended.
    """
    found, show = edition.found, edition.show
    starts, ends = found.literals(subject, START), found.literals(subject, END)
    if len(starts) == len(ends) == 1:
        known = ((START, starts[0]), (END, ends[0]))
        proofs = dict.fromkeys(proof for name, date in known for proof in found.evidence(subject, name, date))
        return [Row(name, (Value(Label(term(show, starts[0], ends[0]), "")),), edition.notes(proofs))]
    begins = marked("from {date}") if ends else marked("from {date}, end not stated")
    return named(
        [
            *(reworded(row, lambda date: show.say(begins, date=date)) for row in edition.rows(subject, START)),
            *(reworded(row, lambda date: show.say("until {date}", date=date)) for row in edition.rows(subject, END)),
        ],
        name,
    )


def term(show: Presenter, start: Literal | None, end: Literal | None) -> str:
    """Return in words from when until when, `""` where neither is known."""
    if start and end:
        dates = {"start": show.lexical(start), "end": show.lexical(end)}
        if start.datatype.value.endswith("#date"):  # some languages have another preposition before a day
            return show.say("from {start} until {end}", **dates)
        return show.say("from {start} to {end}", **dates)
    if start:
        return show.say("from {date}, end not stated", date=show.lexical(start))
    return show.say("until {date}", date=show.lexical(end)) if end else ""


def reworded(row: Row, word: Callable[[str], str]) -> Row:
    """Return a row with other texts for its values: what `word` makes of each."""
    values = (replace(value, label=replace(value.label, text=word(value.label.text))) for value in row.values)
    return replace(row, values=tuple(values))
