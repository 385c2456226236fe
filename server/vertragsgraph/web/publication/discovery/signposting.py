"""Signposting: typed links that lead machines from a page to what they look for (signposting.org, FAIR level 1 and 2)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from vertragsgraph.rdf.namespaces import SCHEMA
from vertragsgraph.release.catalogue.citation import release_iri
from vertragsgraph.web.publication.catalogue import CATALOGUE
from vertragsgraph.web.site.site import Site, site_of

router = APIRouter()

LINKSET: Final = "application/linkset+json"


@dataclass(frozen=True)
class Link:
    """A link from a page: where to, in which relation, and of which media type what is there is."""

    target: str
    relation: str
    media_type: str = ""

    def header(self) -> str:
        """Return the link as it stands in a Link header (RFC 8288)."""
        return f'<{self.target}>; rel="{self.relation}"' + (f'; type="{self.media_type}"' if self.media_type else "")


def landing_links(site: Site) -> list[Link]:
    """Return the links of the start page: what to cite, what describes it, its licence, its files, its type.

    Their targets are absolute, as most of those who read Link headers don't resolve them.
    """
    root = site.register.url
    files = [
        (name, entry.media_type)
        for name, entry in site.release.manifest.files.items()
        if name.startswith("dumps/") and not name.endswith((".gz", ".json"))
    ]
    return [
        Link(release_iri(site.release), "cite-as"),
        *(Link(f"{root}catalog.{form.name}", "describedby", form.media_type) for form in CATALOGUE),
        Link(f"{root}void.ttl", "describedby", "text/turtle"),
        Link(site.register.licence.iri, "license"),
        Link(SCHEMA + "Dataset", "type"),
        Link(SCHEMA + "AboutPage", "type"),
        *(Link(f"{root}{name}", "item", media_type) for name, media_type in files),
        Link(f"{root}linkset", "linkset", LINKSET),
    ]


def header(links: Iterable[Link]) -> str:
    """Return links as the value of one Link header."""
    return ", ".join(link.header() for link in links)


@router.api_route("/linkset", methods=["GET", "HEAD"], response_class=Response)
async def linkset(request: Request) -> Response:
    """Return the links of the start page, and those back from what it links to, as a linkset (RFC 9264, section 4.2)."""
    site = site_of(request)
    url = site.register.url
    contexts: dict[str, dict[str, list[dict[str, str]]]] = {}

    def add(anchor: str, link: Link) -> None:
        target = {"href": link.target} | ({"type": link.media_type} if link.media_type else {})
        contexts.setdefault(anchor, {}).setdefault(link.relation, []).append(target)

    for link in landing_links(site):
        add(url, link)
        if link.relation == "item":
            add(link.target, Link(url, "collection", "text/html"))
        elif link.relation == "describedby":
            add(link.target, Link(url, "describes", "text/html"))
    document: dict[str, Any] = {"linkset": [{"anchor": anchor, **links} for anchor, links in contexts.items()]}
    return Response(json.dumps(document, ensure_ascii=False, indent=1), media_type=LINKSET)
