"""The catalogue of a register: DCAT-AP.de 3.0 (and so DCAT-AP 3.0), from the manifests of the releases present."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.rdf.curie import expand
from vertragsgraph.rdf.namespaces import SPDX
from vertragsgraph.register import Register
from vertragsgraph.register.names import dataset_iri
from vertragsgraph.release.catalogue import quality, services
from vertragsgraph.release.catalogue.citation import DRAFT
from vertragsgraph.release.catalogue.common import Common
from vertragsgraph.release.catalogue.description import Description, Texts, Values, iri, typed
from vertragsgraph.release.contents.formats import FORMATS, GZIP, Contents, Dump
from vertragsgraph.release.contents.table import METADATA
from vertragsgraph.release.manifest import Manifest
from vertragsgraph.texts import Language, marked, translate

RDF_12: Final = "https://www.w3.org/TR/rdf12-concepts/"
SHA256: Final = SPDX + "checksumAlgorithm_sha256"


def catalogue_iri(base: str, *, complete: bool = False) -> str:
    """Return the IRI of the catalogue that is harvested, or of the complete one, in which all releases are described."""
    return f"{base}catalog-all" if complete else f"{base}catalog"


def describe(
    register: Register, current: Manifest, releases: Sequence[Manifest], *, complete: bool = False
) -> Description:
    """Describe catalogue, dataset, distributions, services and versions.

    `register` is what the current release says of the register; `releases` are all those present, the current among them.
    Portals are to list one dataset, so its versions are only named, unless the description is to be `complete`: then each
    is a dataset of the catalogue, too.
    """
    common = Common(register)
    offered = [services.describe(common, service, dataset_iri(register.base)) for service in services.SERVICES]
    ordered = sorted(releases, key=lambda manifest: (manifest.created, manifest.id))
    versions = [
        _version(common, manifest, earlier) if complete else _named_version(common, manifest)
        for earlier, manifest in zip([None, *ordered[:-1]], ordered, strict=True)
    ]
    first = ordered[0].created
    subject = catalogue_iri(register.base, complete=complete)
    dataset = _dataset(
        common,
        dataset_iri(register.base),
        current,
        issued=first,
        dcterms__title=register.title,
        dcat__hasVersion=versions,
        dcat__hasCurrentVersion=iri(_version_iri(register, current)),
        dcat__landingPage=common.document(register.url),
        dcat__distribution=[
            *_files(common, current, common.stem, register.url),
            *(services.way(common, current, service) for service in services.SERVICES),
        ],
    )
    common.description.state(
        subject,
        "dcat:Catalog",
        dcterms__title=common.titled(marked("Catalogue: {title}")),
        dcterms__description=register.description,
        dcterms__identifier=typed(subject, "anyURI"),
        dcterms__publisher=common.publisher,
        dcat__contactPoint=common.contact,
        dcterms__license=common.license,
        dcterms__language=common.languages,
        dcterms__spatial=common.spatial,
        dcterms__issued=typed(first.isoformat(), "dateTime"),
        dcterms__modified=typed(max(manifest.modified for manifest in releases).isoformat(), "dateTime"),
        foaf__homepage=common.document(register.url),
        dcat__themeTaxonomy=common.theme_taxonomy,
        dcat__dataset=[dataset, *versions] if complete else dataset,
        dcat__service=offered,
    )
    return common.description


def describe_release(register: Register, release: Manifest, earlier: Manifest | None) -> Description:
    """Describe one release as a version of the dataset, by what it says of the register itself; `earlier` is that before it."""
    common = Common(register)
    _version(common, release, earlier)
    return common.description


def _version_iri(register: Register, manifest: Manifest) -> str:
    return f"{register.base}releases/{manifest.id}"


def _named_version(common: Common, manifest: Manifest) -> NamedNode:
    """Name a release as a version.

    Whatever is of the class dcat:Dataset itself would be harvested as another dataset, but the shapes of DCAT-AP want versions
    to be instances of it. schema.org declares its class to be equivalent.
    """
    kind, dataset = NamedNode(expand("schema:Dataset")), NamedNode(expand("dcat:Dataset"))
    common.description.triples.add(Triple(kind, NamedNode(expand("rdfs:subClassOf")), dataset))
    return common.description.state(
        _version_iri(common.register, manifest),
        "schema:Dataset",
        dcterms__title=common.titled(marked("{title}, release {id}"), id=manifest.id),
        dcterms__description=_notes(manifest, common.register.spoken),
        dcterms__publisher=common.publisher,
    )


def _version(common: Common, manifest: Manifest, earlier: Manifest | None) -> NamedNode:
    """Describe a release as a version: a dataset of its own, whose files never change; `earlier` is the one before it."""
    subject, url = _version_iri(common.register, manifest), f"{common.register.url}releases/{manifest.id}/"
    return _dataset(
        common,
        subject,
        manifest,
        issued=manifest.created,
        dcterms__title=common.titled(marked("{title}, release {id}"), id=manifest.id),
        dcat__isVersionOf=iri(dataset_iri(common.register.base)),
        dcat__previousVersion=iri(_version_iri(common.register, earlier) if earlier else None),
        dcat__landingPage=common.document(url),
        dcat__distribution=_files(common, manifest, f"{subject}#", url),
    )


def _dataset(common: Common, subject: str, manifest: Manifest, *, issued: datetime, **more: Values) -> NamedNode:
    register = common.register
    return common.description.state(
        subject,
        "dcat:Dataset",
        dcterms__description=register.description,
        adms__identifier=_identifier(common, subject),
        dcat__version=Literal(manifest.id),
        adms__versionNotes=_notes(manifest, register.spoken),
        dcterms__issued=typed(issued.isoformat(), "dateTime"),
        dcterms__modified=typed(manifest.modified.isoformat(), "dateTime"),
        dcterms__creator=common.publisher,
        dcterms__language=common.languages,
        dcterms__spatial=common.spatial,
        dcterms__temporal=common.temporal,
        dcterms__accrualPeriodicity=common.frequency,
        dcterms__provenance=common.provenance,
        prov__wasDerivedFrom=common.sources,
        prov__wasGeneratedBy=_building(common, manifest),
        dcterms__relation=common.sources,
        dcterms__conformsTo=common.ontology,
        dcatde__politicalGeocodingLevelURI=iri(register.portal.geocoding_level),
        dqv__hasQualityMeasurement=quality.measurements(common, manifest, subject),
        **common.shared(subject),
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


def _notes(manifest: Manifest, languages: Iterable[Language]) -> Texts:
    """Return what a version holds, how far it is proved, and openly that it is a draft or that something was taken from it."""

    def note(language: Language) -> str:
        text = marked("{triples} triples in {graphs} named graphs, built on {day}.")
        day = manifest.created.date().isoformat()
        notes = [translate(text, language, triples=manifest.triples, graphs=len(manifest.counts), day=day)]
        if manifest.is_draft:
            notes.append(translate(DRAFT, language))
        notes += filter(None, [quality.sentence(manifest, language)])
        for redaction in manifest.redactions:
            text = marked("On {day}, {statements} statements were removed for legal reasons: {reason}")
            day = redaction.at.date().isoformat()
            notes.append(translate(text, language, day=day, statements=redaction.statements, reason=redaction.reason))
        return " ".join(notes)

    return {language: note(language) for language in languages}


def _files(common: Common, manifest: Manifest, subject: str, url: str) -> list[NamedNode]:
    """Describe the dumps of a release, plain and gzipped, and return their distributions.

    `subject` is what their IRIs begin with, `url` where they are accessed: for those of the dataset `/dumps/`, where the
    current release's file always is; download URL, size and checksum belong to the release.
    """
    names = [(item, f"{item.file(manifest.key)}{gz}") for item in FORMATS for gz in ("", ".gz")]
    stem = f"dumps/{manifest.key}"
    return [
        _file(common, manifest, item, name, f"{subject}{name.removeprefix(stem)[1:].replace('.', '-')}", url)
        for item, name in names
        if name in manifest.files
    ]


def _file(common: Common, manifest: Manifest, item: Dump, name: str, subject: str, url: str) -> NamedNode:
    entry = manifest.files[name]
    gzipped, contents = name.endswith(".gz"), item.contents_of(manifest.format)
    describe = common.description
    checksum = describe.state(
        f"{subject}-sha256",
        "spdx:Checksum",
        spdx__algorithm=describe.state(SHA256, "spdx:ChecksumAlgorithm"),
        spdx__checksumValue=typed(entry.sha256, "hexBinary"),
    )
    columns = describe.state(f"{url}dumps/{METADATA}", "dcterms:Standard") if item.name == "csv" else None
    return common.distribution(
        manifest,
        subject,
        f"{url}{name}",
        item,
        dcterms__title=_distribution_title(common, item, contents, gzipped=gzipped),
        dcterms__description=common.said(contents.text),
        dcat__downloadURL=common.resource(f"{common.register.url}releases/{manifest.id}/{name}"),
        dcat__byteSize=typed(str(entry.bytes), "nonNegativeInteger"),
        spdx__checksum=checksum,
        dcat__compressFormat=common.media_type(GZIP if gzipped else None),
        dcterms__conformsTo=columns or [common.ontology, *_standards(common, item)],
        foaf__page=common.document(f"{common.register.url}dumps/"),
    )


def _distribution_title(common: Common, item: Dump, contents: Contents, *, gzipped: bool) -> Texts:
    title = common.said(contents.title, format=item.title)
    return common.said(marked("{format}, compressed (gzip)"), format=title) if gzipped else title


def _standards(common: Common, item: Dump) -> list[NamedNode]:
    return [common.description.state(RDF_12, "dcterms:Standard")] if item.rdf == "1.2" else []
