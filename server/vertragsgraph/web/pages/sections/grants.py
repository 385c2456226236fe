"""A grant on the page of a contract: in a sentence what was agreed, then each part of it with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.linked_data.gathering import NAMES, construct, objects, properties, values
from vertragsgraph.linked_data.neighbourhood import Fact, iri_of
from vertragsgraph.linked_data.terms import Label
from vertragsgraph.rdf.asking import Ask
from vertragsgraph.rdf.literals.durations import duration, duration_text
from vertragsgraph.rdf.namespaces import SCHEMA, VG
from vertragsgraph.texts import marked
from vertragsgraph.web.pages.edition import Edition, Row, named
from vertragsgraph.web.pages.sections.periods import END, START, period, reworded, term
from vertragsgraph.web.rendering.presenter import Presenter, Value

EXACT, LEAST, MOST = (SCHEMA + name for name in ("amount", "minValue", "maxValue"))
JUST_UNDER, PER, IN_KIND = (VG + name for name in ("amountJustUnder", "amountPer", "inKind"))
_TOTALS: Final = (VG + "totalAtLeast", VG + "totalAtMost")
OF_GRANT: Final = tuple(f"{{node}} <{total}> ?o BIND (<{total}> AS ?p) BIND ({{node}} AS ?s)" for total in _TOTALS)
OF_GRANTS: Final = tuple(f"{{node}} schema:funding ?s . ?s <{total}> ?o BIND (<{total}> AS ?p)" for total in _TOTALS)
"""Patterns for what a grant comes to, and what the grants of a contract do: it is entailed, so it doesn't come by itself."""
_FUNDER, _CURRENCY = SCHEMA + "funder", SCHEMA + "currency"

_WORDS: Final = {
    EXACT: "{amount}",
    JUST_UNDER: marked("just under {amount}"),
    LEAST: marked("at least {amount}"),
    MOST: marked("up to {amount}"),
}
_USUAL: Final = {
    (12, 0): marked("{amount} a year"),
    (1, 0): marked("{amount} a month"),
    (0, 7): marked("{amount} a week"),
    (0, 1): marked("{amount} a day"),
}


async def gather_grants(ask: Ask, grants: Sequence[str]) -> list[Fact]:
    """Return what a list of grants (IRIs) shows of each: what is said of them, the contracts, the names of all."""
    names = (*_WORDS, PER, IN_KIND, START, END, _CURRENCY, _FUNDER, *_TOTALS)
    said = await properties(ask, grants, ("rdfs:label", *(f"<{name}>" for name in names)))
    leading = f"{values('o', grants)} ?s schema:funding ?o BIND (schema:funding AS ?p)"
    contracts = await construct(ask, [leading] if grants else [])
    named = {*objects(said, _FUNDER), *(iri_of(fact.subject) for fact in contracts)}
    return [*said, *contracts, *(await properties(ask, sorted(named), NAMES))]


def grant_line(edition: Edition, grant: str) -> dict[str, Any]:
    """Return a grant as lists show it: its name, what was agreed, the contract."""
    show = edition.show
    text = sentence(edition, grant)
    contracts = [show.named(contract) for contract in edition.found.subjects(SCHEMA + "funding", grant)]
    several = [value for row in amounts(edition, grant) for value in row.values] if not text else []
    more = ((show.say("Amount"), several), (show.label(VG + "Contract").text, contracts))
    return {"value": show.named(grant), "sentence": text, "more": [(name, some) for name, some in more if some]}


def grant_rows(edition: Edition, contract: str, grant: str) -> list[Row]:
    """Return rows for a grant of a contract."""
    show, comment = edition.show, edition.comment(grant)
    return [
        Row(
            show.say("Grant"),
            (show.named(grant),),
            edition.of(contract, SCHEMA + "funding", NamedNode(grant)),
            detail=comment.text if comment else "",
        ),
        *agreed(edition, grant),
        *amounts(edition, grant),
        *edition.texts(grant, IN_KIND, show.say("In kind")),
        *edition.rows(grant, _FUNDER, show.say("Funder")),
        *edition.rows(grant, SCHEMA + "fundedItem", show.say("Recipient")),
        *period(edition, grant, show.say("When")),
    ]


def amounts(edition: Edition, grant: str) -> list[Row]:
    """Return rows for the amounts of a grant, each with its evidence, and that for the period that it is for."""
    rows = _range(edition, grant) or [
        row for predicate, pattern in _WORDS.items() for row in _amounts_by(edition, grant, predicate, pattern)
    ]
    of_period = [note for row in edition.rows(grant, PER) for note in row.notes]
    rows = [replace(row, notes=tuple(dict.fromkeys((*row.notes, *of_period)))) for row in rows]
    return named(rows, edition.show.say("Amount"))


def _range(edition: Edition, grant: str) -> list[Row]:
    """Return the row for a grant that is agreed to be between two amounts."""
    limits = [(name, each) for name in _WORDS for each in edition.found.literals(grant, name)]
    if [name for name, _ in limits] != [LEAST, MOST]:
        return []
    notes = dict.fromkeys(note for name, each in limits for note in edition.of(grant, name, each))
    return [Row("", (Value(Label(_amount(edition, grant), "")),), tuple(notes))]


def _amounts_by(edition: Edition, grant: str, predicate: str, pattern: str) -> list[Row]:
    found, show = edition.found, edition.show
    # Rows stand in an order of their own, so each value is known by the text that it is shown by.
    texts = {show.lexical(each): _money(edition, grant, each) for each in found.literals(grant, predicate)}
    return [
        reworded(row, lambda text: _repeated(edition, grant, show.say(pattern, amount=texts.get(text, text))))
        for row in edition.rows(grant, predicate)
    ]


def agreed(edition: Edition, grant: str) -> list[Row]:
    """Return the row with the sentence, if there are several things to put together."""
    said = [name for name in (*_WORDS, IN_KIND, _FUNDER, START, END) if edition.found.objects(grant, name)]
    text = sentence(edition, grant) if len(said) > 1 or edition.found.text(grant, PER) else ()
    return [Row(edition.show.say("Agreed"), sentence=text)] if text else []


def sentence(edition: Edition, grant: str) -> tuple[Value, ...]:
    """Return what was agreed, in pieces; nothing where that isn't known, or sources differ on a part of it."""
    found, show = edition.found, edition.show
    if any(len(found.objects(grant, name)) > 1 for name in (*_WORDS, PER, START, END, _CURRENCY)):
        return ()
    start, end = (next(iter(found.literals(grant, name)), None) for name in (START, END))
    clauses = [*filter(None, (_amount(edition, grant), _in_all(edition, grant)))]
    if when := term(show, start, end):
        first = show.say("{amount}, {term}", amount=clauses[0], term=when) if clauses else when
        clauses = [first, *clauses[1:]]
    kinds = show.in_language(show.value(text) for text in found.literals(grant, IN_KIND))
    funders = show.ordered(show.named(funder) for funder in found.iris(grant, _FUNDER))

    def whole(**linked: str) -> str:
        parts = [*clauses, *(show.say(text, **{name: linked[name]}) for name, text in _LINKED.items() if linked[name])]
        return reduce(lambda one, other: show.say("{one}; {other}", one=one, other=other), parts) if parts else ""

    return show.sentence(whole, kind=kinds, funders=funders)


_LINKED: Final = {"kind": marked("in kind: {kind}"), "funders": marked("by {funders}")}
"""The parts of the sentence with values in them, which may be links or in another language."""


def _amount(edition: Edition, grant: str) -> str:
    """Return what was agreed, per period where it is, `""` where no amount is known."""
    known = {name: _money(edition, grant, each) for name in _WORDS for each in edition.found.literals(grant, name)}
    text = _between(edition.show, known)
    return _repeated(edition, grant, text) if text else ""


def _in_all(edition: Edition, grant: str) -> str:
    """Return what an amount per period comes to in all, `""` where that isn't known."""
    if not edition.found.text(grant, PER):
        return ""
    least, most = (
        next((_money(edition, grant, each) for each in edition.found.literals(grant, name)), "") for name in _TOTALS
    )
    text = _between(edition.show, {EXACT: least} if least == most else {LEAST: least, MOST: most})
    return edition.show.say("{amount} in all", amount=text) if text else ""


def _between(show: Presenter, known: dict[str, str]) -> str:
    """Return amounts, each known by its property, in words."""
    known = {name: amount for name, amount in known.items() if amount}
    if known.keys() == {LEAST, MOST}:
        return show.say("between {least} and {most}", least=known[LEAST], most=known[MOST])
    return show.listed(show.say(_WORDS[name], amount=amount) for name, amount in known.items())


def _money(edition: Edition, grant: str, amount: Literal) -> str:
    return edition.show.money(amount.value, edition.found.text(grant, _CURRENCY))


def _repeated(edition: Edition, grant: str, amount: str) -> str:
    """Return an amount with the period for each of which it is meant, where there is one."""
    show, per = edition.show, edition.found.text(grant, PER)
    months, days = duration(per)
    if usual := _USUAL.get((months, days)):
        return show.say(usual, amount=amount)
    period = duration_text(f"P{months}M" if months % 12 else per, show.language)
    return show.say("{amount} every {period}", amount=amount, period=period) if per else amount
