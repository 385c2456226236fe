"""Each rule of the shipped shapes finds its fault, at the right file and line, in both languages, with both engines.

Faults that have nothing to do with each other are put into one copy of the register, so that all rules can be tried.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.finding import Finding, Place, Severity
from vertragsgraph.gate.checks.literals import check_literals
from vertragsgraph.gate.checks.validation import validate
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.shacl.shapes import Shapes
from vertragsgraph.graph.collect import read_document
from vertragsgraph.graph.languages import for_each_language
from vertragsgraph.rdf import edtf
from vertragsgraph.rdf.namespaces import RDFS, WELL_KNOWN, XSD
from vertragsgraph.rdf.terms import TYPE
from vertragsgraph.register import load_register, shipped_folder
from vertragsgraph.register.names import statement_iri

pytest.importorskip("shacl", reason="there is no wheel of shacl for this platform")

SH_DEACTIVATED = NamedNode("http://www.w3.org/ns/shacl#deactivated")
VGS = "https://w3id.org/vertragsgraph/shapes#"


@dataclass(frozen=True)
class Fault:
    """A rule, and what is changed in a block so that the rule finds it.

    The place is the line of what was added; where nothing was, that of the subject. With `at`, it is that of the
    subject which `at` names. `focus` is the node that is complained about, where it is another one.
    """

    rule: str
    subject: str
    drop: str = ""
    add: str = ""
    at: str = ""
    focus: str = ""
    severity: Severity = Severity.VIOLATION

    @property
    def touches(self) -> set[str]:
        return {self.subject, self.at or self.subject, self.focus or self.subject}


WARNING, INFO = Severity.WARNING, Severity.INFO
DRK, IAF, BAF, HJR = (
    f"contract:{name}" for name in ("drk-hessen", "iaf", "bildungsstaette-anne-frank", "hessischer-jugendring")
)
BUND, RING = "contract:bund", "contract:ring"
WITHDRAWN = "organisation:entfallen"
CHANGE, OTHER_CHANGE = "change:jugendring-umbenannt", "change:iaf-zusammengeschlossen"
FROM_TEXT = "evidence:jugendring-partner-s1"
SEEN = 'vg:seenBy <id/organisation/vertragsgraph> ; vg:seenOn "2026-05-04"^^xsd:date'
GRANT, OTHER_GRANT = "grant:bildungsstaette-anne-frank-erstes-projekt", "grant:landesfachstelle-hessen"

FAULTS = [
    # contracts
    Fault("contract-has-contracting-party", IAF, drop="vg:contractingParty"),
    Fault("contracting-party-is-organisation", DRK, "vg:contractingParty", "vg:contractingParty <id/topic/sport>"),
    Fault("contract-has-partner", IAF, drop="vg:partner"),
    Fault("partner-is-organisation", DRK, "vg:partner", "vg:partner <id/topic/sport>"),
    Fault("partner-is-not-the-contracting-party", HJR, add="vg:partner <id/organisation/hessische-landesregierung>"),
    Fault("person-partner-is-person", BAF, add="vg:personPartner <id/organisation/iaf>"),
    Fault("PersonPartnersHaveBasis", HJR, add="vg:personPartner <id/person/kai-klose>", at=HJR),
    Fault("publication-basis-has-language", DRK, add='vg:publicationBasis "§ 5"'),
    Fault("partner-not-public-is-true", IAF, add="vg:partnerNotPublic false"),
    Fault("party-wording-has-language", IAF, add='vg:partyWording "Landesregierung"'),
    Fault("contract-has-theme", BAF, drop="vg:theme", severity=WARNING),
    Fault("theme-has-language", HJR, add='vg:theme "Thema"'),
    Fault("contract-has-topic", DRK, drop="vg:topic", severity=WARNING),
    Fault("topic-is-topic", IAF, add="vg:topic <id/organisation/iaf>"),
    Fault("aim-is-aim", BAF, add="vg:servesAim <id/topic/sport>"),
    Fault("measure-is-measure", HJR, add="vg:agreesOn <id/topic/sport>"),
    Fault("form-is-concept", DRK, add="dcterms:type <id/organisation/iaf>"),
    Fault("programme-is-programme", IAF, add="dcterms:isPartOf <id/organisation/iaf>"),
    Fault("contract-has-funding-status", BAF, drop="vg:fundingStatus"),
    Fault("SeveralFundingStatuses", HJR, add="vg:fundingStatus vg:NotFunded", at=HJR),
    Fault("NotStatedAlone", IAF, add="vg:fundingStatus vg:NotFunded", at=IAF),
    Fault("funding-status-is-known", DRK, "vg:fundingStatus", "vg:fundingStatus vg:Stated"),
    Fault("funding-is-grant", HJR, add="schema:funding <id/organisation/iaf>"),
    Fault("OnlyFundedContractsHaveGrants", HJR, "vg:fundingStatus", "vg:fundingStatus vg:NotFunded", at=HJR),
    Fault("contract-has-signing", "signing:iaf", drop="vg:concerns", at=IAF),
    Fault("contract-has-one-signing", "signing:iaf", add="vg:concerns <id/contract/hessischer-jugendring>", focus=HJR),
    Fault("ContractClosed", BAF, add='vg:words "Worte"@de'),
    # programme, aims, measures, grants
    Fault("programme-has-aim", "programme:integrationsvertraege", drop="vg:overallAim vg:hasAim", severity=WARNING),
    Fault("programme-aim-is-aim", "programme:integrationsvertraege", add="vg:hasAim <id/place/hessen>"),
    Fault(
        "stated-number-is-number",
        "programme:integrationsvertraege",
        "vg:statedNumberOfContracts",
        "vg:statedNumberOfContracts -4",
    ),
    Fault("aim-topic-is-topic", "aim:austausch", add="dcterms:references <id/place/hessen>"),
    Fault("commitment-has-party", "measure:drk-integrationskultur", drop="prov:wasAttributedTo"),
    Fault(
        "commitment-party-is-organisation",
        "measure:drk-integrationskultur",
        add="prov:wasAttributedTo <id/topic/sport>",
    ),
    Fault("GrantWithoutContract", HJR, drop="schema:funding", at=OTHER_GRANT),
    Fault("grant-topic-is-topic", GRANT, add="vg:topic <id/organisation/iaf>"),
    Fault("amount-is-decimal", GRANT, "vg:amountJustUnder", "vg:amountJustUnder 40000"),
    Fault("one-amount", GRANT, add="schema:amount 39999.0"),
    Fault("one-lower-limit", GRANT, add="schema:minValue 30000.0 , 35000.0"),
    Fault("range-goes-up", OTHER_GRANT, add="schema:maxValue 2.0 ; schema:minValue 3.0"),
    Fault("amount-per-is-period", GRANT, add='vg:amountPer "PT1H"^^xsd:duration'),
    Fault("PeriodsHaveAmounts", OTHER_GRANT, add='vg:amountPer "P1Y"^^xsd:duration', at=OTHER_GRANT),
    Fault("in-kind-has-language", OTHER_GRANT, add='vg:inKind "Räume"'),
    Fault("currency-is-code", GRANT, "schema:currency", 'schema:currency "Euro"'),
    Fault("funder-is-organisation", OTHER_GRANT, "schema:funder", "schema:funder <id/person/kai-klose>"),
    Fault("grant-time-is-date", OTHER_GRANT, "schema:startDate", 'schema:startDate "Oktober 2018"'),
    Fault("AmountsHaveCurrencies", GRANT, drop="schema:currency"),
    Fault("GrantClosed", OTHER_GRANT, add='vg:words "Worte"@de'),
    # signings, presentations, utterances
    Fault("act-concerns-contract", "signing:drk-hessen", drop="vg:concerns"),
    Fault("act-concerns-a-contract", "utterance:moeller-oeffnung", "vg:concerns", "vg:concerns <id/topic/sport>"),
    Fault("act-date-is-date", "presentation:hessischer-jugendring", "vg:date", 'vg:date "09.05.2018"'),
    Fault("act-has-one-date", "presentation:bildungsstaette-anne-frank", add='vg:date "2018"^^xsd:gYear'),
    Fault("acted-as-is-tenure", "presentation:hessischer-jugendring", "vg:actedAs", "vg:actedAs <id/person/kai-klose>"),
    Fault("actor-is-person", "presentation:hessischer-jugendring", add="vg:actor <id/organisation/hmsi>"),
    Fault("signing-concerns-one-contract", "signing:drk-hessen", add="vg:concerns <id/contract/hessischer-jugendring>"),
    Fault("signing-has-date", "signing:iaf", drop="vg:date", severity=WARNING),
    Fault("signing-date-is-a-day", "signing:iaf", "vg:date", 'vg:date "2019"^^xsd:gYear', severity=INFO),
    Fault("SigningHasSignatory", "signing:drk-hessen", drop="vg:actedAs", severity=INFO),
    Fault("presentation-has-date", "presentation:hessischer-jugendring", drop="vg:date", severity=WARNING),
    Fault("presentation-has-presenter", "presentation:hessischer-jugendring", drop="vg:actedAs", severity=INFO),
    Fault("utterance-has-speaker", "utterance:moeller-oeffnung", drop="vg:actedAs"),
    Fault("utterance-has-words", "utterance:moeller-oeffnung", drop="vg:words"),
    Fault("words-are-short", "utterance:soedler-partnerschaft", add=f'vg:words "{"w" * 201}"@de'),
    Fault("words-have-language", "utterance:klose-engagement", add='vg:words "Worte"'),
    Fault("utterance-topic-is-topic", "utterance:klose-engagement", add="dcterms:references <id/contract/iaf>"),
    Fault("ActClosed", "utterance:klose-engagement", add='vg:theme "Thema"@de'),
    Fault("part-is-utterance-or-signature", "signing:iaf", add="dcterms:hasPart <id/topic/sport>"),
    Fault("side-is-organisation", "signature:bund", add="vg:onBehalfOf <id/topic/sport>"),
    Fault("deputy-acts-in-tenure", "signature:bund", add="vg:inPlaceOf <id/organisation/iaf>"),
    Fault("act-place-is-place", "signing:bund", add="schema:location <id/topic/sport>"),
    # term, documents, signatures, changes
    Fault("term-date-is-date", BUND, add='schema:endDate "Ende 2021"'),
    Fault("term-has-one-beginning", BUND, add='schema:startDate "2018"^^xsd:gYear'),
    Fault("term-has-one-end", BUND, add='schema:endDate "2019"^^xsd:gYear , "2018"^^xsd:gYear'),
    Fault("duration-is-duration", BUND, "schema:duration", 'schema:duration "PT12H"^^xsd:duration'),
    Fault("term-has-one-duration", BUND, add='schema:duration "P2Y"^^xsd:duration'),
    Fault("replaced-is-contract", BUND, add="dcterms:replaces <id/organisation/iaf>"),
    Fault("contract-has-one-termination", "termination:ring", add=f"vg:concerns {BUND}", focus=BUND),
    Fault("IndefiniteTerm", "extension:bund", add="vg:indefinite true", at="extension:bund"),
    Fault("indefinite-is-boolean", RING, add='vg:indefinite "ja"'),
    Fault("document-is-document", BUND, add="vg:annex <id/topic/sport>"),
    Fault("document-belongs-to-contract", BUND, drop="vg:contractText", at="document:bund"),
    Fault("document-address-is-address", "document:bund", add='schema:url "akte.pdf"'),
    Fault("document-digest-is-sha256", "document:bund", add='schema:sha256 "ABC"'),
    Fault("document-title-has-language", "document:bund", add='dcterms:title "Vertrag"'),
    Fault("ContractDocumentClosed", "document:bund", add='schema:pagination "1–3"', severity=WARNING),
    Fault("signature-belongs-to-conclusion", "signing:bund", drop="dcterms:hasPart", at="signature:bund"),
    Fault("signature-is-of-one-person", "signature:bund", add="vg:actedAs <id/tenure/meron-mendel-direktor>"),
    Fault("change-concerns-one-contract", "extension:bund", add=f"vg:concerns {RING}"),
    Fault("effective-date-is-date", "extension:bund", "vg:effectiveUntil", 'vg:effectiveUntil "bald"'),
    Fault("one-effective-date", "extension:bund", add='vg:effectiveUntil "2020"^^xsd:gYear'),
    Fault("change-words-have-language", "extension:bund", add='vg:content "mehr"'),
    Fault("ExtensionHasEnd", "extension:bund", drop="vg:effectiveUntil", severity=WARNING),
    Fault("termination-has-end", "termination:bund", drop="vg:effectiveUntil", severity=WARNING),
    Fault("ContractChangeClosed", "extension:bund", add='vg:theme "Thema"@de'),
    # organisations, offices, tenures
    Fault("legal-form-is-concept", "organisation:iaf", "org:classification", "org:classification <id/place/hessen>"),
    Fault("one-legal-form", "organisation:iaf", add="org:classification <id/form/selbstverpflichtung>"),
    Fault("legal-name-has-language", "organisation:drk-hessen", add='schema:legalName "DRK e.V."'),
    Fault(
        "larger-organisation-is-organisation",
        "organisation:drk-hessen",
        "org:subOrganizationOf",
        "org:subOrganizationOf <id/place/hessen>",
    ),
    Fault("partner-has-legal-form", "organisation:iaf", drop="org:classification", severity=INFO),
    Fault("change-has-kind", CHANGE, drop="vg:changeKind"),
    Fault("change-kind-is-known", CHANGE, "vg:changeKind", "vg:changeKind vg:Stated"),
    Fault("change-has-original", OTHER_CHANGE, drop="org:originalOrganization"),
    Fault("changed-is-organisation", OTHER_CHANGE, add="org:resultingOrganization <id/place/hessen>"),
    Fault("ResultOfChange", OTHER_CHANGE, drop="org:resultingOrganization", at=OTHER_CHANGE),
    Fault("FormerNameIsOfTheSame", OTHER_CHANGE, add='vg:formerName "Verband"@de', at=OTHER_CHANGE),
    Fault("RenamedHasFormerName", CHANGE, drop="vg:formerName", at=CHANGE),
    Fault("change-date-is-date", CHANGE, "dcterms:date", 'dcterms:date "Herbst"'),
    Fault("change-has-one-date", CHANGE, add='dcterms:date "2020"^^xsd:gYear'),
    Fault("former-name-has-language", CHANGE, add='vg:formerName "Jugendring"'),
    Fault("ChangeClosed", CHANGE, add='vg:words "Worte"@de'),
    Fault("office-has-organisation", "office:praesident-drk-hessen", drop="org:postIn", severity=INFO),
    Fault(
        "office-organisation-is-organisation",
        "office:praesident-drk-hessen",
        "org:postIn",
        "org:postIn <id/place/hessen>",
    ),
    Fault("tenure-has-person", "tenure:nils-moeller-landesgeschaeftsfuehrer", drop="org:member"),
    Fault(
        "tenure-has-one-person",
        "tenure:nils-moeller-landesgeschaeftsfuehrer",
        add="org:member <id/person/meron-mendel>",
    ),
    Fault("tenure-person-is-person", "tenure:norbert-soedler-praesident", "org:member", "org:member <id/place/hessen>"),
    Fault("tenure-has-office", "tenure:nils-moeller-landesgeschaeftsfuehrer", drop="vg:inOffice"),
    Fault("tenure-has-one-office", "tenure:kai-klose-minister", add="vg:inOffice <id/office/praesident-drk-hessen>"),
    Fault(
        "tenure-office-is-office", "tenure:norbert-soedler-praesident", "vg:inOffice", "vg:inOffice <id/place/hessen>"
    ),
    Fault("tenure-has-time", "tenure:norbert-soedler-praesident", drop="dcterms:isReferencedBy", severity=WARNING),
    Fault("tenure-time-is-date", "tenure:meron-mendel-direktor", "vg:heldOn", 'vg:heldOn "2018"'),
    Fault("tenure-has-one-start", "tenure:kai-klose-minister", add='schema:startDate "2019"^^xsd:gYear'),
    Fault(
        "tenure-has-one-end", "tenure:kai-klose-minister", add='schema:endDate "2024"^^xsd:gYear , "2023"^^xsd:gYear'
    ),
    Fault("TenureClosed", "tenure:meron-mendel-direktor", add='vg:words "Worte"@de'),
    Fault("AgentProperties", "organisation:iaf", add='<https://schema.org/addressCountry> "DE"', severity=WARNING),
    # topics and names
    Fault("topic-is-in-scheme", "topic:sport", drop="skos:inScheme"),
    Fault("topic-scheme-is-scheme", "topic:vielfalt", add="skos:inScheme <id/place/hessen>"),
    Fault("topic-has-place", "topic:rassismus", drop="skos:broader"),
    Fault("broader-is-topic", "topic:sport", add="skos:broader <id/place/hessen>"),
    Fault("scope-note-in-de", "topic:sport", drop="skos:scopeNote", severity=WARNING),
    Fault("scope-note-in-en", "topic:sport", drop="skos:scopeNote", severity=WARNING),
    Fault("label-in-de", "organisation:hmsi", drop="rdfs:label"),
    Fault("label-in-en", "organisation:hmsi", drop="rdfs:label"),
    Fault("label-one-per-language", "organisation:hmsi", add='rdfs:label "Ministerium"@de'),
    Fault("label-language", "person:meron-mendel", add='rdfs:label "Meron Mendel"'),
    Fault("preflabel-in-de", "topic:sport", drop="skos:prefLabel"),
    Fault("preflabel-in-en", "topic:sport", drop="skos:prefLabel"),
    Fault("preflabel-one-per-language", "topic:vielfalt", add='skos:prefLabel "Diversität"@de'),
    Fault("preflabel-language", "topic:vielfalt", add='skos:prefLabel "diversité"'),
    Fault("alt-label-language", "topic:integration", add='skos:altLabel "intégration"'),
    Fault(
        "alt-label-is-another-name",
        "organisation:hmsi",
        add='skos:altLabel "Hessian Ministry for Social Affairs and Integration"@en',
    ),
    Fault("alt-label-is-not-preferred", "topic:integration", add='skos:altLabel "Integration"@de'),
    # sources
    Fault("source-has-key", "source:p1", drop="dcterms:identifier"),
    Fault("source-has-address", "source:p2", drop="schema:url", severity=INFO),
    Fault("source-address-is-address", "source:p1", add='schema:url "https://example.org/"'),
    Fault("source-digest-is-sha256", "source:s2", "schema:sha256", 'schema:sha256 "D6A386"'),
    Fault("source-issued-is-date", "source:p3", "dcterms:issued", 'dcterms:issued "22.05.2018"'),
    Fault(
        "source-accessed-is-day",
        "source:s1",
        add='<http://purl.org/spar/fabio/hasAccessDate> "2026-11"^^xsd:gYearMonth',
    ),
    Fault("source-publisher-is-no-host", "source:p5", "dc:publisher", 'dc:publisher "wachsen.jetzt"', severity=WARNING),
    Fault("source-archive-is-address", "source:s2", add='schema:archivedAt "https://web.archive.org/"'),
    Fault("QuotationFromText", FROM_TEXT, "oa:start", f'vg:page "1" ; {SEEN}', at=FROM_TEXT),
    Fault("source-is-held-by-agent", "source:p5", add='vg:heldBy "Archiv"'),
    Fault("SourceProperties", "source:p3", add='schema:pagination "1–3"', severity=WARNING),
    # what was withdrawn
    Fault(
        "tombstone-is-nothing-else", WITHDRAWN, add="rdf:type <https://w3id.org/vertragsgraph/ontology#Organisation>"
    ),
    Fault("tombstone-has-instant", WITHDRAWN, drop="as:deleted"),
    Fault("tombstone-has-one-instant", WITHDRAWN, add='as:deleted "2026-11-27T12:00:00Z"^^xsd:dateTime'),
    Fault("tombstone-instant-is-instant", WITHDRAWN, "as:deleted", 'as:deleted "2026-11-26"^^xsd:date'),
    Fault("tombstone-says-why-in-de", WITHDRAWN, drop="skos:changeNote"),
    Fault("tombstone-says-why-in-en", WITHDRAWN, drop="skos:changeNote"),
    Fault("tombstone-reason-one-per-language", WITHDRAWN, add='skos:changeNote "Fehler"@de'),
    Fault("tombstone-reason-language", WITHDRAWN, add='skos:changeNote "erreur"'),
    Fault("tombstone-label-language", WITHDRAWN, add='rdfs:label "fin"'),
    Fault("tombstone-former-type-is-class", WITHDRAWN, add='as:formerType "Organisation"'),
    Fault("replacement-is-resource", WITHDRAWN, add='dcterms:isReplacedBy "iaf"'),
    Fault("replacement-is-not-withdrawn", WITHDRAWN, add="dcterms:isReplacedBy <id/organisation/erloschen>"),
    Fault("TombstoneClosed", WITHDRAWN, add="schema:url <https://example.org/>"),
]

TOMBSTONES = """
@prefix organisation: <id/organisation/> .
@prefix as: <https://www.w3.org/ns/activitystreams#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

organisation:entfallen a as:Tombstone ;
    as:deleted "2026-11-26T12:00:00Z"^^xsd:dateTime ;
    skos:changeNote "Doppelt erfasst."@de , "Recorded twice."@en .

organisation:erloschen a as:Tombstone ;
    as:deleted "2026-11-26T12:00:00Z"^^xsd:dateTime ;
    skos:changeNote "Doppelt erfasst."@de , "Recorded twice."@en .
"""

# Two invented contracts, as far as the rules on the life of a contract need them.
LIFE = """
@prefix contract: <id/contract/> .
@prefix signing: <id/signing/> .
@prefix signature: <id/signature/> .
@prefix extension: <id/extension/> .
@prefix termination: <id/termination/> .
@prefix document: <id/document/> .
@prefix tenure: <id/tenure/> .
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

contract:bund a vg:Contract ;
    schema:startDate "2019"^^xsd:gYear ;
    schema:duration "P1Y"^^xsd:duration ;
    vg:contractText document:bund .

document:bund a vg:ContractDocument .

signing:bund a vg:Signing ;
    vg:concerns contract:bund ;
    dcterms:hasPart signature:bund .

signature:bund a vg:Signature ;
    vg:actedAs tenure:kai-klose-minister .

extension:bund a vg:Extension ;
    vg:concerns contract:bund ;
    vg:effectiveUntil "2021"^^xsd:gYear .

termination:bund a vg:Termination ;
    vg:concerns contract:bund ;
    vg:effectiveUntil "2020-06"^^xsd:gYearMonth .

contract:ring a vg:Contract .

termination:ring a vg:Termination ;
    vg:concerns contract:ring .
"""


CHANGES = """
@prefix change: <id/change/> .
@prefix organisation: <id/organisation/> .
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

change:jugendring-umbenannt a org:ChangeEvent ;
    rdfs:label "Umbenennung (erfunden)"@de , "renaming (invented)"@en ;
    vg:changeKind vg:Renamed ;
    org:originalOrganization organisation:hessischer-jugendring ;
    org:resultingOrganization organisation:hessischer-jugendring ;
    vg:formerName "Jugendring"@de ;
    dcterms:date "2019"^^xsd:gYear .

change:iaf-zusammengeschlossen a org:ChangeEvent ;
    rdfs:label "Zusammenschluss (erfunden)"@de , "merger (invented)"@en ;
    vg:changeKind vg:Merged ;
    org:originalOrganization organisation:iaf ;
    org:resultingOrganization organisation:drk-hessen .
"""


def batches() -> list[list[Fault]]:
    """Arrange the faults so that no two of a batch touch the same subject."""
    arranged: list[list[Fault]] = []
    for fault in FAULTS:
        for batch in arranged:
            if not any(fault.touches & other.touches for other in batch):
                batch.append(fault)
                break
        else:
            arranged.append([fault])
    return arranged


Found = dict[str, tuple[Place, list[Finding], list[Finding]]]
"""For each rule the place that is expected, and what pyshacl and shacl have found."""


def judge(copy) -> tuple[list[Finding], list[Finding]]:
    register, graphs = copy.register, copy.collect()
    return tuple(list(validate(register, graphs, Places(register), fast=fast).findings) for fast in (False, True))


@pytest.fixture(scope="session")
def found(new_copy) -> Found:
    all_found: Found = {}
    for batch in batches():
        copy = new_copy()
        copy.append("tombstones.ttl", TOMBSTONES)
        copy.append("changes.ttl", CHANGES)
        copy.append("contracts/life.ttl", LIFE)
        for fault in batch:
            copy.change(fault.subject, drop=fault.drop, add=fault.add)
        slow, fast = judge(copy)
        for fault in batch:
            all_found[fault.rule] = (expected_place(fault, copy), slow, fast)
    return all_found


def expected_place(fault: Fault, copy) -> Place:
    at = fault.at or (fault.subject if not fault.add else "")
    path = copy.file(at or fault.subject)
    start = copy.line(path, f"{at or fault.subject} a ")
    if at:
        return Place(path, start)
    lines = path.read_text("utf-8").splitlines()[start - 1 :]
    return Place(
        path, start + next(number for number, line in enumerate(lines) if line.strip(" ;.") == fault.add.strip(" ;."))
    )


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.rule)
@pytest.mark.parametrize("engine", ["pyshacl", "shacl"])
def test_each_rule_finds_its_fault(found: Found, fault: Fault, engine: str) -> None:
    place, by_pyshacl, by_shacl = found[fault.rule]
    findings = by_pyshacl if engine == "pyshacl" else by_shacl
    here = [finding for finding in findings if finding.rule == VGS + fault.rule and finding.place == place]
    assert here, [f"{f.rule} {f.place}" for f in findings if f.rule == VGS + fault.rule]
    (finding,) = here
    assert finding.severity == fault.severity
    name = (fault.focus or fault.at or fault.subject) + ": "
    assert finding.message["de"].startswith(name)
    assert finding.message["en"].startswith(name)
    assert finding.message["de"] != finding.message["en"]


def test_both_engines_find_the_same(found: Found) -> None:
    for _, by_pyshacl, by_shacl in found.values():
        assert by_pyshacl == by_shacl


TWELVE = [
    "contract-has-partner", "contracting-party-is-organisation", "SeveralFundingStatuses", "ContractClosed",
    "contract-has-signing", "act-date-is-date", "utterance-has-speaker", "one-legal-form", "tenure-person-is-person",
    "topic-is-in-scheme", "label-one-per-language", "currency-is-code", "source-digest-is-sha256",
]  # fmt: skip


@pytest.fixture(scope="session")
def without_fault(new_copy) -> set[tuple[str, str]]:
    return {(finding.rule, finding.focus) for finding in judge(new_copy())[0]}


@pytest.mark.parametrize("kind", ["Stated", "Implied", "Reported"])
def test_what_is_said_to_stand_there_needs_a_quotation(copy, kind: str) -> None:
    entry = "evidence:jugendring-partner-s1"
    copy.change(entry, drop="vg:supportKind oa:exact oa:start oa:prefix oa:suffix", add=f"vg:supportKind vg:{kind}")
    by_pyshacl, by_shacl = judge(copy)
    assert by_pyshacl == by_shacl
    (finding,) = (finding for finding in by_pyshacl if finding.rule == VGS + "Evidence")
    path = copy.file(entry)
    assert finding.place == Place(path, copy.line(path, f"{entry} a "))
    assert finding.severity is Severity.VIOLATION


@pytest.mark.parametrize("rule", TWELVE)
def test_one_fault_alone(copy, without_fault: set[tuple[str, str]], rule: str) -> None:
    """With one fault in the register, nothing but this fault is found, beside what follows from it."""
    (fault,) = (fault for fault in FAULTS if fault.rule == rule)
    copy.change(fault.subject, drop=fault.drop, add=fault.add)
    by_pyshacl, by_shacl = judge(copy)
    assert by_pyshacl == by_shacl
    new = [f for f in by_pyshacl if (f.rule, f.focus) not in without_fault]
    assert (VGS + rule, expected_place(fault, copy)) in [(f.rule, f.place) for f in new]
    assert {f.place.file for f in new if f.place} == {expected_place(fault, copy).file}


# What can't be wrong in a file, since entries that keepers write are checked when they are expanded, is put into the graph.

ENTRY = """
evidence:fault-{number} a vg:Evidence ;
    vg:supports [ rdf:subject topic:sport ; rdf:predicate rdfs:comment ; rdf:object "{number}" ] ;
    vg:supportKind vg:Stated ;
    oa:hasSource source:s1 ;
    oa:exact "{number}" ;
    oa:prefix "before " ;
    oa:suffix " after" ;
    oa:start 0 ;
    oa:end 2 ;
    dcterms:creator organisation:vertragsgraph ;
    dcterms:date "2026-11-22"^^xsd:date .
"""
FIRST, SUPPORTS, KIND, SOURCE, EXACT, PREFIX, SUFFIX, START, END, CREATOR, DATE = range(11)
"""The lines of an entry."""


@dataclass(frozen=True)
class GraphFault:
    """The values of a property of a node in the graph `evidence` are replaced; the place is a line of the entry.

    `node` is `""` for the entry, `quote` or `position` for its selectors, `statement` for the statement that it supports.
    The value `ITSELF` is the node.
    """

    rule: str
    node: str
    predicate: str
    values: tuple[str, ...]
    line: int
    severity: Severity = Severity.VIOLATION


PLACE = "<https://w3id.org/vertragsgraph/hessen/id/place/hessen>"
XSD_INTEGER = f"<{XSD}integer>"
CITED, IMPLIED, STATED, INFERRED = (
    f"<https://w3id.org/vertragsgraph/ontology#{kind}>" for kind in ("Cited", "Implied", "Stated", "Inferred")
)
S1, S2 = (f"<https://w3id.org/vertragsgraph/hessen/id/source/{key}>" for key in ("s1", "s2"))
ITSELF = "itself"

GRAPH_FAULTS = [
    GraphFault("evidence-has-one-support-kind", "", "vg:supportKind", (IMPLIED, STATED), KIND),
    GraphFault("EvidenceUse", "", "vg:supportKind", (), FIRST),
    GraphFault("InferenceReasoning", "", "vg:supportKind", (INFERRED,), FIRST),
    GraphFault("premise-is-quoted", "", "prov:wasDerivedFrom", (PLACE,), FIRST),
    GraphFault("premise-proves-no-conclusion", "", "prov:wasDerivedFrom", (ITSELF,), SUPPORTS),
    GraphFault("support-kind-is-known", "", "vg:supportKind", (PLACE,), KIND),
    GraphFault("Evidence", "", "vg:supportKind", (CITED,), FIRST),
    GraphFault("evidence-has-one-source", "", "oa:hasSource", (S1, S2), SOURCE),
    GraphFault("evidence-source-is-source", "", "oa:hasSource", (PLACE,), SOURCE),
    GraphFault("evidence-has-judge", "", "dcterms:creator", ('"Jemand"',), CREATOR),
    GraphFault("evidence-has-day", "", "dcterms:date", ('"heute"',), DATE),
    GraphFault("quotation-has-words", "quote", "oa:exact", (), FIRST),
    GraphFault("quotation-is-short", "quote", "oa:exact", (f'"{"w" * 351}"',), EXACT, WARNING),
    GraphFault("quotation-prefix-is-short", "quote", "oa:prefix", (f'"{"w" * 129}"',), PREFIX, WARNING),
    GraphFault("quotation-suffix-is-short", "quote", "oa:suffix", (f'"{"w" * 129}"',), SUFFIX, WARNING),
    GraphFault("position-has-start", "position", "oa:start", ('"vorn"',), START),
    GraphFault("position-has-end", "position", "oa:end", (), FIRST),
    GraphFault("position-ends-after-start", "position", "oa:start", (f'"2"^^{XSD_INTEGER}',), START),
    GraphFault("statement-has-subject", "statement", "rdf:subject", (), SUPPORTS),
    GraphFault("statement-has-predicate", "statement", "rdf:predicate", (), SUPPORTS),
    GraphFault("statement-has-object", "statement", "rdf:object", (), SUPPORTS),
    GraphFault("statement-has-evidence", "statement", "vg:evidence", (), SUPPORTS),
    GraphFault("StatementClosed", "statement", "vg:theme", ('"Thema"@de',), SUPPORTS),
]

DISAGREEMENT = """
disagreement:fault-{number} a vg:Disagreement ;
    rdfs:label "Streit"@de , "quarrel"@en ;
    vg:between [ rdf:subject topic:sport ; rdf:predicate rdfs:comment ; rdf:object "10" ] ,
        [ rdf:subject topic:sport ; rdf:predicate rdfs:comment ; rdf:object "11" ] ;
    dcterms:creator organisation:vertragsgraph ;
    dcterms:date "2026-11-22"^^xsd:date .
"""
DISAGREEMENT_FAULTS = [
    GraphFault("disagreement-has-statements", "", "vg:between", (), 0),
    GraphFault("disagreement-statement-is-statement", "", "vg:between", (PLACE, PLACE.replace("hessen>", "land>")), 2),
]
PREFIXES = "".join(
    f"@prefix {kind}: <id/{kind}/> .\n" for kind in ("evidence", "topic", "source", "organisation", "disagreement")
) + "".join(f"@prefix {prefix}: <{WELL_KNOWN[prefix]}> .\n" for prefix in ("vg", "rdf", "rdfs", "oa", "dcterms", "xsd"))


@pytest.fixture(scope="session")
def found_in_graph(new_copy) -> Found:
    copy = new_copy()
    entries = [ENTRY.format(number=10 + number) for number in range(len(GRAPH_FAULTS))]
    entries += [DISAGREEMENT.format(number=10 + number) for number in range(len(DISAGREEMENT_FAULTS))]
    copy.append("evidence/faults.ttl", PREFIXES + "".join(entries))
    register, graphs = copy.register, copy.collect()
    lines = graphs.path("evidence").read_text("utf-8").splitlines()
    for kind, faults in (("evidence", GRAPH_FAULTS), ("disagreement", DISAGREEMENT_FAULTS)):
        for number, fault in enumerate(faults, 10):
            node = f"<{register.iri(f'id/{kind}/fault-{number}')}{'/' if fault.node else ''}{fault.node}>"
            if fault.node == "statement":
                topic, comment = register.iri("id/topic/sport"), RDFS + "comment"
                triple = Triple(NamedNode(topic), NamedNode(comment), Literal(str(number)))
                node = str(statement_iri(triple, register.base))
            prefix, name = fault.predicate.split(":")
            start = f"{node} <{WELL_KNOWN[prefix]}{name}> "
            lines = [line for line in lines if not line.startswith(start)] + [
                f"{start}{node if value == ITSELF else value} ." for value in fault.values
            ]
    graphs.path("evidence").write_text("\n".join(sorted(lines)) + "\n", "utf-8")
    findings = [list(validate(register, graphs, Places(register), fast=fast).findings) for fast in (False, True)]
    path = copy.folder / "data/evidence/faults.ttl"
    starts = {"evidence": GRAPH_FAULTS, "disagreement": DISAGREEMENT_FAULTS}
    return {
        fault.rule: (Place(path, copy.line(path, f"{kind}:fault-{number} a") + fault.line), *findings)
        for kind, faults in starts.items()
        for number, fault in enumerate(faults, 10)
    }


@pytest.mark.parametrize("fault", GRAPH_FAULTS + DISAGREEMENT_FAULTS, ids=lambda fault: fault.rule)
def test_each_rule_about_evidence_finds_its_fault(found_in_graph: Found, fault: GraphFault) -> None:
    place, by_pyshacl, by_shacl = found_in_graph[fault.rule]
    assert by_pyshacl == by_shacl
    findings = [finding for finding in by_pyshacl if finding.rule == VGS + fault.rule]
    assert place in [finding.place for finding in findings]
    assert {finding.severity for finding in findings} == {fault.severity}


FUNDED = """
@prefix disagreement: <id/disagreement/> .
evidence:drk-foerderung-p2 a vg:Evidence ; vg:supports FUNDED ; vg:supportKind vg:Cited ; oa:hasSource source:p2 ; JUDGED .
disagreement:drk-foerderung a vg:Disagreement ; rdfs:label "Förderung"@de , "funding"@en ; vg:between FUNDED , OTHER ; JUDGED .
""".replace(
    "FUNDED", "[ rdf:subject contract:drk-hessen ; rdf:predicate vg:fundingStatus ; rdf:object vg:Funded ]"
).replace("JUDGED", 'dcterms:creator organisation:vertragsgraph ; dcterms:date "2026-11-27"^^xsd:date')
NOT_FUNDED = "[ rdf:subject contract:drk-hessen ; rdf:predicate vg:fundingStatus ; rdf:object vg:NotFunded ]"
PARTNER = "[ rdf:subject contract:drk-hessen ; rdf:predicate vg:partner ; rdf:object organisation:drk-hessen ]"


@pytest.mark.parametrize(
    ("other", "wrong"), [(NOT_FUNDED, False), (PARTNER, True)], ids=["about funding", "about others"]
)
def test_sources_that_disagree_about_funding_may_stand_side_by_side(copy, other: str, wrong: bool) -> None:
    copy.change(DRK, drop="vg:fundingStatus", add="vg:fundingStatus vg:NotFunded , vg:Funded")
    copy.append("evidence/drk-hessen.ttl", FUNDED.replace("OTHER", other))
    by_pyshacl, by_shacl = judge(copy)
    assert by_pyshacl == by_shacl
    assert (VGS + "SeveralFundingStatuses" in {finding.rule for finding in by_pyshacl}) is wrong


def test_inferences_do_not_rest_on_each_other(copy) -> None:
    path = copy.folder / "data/evidence/iaf.ttl"
    text = path.read_text("utf-8")
    start = text.index("evidence:iaf-foerderung a vg:Evidence")
    entry = text[start : text.index("\n\n", start) + 2]
    first = entry.replace("evidence:iaf-foerderung-bisherige-s1", "evidence:iaf-andere")
    other = first.replace("evidence:iaf-foerderung a", "evidence:iaf-andere a").replace(
        "prov:wasDerivedFrom evidence:iaf-andere", "prov:wasDerivedFrom evidence:iaf-foerderung"
    )
    path.write_text(text.replace(entry, first + other), "utf-8")
    by_pyshacl, by_shacl = judge(copy)
    assert by_pyshacl == by_shacl
    found = {finding.focus for finding in by_pyshacl if finding.rule == VGS + "premise-is-quoted"}
    assert {focus.rpartition("/")[2] for focus in found} == {"iaf-foerderung>", "iaf-andere>"}


def test_a_name_that_is_no_slug(copy) -> None:
    copy.append("people.ttl", '\nperson:Meron-Müller a vg:Person ; rdfs:label "M"@de , "M"@en .\n')
    by_pyshacl, by_shacl = judge(copy)
    assert by_pyshacl == by_shacl
    (finding,) = (finding for finding in by_pyshacl if finding.rule == VGS + "Slug")
    path = copy.folder / "data/people.ttl"
    assert finding.place == Place(path, copy.line(path, "person:Meron-Müller"))


def test_every_rule_has_its_fault() -> None:
    """A rule is a shape with an IRI that states a constraint of its own."""
    tried = {fault.rule for fault in [*FAULTS, *GRAPH_FAULTS, *DISAGREEMENT_FAULTS]} | {"Slug"}
    only_refer = {
        "type",
        "label",
        "targetClass",
        "targetObjectsOf",
        "targetSubjectsOf",
        "property",
        "path",
        "severity",
        "message",
    }
    shipped = load_register(shipped_folder())
    shapes = Shapes(for_each_language(read_document(shipped, shipped.shapes), shipped.languages))
    kinds = ("NodeShape", "PropertyShape")
    rules = {
        node.value.removeprefix(VGS)
        for node, about in shapes.index.items()
        if node.value.startswith(VGS)
        and any(kind.value.endswith(kinds) for kind in about[TYPE])
        and SH_DEACTIVATED not in about  # forms for keepers
        and {predicate.value.rpartition("#")[2] for predicate in about} - only_refer
    }
    referred_to = {
        *(
            "AContract",
            "ADate",
            "ARoughDate",
            "AnOrganisation",
            "AnOffice",
            "AMeasure",
            "states-funding",
            "undisputed-funding-status",
        ),
        *("evidence-with-quotation", "evidence-by-reference", "inference-from-premises", "inference-from-whole-source"),
        *("supporting-evidence", "mere-premise"),
    }
    assert rules - referred_to - tried == set()


ROUGH = ["2015~", "../2018", "2019/..", "201X", "2014/2016", "2015?", "2015-06-XX"]


def test_dates_that_are_known_only_roughly_may_stand_wherever_dates_do(new_copy) -> None:
    for date in ROUGH:
        copy, literal = new_copy(), f'"{date}"^^<{edtf.DATATYPE}>'
        for subject, name in {
            "signing:iaf": "vg:date",
            "tenure:meron-mendel-direktor": "vg:heldOn",
            OTHER_GRANT: "schema:startDate",
            "source:p3": "dcterms:issued",
        }.items():
            copy.change(subject, drop=name, add=f"{name} {literal}")
        by_pyshacl, by_shacl = judge(copy)
        assert by_pyshacl == by_shacl
        assert [f.text("en") for f in by_pyshacl if "date" in f.rule and f.severity is Severity.VIOLATION] == []


@pytest.mark.parametrize(
    ("written", "rules"),
    [
        (f'"2015-13"^^<{edtf.DATATYPE}>', {"literals"}),
        (f'"20155~"^^<{edtf.DATATYPE}>', {"literals"}),
        ('"2015~"^^xsd:gYear', {"literals"}),
        ('"2015~"', {VGS + "act-date-is-date"}),
        (f'"2015~"^^<{edtf.DATATYPE}-level1>', {VGS + "act-date-is-date", "datatypes"}),
    ],
)
def test_a_date_in_no_right_form_is_found_at_its_line_and_once(new_copy, written: str, rules: set[str]) -> None:
    copy = new_copy()
    copy.change("signing:iaf", drop="vg:date", add=f"vg:date {written}")
    by_pyshacl, by_shacl = judge(copy)
    assert by_pyshacl == by_shacl
    register, graphs = copy.register, copy.collect()
    literals = check_literals(register, graphs, Places(register))
    found = [f for f in (*by_pyshacl, *literals) if "signing/iaf" in f.focus and f.severity is not Severity.INFO]
    assert {finding.rule for finding in found} == rules
    path = copy.file("signing:iaf")
    line = copy.line(path, f"vg:date {written}")
    assert {finding.place for finding in found} == {Place(path, line)}


def test_the_shapes_know_the_same_form_as_the_software() -> None:
    patterns = {
        t.object.value
        for t in read_document(load_register(shipped_folder()), shipped_folder() / "shapes")
        if t.predicate.value.endswith("#pattern")
    }
    assert f"^{edtf.PATTERN}$" in patterns
