"""From when until when something lasted, in words: a term of office, a grant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from pyoxigraph import Literal

from vertragsgraph.linked_data.terms import Label
from vertragsgraph.rdf.namespaces import SCHEMA
from vertragsgraph.texts import marked
from vertragsgraph.web.pages.edition import Edition, Row, is_rough, named
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
        notes = (*edition.of(subject, START, starts[0]), *edition.of(subject, END, ends[0]))
        return [Row(name, (Value(Label(term(show, starts[0], ends[0]), "")),), tuple(dict.fromkeys(notes)))]
    rough = {show.lexical(date) for date in (*starts, *ends) if is_rough(date)}
    begins = marked("from {date}") if ends else marked("from {date}, end not stated")
    roughly = marked("beginning: {date}") if ends else marked("beginning: {date}, end not stated")

    def dated(predicate: str, pattern: str, in_words: str) -> list[Row]:
        def word(date: str) -> str:
            return show.say(in_words if date in rough else pattern, date=date)

        return [reworded(row, word) for row in edition.rows(subject, predicate)]

    rows = [*dated(START, begins, roughly), *dated(END, marked("until {date}"), marked("end: {date}"))]
    return named(rows, name)


def term(show: Presenter, start: Literal | None, end: Literal | None) -> str:
    """Return in words from when until when, `""` where neither is known."""
    if start and end and not (is_rough(start) or is_rough(end)):
        dates = {"start": show.lexical(start), "end": show.lexical(end)}
        if start.datatype.value.endswith("#date"):  # some languages have another preposition before a day
            return show.say("from {start} until {end}", **dates)
        return show.say("from {start} to {end}", **dates)
    begins = (marked("beginning: {date}"), marked("from {date}")) if end else _OPEN
    parts = [
        show.say(pattern[not is_rough(date)], date=show.lexical(date))
        for date, pattern in ((start, begins), (end, _ENDS))
        if date
    ]
    return ", ".join(parts)


_OPEN: Final = (marked("beginning: {date}, end not stated"), marked("from {date}, end not stated"))
_ENDS: Final = (marked("end: {date}"), marked("until {date}"))
"""The pattern for a date in words, and for others."""


def reworded(row: Row, word: Callable[[str], str]) -> Row:
    """Return a row with other texts for its values: what `word` makes of each."""
    values = (replace(value, label=replace(value.label, text=word(value.label.text))) for value in row.values)
    return replace(row, values=tuple(values))
