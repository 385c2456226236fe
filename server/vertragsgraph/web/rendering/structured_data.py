"""What a page says of itself to search engines: a node of JSON-LD in the words of schema.org."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Final

from starlette.requests import Request

from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.rdf.namespaces import DCTERMS, OWL, SCHEMA, SKOS, VG
from vertragsgraph.release.catalogue import schema_org
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.rendering.presenter import Value
from vertragsgraph.web.rendering.urls import address_of
from vertragsgraph.web.site.site import Site

MOST: Final = 50
"""Members of a list, and links of a resource, that are named at most."""
_SAME: Final = (OWL + "sameAs", SKOS + "exactMatch")


def web_page(request: Request, site: Site, kind: str = "WebPage", **members: Any) -> dict[str, Any]:
    """Return a page of a kind of web page, with further members."""
    language = language_of(request)
    return {
        "@type": kind,
        "url": address_of(request, site.register.url),
        "inLanguage": language,
        "isPartOf": schema_org.reference(site.register, language),
        **members,
    }


def collection(request: Request, site: Site, title: str, values: Iterable[Value], total: int) -> dict[str, Any]:
    """Return a page with a list: its title, its first members, and how many there are in all."""
    members = [
        {"@type": "ListItem", "position": position, "item": {"@id": value.iri, "name": value.label.text}}
        for position, value in enumerate(islice(values, MOST), 1)
    ]
    listed = {"@type": "ItemList", "numberOfItems": total, "itemListElement": members}
    return web_page(request, site, "CollectionPage", name=title, mainEntity=listed)


def resource(
    request: Request, site: Site, path: str, name: str, found: Neighbourhood, description: str = ""
) -> dict[str, Any]:
    """Return the resource at a path below `/id/`, by its kind or by what the ontology makes of it, with its links."""
    iri, url = site.register.iri(f"id/{path}"), f"{site.register.url}doc/{path}"
    given = site.kinds[path.partition("/")[0]].schema_org
    numbers = [number.value for number in found.literals(iri, DCTERMS + "identifier")]
    members: dict[str, Any] = {
        "@type": _types([given] if given else sorted(found.types(iri))),
        "@id": iri,
        "name": name,
        "description": description,
        "identifier": [iri, *numbers] if numbers else iri,
        "temporalCoverage": _term(iri, found),
        "isBasedOn": found.iris(iri, DCTERMS + "replaces"),
        "encoding": [_document(document, found) for document in found.iris(iri, VG + "contractText")],
        "associatedMedia": [_document(document, found) for document in found.iris(iri, VG + "annex")],
        "sameAs": [link for link in found.iris(iri, *_SAME) if link.startswith("http")][:MOST],
        "mainEntityOfPage": url,
        "subjectOf": schema_org.reference(site.register, language_of(request)),
    }
    return {key: value for key, value in members.items() if value}


def _term(iri: str, found: Neighbourhood) -> str:
    """Return from when until when a contract is in force, as an interval (ISO 8601); "" where a beginning isn't known."""
    begin, end = (found.text(iri, f"{VG}inForce{name}") for name in ("From", "Until"))
    open_end = ".." if found.text(iri, VG + "inForceIndefinitely") == "true" else ""
    return f"{begin}/{end or open_end}" if begin and (end or open_end) else begin


def _document(iri: str, found: Neighbourhood) -> dict[str, Any]:
    """Return a document that belongs to a contract, with its checksum."""
    members = {
        "@type": "MediaObject",
        "@id": iri,
        "contentUrl": found.one(iri, SCHEMA + "url"),
        "sha256": found.text(iri, SCHEMA + "sha256"),
        "encodingFormat": found.text(iri, SCHEMA + "encodingFormat"),
        "inLanguage": found.text(iri, DCTERMS + "language"),
    }
    return {key: value for key, value in members.items() if value}


def _types(classes: Sequence[str]) -> list[str]:
    return [name.removeprefix(SCHEMA) for name in classes if name.startswith(SCHEMA)] or ["Thing"]
