"""The distributions of a dataset: the dumps of a release, plain and gzipped."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from vertragsgraph.release.catalogue import vocabulary
from vertragsgraph.release.catalogue.common import Common
from vertragsgraph.release.catalogue.description import Texts, typed
from vertragsgraph.release.formats import FORMATS, GZIP, Format
from vertragsgraph.release.manifest import Manifest
from vertragsgraph.texts import both

SHA256: Final = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"


def stable(common: Common, manifest: Manifest, services: list[NamedNode]) -> list[NamedNode]:
    """Describe the dumps as distributions that stay the same from release to release, and return them.

    They are accessed at `/dumps/`, where the current release's file always is; download URL, size and checksum belong to
    the release. The N-Quads hold all that the services answer from, so they name them.
    """
    return [
        _distribution(common, manifest, name, f"{common.stem}{fragment}", f"{common.register.url}{name}", services)
        for fragment, name in _names(manifest)
    ]


def of_release(common: Common, manifest: Manifest, subject: str) -> list[NamedNode]:
    """Describe the dumps of one release, whose IRI is `subject`, and return their distributions."""
    url = f"{common.register.url}releases/{manifest.id}/"
    return [
        _distribution(common, manifest, name, f"{subject}#{fragment}", f"{url}{name}", [])
        for fragment, name in _names(manifest)
    ]


def _names(manifest: Manifest) -> list[tuple[str, str]]:
    """Return the fragment of its IRI and the path for each dump that the release has."""
    stem = f"dumps/{manifest.key}."
    extensions = [f"{item.extension}{gz}" for item in FORMATS for gz in ("", ".gz")]
    return [(name.replace(".", "-"), stem + name) for name in extensions if stem + name in manifest.files]


def _distribution(
    common: Common, manifest: Manifest, name: str, subject: str, access: str, services: list[NamedNode]
) -> NamedNode:
    entry = manifest.files[name]
    gzipped = name.endswith(".gz")
    item = next(item for item in FORMATS if name.removesuffix(".gz").endswith(f".{item.extension}"))
    describe = common.description
    checksum = describe.state(
        f"{subject}-sha256",
        "spdx:Checksum",
        spdx__algorithm=describe.state(SHA256, "spdx:ChecksumAlgorithm"),
        spdx__checksumValue=typed(entry.sha256, "hexBinary"),
    )
    return describe.state(
        subject,
        "dcat:Distribution",
        dcterms__title=_title(item, gzipped=gzipped),
        dcterms__description=_contents(item),
        dcterms__identifier=typed(subject, "anyURI"),
        dcat__accessURL=common.resource(access),
        dcat__downloadURL=common.resource(f"{common.register.url}releases/{manifest.id}/{name}"),
        dcat__byteSize=typed(str(entry.bytes), "nonNegativeInteger"),
        spdx__checksum=checksum,
        dcterms__format=describe.state(item.file_type_iri, "dcterms:MediaTypeOrExtent"),
        dcat__mediaType=vocabulary.media_type(describe, item.media_type),
        dcat__compressFormat=vocabulary.media_type(describe, GZIP if gzipped else None),
        dcterms__license=common.license,
        dcatde__licenseAttributionByText=common.register.licence.attribution,
        dcterms__rights=common.rights,
        dcterms__language=common.languages,
        dcterms__issued=typed(manifest.created.isoformat(), "dateTime"),
        dcterms__modified=typed(manifest.modified.isoformat(), "dateTime"),
        dcterms__conformsTo=common.ontology,
        adms__status=vocabulary.concept(describe, "distribution-status/COMPLETED"),
        dcatap__availability=common.availability,
        foaf__page=common.document(f"{common.register.url}dumps/"),
        dcat__accessService=services if item.extension == "nq" and not gzipped else None,
    )


def _title(item: Format, *, gzipped: bool) -> Texts:
    if gzipped:
        return both("{format}, compressed (gzip)", format=item.name)
    return {"de": item.name, "en": item.name}


def _contents(item: Format) -> Texts:
    if item.extension == "csv":
        return both("The contracts as a table, one row each; csv-metadata.json describes the columns (CSVW).")
    if item.extension in ("nq", "trig"):
        return both("All named graphs of the register, what was inferred included.")
    return both("All that the register asserts, as one graph.")
