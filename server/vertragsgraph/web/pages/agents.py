"""The pages about organisations, persons, offices, and about everything that has no page of its own kind."""

from __future__ import annotations

from typing import Final

from vertragsgraph.linked_data.gathering import Wanted
from vertragsgraph.linked_data.names import ABOUT_STATEMENTS, MEMBER
from vertragsgraph.linked_data.terms import Label
from vertragsgraph.rdf.edtf import order_of
from vertragsgraph.rdf.namespaces import DCTERMS, ORG, OWL, PROV, SCHEMA, SKOS, VG
from vertragsgraph.texts import marked
from vertragsgraph.web.pages.authority_links import linked
from vertragsgraph.web.pages.edition import Edition, Note, Row, Section, is_rough
from vertragsgraph.web.pages.kinds import Content, PageKind, contracts_section
from vertragsgraph.web.pages.sections.changes import OF_ORGANISATION, changes, former_names
from vertragsgraph.web.pages.sections.further import further
from vertragsgraph.web.pages.sections.grants import OF_GRANT, agreed
from vertragsgraph.web.pages.sections.life import EVENTS, circumstances
from vertragsgraph.web.pages.sections.periods import period
from vertragsgraph.web.pages.sections.utterances import utterances


def organisation(edition: Edition, iri: str) -> Content:
    """Return the content of the page about an organisation."""
    found, say = edition.found, edition.show.say
    names = [
        *edition.rows(iri, SCHEMA + "legalName", say("Full name")),
        *edition.rows(iri, SKOS + "altLabel", say("Also called")),
        *former_names(edition, iri, say("Formerly called")),
    ]
    form = edition.rows(iri, ORG + "classification", say("Legal form"))
    silent = [Row(say("Legal form"), unknown=say("No source states the legal form."))]
    sections = (
        Section("names", say("Names and form"), [*names, *(form or silent)]),
        Section("changes", say("What became of it"), changes(edition)),
        Section(
            "structure",
            say("Where it belongs"),
            [
                *edition.rows(iri, ORG + "subOrganizationOf", say("Part of")),
                *_inverse(edition, iri, ORG + "subOrganizationOf", say("Parts")),
                *_inverse(edition, iri, ORG + "postIn", say("Offices")),
            ],
        ),
        contracts_section(
            edition,
            "partner-in",
            say("Contracts as partner"),
            found.subjects(VG + "partner", iri),
            _AS_PARTNER,
            partner=iri.rpartition("/")[2],
        ),
        contracts_section(
            edition,
            "party-in",
            say("Contracts as public side"),
            found.subjects(_PARTY, iri),
            _AS_PARTY,
            party=iri.rpartition("/")[2],
        ),
        Section(
            "money",
            say("Grants and commitments"),
            [
                *_inverse(edition, iri, SCHEMA + "funder", say("Gives")),
                *_inverse(edition, iri, SCHEMA + "fundedItem", say("Receives")),
                *_inverse(edition, iri, PROV + "wasAttributedTo", say("Committed itself to")),
            ],
        ),
        Section("acts", say("What was done for it"), _inverse(edition, iri, VG + "onBehalfOf", say("Acts"))),
        elsewhere(edition, [iri]),
    )
    return Content(sections, lede=edition.comment(iri))


def person(edition: Edition, iri: str) -> Content:
    """Return the content of the page about a person: the offices, and what the person did in each."""
    found, say = edition.found, edition.show.say
    tenures = found.subjects(MEMBER, iri)
    acts = sorted({act for tenure in tenures for act in found.subjects(VG + "actedAs", tenure)})
    direct = [act for act in found.subjects(VG + "actor", iri) if act not in acts]
    sections = (
        Section("names", say("Names"), edition.rows(iri, SKOS + "altLabel", say("Also called"))),
        *_held(edition, tenures, VG + "inOffice"),
        Section("acts", say("In no known office"), _acts(edition, direct)),
        contracts_section(
            edition,
            "partner-in",
            say("Contracts as partner"),
            found.subjects(VG + "personPartner", iri),
            _AS_PERSON,
            partner=iri,
        ),
        utterances(edition, [*acts, *direct]),
        _left_out(edition, PERSON.wanted),
        elsewhere(edition, [iri]),
    )
    return Content(sections, lede=edition.comment(iri))


def office(edition: Edition, iri: str) -> Content:
    """Return the content of the page about an office: who held it when, and what was done in it."""
    say, tenures = edition.show.say, edition.found.subjects(VG + "inOffice", iri)
    belongs = edition.rows(iri, ORG + "postIn", say("Office in"))
    silent = [Row(say("Office in"), unknown=say("No source states to which organisation the office belongs."))]
    structure = Section("structure", say("Where it belongs"), belongs or silent)
    sections = (structure, *_held(edition, tenures, MEMBER), _left_out(edition, OFFICE.wanted))
    return Content(sections, lede=edition.comment(iri))


def _held(edition: Edition, tenures: list[str], other: str) -> list[Section]:
    """Return a section for each term of office, the earliest first: who held which, and what was done in it."""
    found, show, key = edition.found, edition.show, "holder" if other == MEMBER else "office"
    return [
        Section(
            f"{key}-{number}",
            show.label(found.one(tenure, other) or tenure).text,
            [
                *_times(edition, tenure),
                *_acts(edition, found.subjects(VG + "actedAs", tenure)),
                *_inverse(edition, tenure, VG + "inPlaceOf", show.say("Represented by a deputy")),
            ],
            heading=show.named(found.one(tenure, other) or tenure),
        )
        for number, tenure in enumerate(_by_time(edition, tenures), 1)
    ]


def anything(edition: Edition, iri: str) -> Content:
    """Return the content of the page about a resource of any other kind: its statements, then those that lead to it."""
    say, lede, links = edition.show.say, edition.comment(iri), elsewhere(edition, [iri])
    sections = (
        Section("changes", say("What became of whom"), changes(edition)),
        Section("agreed", say("What was agreed"), agreed(edition, iri)),
        Section("wordings", say("Where the sources differ"), apparatus=edition.apparatus()),
        further(edition, iri, say("Statements")),
        Section("mentions", say("Mentioned by"), _mentions(edition, iri)),
        links,
    )
    return Content(sections, lede, _of_link(edition, iri))


def _of_link(edition: Edition, iri: str) -> list[Label]:
    """Return the title for the description of a link, which has no name: what it links, how, and to what; else nothing."""
    parts = [edition.found.one(iri, name) for name in _LINK]
    return [edition.show.label(part) for part in parts] if all(parts) else []


def elsewhere(edition: Edition, subjects: list[str]) -> Section:
    """Return the section with links to other registers."""
    return Section("links", edition.show.say("Elsewhere"), items=linked(edition, subjects), template="links")


def _inverse(edition: Edition, iri: str, predicate: str, name: str) -> list[Row]:
    """Return rows for what has the resource as value of a property."""
    values = [edition.show.named(subject) for subject in edition.found.subjects(predicate, iri)]
    return [Row(name, tuple(edition.show.ordered(values)), more=edition.rest(predicate))] if values else []


def _left_out(edition: Edition, wanted: Wanted) -> Section:
    """Return the section that leads to terms of office and acts where there are more than a page names."""
    say = edition.show.say
    cut = [(say("Acts") if "vg:act" in pattern else say("Terms of office"), pattern) for pattern in wanted.focus]
    rows = [Row(name, more=edition.rest(pattern)) for name, pattern in cut if pattern in edition.found.cuts]
    return Section("left-out", say("Not shown here"), rows)


def _mentions(edition: Edition, iri: str) -> list[Row]:
    rows = []
    for predicate in (name for name in edition.found.verbs_to(iri) if name not in ABOUT_STATEMENTS):
        rows += _inverse(edition, iri, predicate, edition.show.label(predicate).text)
    return rows


def _by_time(edition: Edition, tenures: list[str]) -> list[str]:
    def first(tenure: str) -> tuple[bool, str, str]:
        dates = [order_of(date.value) for date in edition.found.literals(tenure, SCHEMA + "startDate", VG + "heldOn")]
        return not dates, min(dates, default=""), tenure

    return sorted(tenures, key=first)


def _times(edition: Edition, tenure: str) -> list[Row]:
    say = edition.show.say
    rough = any(map(is_rough, edition.found.literals(tenure, VG + "heldOn")))
    rows = [
        *period(edition, tenure, say("Held")),
        *edition.rows(
            tenure, VG + "heldOn", say("Known to have held it") if rough else say("Known to have held it on")
        ),
        *edition.rows(tenure, DCTERMS + "isReferencedBy", say("At the writing of")),
    ]
    return rows or [Row(say("When"), unknown=say("No source says when."))]


def _acts(edition: Edition, acts: list[str]) -> list[Row]:
    """Return rows for acts, but for utterances: what was done, when, and what it concerned."""
    found, show = edition.found, edition.show
    rows = []
    for kind, name in ((kind, show.say(words)) for kind, words in _DONE.items()):
        done = [act for act in acts if kind in found.types(act)]
        for index, act in enumerate(sorted(done, key=lambda act: (order_of(found.text(act, VG + "date")), act))):
            date = ", ".join(show.lexical(date) for date in found.literals(act, VG + "date"))
            contracts = tuple(show.named(contract) for contract in found.iris(act, VG + "concerns"))
            detail = " · ".join(filter(None, (date, circumstances(edition, act))))
            rows.append(Row("" if index else name, contracts, _notes_of_act(edition, act), detail=detail))
    return rows


def _notes_of_act(edition: Edition, act: str) -> tuple[Note, ...]:
    evidence = {
        proof
        for predicate in (VG + "actedAs", VG + "actor")
        for value in edition.found.objects(act, predicate)
        for proof in edition.found.evidence(act, predicate, value)
    }
    return edition.notes(evidence)


_LINK: Final = (OWL + "annotatedSource", OWL + "annotatedProperty", OWL + "annotatedTarget")
_DONE: Final = EVENTS | {VG + "Presentation": marked("Presented"), VG + "Signature": marked("Signed")}
_SIGNED: Final = "?signing dcterms:hasPart ?s ; rdf:type vg:Signing ; vg:concerns ?o BIND (vg:concerns AS ?p)"
"""What a signature concerns is what the conclusion concerns of which it is a part."""
_AS_PARTNER: Final = "?f vg:partner {node} ."
_AS_PARTY: Final = "?f vg:contractingParty {node} ."
_AS_PERSON: Final = "?f vg:personPartner {node} ."
_PARTY: Final = VG + "contractingParty"

ORGANISATION: Final = PageKind(
    organisation,
    Wanted(
        focus=(OF_ORGANISATION,),
        contracts=(_AS_PARTNER, _AS_PARTY),
        listed={_AS_PARTNER: VG + "partner", _AS_PARTY: _PARTY},
        members={
            ORG + "subOrganizationOf": "?f org:subOrganizationOf {node} .",
            ORG + "postIn": "?f org:postIn {node} .",
            SCHEMA + "funder": "?f schema:funder {node} .",
            SCHEMA + "fundedItem": "?f schema:fundedItem {node} .",
            # Measures: every contract is attributed to its parties as well, but by entailment.
            VG + "onBehalfOf": "?f vg:onBehalfOf {node} .",
            PROV + "wasAttributedTo": "VALUES ?g { {asserted} } GRAPH ?g { ?f prov:wasAttributedTo {node} }",
        },
        links=True,
    ),
)
PERSON: Final = PageKind(
    person,
    Wanted(
        focus=(
            "?f org:member {node} .",
            "?tenure org:member {node} . ?f vg:actedAs|vg:inPlaceOf ?tenure .",
            "?f vg:actor {node} .",
        ),
        extra=(f"?s vg:actor {{node}} . {_SIGNED}",),
        contracts=(_AS_PERSON,),
        links=True,
    ),
)
OFFICE: Final = PageKind(
    office,
    Wanted(
        focus=("?f vg:inOffice {node} .", "?tenure vg:inOffice {node} . ?f vg:actedAs|vg:inPlaceOf ?tenure ."),
        extra=(f"?tenure vg:inOffice {{node}} . ?s vg:actedAs ?tenure . {_SIGNED}",),
    ),
)
ANYTHING: Final = PageKind(
    anything,
    Wanted(
        passages=("{node} vg:between ?statement . ?statement vg:evidence ?f .",),
        extra=(
            "{node} vg:between ?s . ?s ?p ?o FILTER (?p IN (rdf:object, vg:evidence))",
            *OF_GRANT,
        ),
        mentions=True,
        links=True,
    ),
)
