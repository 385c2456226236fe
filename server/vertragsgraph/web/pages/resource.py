"""The HTML document about a resource: which kind of page it gets, and the view of all its triples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from fastapi import Request
from starlette.responses import Response

from vertragsgraph.collation import sort_key
from vertragsgraph.linked_data import documents
from vertragsgraph.linked_data.gathering import LIMIT, Known, Wanted, gather
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.linked_data.network import around
from vertragsgraph.linked_data.resources import names
from vertragsgraph.linked_data.terms import Label
from vertragsgraph.rdf.namespaces import OWL, RDFS, VG
from vertragsgraph.rdf.paths import PropertyPath, Step
from vertragsgraph.rdf.term_labels import WORDS
from vertragsgraph.register.kinds import Connection
from vertragsgraph.web.pages import agents, contract, sources, topic
from vertragsgraph.web.pages.edition import Edition, Row, Section
from vertragsgraph.web.pages.ego_graph import star
from vertragsgraph.web.pages.kinds import CONTRACT, PageKind
from vertragsgraph.web.pages.sections.further import further
from vertragsgraph.web.rendering import structured_data
from vertragsgraph.web.rendering.assets import asset
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.rendering.presenter import Presenter
from vertragsgraph.web.rendering.templating import page
from vertragsgraph.web.rendering.urls import way_of
from vertragsgraph.web.site.site import Site

FORMAT_NAMES: Final = {"ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF/XML"}
TRIPLES: Final = "triples"
"""Value of the parameter `view` for the page with all triples."""

PAGES: Final = {
    "contract": contract.KIND,
    "organisation": agents.ORGANISATION,
    "person": agents.PERSON,
    "office": agents.OFFICE,
    "topic": topic.KIND,
    "source": sources.SOURCE,
    "evidence": sources.EVIDENCE,
    "statement": sources.STATEMENT,
}
"""The pages that are made by hand, as the table of kinds names them; all other kinds have one that shows what there is."""
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
    edition = Edition(found, presenter)
    content = kind_of(site, path).build(edition, iri)
    kinds = kinds_of(found, presenter, iri)
    # A part of evidence, say, has no name: then it is called what it is.
    title = content.title or (presenter.label(iri) if iri in found.labels.found or not kinds else Label(kinds, ""),)
    name = readable(title, presenter)
    mentions = Section("further", presenter.say("Mentioned by"), _further(edition, path, iri))
    statements = further(edition, iri, presenter.say("Further statements"))
    return page(
        request,
        "edition.html",
        site,
        title=title,
        name=name,
        structured=structured_data.resource(
            request, site, path, name, found, content.lede.text if content.lede else ""
        ),
        kinds=kinds,
        iri=iri,
        path=path,
        content=replace(content, sections=[*content.sections, mentions, statements]),
        star=star(presenter, around(found, iri, site.kinds), iri),
        explorer=asset("explore.js"),
        node_kinds=node_kinds(presenter),
        alternates=alternates(),
        feed=presenter.to(f"doc/{path}.atom", lang=presenter.language)
        if path.partition("/")[0] in site.kinds.main
        else "",
        **content.extra,
    )


def readable(title: Sequence[Label], presenter: Presenter) -> str:
    """Return a title for places where no part can be marked as being in another language: without those that would have to be."""
    parts = [part for part in title if not presenter.foreign(part)] or title
    return ": ".join(filter(None, (", ".join(part.text for part in parts[:2]), *(part.text for part in parts[2:]))))


def kind_of(site: Site, path: str) -> PageKind:
    """Return the kind of page that a resource at a path below `/id/` has: the path tells before anything is asked."""
    kind, _, name = path.partition("/")
    page_kind = PAGES.get(site.kinds[kind].page)
    if page_kind is None or "/" in name:  # a part of a resource, a passage say, is none of its kind
        return agents.ANYTHING
    wanted, lines = page_kind.wanted, _unforeseen(site, path)
    members = {line.name: f"?f <{line.name}> {{node}} ; a <{site.kinds[line.start].iri}> ." for line in lines}
    types = [
        f"{{ SELECT ?s WHERE {{ ?s <{line.name}> {{node}} ; a <{site.kinds[line.start].iri}> }} ORDER BY ?s LIMIT {LIMIT} }} "
        f"BIND (rdf:type AS ?p) BIND (<{site.kinds[line.start].iri}> AS ?o)"
        for line in lines
    ]
    wanted = replace(wanted, members={**members, **wanted.members}, extra=(*wanted.extra, *types))
    return replace(page_kind, wanted=wanted)


def _unforeseen(site: Site, path: str) -> list[Connection]:
    """Return the lines that lead here from kinds of which the pages made by hand know nothing."""
    kind = path.partition("/")[0]
    return [line for line in site.kinds.lines if line.end == kind and not line.path and not site.kinds[line.start].page]


def _further(edition: Edition, path: str, iri: str) -> list[Row]:
    """Return rows for what such lines lead from."""
    kinds, rows = edition.show.site.kinds, []
    for line in _unforeseen(edition.show.site, path) if kinds[path.partition("/")[0]].page else ():
        cls = kinds[line.start].iri
        found = [node for node in edition.found.subjects(line.name, iri) if cls in edition.found.types(node)]
        if found:
            values = edition.show.ordered(edition.show.named(node) for node in found)
            rows.append(Row(edition.show.label(line.inverse or cls).text, tuple(values), more=edition.rest(line.name)))
    return rows


def node_kinds(presenter: Presenter) -> list[tuple[str, Label, str]]:
    """Return the name of each kind that graphs draw, what it is called, and its shape."""
    return [(kind.name, presenter.label(iri), kind.shape) for iri, kind in presenter.site.kinds.nodes.items()]


async def surroundings(site: Site, path: str) -> Neighbourhood:
    """Return what the page about the resource at a path below `/id/` is made from."""
    iri = site.register.iri(f"id/{path}")
    wanted = kind_of(site, path).wanted

    async def gathered() -> Neighbourhood:
        return await gather(site.ask, iri, wanted, site.surveyed.asserted, await _known(site, iri, wanted))

    return await site.recently(iri, gathered)


async def _known(site: Site, iri: str, wanted: Wanted) -> dict[str, Known]:
    """Return what the list of contracts tells of those that are wanted, by pattern: it has facets for most of them."""
    kind = site.kinds.with_page(CONTRACT) if wanted.listed else None
    if kind is None or kind.list is None:
        return {}
    index, found = await site.index(kind.list.path), {}
    for pattern, name in wanted.listed.items():
        key = next((facet.key for facet in kind.list.facets if facet.path == PropertyPath(((Step(name),),))), "")
        if key:
            items = index.items({key: iri}, site.day, site.register.spoken[0])
            found[pattern] = Known(len(items), items[:LIMIT])
    return found


def kinds_of(found: Neighbourhood, presenter: Presenter, iri: str) -> str:
    """Return what a resource is, in words: its classes of our own vocabulary, no general one beside a special one.

    Where there are none, the classes for which there are words; else all.
    """
    kinds = found.types(iri) - _EVERYTHING
    named = {kind.iri for kind in presenter.site.kinds.kinds.values()}
    own = {kind for kind in kinds if kind.startswith(VG) or kind in named}
    general = {VG + "Contract", VG + "Organisation", VG + "Office", VG + "Act", VG + "Measure"}
    special = own - general or own or kinds & WORDS.keys() or kinds
    return presenter.listed(sorted({presenter.label(kind).text for kind in special}, key=sort_key))


async def _triples_page(request: Request, site: Site, path: str) -> Response | None:
    description = await site.describe(f"id/{path}")
    if description is None:
        return None
    labels = Neighbourhood([*description.triples, *await names(site.ask, description.triples)]).labels
    presenter = Presenter(site, labels, language_of(request), way_of(request))
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
        cut=bool(description.cuts),
        alternates=alternates(),
    )


def alternates() -> list[tuple[str, str, str]]:
    """Return extension, media type and name of each format in which a document is given as data."""
    return [(offer.name, offer.media_type, FORMAT_NAMES[offer.name]) for offer in documents.FORMATS]
