"""The dataset and its releases as schema.org describes them, for the search engines of data sets."""

from __future__ import annotations

from typing import Any, Final

from vertragsgraph.rdf.namespaces import EU, SCHEMA
from vertragsgraph.register import Register
from vertragsgraph.register.names import dataset_iri
from vertragsgraph.release.catalogue.citation import release_iri, text
from vertragsgraph.release.catalogue.document import catalogue_iri
from vertragsgraph.release.contents.formats import FORMATS
from vertragsgraph.release.release import Release
from vertragsgraph.texts import Language, marked, translate

_IRIS: Final = ("contentUrl", "conditionsOfAccess", "isBasedOn", "license", "mainEntityOfPage", "sameAs", "url")
CONTEXT: Final = {"@vocab": SCHEMA} | {name: {"@type": "@id"} for name in _IRIS}
"""The context, which stands in each document: nobody has to fetch one, and search engines know it by its vocabulary."""


def dataset(release: Release, language: Language) -> dict[str, Any]:
    """Return the dataset, as it stands in a release, as a node of JSON-LD (in `CONTEXT`)."""
    register = release.register
    return _described(release, language) | {
        "@id": dataset_iri(register.base),
        "name": register.title.in_language(language),
        "url": register.url,
        "identifier": [dataset_iri(register.base), register.base, release_iri(release)],
    }


def version(release: Release, language: Language) -> dict[str, Any]:
    """Return a release, which is a version of the dataset, as a node of JSON-LD (in `CONTEXT`)."""
    register = release.register
    title = translate(
        marked("{title}, release {id}"), language, title=register.title.in_language(language), id=release.id
    )
    return _described(release, language) | {
        "@id": release_iri(release),
        "name": title,
        "url": f"{register.url}releases/{release.id}/",
        "identifier": release_iri(release),
        "exampleOfWork": reference(register, language),
    }


def reference(register: Register, language: Language) -> dict[str, Any]:
    """Return what other nodes say of the dataset, to which they belong."""
    return {
        "@type": "Dataset",
        "@id": dataset_iri(register.base),
        "name": register.title.in_language(language),
        "description": register.description.in_language(language),
        "license": register.licence.iri,
        "url": register.url,
    }


def _described(release: Release, language: Language) -> dict[str, Any]:
    register = release.register
    publisher = {
        "@type": "Organization",
        "@id": register.publisher.iri,
        "name": register.publisher.name.in_language(language),
        "url": register.publisher.homepage or register.url,
    }
    members = {
        "@type": "Dataset",
        "description": register.description.in_language(language),
        "version": release.id,
        "dateCreated": release.created.isoformat(),
        "datePublished": release.created.isoformat(),
        "dateModified": release.manifest.modified.isoformat(),
        "license": register.licence.iri,
        "creditText": register.licence.attribution.in_language(language),
        "isAccessibleForFree": True,
        "conditionsOfAccess": f"{EU}access-right/PUBLIC",
        "inLanguage": list(register.languages),
        "keywords": list(register.keywords.in_language(language)),
        "creator": publisher,
        "publisher": publisher,
        "spatialCoverage": {
            "@type": "Place",
            "@id": register.spatial.iri,
            "name": register.spatial.name.in_language(language),
        },
        "temporalCoverage": _period(register.temporal.start, register.temporal.end),
        "isBasedOn": list(register.sources),
        "citation": text(release, language),
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": catalogue_iri(register.base),
            "name": register.title.in_language(language),
            "url": f"{register.url}catalog",
        },
        "distribution": _downloads(release, language),
    }
    return {name: value for name, value in members.items() if value not in ("", [], None)}


def _downloads(release: Release, language: Language) -> list[dict[str, Any]]:
    url = f"{release.register.url}releases/{release.id}/"
    names = [(item, item.file(release.key)) for item in FORMATS]
    files = [(item, name, release.manifest.files[name]) for item, name in names if name in release.manifest.files]
    return [
        {
            "@type": "DataDownload",
            "name": translate(contents.title, language, format=item.title),
            "description": translate(contents.text, language),
            "encodingFormat": item.media_type,
            "contentUrl": f"{url}{name}",
            "contentSize": f"{entry.bytes} B",
            "sha256": entry.sha256,
        }
        for item, name, entry in files
        for contents in [item.contents_of(release.manifest.format)]
    ]


def _period(start: str | None, end: str | None) -> str:
    """Return a period in ISO 8601, with two dots for a side that is open; nothing where both are."""
    return f"{start or '..'}/{end or '..'}" if start or end else ""
