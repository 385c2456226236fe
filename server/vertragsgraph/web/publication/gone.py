"""What is answered for a resource that was withdrawn: 410 (RFC 9110, section 15.5.11), when, why, and what replaces it.

People get a page, who asks for RDF the tombstone, everybody else a problem document.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from fastapi import Request
from starlette.responses import Response

from vertragsgraph.http.accept import best_format
from vertragsgraph.http.problem import MEDIA_TYPE, Problem
from vertragsgraph.linked_data import documents
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.linked_data.resources import names
from vertragsgraph.rdf.literals.dates import date_text
from vertragsgraph.rdf.media_types import Format
from vertragsgraph.rdf.namespaces import AS, DCTERMS, SKOS
from vertragsgraph.texts import Language, both
from vertragsgraph.web.pages.edition import Edition
from vertragsgraph.web.pages.resource import alternates
from vertragsgraph.web.publication.memento import nearest
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.rendering.presenter import Presenter
from vertragsgraph.web.rendering.templating import HTML, page
from vertragsgraph.web.rendering.urls import way_of
from vertragsgraph.web.site.past_releases import history_of
from vertragsgraph.web.site.site import Site

GONE: Final = 410
DELETED: Final = AS + "deleted"
LOOKS: Final = 3
"""Releases that are opened to find the last one in which a resource was described."""
REASON: Final = SKOS + "changeNote"
PROBLEM: Final = Format("json", MEDIA_TYPE)
OFFERS: Final = {offer.name: offer for offer in (*documents.FORMATS, HTML, PROBLEM)}


async def gone(request: Request, site: Site, path: str, extension: str, headers: Mapping[str, str]) -> Response:
    """Return the answer for the withdrawn resource at a path below `/id/`, in the form of a suffix or by negotiation.

    Raises `Problem` (410) for those who take neither HTML nor RDF.
    """
    description = await site.describe(f"id/{path}")
    if description is None:  # another release was activated this moment
        raise Problem(GONE, both("this resource was withdrawn"), headers=headers)
    iri, base = description.iri, site.release.base
    triples = [*description.triples, *await names(site.ask, description.triples)]
    found = Neighbourhood(triples)
    successors = found.iris(iri, DCTERMS + "isReplacedBy")
    url = site.register.url
    targets = [url + each.removeprefix(base) if each.startswith(base) else each for each in successors]
    links = [f'<{target}>; rel="successor-version"' for target in targets]
    headers = {**headers, "Link": ", ".join([*links, headers["Link"]])}
    form = OFFERS.get(extension) or best_format(request.headers.get("accept"), tuple(OFFERS.values())) or PROBLEM
    if form == PROBLEM:
        raise Problem(
            GONE, _detail(found, iri), headers=headers, deleted=found.text(iri, DELETED), replaced_by=successors
        )
    if form == HTML:
        response = await _page(request, site, path, found)
    else:
        body = documents.serialise(documents.document_triples(iri, triples, site.release), form.name, site.release)
        response = Response(body, GONE, media_type=form.content_type)
    response.headers.update(headers)
    return response


async def _page(request: Request, site: Site, path: str, found: Neighbourhood) -> Response:
    iri = site.register.iri(f"id/{path}")
    presenter = Presenter(site, found.labels, language_of(request), way_of(request))
    instant = found.text(iri, DELETED)
    return page(
        request,
        "withdrawn.html",
        site,
        status=GONE,
        title=presenter.label(iri),
        iri=iri,
        path=path,
        kind=presenter.listed(presenter.label(kind).text for kind in found.iris(iri, AS + "formerType")),
        day=date_text(instant[:10], presenter.language),
        reason=Edition(found, presenter).best(iri, REASON),
        successors=[presenter.named(each) for each in found.iris(iri, DCTERMS + "isReplacedBy")],
        last=await _last(request, site, path, instant),
        alternates=alternates(),
    )


async def _last(request: Request, site: Site, path: str, instant: str) -> str:
    """Return the id of the last release that describes the resource; `""` where it isn't found about the given instant."""
    try:
        deleted = datetime.fromisoformat(instant)
    except ValueError:  # a register with shapes of its own may allow anything here
        return ""
    history = history_of(request)
    releases = await history.releases()
    start = releases.index(nearest(releases, deleted.replace(tzinfo=deleted.tzinfo or UTC)))
    # A tombstone may have been dated after the release that brought it, so those before are looked at, too.
    for release in releases[start : start + LOOKS]:
        if await history.describes(release, path):
            return release.id
    return ""


def _detail(found: Neighbourhood, iri: str) -> dict[Language, str]:
    reasons = {note.language or "": note.value for note in found.literals(iri, REASON)}
    return both("this resource was withdrawn: {reason}", reason=reasons or "")
