"""The dataset as a page for people: what it is, what can be fetched, which services there are, how it is cited."""

from __future__ import annotations

from itertools import product
from typing import Any, Final

from fastapi import Request
from pyoxigraph import RdfFormat, parse
from starlette.responses import Response

from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.rdf.namespaces import DCAT, DCTERMS
from vertragsgraph.release.catalogue import citation, dataset_iri, schema_org
from vertragsgraph.release.catalogue.common import MEDIA_TYPES
from vertragsgraph.release.contents.formats import FORMATS
from vertragsgraph.web.pages.edition import Edition
from vertragsgraph.web.publication.dumps import size
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.rendering.presenter import Presenter
from vertragsgraph.web.rendering.templating import page
from vertragsgraph.web.rendering.urls import root_of, way_of
from vertragsgraph.web.site.past_releases import history_of
from vertragsgraph.web.site.site import Site

VERSIONS: Final = 20
"""Releases that are shown."""


async def dataset_page(request: Request, site: Site, catalogue: bytes) -> Response:
    """Return the page about the dataset that a catalogue (in Turtle) describes."""
    found = Neighbourhood(quad.triple for quad in parse(catalogue, RdfFormat.TURTLE))
    language = language_of(request)
    presenter = Presenter(site, found.labels, language, way_of(request))
    edition = Edition(found, presenter)

    def shown(node: str, property_: str) -> dict[str, Any]:
        length, address = found.text(node, DCAT + "byteSize"), found.one(node, property_)
        # Relative, like all that pages link to on this site, so that it works wherever the site is reached.
        here = address.startswith(site.register.url)
        return {
            "title": edition.best(node, DCTERMS + "title"),
            "text": edition.best(node, DCTERMS + "description"),
            "href": root_of(request) + address.removeprefix(site.register.url) if here else address,
            "address": address,
            "media_type": found.one(node, DCAT + "mediaType").removeprefix(MEDIA_TYPES),
            "size": size(int(length), language) if length else "",
        }

    distributions = found.iris(dataset_iri(site.release.base), DCAT + "distribution")
    files = [shown(node, DCAT + "accessURL") for node in distributions if found.text(node, DCAT + "byteSize")]
    order = {
        f"{item.file(site.release.key)}{gz}".rpartition("/")[2]: number
        for number, (item, gz) in enumerate(product(FORMATS, ("", ".gz")))
    }
    services = [shown(node, DCAT + "endpointURL") for node in found.of_type(DCAT + "DataService")]
    releases = await history_of(request).releases()
    return page(
        request,
        "catalogue.html",
        site,
        structured=schema_org.dataset(site.release, language),
        files=sorted(files, key=lambda file: (order.get(file["address"].rpartition("/")[2], len(order)), file["href"])),
        services=services,
        versions=releases[:VERSIONS],
        number=presenter.number,
        citation=citation.text(site.release, language),
    )
