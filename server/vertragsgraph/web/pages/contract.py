"""The page about a contract: who with whom, when, about what, to what end, with which money, and what is not known."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.linked_data import in_force
from vertragsgraph.linked_data.gathering import Wanted
from vertragsgraph.linked_data.names import MEMBER
from vertragsgraph.rdf.namespaces import DCTERMS, ORG, PROV, SCHEMA, VG
from vertragsgraph.web.pages.authority_links import linked
from vertragsgraph.web.pages.edition import Edition, Row, Section, named
from vertragsgraph.web.pages.kinds import Content, PageKind, contract_line, mark_of, not_public
from vertragsgraph.web.pages.sections import life
from vertragsgraph.web.pages.sections.changes import OF_PARTIES, changes
from vertragsgraph.web.pages.sections.grants import OF_GRANTS, grant_rows
from vertragsgraph.web.pages.sections.utterances import utterances

WANTED: Final = Wanted(
    focus=(
        "?f vg:concerns {node} .",
        "?act vg:concerns {node} ; vg:actedAs ?f .",
        "{node} vg:agreesOn|schema:funding ?f .",
        OF_PARTIES,
        *life.FOCUS,
    ),
    extra=(
        "?act vg:concerns {node} ; vg:actedAs/vg:inOffice ?s . ?s org:postIn ?o BIND (org:postIn AS ?p)",
        *(f"{{node}} {name} ?o BIND ({name} AS ?p) BIND ({{node}} AS ?s)" for name in in_force.NAMES),
        "?act vg:concerns {node} ; rdf:type vg:Signing ; vg:date ?o BIND (dcterms:date AS ?p) BIND ({node} AS ?s)",
        *OF_GRANTS,
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
        Section("changes", show.say("What became of the parties"), changes(edition)),
        Section("time", show.say("When"), [*_dates(edition, signings), *_presented(edition, presentations)]),
        Section("term", show.say("How long"), life.term(edition, iri)),
        Section("history", show.say("What became of it"), life.history(edition, iri)),
        Section("documents", show.say("File and documents"), life.documents(edition, iri)),
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
        "standing": line.standing,
        "day": edition.show.day(edition.show.site.day),
    }


def _parties(edition: Edition, iri: str, signings: list[str]) -> list[Row]:
    show = edition.show
    rows = [
        *edition.rows(iri, VG + "contractingParty", show.say("Public side")),
        *named(
            [
                *edition.rows(iri, VG + "partner"),
                *edition.rows(iri, VG + "personPartner"),
                *_not_public(edition, iri),
            ],
            show.say("Partner"),
        ),
        *edition.texts(iri, VG + "publicationBasis", show.say("Published by virtue of")),
    ]
    acting = [row for signing in signings for row in _acting(edition, signing)]
    signed = life.signed_by(edition, iri, signings)
    silent = Row("", unknown=show.say("No source names who concluded the contract for the public side."))
    acting = acting or ([] if signed else [silent])
    return [*rows, *named(acting, show.say("Concluded by")), *signed, *_programme(edition, iri)]


def _not_public(edition: Edition, iri: str) -> list[Row]:
    """Return the row that says that there is a partner who isn't public."""
    said = edition.found.literals(iri, VG + "partnerNotPublic")
    return [
        Row("", not_public(edition.found, edition.show, iri), edition.of(iri, VG + "partnerNotPublic", each))
        for each in said
    ]


def _acting(edition: Edition, act: str) -> list[Row]:
    """Return a row for each tenure (else each person) in which somebody acted: the person and, as a detail, the office."""
    found, show = edition.found, edition.show
    rows = []
    for tenure in found.iris(act, VG + "actedAs"):
        person, office = found.one(tenure, MEMBER), found.one(tenure, VG + "inOffice")
        values = (show.named(person or tenure),)
        notes = edition.of(act, VG + "actedAs", NamedNode(tenure))
        row = Row("", values, notes, detail=life.circumstances(edition, act))
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
        rows += grant_rows(edition, iri, grant)
    return rows


def _unknown(edition: Edition, iri: str, signings: list[str]) -> list[str]:
    """Return what the sources leave open about a contract, as far as it shows in the data."""
    found, show = edition.found, edition.show
    dates = [date for signing in signings for date in found.literals(signing, VG + "date")]
    acts = [*signings, *(part for signing in signings for part in life.signatures(found, signing))]
    tenures = [tenure for act in acts for tenure in found.iris(act, VG + "actedAs")]
    posts = {post for tenure in tenures for post in found.iris(found.one(tenure, VG + "inOffice"), ORG + "postIn")}
    people = {person for act in acts for person in found.iris(act, VG + "actor")}
    people |= {person for tenure in tenures for person in found.iris(tenure, MEMBER)}
    sides = {side for act in acts for side in found.iris(act, VG + "onBehalfOf")}
    public = set(found.iris(iri, VG + "contractingParty"))
    partners = set(found.iris(iri, VG + "partner", VG + "personPartner"))
    open_questions = []
    if not dates:
        open_questions.append(show.say("when the contract was concluded"))
    elif not any(_is_day(date) for date in dates):
        open_questions.append(show.say("on which day the contract was concluded"))
    if (sides and not sides & public) or not (tenures or people):
        open_questions.append(show.say("who concluded it for the public side"))
    if partners and not (posts | sides | people) & partners:
        open_questions.append(show.say("who concluded it for the partner"))
    period = life.period(found, iri)
    if not period.from_earliest:
        open_questions.append(show.say("from when it is in force"))
    if not (period.until_latest or period.indefinitely):
        open_questions.append(show.say("until when it is in force"))
    if set(found.iris(iri, VG + "fundingStatus")) <= {VG + "NotStated"}:
        open_questions.append(show.say("whether funding by its public side is tied to it"))
    return open_questions


def _elsewhere(edition: Edition, iri: str) -> list[object]:
    found = edition.found
    mentioned = found.iris(
        iri,
        VG + "contractingParty",
        VG + "partner",
        VG + "personPartner",
        VG + "topic",
        DCTERMS + "type",
        DCTERMS + "isPartOf",
    )
    return [*linked(edition, [iri, *mentioned])]


KIND: Final = PageKind(build, WANTED)
