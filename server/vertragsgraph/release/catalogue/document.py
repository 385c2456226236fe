"""The catalogue of a register: DCAT-AP.de 3.0 (and so DCAT-AP 3.0), from the manifests of the releases present."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.register import Register
from vertragsgraph.release.catalogue import distributions
from vertragsgraph.release.catalogue.common import Common
from vertragsgraph.release.catalogue.description import Description, Texts, Values, iri, typed
from vertragsgraph.release.manifest import Manifest
from vertragsgraph.texts import LANGUAGES, Language, both, marked, translate

SPARQL_PROTOCOL: Final = "https://www.w3.org/TR/sparql11-protocol/"
RECONCILIATION: Final = "https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/"


def dataset_iri(base: str) -> str:
    """Return the IRI of the register as a dataset."""
    return f"{base}catalog#dataset"


def describe(register: Register, current: Manifest, releases: Sequence[Manifest]) -> Description:
    """Describe catalogue, dataset, distributions, services and versions.

    `register` is what the current release says of the register; `releases` are all those present, the current among them.
    """
    common = Common(register)
    services = _services(common)
    versions = [_version(common, manifest) for manifest in releases]
    first = min(manifest.created for manifest in releases)
    dataset = _dataset(
        common,
        dataset_iri(register.base),
        current,
        issued=first,
        dcterms__title=register.title,
        dcat__hasVersion=versions,
        dcat__hasCurrentVersion=iri(_version_iri(register, current)),
        dcat__landingPage=common.document(register.url),
        dcat__distribution=distributions.stable(common, current, services),
    )
    common.description.state(
        f"{register.base}catalog",
        "dcat:Catalog",
        dcterms__title=common.titled(marked("Catalogue: {title}")),
        dcterms__description=register.description,
        dcterms__identifier=typed(f"{register.base}catalog", "anyURI"),
        dcterms__publisher=common.publisher,
        dcat__contactPoint=common.contact,
        dcterms__license=common.license,
        dcterms__language=common.languages,
        dcterms__spatial=common.spatial,
        dcterms__issued=typed(first.isoformat(), "dateTime"),
        dcterms__modified=typed(max(manifest.modified for manifest in releases).isoformat(), "dateTime"),
        foaf__homepage=common.document(register.url),
        dcat__dataset=[dataset, *versions],
        dcat__service=services,
    )
    return common.description


def _version_iri(register: Register, manifest: Manifest) -> str:
    return f"{register.base}releases/{manifest.id}"


def _version(common: Common, manifest: Manifest) -> NamedNode:
    """Describe a release as a version: a dataset of its own, whose files never change."""
    subject = _version_iri(common.register, manifest)
    return _dataset(
        common,
        subject,
        manifest,
        issued=manifest.created,
        dcterms__title=common.titled(marked("{title}, release {id}"), id=manifest.id),
        dcat__isVersionOf=iri(dataset_iri(common.register.base)),
        dcat__landingPage=common.document(f"{common.register.url}releases/{manifest.id}/"),
        dcat__distribution=distributions.of_release(common, manifest, subject),
    )


def _dataset(common: Common, subject: str, manifest: Manifest, *, issued: datetime, **more: Values) -> NamedNode:
    register = common.register
    return common.description.state(
        subject,
        "dcat:Dataset",
        dcterms__description=register.description,
        dcterms__identifier=typed(subject, "anyURI"),
        adms__identifier=_identifier(common, subject),
        dcat__version=Literal(manifest.id),
        adms__versionNotes=_notes(manifest),
        dcterms__issued=typed(issued.isoformat(), "dateTime"),
        dcterms__modified=typed(manifest.modified.isoformat(), "dateTime"),
        dcterms__publisher=common.publisher,
        dcterms__creator=common.publisher,
        dcat__contactPoint=common.contact,
        dcat__keyword=common.keywords,
        dcat__theme=common.themes,
        dcterms__language=common.languages,
        dcterms__spatial=common.spatial,
        dcterms__temporal=common.temporal,
        dcterms__accrualPeriodicity=common.frequency,
        dcterms__accessRights=common.access_rights,
        dcterms__provenance=common.provenance,
        prov__wasDerivedFrom=common.sources,
        prov__wasGeneratedBy=_building(common, manifest),
        dcterms__relation=common.sources,
        dcterms__conformsTo=common.ontology,
        foaf__page=common.document(register.url),
        dcatde__contributorID=iri(register.portal.contributor),
        dcatde__politicalGeocodingLevelURI=iri(register.portal.geocoding_level),
        dcatap__availability=common.availability,
        **more,
    )


def _building(common: Common, manifest: Manifest) -> NamedNode:
    """Describe how a release was made (PROV-O): when, from what, by which versions of the software."""
    subject = f"{_version_iri(common.register, manifest)}#building"
    software = [
        common.description.state(
            f"{subject}-{name}",
            "prov:SoftwareAgent",
            foaf__name=Literal(name),
            schema__softwareVersion=Literal(version),
        )
        for name, version in manifest.software.items()
    ]
    return common.description.state(
        subject,
        "prov:Activity",
        prov__endedAtTime=typed(manifest.created.isoformat(), "dateTime"),
        prov__used=common.sources,
        prov__wasAssociatedWith=software,
    )


def _identifier(common: Common, subject: str) -> NamedNode:
    node = f"{subject}-identifier" if "#" in subject else f"{subject}#identifier"
    return common.description.state(node, "adms:Identifier", skos__notation=typed(subject, "anyURI"))


def _notes(manifest: Manifest) -> Texts:
    """Return what a version holds, and openly that something was taken from it later."""

    def note(language: Language) -> str:
        text = marked("{triples} triples in {graphs} named graphs, built on {day}.")
        day = manifest.created.date().isoformat()
        notes = [translate(text, language, triples=manifest.triples, graphs=len(manifest.counts), day=day)]
        for redaction in manifest.redactions:
            text = marked("On {day}, {statements} statements were removed for legal reasons: {reason}")
            day = redaction.at.date().isoformat()
            notes.append(translate(text, language, day=day, statements=redaction.statements, reason=redaction.reason))
        return " ".join(notes)

    return {language: note(language) for language in LANGUAGES}


def _services(common: Common) -> list[NamedNode]:
    sparql = both("Answers SPARQL 1.1 queries over all named graphs of the register.")
    reconcile = both("Finds the register's resources for the names in a table, as OpenRefine asks for them.")
    return [
        _service(common, "sparql", marked("SPARQL endpoint: {title}"), sparql, SPARQL_PROTOCOL),
        _service(common, "reconcile", marked("Reconciliation service: {title}"), reconcile, RECONCILIATION),
    ]


def _service(common: Common, path: str, title: str, text: Texts, standard: str) -> NamedNode:
    register = common.register
    return common.description.state(
        f"{common.stem}{path}",
        "dcat:DataService",
        dcterms__title=common.titled(title),
        dcterms__description=text,
        dcterms__identifier=typed(f"{common.stem}{path}", "anyURI"),
        dcat__endpointURL=common.resource(f"{register.url}{path}"),
        dcat__endpointDescription=common.resource(f"{register.url}{path}"),
        dcat__servesDataset=iri(dataset_iri(register.base)),
        dcterms__conformsTo=common.description.state(standard, "dcterms:Standard"),
        dcterms__license=common.license,
        dcterms__accessRights=common.access_rights,
        dcterms__publisher=common.publisher,
        dcat__contactPoint=common.contact,
        dcat__theme=common.themes,
        dcat__keyword=common.keywords,
        dcat__landingPage=common.document(register.url),
        foaf__page=common.document(register.url),
        dcatde__contributorID=iri(register.portal.contributor),
        dcatap__availability=common.availability,
    )
