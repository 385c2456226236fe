"""`/contracts`, `/organisations`, `/people`, `/topics`: lists whose state lives in the URL."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request
from pyoxigraph import NamedNode
from starlette.responses import Response

from vertragsgraph.collation import sort_key
from vertragsgraph.linked_data.gathering import contract_lines, properties
from vertragsgraph.linked_data.lists import CONTRACTS, NONE, Index, Listing, Option
from vertragsgraph.linked_data.names import ORG, VG
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.linked_data.terms import Label, Labels
from vertragsgraph.linked_data.topics import topics
from vertragsgraph.problem import Problem
from vertragsgraph.texts import both, marked
from vertragsgraph.web.edition import Edition
from vertragsgraph.web.language import language_of
from vertragsgraph.web.page_kinds import contract_line
from vertragsgraph.web.site import Site, site_of
from vertragsgraph.web.templating import page
from vertragsgraph.web.values import Presenter
from vertragsgraph.web.ways import Way, way_of

router = APIRouter()

SHOWN: Final = 50
_TITLES: Final = {
    "contracts": marked("Contracts"),
    "organisations": marked("Organisations"),
    "people": marked("People"),
    "topics": marked("Topics"),
}
_FACETS: Final = {
    "year": marked("Year"),
    "topic": marked("Topic"),
    "partner": marked("Partner"),
    "party": marked("Public side"),
    "funding": marked("Public funding"),
    "office": marked("Office"),
    "role": marked("Role"),
    "form": marked("Legal form"),
    "part-of": marked("Part of"),
    "organisation": marked("Organisation"),
}
_SHOWN: Final = ("org:classification", "vg:heldOffice")
_WORDS: Final = {"partner": marked("partner of a contract"), "party": marked("public side of a contract")}


@dataclass(frozen=True)
class Choice:
    """An option of a facet as a page shows it: where a click leads, and whether it is chosen."""

    label: Label
    count: str
    href: str
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """A facet as a page shows it."""

    key: str
    title: str
    choices: tuple[Choice, ...]
    active: bool


async def _list(request: Request, name: str) -> Response:
    """Return a list as a page."""
    site, number = site_of(request), page_number(request)
    index = await site.index(name)
    chosen = chosen_in(request, index.listing)
    items = items_of(request, index, chosen)
    shown = tuple(items[(number - 1) * SHOWN : number * SHOWN])
    details = await site.recently((name, shown), lambda: details_of(site, index.listing, shown))
    options = index.options(chosen)
    values = {option.iri for some in options.values() for option in some if option.iri}
    labels = Labels({**details.labels.found, **index.labels.of(values)})
    presenter = Presenter(site, labels, language_of(request), way_of(request))
    return page(
        request,
        "list.html",
        site,
        name=name,
        title=presenter.say(_TITLES[name]),
        filters=_filters(presenter, index.listing, options, chosen, way_of(request)),
        chosen=chosen,
        total=len(items),
        lines=_lines(details, presenter, index.listing, shown),
        page_number=number,
        pages=max(1, -(-len(items) // SHOWN)),
    )


@router.api_route("/contracts", methods=["GET", "HEAD"], response_class=Response)
async def contract_list(request: Request) -> Response:
    """Return the list of the contracts, narrowed down by year, topic, partner, funding and office."""
    return await _list(request, "contracts")


@router.api_route("/organisations", methods=["GET", "HEAD"], response_class=Response)
async def organisation_list(request: Request) -> Response:
    """Return the list of the organisations, narrowed down by role, legal form and what they are part of."""
    return await _list(request, "organisations")


@router.api_route("/people", methods=["GET", "HEAD"], response_class=Response)
async def people_list(request: Request) -> Response:
    """Return the list of the people, narrowed down by office and organisation."""
    return await _list(request, "people")


@router.api_route("/topics", methods=["GET", "HEAD"], response_class=Response)
async def topic_tree(request: Request) -> Response:
    """Return the topics as a tree."""
    site = site_of(request)
    found, contracts = await site.once("topics", lambda: topics(site.ask)), await site.index("contracts")
    presenter = Presenter(site, found.labels, language_of(request), way_of(request))

    def branches(above: str, seen: frozenset[str]) -> list[dict[str, Any]]:
        shown = presenter.ordered(presenter.named(topic) for topic in found.below(above) if topic not in seen)
        return [
            {
                "value": value,
                "count": contracts.count("topic", value.iri),
                "below": branches(value.iri, seen | {value.iri}),
            }
            for value in shown
        ]

    return page(request, "topics.html", site, tree=branches("", frozenset()))


def chosen_in(request: Request, listing: Listing) -> dict[str, str]:
    """Return the values of facets that the address names."""
    asked = {facet.key: request.query_params.get(facet.key, "") for facet in listing.facets}
    return {key: value for key, value in asked.items() if value}


def page_number(request: Request) -> int:
    """Return the number of the page asked for (from 1); raises `Problem` 400 for what is none."""
    text = request.query_params.get("page", "1")
    if not text.isdecimal() or not 1 <= len(text) <= 6 or int(text) < 1:
        raise Problem(400, both("page must be a number from 1 on"))
    return int(text)


def items_of(request: Request, index: Index, chosen: Mapping[str, str]) -> Sequence[str]:
    """Return the IRIs of the items with the chosen values, in order; raises `Problem` 400 for a value that can't be one."""
    try:
        return index.items(chosen, language_of(request))
    except ValueError as error:
        detail = both("a value in the address can't be one of its filter; the list without it shows the values")
        raise Problem(400, detail) from error


async def details_of(site: Site, listing: Listing, items: Sequence[str]) -> Neighbourhood:
    """Return what the lines of a list show of some items."""
    if listing is CONTRACTS:
        lines, themes = await asyncio.gather(
            contract_lines(site.ask, items), properties(site.ask, items, ("vg:theme",))
        )
        return Neighbourhood([*lines, *themes])
    shown = await properties(site.ask, items, ("rdfs:label", *_SHOWN))
    mentioned = {fact.object.value for fact in shown if isinstance(fact.object, NamedNode)}
    return Neighbourhood([*shown, *(await properties(site.ask, sorted(mentioned), ("rdfs:label",)))])


def _lines(
    details: Neighbourhood, presenter: Presenter, listing: Listing, items: Sequence[str]
) -> list[dict[str, Any]]:
    edition = Edition(details, presenter)
    if listing is CONTRACTS:
        return [{"line": contract_line(edition, iri), "more": edition.best(iri, VG + "theme")} for iri in items]
    return [
        {
            "value": presenter.named(iri),
            "more": [presenter.named(each) for each in details.iris(iri, ORG + "classification", VG + "heldOffice")],
        }
        for iri in items
    ]


def _filters(
    presenter: Presenter,
    listing: Listing,
    options: Mapping[str, Sequence[Option]],
    chosen: dict[str, str],
    to: Way,
) -> list[Filter]:
    filters = []
    for facet in listing.facets:
        others = {key: value for key, value in chosen.items() if key != facet.key}
        counted = [
            (-option.count, _choice(presenter, listing, facet.key, option, chosen.get(facet.key, ""), others, to))
            for option in options[facet.key]
        ]
        counted.sort(key=lambda pair: (pair[0], sort_key(pair[1].label.text)))
        choices = [choice for _, choice in counted]
        if listing is CONTRACTS and facet.key == "year":
            choices.sort(key=lambda choice: choice.label.text, reverse=True)
        if choices:
            filters.append(Filter(facet.key, presenter.say(_FACETS[facet.key]), tuple(choices), facet.key in chosen))
    return filters


def _choice(
    presenter: Presenter, listing: Listing, key: str, option: Option, current: str, others: dict[str, str], to: Way
) -> Choice:
    if option.token == NONE:
        label = Label(presenter.say("not stated"), "")
    elif option.iri:
        label = presenter.label(option.iri)
    else:
        label = Label(presenter.say(_WORDS[option.token]) if option.token in _WORDS else option.token, "")
    selected = option.token == current
    wanted = others if selected else {**others, key: option.token}
    return Choice(label, presenter.number(option.count), to(listing.name, **wanted), selected)
