"""The life of a contract: its term, whether it is in force, what became of it, who signed it for whom, its documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from pyoxigraph import NamedNode

from vertragsgraph.linked_data.in_force import Period, Status
from vertragsgraph.linked_data.names import MEMBER
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.linked_data.terms import Label
from vertragsgraph.rdf.namespaces import DCTERMS, SCHEMA, VG
from vertragsgraph.text_fragment import is_web_address
from vertragsgraph.texts import language_name, marked
from vertragsgraph.web.pages.edition import Edition, Note, Row, named
from vertragsgraph.web.rendering.presenter import Value

FOCUS: Final = (
    "?act vg:concerns {node} ; dcterms:hasPart ?f . ?f a vg:Signature .",
    "?act vg:concerns {node} ; dcterms:hasPart ?part . ?part vg:actedAs|vg:inPlaceOf ?f .",
    "?act vg:concerns {node} ; vg:inPlaceOf ?f .",
    "{node} vg:contractText|vg:annex ?f .",
    "?act vg:concerns {node} ; vg:contractText|vg:annex ?f .",
    "?f dcterms:replaces {node} .",
)
"""What the page about a contract needs for this, beside the acts that concern it."""

STATUSES: Final = {
    Status.IN_FORCE: marked("in force"),
    Status.NOT_YET: marked("not yet in force"),
    Status.ENDED: marked("ended"),
    Status.UNKNOWN: marked("not known"),
}
_STANDINGS: Final = {
    Status.IN_FORCE: ("Until", marked("in force until {date}")),
    Status.ENDED: ("Until", marked("ended, in force until {date}")),
    Status.NOT_YET: ("From", marked("in force only from {date}")),
}
EVENTS: Final = {
    VG + "Signing": marked("Concluded"),
    VG + "Amendment": marked("Amended"),
    VG + "Extension": marked("Extended"),
    VG + "Termination": marked("Ended"),
}
_UNDATED: Final = "9"  # comes after all dates


def period(found: Neighbourhood, contract: str) -> Period:
    """Return from when until when a contract is in force, as far as it follows from the data."""

    def days(end: str) -> list[str]:
        names = (f"{VG}inForce{end}{bound}" for bound in ("Earliest", "Latest"))
        return [day.value for day in found.literals(contract, *names)]

    return Period.of(
        days("From"), days("Until"), indefinitely=found.text(contract, VG + "inForceIndefinitely") == "true"
    )


def standing(edition: Edition, contract: str, on: date) -> str:
    """Return in words whether a contract is in force on a day, with what limits it; "" where that isn't known."""
    found, show, status = edition.found, edition.show, period(edition.found, contract).status(on)
    if status not in _STANDINGS:
        return ""
    end, words = _STANDINGS[status]
    dates = show.listed(show.lexical(each) for each in found.literals(contract, f"{VG}inForce{end}"))
    return show.say(words, date=dates) if dates else show.say("in force for an indefinite term")


def term(edition: Edition, contract: str) -> list[Row]:
    """Return rows for the term: whether the contract is in force on the day, then what was agreed."""
    show, day = edition.show, edition.show.site.day
    agreed = [
        *edition.rows(contract, SCHEMA + "startDate", show.say("Beginning")),
        *edition.rows(contract, SCHEMA + "endDate", show.say("End, as first agreed")),
        *edition.rows(contract, SCHEMA + "duration", show.say("Duration")),
        *(
            Row(show.say("Duration"), (_plain(show.say("indefinite")),), edition.of(contract, VG + "indefinite", value))
            for value in edition.found.literals(contract, VG + "indefinite")
            if value.value == "true"
        ),
    ]
    if not agreed and not _ends(edition, contract):
        return []
    status = period(edition.found, contract).status(day)
    text = standing(edition, contract, day) or show.say(STATUSES[status])
    name = show.say("Status on {day}", day=show.day(day))
    return [Row(name, (_plain(text),), detail=_why(edition, contract)), *agreed]


def _ends(edition: Edition, contract: str) -> list[str]:
    """Return the acts that prolonged or ended a contract."""
    kinds = {VG + "Extension", VG + "Termination"}
    return [act for act in edition.found.subjects(VG + "concerns", contract) if edition.found.types(act) & kinds]


def _why(edition: Edition, contract: str) -> str:
    """Return in words from what the end follows, where it isn't the one first agreed."""
    found, show, acts = edition.found, edition.show, _ends(edition, contract)
    known = found.literals(contract, VG + "inForceUntil", VG + "inForceIndefinitely")
    if any(VG + "Termination" in found.types(act) for act in acts):
        return show.say("By its termination.") if known else show.say("It was ended; no source says as of when.")
    if acts:
        return show.say("By its extension.") if known else show.say("It was extended; no source says until when.")
    if found.literals(contract, VG + "inForceUntil") and not found.literals(contract, SCHEMA + "endDate"):
        return show.say("Reckoned from beginning and duration.")
    return ""


def history(edition: Edition, contract: str) -> list[Row]:
    """Return rows for what happened to a contract, in order; none for one of which nothing but its conclusion is known."""
    found, show = edition.found, edition.show
    acts = [(act, name) for act in found.subjects(VG + "concerns", contract) for name in _event(found, act)]
    signed = [part for act, _ in acts for part in signatures(found, act)]
    changed = any(VG + "Signing" not in found.types(act) for act, _ in acts)
    before = edition.rows(contract, DCTERMS + "replaces", show.say("In the place of"))
    after = [
        Row("", (show.named(other),), edition.of(other, DCTERMS + "replaces", NamedNode(contract)))
        for other in found.subjects(DCTERMS + "replaces", contract)
    ]
    if not (signed or changed or before or after):
        return []
    events = [*((act, show.say(name)) for act, name in acts), *((act, show.say("Signed")) for act in signed)]
    events.sort(key=lambda event: (_when(found, event[0]), event[0]))
    rows = [_row(edition, act, name) for act, name in events]
    return [*before, *rows, *named(after, show.say("Replaced by"))]


def _event(found: Neighbourhood, act: str) -> list[str]:
    return [name for kind, name in EVENTS.items() if kind in found.types(act)]


def _when(found: Neighbourhood, act: str) -> str:
    """Return by what an act takes its place among others: its date, else from or until when it has effect."""
    effective = found.text(act, VG + "effectiveFrom") or found.text(act, VG + "effectiveUntil")
    is_conclusion = VG + "Signing" in found.types(act)
    return found.text(act, VG + "date") or effective or ("" if is_conclusion else _UNDATED)


def _row(edition: Edition, act: str, name: str) -> Row:
    """Return the row for an act: when, until when, what, by whom, for whom, with which documents."""
    found, show = edition.found, edition.show
    dates = show.listed(show.lexical(each) for each in found.literals(act, VG + "date"))
    ends = [show.say("until {date}", date=show.lexical(each)) for each in found.literals(act, VG + "effectiveUntil")]
    if found.text(act, VG + "indefinite") == "true":
        ends.append(show.say("for an indefinite term"))
    people, offices = doers(edition, act)
    told = [text for name in ("content", "reason") if (text := edition.best(act, VG + name))]
    documents = [show.named(each) for each in found.iris(act, VG + "contractText", VG + "annex")]
    dates = dates or show.say("date not known")
    values = tuple(map(_plain, ends)) or people
    return Row(
        show.say("{event}: {date}", event=name, date=dates) if values else name,
        values or (_plain(dates),),
        notes_of(edition, act),
        also=(*(people if ends else ()), *offices, *map(Value, told), *documents),
        detail=circumstances(edition, act),
    )


def doers(edition: Edition, act: str) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """Return who acted, and in which offices."""
    found, show = edition.found, edition.show
    tenures = found.iris(act, VG + "actedAs")
    people = [*(found.one(tenure, MEMBER) or tenure for tenure in tenures), *found.iris(act, VG + "actor")]
    offices = [office for tenure in tenures for office in found.iris(tenure, VG + "inOffice")]
    return tuple(map(show.named, dict.fromkeys(people))), tuple(map(show.named, offices))


def circumstances(edition: Edition, act: str) -> str:
    """Return in words for which side an act was done, in whose place, from when it has effect, where it was done."""
    found, show = edition.found, edition.show

    def labels(iris: Iterable[str]) -> str:
        return show.listed(show.label(iri).text for iri in iris)

    sides, deputised = found.iris(act, VG + "onBehalfOf"), found.iris(act, VG + "inPlaceOf")
    ended = VG + "Termination" in found.types(act)
    by = marked("by mutual consent of: {sides}") if len(sides) > 1 else marked("by: {sides}")
    holders = ([*found.iris(each, MEMBER), *found.iris(each, VG + "inOffice")] or [each] for each in deputised)
    people = "; ".join(", ".join(show.label(iri).text for iri in holder) for holder in holders)
    parts = [
        show.say(by if ended else marked("for: {sides}"), sides=labels(sides)) if sides else "",
        show.say("in place of: {people}", people=people) if deputised else "",
        *(show.say("effective: from {date}", date=show.lexical(d)) for d in found.literals(act, VG + "effectiveFrom")),
        *(show.say("place: {place}", place=labels([place])) for place in found.iris(act, SCHEMA + "location")),
    ]
    return " · ".join(filter(None, parts))


def signatures(found: Neighbourhood, signing: str) -> list[str]:
    """Return the signatures that are part of a conclusion."""
    return [part for part in found.iris(signing, DCTERMS + "hasPart") if VG + "Signature" in found.types(part)]


def signed_by(edition: Edition, contract: str, signings: Sequence[str]) -> list[Row]:
    """Return rows for who signed, side by side, the public one first."""
    found, show = edition.found, edition.show
    public = set(found.iris(contract, VG + "contractingParty"))
    acts = [part for signing in signings for part in signatures(found, signing)]
    acts.sort(key=lambda act: public.isdisjoint(found.iris(act, VG + "onBehalfOf")))
    rows = []
    for act in acts:
        people, offices = doers(edition, act)
        side = show.listed(show.label(each).text for each in found.iris(act, VG + "onBehalfOf"))
        name = show.say("Signed for: {sides}", sides=side) if side else show.say("Signed by")
        silent = "" if people else show.say("No source names the person.")
        rows.append(Row(name, people, notes_of(edition, act), also=offices, unknown=silent))
    names = dict.fromkeys(row.name for row in rows)
    return [row for name in names for row in named([row for row in rows if row.name == name], name)]


def documents(edition: Edition, contract: str) -> list[Row]:
    """Return rows for file numbers, the text of a contract, and its annexes."""
    found, show = edition.found, edition.show
    rows = edition.rows(contract, DCTERMS + "identifier", show.say("File number"))
    for predicate, name in ((VG + "contractText", show.say("Text")), (VG + "annex", show.say("Annexes"))):
        rows += named([_document(edition, contract, predicate, each) for each in found.iris(contract, predicate)], name)
    return rows


def _document(edition: Edition, contract: str, predicate: str, document: str) -> Row:
    found, show = edition.found, edition.show
    label = show.label(document)
    address = found.one(document, SCHEMA + "url")
    languages = found.literals(document, DCTERMS + "language", SCHEMA + "inLanguage")
    parts = [
        *(each.value for each in found.literals(document, DCTERMS + "identifier")),
        *(language_name(each.value, show.language) for each in languages),
        *(each.value for each in found.literals(document, SCHEMA + "encodingFormat")),
        *(f"SHA-256: {each.value}" for each in found.literals(document, SCHEMA + "sha256")),
    ]
    value = Value(label, address if is_web_address(address) else show.href(document), show.foreign(label))
    return Row("", (value,), edition.of(contract, predicate, NamedNode(document)), detail=" · ".join(parts))


def notes_of(edition: Edition, act: str) -> tuple[Note, ...]:
    """Return the notes for all that is said about an act, each once."""
    found = edition.found
    said = ((name, value) for name in found.predicates(act) for value in found.objects(act, name))
    return edition.notes({proof for name, value in said for proof in found.evidence(act, name, value)})


def _plain(text: str) -> Value:
    return Value(Label(text, ""))
