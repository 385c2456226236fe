"""What a page says of itself to search engines: a node of JSON-LD in the words of schema.org."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Final

from starlette.requests import Request

from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.rdf.namespaces import OWL, SCHEMA, SKOS
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
    members: dict[str, Any] = {
        "@type": _types([given] if given else sorted(found.types(iri))),
        "@id": iri,
        "name": name,
        "description": description,
        "identifier": iri,
        "sameAs": [link for link in found.iris(iri, *_SAME) if link.startswith("http")][:MOST],
        "mainEntityOfPage": url,
        "subjectOf": schema_org.reference(site.register, language_of(request)),
    }
    return {key: value for key, value in members.items() if value}


def _types(classes: Sequence[str]) -> list[str]:
    return [name.removeprefix(SCHEMA) for name in classes if name.startswith(SCHEMA)] or ["Thing"]
