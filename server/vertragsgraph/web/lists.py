"""`/contracts`, `/organisations`, `/people`, `/topics`: lists whose state lives in the URL; also as CSV and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request
from pyoxigraph import NamedNode
from starlette.responses import Response

from vertragsgraph.collation import sort_key
from vertragsgraph.linked_data.gathering import contract_lines, properties
from vertragsgraph.linked_data.lists import CONTRACTS, LISTINGS, NONE, Found, Listing, Option, find
from vertragsgraph.linked_data.names import DCTERMS, ORG, VG
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.linked_data.terms import Label, Labels
from vertragsgraph.linked_data.topics import Topics, topics
from vertragsgraph.problem import Problem
from vertragsgraph.spreadsheet import as_csv, separator
from vertragsgraph.texts import LANGUAGES, both, marked
from vertragsgraph.web.edition import Edition
from vertragsgraph.web.language import language_of
from vertragsgraph.web.page_kinds import contract_line
from vertragsgraph.web.site import Site, site_of
from vertragsgraph.web.templating import page
from vertragsgraph.web.values import Presenter
from vertragsgraph.web.ways import Way, way_of

router = APIRouter()

SHOWN: Final = 50
DOWNLOADED: Final = 10_000
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
    site, listing = site_of(request), LISTINGS[name]
    chosen, number = _chosen(request, listing), page_number(request)
    found = await _find(site, request, listing, chosen, SHOWN, (number - 1) * SHOWN)
    details = await _details(site, listing, found)
    presenter = Presenter(site, details.labels, language_of(request), way_of(request))
    pages = max(1, -(-found.total // SHOWN))
    return page(
        request,
        "list.html",
        site,
        name=name,
        title=presenter.say(_TITLES[name]),
        filters=_filters(presenter, listing, found, chosen, way_of(request)),
        chosen=chosen,
        total=found.total,
        lines=_lines(details, presenter, listing, found),
        page_number=number,
        pages=pages,
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
    found = await site.once("topics", lambda: topics(site.ask))
    presenter = Presenter(site, found.labels, language_of(request), way_of(request))
    return page(request, "topics.html", site, tree=list(_branches(found, presenter, "", frozenset())))


def _branches(found: Topics, presenter: Presenter, above: str, seen: frozenset[str]) -> Iterator[dict[str, Any]]:
    shown = presenter.ordered(presenter.named(topic) for topic in found.below(above) if topic not in seen)
    for value in shown:
        yield {
            "value": value,
            "count": found.contracts.get(value.iri, 0),
            "below": list(_branches(found, presenter, value.iri, seen | {value.iri})),
        }


@router.api_route("/topics.{extension}", methods=["GET", "HEAD"], response_class=Response)
async def topic_file(extension: str, request: Request) -> Response:
    """Return the topics as CSV or JSON."""
    site = site_of(request)
    found = await site.once("topics", lambda: topics(site.ask))
    rows = [
        {
            "iri": topic,
            **_labels(found.labels, topic),
            "broader": sorted(above),
            "contracts": found.contracts.get(topic, 0),
        }
        for topic, above in sorted(found.broader.items())
    ]
    return _file(rows, len(rows), "topics", extension)


@router.api_route("/contracts.{extension}", methods=["GET", "HEAD"], response_class=Response)
async def contract_file(extension: str, request: Request) -> Response:
    """Return the contracts, narrowed down like the page, as CSV (RFC 4180) or JSON."""
    return await _download("contracts", request, extension)


@router.api_route("/organisations.{extension}", methods=["GET", "HEAD"], response_class=Response)
async def organisation_file(extension: str, request: Request) -> Response:
    """Return the organisations, narrowed down like the page, as CSV (RFC 4180) or JSON."""
    return await _download("organisations", request, extension)


@router.api_route("/people.{extension}", methods=["GET", "HEAD"], response_class=Response)
async def people_file(extension: str, request: Request) -> Response:
    """Return the people, narrowed down like the page, as CSV (RFC 4180) or JSON."""
    return await _download("people", request, extension)


async def _download(name: str, request: Request, extension: str) -> Response:
    site, listing = site_of(request), LISTINGS[name]
    offset = (page_number(request) - 1) * DOWNLOADED
    found = await _find(site, request, listing, _chosen(request, listing), DOWNLOADED, offset, options=False)
    details = await _details(site, listing, found)
    rows = [{"iri": iri, **_labels(details.labels, iri), **_fields(details, listing, iri)} for iri in found.items]
    return _file(rows, found.total, name, extension)


def _fields(details: Neighbourhood, listing: Listing, iri: str) -> dict[str, list[str] | str]:
    if listing is CONTRACTS:
        return {
            "date": [date.value for date in details.literals(iri, DCTERMS + "date")],
            "funding": details.one(iri, VG + "fundingStatus").removeprefix(VG),
            "partner": details.iris(iri, VG + "partner"),
            "topic": details.iris(iri, VG + "topic"),
            "theme": [theme.value for theme in details.literals(iri, VG + "theme")],
        }
    return {"type": details.iris(iri, ORG + "classification"), "office": details.iris(iri, VG + "heldOffice")}


def _labels(labels: Labels, iri: str) -> dict[str, str]:
    return {f"label_{language}": labels.text_in(iri, language) for language in LANGUAGES}


def _file(rows: list[dict[str, Any]], total: int, name: str, extension: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}.{extension}"', "Vary": "Accept-Language"}
    if extension == "json":
        body = json.dumps({"total": total, "items": rows}, ensure_ascii=False, indent=1)
        return Response(body, media_type="application/json", headers=headers)
    if extension != "csv":
        raise Problem(404, both("this list is offered as csv and json"))
    between = separator(lambda symbol: any(symbol in theme for row in rows for theme in row.get("theme", ())))
    table = ([_joined(value, between if key == "theme" else " ") for key, value in row.items()] for row in rows)
    return Response(as_csv([*rows[:1], *table]), media_type="text/csv; charset=utf-8", headers=headers)


def _joined(value: list[str] | str | int, between: str) -> str:
    """Return a value as a cell holds it: IRIs and dates with a blank between them, texts, which have blanks, with a stroke."""
    return between.join(value) if isinstance(value, list) else str(value)


def _chosen(request: Request, listing: Listing) -> dict[str, str]:
    asked = {facet.key: request.query_params.get(facet.key, "") for facet in listing.facets}
    return {key: value for key, value in asked.items() if value}


def page_number(request: Request) -> int:
    """Return the number of the page asked for (from 1); raises `Problem` 400 for what is none."""
    text = request.query_params.get("page", "1")
    if not text.isdecimal() or not 1 <= len(text) <= 6 or int(text) < 1:
        raise Problem(400, both("page must be a number from 1 on"))
    return int(text)


async def _find(
    site: Site,
    request: Request,
    listing: Listing,
    chosen: dict[str, str],
    limit: int,
    offset: int,
    *,
    options: bool = True,
) -> Found:
    try:
        return await find(
            site.ask, listing, chosen, site.release.base, language_of(request), limit, offset, options=options
        )
    except ValueError as error:
        detail = both("a value in the address can't be one of its filter; the list without it shows the values")
        raise Problem(400, detail) from error


async def _details(site: Site, listing: Listing, found: Found) -> Neighbourhood:
    """Return what the lines of a list show, and the labels of the facets' options."""
    options = [option.iri for values in found.options.values() for option in values if option.iri]
    named = await properties(site.ask, options, ("rdfs:label",))
    if listing is CONTRACTS:
        lines = await contract_lines(site.ask, found.items)
        return Neighbourhood([*named, *lines, *(await properties(site.ask, found.items, ("vg:theme",)))])
    shown = await properties(site.ask, found.items, ("rdfs:label", *_SHOWN))
    mentioned = {fact.object.value for fact in shown if isinstance(fact.object, NamedNode)}
    return Neighbourhood([*named, *shown, *(await properties(site.ask, sorted(mentioned), ("rdfs:label",)))])


def _lines(details: Neighbourhood, presenter: Presenter, listing: Listing, found: Found) -> list[dict[str, Any]]:
    edition = Edition(details, presenter)
    if listing is CONTRACTS:
        return [{"line": contract_line(edition, iri), "more": edition.best(iri, VG + "theme")} for iri in found.items]
    return [
        {
            "value": presenter.named(iri),
            "more": [presenter.named(each) for each in details.iris(iri, ORG + "classification", VG + "heldOffice")],
        }
        for iri in found.items
    ]


def _filters(presenter: Presenter, listing: Listing, found: Found, chosen: dict[str, str], to: Way) -> list[Filter]:
    filters = []
    for facet in listing.facets:
        others = {key: value for key, value in chosen.items() if key != facet.key}
        counted = [
            (-option.count, _choice(presenter, listing, facet.key, option, chosen.get(facet.key, ""), others, to))
            for option in found.options[facet.key]
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
