"""The dataset as schema.org describes it, for the search engines of data sets."""

from __future__ import annotations

from typing import Any

from vertragsgraph.release.catalogue.document import dataset_iri
from vertragsgraph.release.citation import release_iri, text
from vertragsgraph.release.formats import FORMATS
from vertragsgraph.release.opened import Release
from vertragsgraph.texts import Language


def dataset(release: Release, language: Language) -> dict[str, Any]:
    """Return the dataset, as it stands in a release, as JSON-LD with the context of schema.org.

    It goes inline into the landing page; search engines know the context without fetching it.
    """
    register = release.register
    publisher = {
        "@type": "Organization",
        "@id": register.publisher.iri,
        "name": register.publisher.name.in_language(language),
        "url": register.publisher.homepage or register.url,
    }
    return _present(
        {
            "@context": "https://schema.org/",
            "@type": "Dataset",
            "@id": dataset_iri(register.base),
            "name": register.title.in_language(language),
            "description": register.description.in_language(language),
            "url": register.url,
            "identifier": [register.base, release_iri(release)],
            "version": release.id,
            "datePublished": release.created.isoformat(),
            "dateModified": release.manifest.modified.isoformat(),
            "license": register.licence.iri,
            "creditText": register.licence.attribution.in_language(language),
            "isAccessibleForFree": True,
            "inLanguage": list(register.languages),
            "keywords": list(getattr(register.keywords, language)),
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
                "@id": f"{register.base}catalog",
                "url": f"{register.url}catalog",
            },
            "distribution": _downloads(release),
        }
    )


def _downloads(release: Release) -> list[dict[str, Any]]:
    url = f"{release.register.url}releases/{release.id}/"
    names = [(item, f"dumps/{release.key}.{item.extension}") for item in FORMATS]
    files = [(item, name, release.manifest.files[name]) for item, name in names if name in release.manifest.files]
    return [
        {
            "@type": "DataDownload",
            "name": item.name,
            "encodingFormat": item.media_type,
            "contentUrl": f"{url}{name}",
            "contentSize": f"{entry.bytes} B",
            "sha256": entry.sha256,
        }
        for item, name, entry in files
    ]


def _period(start: str | None, end: str | None) -> str:
    """Return a period in ISO 8601, with two dots for a side that is open; nothing where both are."""
    return f"{start or '..'}/{end or '..'}" if start or end else ""


def _present(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in ("", [], None)}
