"""The page about a contract: who with whom, when, about what, to what end, with which money, and what is not known."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.linked_data.gathering import Wanted
from vertragsgraph.linked_data.names import MEMBER
from vertragsgraph.rdf.namespaces import DCTERMS, ORG, PROV, SCHEMA, VG
from vertragsgraph.texts import marked
from vertragsgraph.web.pages.authority_links import linked
from vertragsgraph.web.pages.edition import Edition, Row, Section, named, reworded
from vertragsgraph.web.pages.kinds import Content, PageKind, contract_line, mark_of
from vertragsgraph.web.pages.utterances import utterances

WANTED: Final = Wanted(
    focus=(
        "?f vg:concerns {node} .",
        "?act vg:concerns {node} ; vg:actedAs ?f .",
        "{node} vg:agreesOn|schema:funding ?f .",
    ),
    extra=(
        "?act vg:concerns {node} ; vg:actedAs/vg:inOffice ?s . ?s org:postIn ?o BIND (org:postIn AS ?p)",
        "?act vg:concerns {node} ; rdf:type vg:Signing ; vg:date ?o BIND (dcterms:date AS ?p) BIND ({node} AS ?s)",
    ),
    links=True,
)


def build(edition: Edition, iri: str) -> Content:
    """Return the content of the page about a contract."""
    acts = edition.found.subjects(VG + "concerns", iri)
    signings = [act for act in acts if VG + "Signing" in edition.found.types(act)]
    presentations = [act for act in acts if VG + "Presentation" in edition.found.types(act)]
    show = edition.show
    sections = (
        Section("parties", show.say("Who with whom"), _parties(edition, iri, signings)),
        Section("time", show.say("When"), [*_dates(edition, signings), *_presented(edition, presentations)]),
        Section("matter", show.say("About what"), _matter(edition, iri)),
        Section("aims", show.say("To what end"), edition.rows(iri, VG + "servesAim", show.say("Aims"))),
        Section("measures", show.say("What was agreed"), _measures(edition, iri)),
        Section("funding", show.say("Funding by the public side"), _funding(edition, iri)),
        Section("wordings", show.say("Where the sources differ"), apparatus=edition.apparatus()),
        utterances(edition, acts),
        Section("unknown", show.say("What is not known"), items=_unknown(edition, iri, signings), template="unknown"),
        Section("links", show.say("Elsewhere"), items=_elsewhere(edition, iri), template="links"),
    )
    return Content(sections, lede=edition.comment(iri), extra={"glance": _glance(edition, iri, signings)})


def _glance(edition: Edition, iri: str, signings: list[str]) -> dict[str, object]:
    found = edition.found
    line = contract_line(edition, iri)
    dates = [date for signing in signings for date in found.literals(signing, VG + "date")]
    return {
        "parties": [edition.show.named(party) for party in found.iris(iri, VG + "contractingParty")],
        "partners": line.partners,
        "date": edition.show.listed(edition.show.lexical(date) for date in dates),
        "statuses": line.statuses,
    }


def _parties(edition: Edition, iri: str, signings: list[str]) -> list[Row]:
    show = edition.show
    rows = [
        *edition.rows(iri, VG + "contractingParty", show.say("Public side")),
        *edition.rows(iri, VG + "partner", show.say("Partner")),
    ]
    acting = [row for signing in signings for row in _acting(edition, signing)]
    silent = Row("", unknown=show.say("No source names who concluded the contract for the public side."))
    return [*rows, *named(acting or [silent], show.say("Concluded by")), *_programme(edition, iri)]


def _acting(edition: Edition, act: str) -> list[Row]:
    """Return a row for each tenure (else each person) in which somebody acted: the person and, as a detail, the office."""
    found, show = edition.found, edition.show
    rows = []
    for tenure in found.iris(act, VG + "actedAs"):
        person, office = found.one(tenure, MEMBER), found.one(tenure, VG + "inOffice")
        values = (show.named(person or tenure),)
        row = Row("", values, edition.of(act, VG + "actedAs", NamedNode(tenure)))
        rows.append(replace(row, also=(show.named(office),)) if office else row)
    return rows or edition.rows(act, VG + "actor")


def _programme(edition: Edition, iri: str) -> list[Row]:
    return [
        *edition.rows(iri, DCTERMS + "isPartOf", edition.show.say("Part of")),
        *edition.rows(iri, DCTERMS + "type", edition.show.say("Form")),
    ]


def _dates(edition: Edition, signings: list[str]) -> list[Row]:
    found, show = edition.found, edition.show
    rows = []
    for signing in signings:
        dated = edition.rows(signing, VG + "date")
        exact = all(_is_day(date) for date in found.literals(signing, VG + "date"))
        rows += [replace(row, detail="" if exact else show.say("Only this much is known.")) for row in dated]
    silent = Row("", unknown=show.say("No source says when the contract was concluded."))
    return named(rows or [silent], show.say("Concluded"))


def _is_day(date: Literal) -> bool:
    """Return whether a date is known to the day."""
    return date.datatype.value.endswith("#date")


def _presented(edition: Edition, presentations: list[str]) -> list[Row]:
    show = edition.show
    dates = [row for act in presentations for row in edition.rows(act, VG + "date")]
    people = [row for act in presentations for row in _acting(edition, act)]
    note = show.say("A presentation does not tell when the contract was concluded.")
    return [
        *(replace(row, detail=note) for row in named(dates, show.say("Presented to the public"))),
        *named(people, show.say("Presented by")),
    ]


def _matter(edition: Edition, iri: str) -> list[Row]:
    return [
        *edition.rows(iri, VG + "theme", edition.show.say("In the words of the sources"), wording=True),
        *edition.rows(iri, VG + "topic", edition.show.say("Topics")),
    ]


def _measures(edition: Edition, iri: str) -> list[Row]:
    rows = edition.rows(iri, VG + "agreesOn", edition.show.say("Measures"))
    for measure in edition.found.iris(iri, VG + "agreesOn"):
        rows += edition.rows(measure, PROV + "wasAttributedTo", edition.show.say("Committed itself"))
    return rows


def _funding(edition: Edition, iri: str) -> list[Row]:
    found, show = edition.found, edition.show
    statuses = found.iris(iri, VG + "fundingStatus")
    rows = [
        Row("", (show.named(status),), edition.of(iri, VG + "fundingStatus", NamedNode(status)), mark=mark_of(status))
        for status in statuses
    ]
    if len(rows) > 1:
        text = show.say("The sources disagree; none of them is preferred here.")
        rows = [*rows[:-1], replace(rows[-1], detail=text)]
    if not statuses or VG + "NotStated" in statuses:
        text = show.say(
            "No source says whether the contract is tied to funding by its public side. That does not mean that it is not."
        )
        rows = [replace(row, detail=text) for row in rows] or [Row("", unknown=text)]
    rows = named(rows, show.say("Status"))
    for grant in found.iris(iri, SCHEMA + "funding"):
        rows += _grant(edition, iri, grant)
    return rows


def _grant(edition: Edition, contract: str, grant: str) -> list[Row]:
    show = edition.show
    comment = edition.comment(grant)
    notes = edition.of(contract, SCHEMA + "funding", NamedNode(grant))
    return [
        Row(show.say("Grant"), (show.named(grant),), notes, detail=comment.text if comment else ""),
        *_amounts(edition, grant),
        *edition.rows(grant, SCHEMA + "funder", show.say("Funder")),
        *edition.rows(grant, SCHEMA + "fundedItem", show.say("Recipient")),
        *edition.period(grant, show.say("When")),
    ]


def _amounts(edition: Edition, grant: str) -> list[Row]:
    just_under = _amounts_by(edition, grant, VG + "amountJustUnder", marked("just under {amount}"))
    return named([*just_under, *_amounts_by(edition, grant, SCHEMA + "amount", "{amount}")], edition.show.say("Amount"))


def _amounts_by(edition: Edition, grant: str, predicate: str, pattern: str) -> list[Row]:
    found, show = edition.found, edition.show
    currency = found.text(grant, SCHEMA + "currency") or "EUR"
    # Rows stand in an order of their own, so each value is known by the text that it is shown by.
    amounts = {show.lexical(each): show.money(each.value, currency) for each in found.literals(grant, predicate)}
    return [
        reworded(row, lambda text: show.say(pattern, amount=amounts.get(text, text)))
        for row in edition.rows(grant, predicate)
    ]


def _unknown(edition: Edition, iri: str, signings: list[str]) -> list[str]:
    """Return what the sources leave open about a contract, as far as it shows in the data."""
    found, show = edition.found, edition.show
    dates = [date for signing in signings for date in found.literals(signing, VG + "date")]
    tenures = [tenure for signing in signings for tenure in found.iris(signing, VG + "actedAs")]
    posts = {post for tenure in tenures for post in found.iris(found.one(tenure, VG + "inOffice"), ORG + "postIn")}
    partners = set(found.iris(iri, VG + "partner"))
    open_questions = []
    if not dates:
        open_questions.append(show.say("when the contract was concluded"))
    elif not any(_is_day(date) for date in dates):
        open_questions.append(show.say("on which day the contract was concluded"))
    if not tenures and not any(found.iris(signing, VG + "actor") for signing in signings):
        open_questions.append(show.say("who concluded it for the public side"))
    if not posts & partners:
        open_questions.append(show.say("who concluded it for the partner"))
    if set(found.iris(iri, VG + "fundingStatus")) <= {VG + "NotStated"}:
        open_questions.append(show.say("whether funding by its public side is tied to it"))
    return open_questions


def _elsewhere(edition: Edition, iri: str) -> list[object]:
    found = edition.found
    mentioned = found.iris(
        iri, VG + "contractingParty", VG + "partner", VG + "topic", DCTERMS + "type", DCTERMS + "isPartOf"
    )
    return [*linked(edition, [iri, *mentioned])]


KIND: Final = PageKind(build, WANTED)
