"""Every rule of the shapes finds what it is for, in both validators, and finds nothing wrong with the shipped register."""

from __future__ import annotations

from collections.abc import Callable

import pyshacl
import pytest
import shacl
from rdflib import RDF, SH, Graph, Literal, Namespace, URIRef

from vertragsgraph.graph import Graphs
from vertragsgraph.rdf.rdflib_graph import rdflib_graph
from vertragsgraph.register import Register

VGS = Namespace("https://w3id.org/vertragsgraph/shapes#")
FAULT = Namespace("https://w3id.org/vertragsgraph/hessen/id/fault/")
PREFIXES = f"""
@prefix : <{FAULT}> .
@prefix contract: <https://w3id.org/vertragsgraph/hessen/id/contract/> .
@prefix organisation: <https://w3id.org/vertragsgraph/hessen/id/organisation/> .
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
@prefix as: <https://www.w3.org/ns/activitystreams#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix fabio: <http://purl.org/spar/fabio/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""

# For each rule, what is wrong; X stands for a resource of its own.
FAULTS = {
    "Slug": "<https://w3id.org/vertragsgraph/hessen/id/person/Kai_Möller> a vg:Person .",
    "label-in-de": 'X a vg:Person ; rdfs:label "Kai Klose"@en .',
    "label-in-en": 'X a vg:Person ; rdfs:label "Kai Klose"@de .',
    "label-one-per-language": 'X a vg:Person ; rdfs:label "Kai Klose"@de , "Klose, Kai"@de .',
    "label-language": 'X a vg:Person ; rdfs:label "Kai Klose" .',
    "preflabel-in-de": 'X a vg:Topic ; skos:prefLabel "sport"@en , "sport"@fr .',
    "preflabel-in-en": 'X a vg:Topic ; skos:prefLabel "Sport"@de , "Sport"@de-AT .',
    "preflabel-one-per-language": 'X a vg:Topic ; skos:prefLabel "Sport"@de , "Spiel"@de .',
    "preflabel-language": 'X a vg:Topic ; skos:prefLabel "sport" .',
    "alt-label-language": 'X skos:altLabel "DRK" .',
    "alt-label-is-another-name": 'X rdfs:label "DRK"@de ; skos:altLabel "DRK"@de .',
    "alt-label-is-not-preferred": 'X skos:prefLabel "Sport"@de ; skos:altLabel "Sport"@de .',
    "contract-has-contracting-party": "X a vg:IntegrationContract .",
    "contracting-party-is-organisation": "X a vg:Contract ; vg:contractingParty :person . :person a vg:Person .",
    "contract-has-partner": "X a vg:IntegrationContract .",
    "partner-is-organisation": "X a vg:Contract ; vg:partner :nobody .",
    "partner-is-not-the-contracting-party": "X a vg:Contract ; vg:partner :one ; vg:contractingParty :one .",
    "person-partner-is-person": "X a vg:Contract ; vg:personPartner organisation:iaf .",
    "PersonPartnersHaveBasis": "X a vg:Contract ; vg:personPartner :person .",
    "publication-basis-has-language": 'X a vg:Contract ; vg:publicationBasis "consent" .',
    "partner-not-public-is-true": "X a vg:Contract ; vg:partnerNotPublic false .",
    "party-wording-has-language": 'X a vg:Contract ; vg:partyWording "Landesregierung" .',
    "contract-has-theme": "X a vg:Contract .",
    "theme-has-language": 'X a vg:Contract ; vg:theme "Integration" .',
    "contract-has-topic": "X a vg:Contract .",
    "topic-is-topic": "X a vg:Contract ; vg:topic organisation:iaf .",
    "aim-is-aim": "X a vg:Contract ; vg:servesAim :nothing .",
    "measure-is-measure": "X a vg:Contract ; vg:agreesOn :nothing .",
    "form-is-concept": "X a vg:Contract ; dcterms:type :nothing .",
    "programme-is-programme": "X a vg:Contract ; dcterms:isPartOf organisation:iaf .",
    "contract-has-funding-status": "X a vg:Contract .",
    "SeveralFundingStatuses": """X a vg:Contract ; vg:fundingStatus vg:Funded , vg:NotFunded .
        :funded rdf:subject X ; rdf:predicate vg:fundingStatus ; rdf:object vg:Funded .""",
    "NotStatedAlone": "X a vg:Contract ; vg:fundingStatus vg:Funded , vg:NotStated .",
    "funding-status-is-known": "X a vg:Contract ; vg:fundingStatus vg:Unknown .",
    "funding-is-grant": "X a vg:Contract ; schema:funding :nothing .",
    "OnlyFundedContractsHaveGrants": "X a vg:Contract ; vg:fundingStatus vg:NotFunded ; schema:funding :grant .",
    "contract-has-signing": "X a vg:IntegrationContract .",
    "contract-has-one-signing": "X a vg:Contract . :s1 a vg:Signing ; vg:concerns X . :s2 a vg:Signing ; vg:concerns X .",
    "ContractClosed": "X a vg:Contract ; dcterms:hasPart organisation:iaf .",
    "term-date-is-date": 'X a vg:Contract ; schema:endDate "Ende 2021" .',
    "term-has-one-beginning": 'X a vg:Contract ; schema:startDate "2019"^^xsd:gYear , "2018"^^xsd:gYear .',
    "term-has-one-end": 'X a vg:Contract ; schema:endDate "2019"^^xsd:gYear , "2018"^^xsd:gYear .',
    "duration-is-duration": 'X a vg:Contract ; schema:duration "PT12H"^^xsd:duration .',
    "term-has-one-duration": 'X a vg:Contract ; schema:duration "P1Y"^^xsd:duration , "P2Y"^^xsd:duration .',
    "replaced-is-contract": "X a vg:Contract ; dcterms:replaces organisation:iaf .",
    "contract-has-one-termination": """X a vg:Contract . :t1 a vg:Termination ; vg:concerns X .
        :t2 a vg:Termination ; vg:concerns X .""",
    "IndefiniteTerm": 'X a vg:Contract ; vg:indefinite true ; schema:duration "P1Y"^^xsd:duration .',
    "indefinite-is-boolean": 'X a vg:Extension ; vg:indefinite "ja" .',
    "document-is-document": "X a vg:Extension ; vg:contractText :nothing .",
    "document-belongs-to-contract": "X a vg:ContractDocument .",
    "document-address-is-address": 'X a vg:ContractDocument ; schema:url "akte.pdf" .',
    "document-digest-is-sha256": 'X a vg:ContractDocument ; schema:sha256 "ABC" .',
    "document-title-has-language": 'X a vg:ContractDocument ; dcterms:title "Vertrag" .',
    "ContractDocumentClosed": 'X a vg:ContractDocument ; schema:pagination "1–3" .',
    "signature-belongs-to-conclusion": "X a vg:Signature . :p a vg:Presentation ; dcterms:hasPart X .",
    "signature-is-of-one-person": "X a vg:Signature ; vg:actedAs :tenure ; vg:actor :person .",
    "change-concerns-one-contract": "X a vg:Amendment ; vg:concerns contract:iaf , contract:drk-hessen .",
    "effective-date-is-date": 'X a vg:Termination ; vg:effectiveUntil "bald" .',
    "one-effective-date": 'X a vg:Extension ; vg:effectiveUntil "2019"^^xsd:gYear , "2020"^^xsd:gYear .',
    "change-words-have-language": 'X a vg:Termination ; vg:reason "Streit" .',
    "ExtensionHasEnd": "X a vg:Extension .",
    "termination-has-end": "X a vg:Termination .",
    "ContractChangeClosed": "X a vg:Amendment ; org:postIn organisation:iaf .",
    "programme-has-aim": "X a vg:Programme .",
    "programme-aim-is-aim": "X a vg:Programme ; vg:overallAim organisation:iaf .",
    "stated-number-is-number": 'X a vg:Programme ; vg:statedNumberOfContracts "four"@en .',
    "aim-topic-is-topic": "X a vg:Aim ; dcterms:references organisation:iaf .",
    "commitment-has-party": "X a vg:Commitment .",
    "commitment-party-is-organisation": "X a vg:Commitment ; prov:wasAttributedTo :nobody .",
    "GrantWithoutContract": "X a vg:Grant ; schema:funder organisation:iaf .",
    "grant-topic-is-topic": "X a vg:Grant ; vg:topic organisation:iaf .",
    "amount-is-decimal": 'X a vg:Grant ; vg:amountJustUnder "40000 EUR" .',
    "one-amount": "X a vg:Grant ; vg:amountJustUnder 40000.0 ; schema:amount 39900.0 .",
    "one-lower-limit": "X a vg:Grant ; schema:minValue 5000.0 ; schema:amount 39900.0 .",
    "range-goes-up": "X a vg:Grant ; schema:minValue 5000.0 ; schema:maxValue 5000.0 .",
    "amount-per-is-period": 'X a vg:Grant ; vg:amountPer "P0Y"^^xsd:duration .',
    "PeriodsHaveAmounts": 'X a vg:Grant ; vg:amountPer "P1Y"^^xsd:duration .',
    "in-kind-has-language": 'X a vg:Grant ; vg:inKind "rooms" .',
    "currency-is-code": 'X a vg:Grant ; schema:currency "Euro" .',
    "funder-is-organisation": "X a vg:Grant ; schema:funder :nobody .",
    "grant-time-is-date": 'X a vg:Grant ; schema:startDate "October 2018" .',
    "AmountsHaveCurrencies": "X a vg:Grant ; schema:amount 39900.0 .",
    "GrantClosed": "X a vg:Grant ; dcterms:hasPart organisation:iaf .",
    "act-concerns-contract": "X a vg:Signing .",
    "act-concerns-a-contract": "X a vg:Presentation ; vg:concerns organisation:iaf .",
    "act-date-is-date": 'X a vg:Signing ; vg:date "3. Juni 2019" .',
    "act-has-one-date": 'X a vg:Signing ; vg:date "2018"^^xsd:gYear , "2018-05-09"^^xsd:date .',
    "acted-as-is-tenure": "X a vg:Signing ; vg:actedAs :person . :person a vg:Person .",
    "actor-is-person": "X a vg:Utterance ; vg:actor organisation:iaf .",
    "part-is-utterance-or-signature": "X a vg:Signing ; dcterms:hasPart organisation:iaf .",
    "side-is-organisation": "X a vg:Termination ; vg:onBehalfOf :nobody .",
    "deputy-acts-in-tenure": "X a vg:Signature ; vg:inPlaceOf organisation:iaf .",
    "act-place-is-place": "X a vg:Signing ; schema:location organisation:iaf .",
    "ActClosed": "X a vg:Signing ; org:postIn organisation:iaf .",
    "signing-concerns-one-contract": "X a vg:Signing ; vg:concerns contract:iaf , contract:drk-hessen .",
    "signing-has-date": "X a vg:Signing .",
    "signing-date-is-a-day": 'X a vg:Signing ; vg:date "2018"^^xsd:gYear .',
    "SigningHasSignatory": "X a vg:Signing .",
    "presentation-has-date": "X a vg:Presentation .",
    "presentation-has-presenter": "X a vg:Presentation .",
    "utterance-has-speaker": "X a vg:Utterance .",
    "utterance-has-words": "X a vg:Utterance .",
    "words-are-short": f'X a vg:Utterance ; vg:words "{"viele Worte " * 20}"@de .',
    "words-have-language": 'X a vg:Utterance ; vg:particularWording "transkulturell" .',
    "utterance-topic-is-topic": "X a vg:Utterance ; dcterms:references organisation:iaf .",
    "legal-form-is-concept": "X a vg:Organisation ; org:classification :nothing .",
    "legal-name-has-language": 'X a vg:Organisation ; schema:legalName "X e.V." .',
    "one-legal-form": "X a vg:Organisation ; org:classification :one , :two .",
    "larger-organisation-is-organisation": "X a vg:Organisation ; org:subOrganizationOf :nobody .",
    "partner-has-legal-form": "contract:iaf vg:partner X . X a vg:Organisation .",
    "change-has-kind": "X a org:ChangeEvent .",
    "change-kind-is-known": "X a org:ChangeEvent ; vg:changeKind vg:Cited .",
    "change-has-original": "X a org:ChangeEvent .",
    "changed-is-organisation": "X a org:ChangeEvent ; org:resultingOrganization :nobody .",
    "ResultOfChange": "X vg:changeKind vg:Dissolved ; org:resultingOrganization organisation:iaf .",
    "FormerNameIsOfTheSame": 'X vg:formerName "iaf"@de ; org:originalOrganization organisation:iaf .',
    "RenamedHasFormerName": """X a org:ChangeEvent ; vg:changeKind vg:Renamed ; org:originalOrganization organisation:iaf ;
        org:resultingOrganization organisation:iaf .""",
    "change-date-is-date": 'X a org:ChangeEvent ; dcterms:date "Herbst" .',
    "change-has-one-date": 'X a org:ChangeEvent ; dcterms:date "2018"^^xsd:gYear , "2019"^^xsd:gYear .',
    "former-name-has-language": 'X a org:ChangeEvent ; vg:formerName "iaf" .',
    "ChangeClosed": "X a org:ChangeEvent ; org:postIn organisation:iaf .",
    "office-has-organisation": "X a vg:MinisterialOffice .",
    "office-organisation-is-organisation": "X a vg:Office ; org:postIn :nobody .",
    "tenure-has-person": "X a vg:Tenure .",
    "tenure-has-one-person": "X a vg:Tenure ; org:member :one , :two .",
    "tenure-person-is-person": "X a vg:Tenure ; org:member organisation:iaf .",
    "tenure-has-office": "X a vg:Tenure .",
    "tenure-has-one-office": "X a vg:Tenure ; vg:inOffice :one , :two .",
    "tenure-office-is-office": "X a vg:Tenure ; vg:inOffice organisation:iaf .",
    "tenure-has-time": "X a vg:Tenure .",
    "tenure-time-is-date": 'X a vg:Tenure ; vg:heldOn "18.01.2019" .',
    "tenure-has-one-end": 'X a vg:Tenure ; schema:endDate "2019"^^xsd:gYear , "2018"^^xsd:gYear .',
    "tenure-has-one-start": 'X a vg:Tenure ; schema:startDate "2019"^^xsd:gYear , "2018"^^xsd:gYear .',
    "TenureClosed": "X a vg:Tenure ; org:postIn organisation:iaf .",
    "AgentProperties": 'X a vg:Organisation ; schema:addressCountry "DE" .',
    "topic-is-in-scheme": "X a vg:Topic .",
    "topic-scheme-is-scheme": "X a vg:Topic ; skos:inScheme organisation:iaf .",
    "topic-has-place": "X a vg:Topic .",
    "broader-is-topic": "X a vg:Topic ; skos:broader organisation:iaf .",
    "scope-note-in-de": 'X a vg:Topic ; skos:scopeNote "In English only."@en .',
    "scope-note-in-en": 'X a vg:Topic ; skos:scopeNote "Nur auf Deutsch."@de .',
    "source-has-key": "X a vg:SourceDocument .",
    "source-has-address": "X a vg:SourceDocument .",
    "source-address-is-address": 'X a vg:SourceDocument ; schema:url "drk-hessen.de" .',
    "source-digest-is-sha256": 'X a vg:SourceDocument ; schema:sha256 "ABC" .',
    "source-issued-is-date": 'X a vg:SourceDocument ; dcterms:issued "Juni 2019" .',
    "source-publisher-is-no-host": 'X a vg:SourceDocument ; dc:publisher "drk-hessen.de" .',
    "source-accessed-is-day": 'X a vg:SourceDocument ; fabio:hasAccessDate "2026"^^xsd:gYear .',
    "source-archive-is-address": 'X a vg:SourceDocument ; schema:archivedAt "web.archive.org" .',
    "source-is-held-by-agent": 'X a vg:SourceDocument ; vg:heldBy "Archiv" .',
    "QuotationFromText": 'X a vg:Evidence ; oa:hasSource :text ; oa:hasSelector [ oa:exact "Worte" ] . :text schema:sha256 "0" .',
    "SourceProperties": 'X a vg:SourceDocument ; schema:pagination "1–3" .',
    "tombstone-is-nothing-else": "X a as:Tombstone , vg:Organisation .",
    "tombstone-has-instant": "X a as:Tombstone .",
    "tombstone-has-one-instant": 'X a as:Tombstone ; as:deleted "2026-11-26T12:00:00Z"^^xsd:dateTime , "gestern" .',
    "tombstone-instant-is-instant": 'X a as:Tombstone ; as:deleted "2026-11-26"^^xsd:date .',
    "tombstone-says-why-in-de": 'X a as:Tombstone ; skos:changeNote "error"@en .',
    "tombstone-says-why-in-en": 'X a as:Tombstone ; skos:changeNote "Fehler"@de .',
    "tombstone-reason-one-per-language": 'X a as:Tombstone ; skos:changeNote "Fehler"@de , "Irrtum"@de .',
    "tombstone-reason-language": 'X a as:Tombstone ; skos:changeNote "Fehler" .',
    "tombstone-label-language": 'X a as:Tombstone ; rdfs:label "Verein" .',
    "tombstone-former-type-is-class": 'X a as:Tombstone ; as:formerType "Organisation" .',
    "replacement-is-resource": 'X a as:Tombstone ; dcterms:isReplacedBy "iaf" .',
    "replacement-is-not-withdrawn": "X a as:Tombstone ; dcterms:isReplacedBy :gone . :gone a as:Tombstone .",
    "TombstoneClosed": "X a as:Tombstone ; schema:url <https://example.org/> .",
    "evidence-has-one-support-kind": "X a vg:Evidence ; vg:supportKind vg:Stated , vg:Implied .",
    "EvidenceUse": "X a vg:Evidence ; vg:supportKind vg:Stated .",
    "InferenceReasoning": "X a vg:Evidence ; vg:supportKind vg:Inferred .",
    "premise-is-quoted": "X a vg:Evidence ; prov:wasDerivedFrom :cited . :cited a vg:Evidence ; vg:supportKind vg:Cited .",
    "premise-proves-no-conclusion": "X a vg:Statement ; vg:evidence :one , :other . :one prov:wasDerivedFrom :other .",
    "support-kind-is-known": "X a vg:Evidence ; vg:supportKind vg:Guessed .",
    "Evidence": "X a vg:Evidence ; vg:supportKind vg:Stated .",
    "evidence-has-one-source": "X a vg:Evidence ; oa:hasSource :one , :other .",
    "evidence-source-is-source": "X a vg:Evidence ; oa:hasSource organisation:iaf .",
    "evidence-has-judge": "X a vg:Evidence .",
    "evidence-has-day": 'X a vg:Evidence ; dcterms:date "2026"^^xsd:gYear .',
    "statement-has-subject": "X a vg:Statement .",
    "statement-has-predicate": "X a vg:Statement .",
    "statement-has-object": "X a vg:Statement .",
    "statement-has-evidence": "X a vg:Statement .",
    "StatementClosed": "X a vg:Statement ; org:postIn organisation:iaf .",
    "quotation-has-words": 'X a oa:TextQuoteSelector ; oa:exact "Worte"@de .',
    "quotation-is-short": f'X a oa:TextQuoteSelector ; oa:exact "{"viele Worte " * 30}" .',
    "quotation-prefix-is-short": f'X a oa:TextQuoteSelector ; oa:prefix "{"viele Worte " * 11}" .',
    "quotation-suffix-is-short": f'X a oa:TextQuoteSelector ; oa:suffix "{"viele Worte " * 11}" .',
    "position-has-start": "X a oa:TextPositionSelector ; oa:start -1 .",
    "position-has-end": "X a oa:TextPositionSelector ; oa:start 1 .",
    "position-ends-after-start": "X a oa:TextPositionSelector ; oa:start 9 ; oa:end 9 .",
    "disagreement-has-statements": "X a vg:Disagreement ; vg:between :one .",
    "disagreement-statement-is-statement": "X a vg:Disagreement ; vg:between :one , :two .",
}

Results = set[tuple[str, str, str]]
"""Rule, severity and focus node of each result."""


def name_of(rule: str) -> str:
    return f"x{list(FAULTS).index(rule)}"


def read(report: Graph) -> Results:
    return {
        tuple(str(report.value(result, predicate)) for predicate in (SH.sourceShape, SH.resultSeverity, SH.focusNode))
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }


def by_pyshacl(data: str, shapes: Graph) -> Results:
    return read(pyshacl.validate(Graph().parse(data=data, format="nt"), shacl_graph=shapes)[1])


def by_shacl(data: str, shapes: Graph) -> Results:
    compiled = shacl.Shapes.from_text(shapes.serialize(format="nt"), format="ntriples")
    return read(Graph().parse(data=compiled.validate_text(data, format="ntriples").turtle, format="turtle"))


@pytest.fixture(scope="module")
def shapes(graphs: Graphs) -> Graph:
    return rdflib_graph(graphs.shapes)


@pytest.fixture(scope="module")
def shipped(graphs: Graphs) -> str:
    return "".join(graphs.path(role).read_text("utf-8") for role in graphs.roles)


@pytest.fixture(scope="module", params=[by_pyshacl, by_shacl])
def validate(request: pytest.FixtureRequest) -> Callable[[str, Graph], Results]:
    return request.param


@pytest.fixture(scope="module")
def results_of_faults(validate: Callable[[str, Graph], Results], shipped: str, shapes: Graph) -> Results:
    turtle = PREFIXES + "\n".join(fault.replace("X ", f":{name_of(rule)} ") for rule, fault in FAULTS.items())
    return validate(shipped + Graph().parse(data=turtle, format="turtle").serialize(format="nt"), shapes)


def test_every_rule_is_tried(shapes: Graph) -> None:
    rules = {str(rule).removeprefix(str(VGS)) for rule in shapes.subjects(SH.message)}
    assert rules == set(FAULTS)


@pytest.mark.parametrize("rule", FAULTS)
def test_the_rule_finds(results_of_faults: Results, rule: str, shapes: Graph) -> None:
    focus = FAULTS[rule][1:].partition(">")[0] if FAULTS[rule].startswith("<") else str(FAULT[name_of(rule)])
    assert (str(VGS[rule]), str(shapes.value(VGS[rule], SH.severity)), focus) in results_of_faults


def test_the_shipped_register_has_notes_only(
    validate: Callable[[str, Graph], Results], shipped: str, shapes: Graph, register: Register
) -> None:
    found = {
        (rule.removeprefix(str(VGS)), severity.removeprefix(str(SH)), focus.removeprefix(register.iri("id/")))
        for rule, severity, focus in validate(shipped, shapes)
    }
    assert found == {
        ("SigningHasSignatory", "Info", "signing/bildungsstaette-anne-frank"),
        ("SigningHasSignatory", "Info", "signing/hessischer-jugendring"),
        ("signing-date-is-a-day", "Info", "signing/bildungsstaette-anne-frank"),
        ("signing-date-is-a-day", "Info", "signing/hessischer-jugendring"),
        ("partner-has-legal-form", "Info", "organisation/bildungsstaette-anne-frank"),
        ("partner-has-legal-form", "Info", "organisation/hessischer-jugendring"),
        ("office-has-organisation", "Info", "office/staatssekretaer-integration-antidiskriminierung"),
        ("source-has-address", "Info", "source/p6"),
    }


def test_every_rule_has_an_iri_a_severity_and_a_message_in_both_languages(shapes: Graph) -> None:
    for rule in {*shapes.subjects(SH.message), *shapes.objects(None, SH.property)}:
        if isinstance(rule, URIRef):
            messages = [text for text in shapes.objects(rule, SH.message) if isinstance(text, Literal)]
            assert sorted(text.language or "" for text in messages) == ["de", "en"], rule
            assert shapes.value(rule, SH.severity) in {SH.Violation, SH.Warning, SH.Info}, rule
