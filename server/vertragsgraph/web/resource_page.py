"""The HTML document about a resource: which kind of page it gets, and the view of all its triples."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from starlette.responses import Response

from vertragsgraph.collation import sort_key
from vertragsgraph.linked_data import documents
from vertragsgraph.linked_data.gathering import gather
from vertragsgraph.linked_data.names import OWL, RDFS, VG
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.linked_data.network import KINDS, around
from vertragsgraph.register import ASSERTED_ROLES
from vertragsgraph.web import contract_page, resource_pages, source_pages, topic_page
from vertragsgraph.web.assets import asset
from vertragsgraph.web.edition import Edition
from vertragsgraph.web.language import language_of
from vertragsgraph.web.page_kinds import PageKind
from vertragsgraph.web.site import Site
from vertragsgraph.web.star import star
from vertragsgraph.web.templating import page
from vertragsgraph.web.values import Presenter
from vertragsgraph.web.ways import way_of
from vertragsgraph.web.words import WORDS

FORMAT_NAMES: Final = {"ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF/XML"}
TRIPLES: Final = "triples"
"""Value of the parameter `view` for the page with all triples."""

# The kind of a page is chosen before anything is asked, by the first part of the path; the classes are those of the
# vocabulary, and registers name the kinds of their resources after them.
_KINDS: Final = {
    "contract": contract_page.KIND,
    "organisation": resource_pages.ORGANISATION,
    "person": resource_pages.PERSON,
    "office": resource_pages.OFFICE,
    "topic": topic_page.KIND,
    "form": topic_page.KIND,
    "source": source_pages.SOURCE,
    "evidence": source_pages.EVIDENCE,
    "statement": source_pages.STATEMENT,
}
_EVERYTHING: Final = {RDFS + "Resource", OWL + "Thing", OWL + "NamedIndividual"}


async def resource_page(request: Request, site: Site, path: str) -> Response | None:
    """Return the page about the resource at a path below `/id/`; None where the release says nothing about it."""
    if request.query_params.get("view") == TRIPLES:
        return await _triples_page(request, site, path)
    iri = site.register.iri(f"id/{path}")
    found = await surroundings(site, path)
    if iri not in found and not found.verbs_to(iri):
        return None
    presenter = Presenter(site, found.labels, language_of(request), way_of(request))
    content = kind_of(path).build(Edition(found, presenter), iri)
    return page(
        request,
        "edition.html",
        site,
        title=content.title or presenter.label(iri),
        kinds=kinds_of(found, presenter, iri),
        iri=iri,
        path=path,
        content=content,
        star=star(presenter, around(found, iri), iri),
        explorer=asset("explore.js"),
        node_kinds=[(name, presenter.label(each)) for each, name in KINDS.items()],
        alternates=alternates(),
        **content.extra,
    )


def kind_of(path: str) -> PageKind:
    """Return the kind of page that a resource at a path below `/id/` has."""
    return _KINDS.get(path.partition("/")[0], resource_pages.ANYTHING)


async def surroundings(site: Site, path: str) -> Neighbourhood:
    """Return what the page about the resource at a path below `/id/` is made from."""
    iri = site.register.iri(f"id/{path}")
    asserted = [site.register.graph(role) for role in site.release.roles if role in ASSERTED_ROLES]
    return await site.recently(iri, lambda: gather(site.ask, iri, kind_of(path).wanted, asserted))


def kinds_of(found: Neighbourhood, presenter: Presenter, iri: str) -> str:
    """Return what a resource is, in words: its classes of our own vocabulary, no general one beside a special one.

    Where there are none, the classes for which there are words; else all.
    """
    kinds = found.types(iri) - _EVERYTHING
    own = {kind for kind in kinds if kind.startswith(VG)}
    general = {VG + "Contract", VG + "Organisation", VG + "Office", VG + "Act", VG + "Measure"}
    special = own - general or own or kinds & WORDS.keys() or kinds
    return presenter.listed(sorted({presenter.label(kind).text for kind in special}, key=sort_key))


async def _triples_page(request: Request, site: Site, path: str) -> Response | None:
    description = await site.describe(f"id/{path}")
    if description is None:
        return None
    presenter = Presenter(site, description.labels, language_of(request), way_of(request))
    return page(
        request,
        "triples.html",
        site,
        title=presenter.label(description.iri),
        iri=description.iri,
        path=path,
        parts=[
            (presenter.say("Asserted"), presenter.groups(description.asserted)),
            (presenter.say("Entailed: follows from what is asserted"), presenter.groups(description.entailed)),
            (presenter.say("Said by others"), presenter.groups(description.incoming, of=lambda t: t.subject)),
        ],
        incoming_cut=description.incoming_cut,
        alternates=alternates(),
    )


def alternates() -> list[tuple[str, str, str]]:
    """Return extension, media type and name of each format in which a document is given as data."""
    return [(offer.name, offer.media_type, FORMAT_NAMES[offer.name]) for offer in documents.FORMATS]
