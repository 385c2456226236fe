"""Lists whose state lives in the URL, at the paths that the table of kinds gives: `/contracts` for the shipped one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from vertragsgraph.collation import sort_key
from vertragsgraph.http.problem import Problem
from vertragsgraph.linked_data.in_force import Status
from vertragsgraph.linked_data.lists import NONE, Index, Option
from vertragsgraph.linked_data.names import LABEL
from vertragsgraph.linked_data.terms import Label, Labels
from vertragsgraph.linked_data.topics import topics
from vertragsgraph.rdf.namespaces import SKOS
from vertragsgraph.register import Kind
from vertragsgraph.register.kinds import Facet, Listing
from vertragsgraph.texts import both, text_in
from vertragsgraph.web.pages.kinds import details_of, lines_of
from vertragsgraph.web.pages.sections.life import STATUSES
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.rendering.presenter import Presenter
from vertragsgraph.web.rendering.structured_data import collection
from vertragsgraph.web.rendering.templating import page
from vertragsgraph.web.rendering.urls import Way, way_of
from vertragsgraph.web.site.site import Site, site_of

SHOWN: Final = 50
TOPIC: Final = "topic"
BROADER: Final = SKOS + "broader"


class ListRoute(APIRoute):
    """A route of lists: it fits the paths of those that the release being served has, and no others."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell whether a request is one for a list."""
        match, child = super().matches(scope)
        name = child.get("path_params", {}).get("name")
        return (match, child) if name in scope["app"].state.site.kinds.listed else (Match.NONE, {})


router = APIRouter(route_class=ListRoute)


@dataclass(frozen=True)
class Choice:
    """An option of a facet as a page shows it: where a click leads, and whether it is chosen."""

    label: Label
    count: str
    href: str
    chosen: bool


@dataclass(frozen=True)
class Day:
    """What asks for another day: the name of the day in the address, the day, and the other parameters."""

    name: str
    value: str
    others: Mapping[str, str]


@dataclass(frozen=True)
class Filter:
    """A facet as a page shows it; `day` asks for the day that it is about."""

    key: str
    title: str
    choices: tuple[Choice, ...]
    active: bool
    day: Day | None = None


@router.api_route("/{name}", methods=["GET", "HEAD"], response_class=Response)
async def list_page(name: str, request: Request) -> Response:
    """Return a list as a page, narrowed down by the facets in the address."""
    site = site_of(request)
    kind = site.kinds.listed[name]
    return await (_tree if kind.page == TOPIC else _list)(request, site, kind, name)


async def _list(request: Request, site: Site, kind: Kind, name: str) -> Response:
    number, index = page_number(request), await site.index(name)
    chosen, on = chosen_in(request, index), day_in(request, site, index)
    items = items_of(request, index, chosen, on)
    shown = tuple(items[(number - 1) * SHOWN : number * SHOWN])
    details = await site.recently((name, shown), lambda: details_of(site, kind, shown))
    options = index.options(chosen, on)
    values = {option.iri for some in options.values() for option in some if option.iri}
    labels = Labels({**details.labels.found, **index.labels(values)})
    presenter = Presenter(site, labels, language_of(request), way_of(request))
    title = site.title(index.listing.title, kind.iri, presenter.language)
    return page(
        request,
        "list.html",
        site,
        name=name,
        title=title,
        structured=collection(request, site, title, map(presenter.named, shown), len(items)),
        filters=_filters(presenter, index.listing, options, chosen, on, way_of(request)),
        chosen=chosen,
        total=len(items),
        lines=lines_of(details, presenter, kind, shown, on),
        page_number=number,
        pages=max(1, -(-len(items) // SHOWN)),
    )


async def _tree(request: Request, site: Site, kind: Kind, name: str) -> Response:
    """Return the topics as a tree."""
    found, count = await site.once("topics", lambda: topics(site.ask)), await counter(site, kind)
    presenter = Presenter(site, found.labels, language_of(request), way_of(request))

    def branches(these: Iterable[str], seen: frozenset[str]) -> list[dict[str, Any]]:
        return [
            {"value": value, "count": count(value.iri), "below": branches(below(value.iri), seen | {value.iri})}
            for value in presenter.ordered(presenter.named(topic) for topic in these if topic not in seen)
        ]

    below = partial(found.subjects, BROADER)
    all_topics = found.with_predicate(LABEL)
    top = [topic for topic in all_topics if not {*found.iris(topic, BROADER)} & {*all_topics}]

    title = site.title(kind.list.title if kind.list else None, kind.iri, presenter.language)
    return page(
        request,
        "topics.html",
        site,
        name=name,
        title=title,
        structured=collection(request, site, title, map(presenter.named, all_topics), len(all_topics)),
        tree=branches(top, frozenset()),
    )


async def counter(site: Site, kind: Kind) -> Callable[[str], int]:
    """Return what counts the items that have a resource of a kind as their value, in the first list with such a facet."""
    for path, other in site.kinds.listed.items():
        for facet in other.list.facets if other.list else ():
            if facet.kind == kind.name:
                index = await site.index(path)
                return partial(index.count, facet.key)
    return lambda _: 0


def chosen_in(request: Request, index: Index) -> dict[str, str]:
    """Return the values of facets that the address names, and the day where it names one."""
    keys = [*(facet.key for facet in index.listing.facets), *([index.day] if index.day else [])]
    return {key: value for key in keys if (value := request.query_params.get(key, ""))}


def day_in(request: Request, site: Site, index: Index) -> date:
    """Return the day on which it is told what is in force: the address's, else today; raises `Problem` 400 for no day."""
    text = request.query_params.get(index.day, "") if index.day else ""
    try:
        return date.fromisoformat(text) if text else site.day
    except ValueError:
        raise Problem(400, both("{name} must be a day such as {day}", name=index.day, day=site.day)) from None


def page_number(request: Request) -> int:
    """Return the number of the page asked for (from 1); raises `Problem` 400 for what is none."""
    text = request.query_params.get("page", "1")
    if not text.isdecimal() or not 1 <= len(text) <= 6 or int(text) < 1:
        raise Problem(400, both("page must be a number from 1 on"))
    return int(text)


def items_of(request: Request, index: Index, chosen: Mapping[str, str], on: date) -> Sequence[str]:
    """Return the IRIs of the items with the values chosen, in order; raises `Problem` 400 for a value that can't be one."""
    try:
        return index.items(chosen, on, language_of(request))
    except ValueError as error:
        detail = both("a value in the address can't be one of its filter; the list without it shows the values")
        raise Problem(400, detail) from error


def _filters(
    presenter: Presenter,
    listing: Listing,
    options: Mapping[str, Sequence[Option]],
    chosen: dict[str, str],
    on: date,
    to: Way,
) -> list[Filter]:
    filters = []
    for facet in listing.facets:
        counted = [
            (-option.count, _choice(presenter, listing, facet, option, chosen, to)) for option in options[facet.key]
        ]
        counted.sort(key=lambda pair: (pair[0], sort_key(pair[1].label.text)))
        choices = [choice for _, choice in counted]
        if facet.form == "year":
            choices.sort(key=lambda choice: choice.label.text if choice.label.text.isdecimal() else "", reverse=True)
        if facet.period:
            order = [presenter.say(text) for text in STATUSES.values()]
            choices.sort(key=lambda choice: order.index(choice.label.text))
        if choices:
            last = facet.path.steps[-1].property if facet.path else facet.key
            title = presenter.site.title(facet.title, last, presenter.language)
            day = _day(facet.period.day, facet.key, chosen, on) if facet.period else None
            if day:
                title = presenter.say("{facet} on {day}", facet=title, day=presenter.day(on))
            filters.append(Filter(facet.key, title, tuple(choices), facet.key in chosen, day))
    return filters


def _day(name: str, key: str, chosen: Mapping[str, str], on: date) -> Day:
    """Return what asks for another day; who hasn't chosen a status will want what is in force on it."""
    others = {other: value for other, value in chosen.items() if other != name}
    return Day(name, on.isoformat(), {key: Status.IN_FORCE, **others})


def _choice(
    presenter: Presenter, listing: Listing, facet: Facet, option: Option, chosen: Mapping[str, str], to: Way
) -> Choice:
    selected = option.token == chosen.get(facet.key)
    wanted = {key: value for key, value in chosen.items() if key != facet.key}
    if not selected:
        wanted[facet.key] = option.token
    label = _label(presenter, facet, option)
    return Choice(label, presenter.number(option.count), to(listing.path, **wanted), selected)


def _label(presenter: Presenter, facet: Facet, option: Option) -> Label:
    if facet.period:
        return Label(presenter.say(STATUSES[Status(option.token)]), "")
    if option.token == NONE:
        return Label(presenter.say("year not known") if facet.form == "year" else presenter.say("not stated"), "")
    if option.iri:
        return presenter.label(option.iri)
    named = (text_in(value.title, presenter.language) for value in facet.values if value.key == option.token)
    return Label(next(named, option.token), "")
