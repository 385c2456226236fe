"""`/id/…` and `/doc/…`: resources and the documents about them (Cool URIs for the Semantic Web, section 4.3)."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from vertragsgraph import __version__
from vertragsgraph.http.accept import best_format
from vertragsgraph.http.conditional import entity_tag, not_modified
from vertragsgraph.http.encoding import choose
from vertragsgraph.http.problem import Problem
from vertragsgraph.linked_data import documents
from vertragsgraph.linked_data.resources import names
from vertragsgraph.linked_data.surroundings import surroundings
from vertragsgraph.register.names import is_resource
from vertragsgraph.release import Release
from vertragsgraph.texts import both
from vertragsgraph.web.pages.resource import resource_page
from vertragsgraph.web.publication.file_response import REVALIDATED
from vertragsgraph.web.publication.gone import gone
from vertragsgraph.web.publication.memento import links, memento_headers, memento_of
from vertragsgraph.web.publication.releases import named_release
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.rendering.templating import HTML, Compressed
from vertragsgraph.web.rendering.urls import root_of
from vertragsgraph.web.site.past_releases import history_of
from vertragsgraph.web.site.site import Site, site_of

router = APIRouter()

# Turtle comes first: it is for those who take anything; browsers ask for HTML by name.
OFFERS: Final = (*documents.FORMATS, HTML)
EXTENSIONS: Final = {offer.name: offer for offer in OFFERS}
VARY: Final = "Accept, Accept-Language, Accept-Datetime"


@router.api_route("/id/{path:path}", methods=["GET", "HEAD"], status_code=303, response_class=Response)
async def resource(path: str, request: Request) -> Response:
    """Redirect from a resource to the document about it: it is a thing in the world and can't be sent.

    One that was withdrawn is gone (410) at its own address.
    """
    _require(path)
    site = site_of(request)
    if await site.is_withdrawn(f"id/{path}"):
        return await gone(request, site, path, "", {"Vary": VARY, "Link": links(request, f"doc/{path}")})
    headers = {"Vary": "Accept", "Link": links(request, f"doc/{path}")}
    return RedirectResponse(f"{root_of(request)}doc/{path}", status_code=303, headers=headers)


@router.api_route("/doc/{path:path}", methods=["GET", "HEAD"], response_class=Response)
async def document(path: str, request: Request) -> Response:
    """Return the document about a resource: HTML, Turtle, JSON-LD, N-Triples or RDF/XML, by suffix or negotiation.

    With `Accept-Datetime`, redirect to the document as it was then (RFC 7089).
    """
    _require(_parts(path)[0])
    return await memento_of(request, f"doc/{path}") or await _document(request, site_of(request), path, {})


@router.api_route("/releases/{name}/doc/{path:path}", methods=["GET", "HEAD"], response_class=Response)
async def old_document(name: str, path: str, request: Request) -> Response:
    """Return the document about a resource as it was in a release."""
    release = named_release(request, name)
    _require(_parts(path)[0])
    headers = memento_headers(request, release, f"doc/{path}")
    return await _document(request, await history_of(request).site(release), path, headers)


async def _document(request: Request, site: Site, path: str, more: dict[str, str]) -> Response:
    """Return the document at a path below `/doc/` as a site has it, with `more` headers."""
    stem, suffix = _parts(path)
    history = links(request, f"doc/{path}")
    if await site.is_withdrawn(f"id/{stem}"):
        return await gone(request, site, stem, suffix, {"Vary": VARY, **more, "Link": history})
    extension = suffix or _negotiated(request)
    tag = entity_tag(_state(site.release), stem, extension, *_variant(request, site, extension))
    headers = {
        "ETag": tag,
        "Vary": f"{VARY}, Accept-Encoding",
        "Cache-Control": REVALIDATED,
        **more,
        "Link": f"{_links(site, stem)}, {history}",
    }
    if not suffix:
        headers["Content-Location"] = f"{stem.rpartition('/')[2]}.{extension}"
    if unchanged := not_modified(request, tag, headers, exists=False):
        return unchanged
    response = await (resource_page(request, site, stem) if extension == "html" else _data(site, stem, extension))
    if response is None:
        raise Problem(404, both("this release says nothing about <{iri}>", iri=site.register.iri(f"id/{stem}")))
    response.headers.update(headers)
    return not_modified(request, tag, headers) or response


def _state(release: Release) -> str:
    """Return what changes with every redaction, also where only the vocabulary is concerned."""
    return f"{release.identity}{len(release.manifest.redactions)}"


def _parts(path: str) -> tuple[str, str]:
    """Return the path of a resource and the suffix of the format in a path below `/doc/`."""
    stem, dot, suffix = path.rpartition(".")
    return (stem, suffix) if dot and suffix in EXTENSIONS else (path, "")


def _require(path: str) -> None:
    if not is_resource(path):
        raise Problem(404, both("no resource can have this address: kinds and names are lower-case ASCII"))


def _negotiated(request: Request) -> str:
    chosen = best_format(request.headers.get("accept"), OFFERS)
    if chosen is None:
        offers = ", ".join(offer.media_type for offer in OFFERS)
        raise Problem(406, both("none of the media types in Accept is offered; there are: {offers}", offers=offers))
    return chosen.name


def _links(site: Site, path: str) -> str:
    root = site.register.url
    others = [f'<{root}doc/{path}.{offer.name}>; rel="alternate"; type="{offer.media_type}"' for offer in OFFERS]
    iri = f"{site.release.base}id/{path}"
    about = (
        f'<{iri}>; rel="cite-as"',
        f'<{root}id/{path}>; rel="describes"',
        f'<{site.register.licence.iri}>; rel="license"',
    )
    data = [
        f'<{root}doc/{path}.{offer.name}>; rel="describedby"; type="{offer.media_type}"' for offer in documents.FORMATS
    ]
    return ", ".join([*about, *others, *data, f'<{root}>; rel="collection"; type="text/html"'])


def _variant(request: Request, site: Site, extension: str) -> tuple[str, ...]:
    """Return what a document depends on beside the release: software, compression.

    A page depends on language and parameters, too, and on the day: it tells what is in force.
    """
    variant = __version__, choose(request.headers.get("accept-encoding")) or ""
    if extension != "html":
        return variant
    return *variant, language_of(request), request.url.query, site.day.isoformat()


async def _data(site: Site, path: str, extension: str) -> Response | None:
    description = await site.describe(f"id/{path}")
    if description is None:
        return None
    facts = [*description.triples, *await surroundings(site.ask, description, site.surveyed)]
    facts += [*await names(site.ask, facts), *site.vocabulary.triples(facts)]
    triples = documents.document_triples(description.iri, facts, site.release, description.cuts)
    body = documents.serialise(triples, extension, site.release)
    return Compressed(body, media_type=EXTENSIONS[extension].content_type)
