"""The start page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from vertragsgraph.http.accept import best_format
from vertragsgraph.linked_data.lists import Option
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.rdf.namespaces import DCTERMS, VG, XSD
from vertragsgraph.release.catalogue import schema_org
from vertragsgraph.texts import Language
from vertragsgraph.web.pages.edition import Edition
from vertragsgraph.web.pages.kinds import CONTRACT, STATUS_MARKS, contract_line, details_of
from vertragsgraph.web.publication.catalogue import CATALOGUE
from vertragsgraph.web.publication.discovery.signposting import header, landing_links
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.rendering.presenter import Presenter
from vertragsgraph.web.rendering.templating import HTML, page
from vertragsgraph.web.rendering.urls import root_of, way_of
from vertragsgraph.web.site.site import Site, site_of

router = APIRouter()

SHOWN: Final = 24
STATIC: Final = Path(__file__).parents[1] / "static"
_STATUSES: Final = {iri.removeprefix(VG): mark for iri, mark in STATUS_MARKS.items()}


@dataclass(frozen=True)
class Overview:
    """The newest contracts with what the start page shows of them; how many there are, and how many of each funding status.

    `path` is that of the list of contracts, empty where a register has none.
    """

    contracts: Sequence[str]
    details: Neighbourhood
    total: int
    statuses: dict[str, Option]
    path: str = ""


@router.api_route("/", methods=["GET", "HEAD"], response_class=Response)
async def landing(request: Request) -> Response:
    """Return the start page; clients that want RDF are sent to the catalogue, which describes the dataset."""
    chosen = best_format(request.headers.get("accept"), (HTML, *CATALOGUE)) or HTML
    if chosen != HTML:
        return RedirectResponse(f"{root_of(request)}catalog.{chosen.name}", status_code=303, headers={"Vary": "Accept"})
    site, language = site_of(request), language_of(request)
    overview = await site.once(f"overview-{language}", lambda: _overview(site, language))
    presenter = Presenter(site, overview.details.labels, language, way_of(request))
    numbers = [
        {
            "mark": mark,
            "count": presenter.number(option.count),
            "label": presenter.label(option.iri),
            "href": presenter.to(overview.path, funding=status),
        }
        for status, mark in _STATUSES.items()
        if (option := overview.statuses.get(status))
    ]
    response = page(
        request,
        "landing.html",
        site,
        structured=schema_org.dataset(site.release, language),
        catalogue=CATALOGUE,
        contracts=overview.path,
        years=_years(overview, presenter),
        numbers=numbers,
        shown=len(overview.contracts),
        total=overview.total,
        number=presenter.number,
    )
    response.headers["Link"] = header(landing_links(site))
    return response


async def _overview(site: Site, language: Language) -> Overview:
    kind = site.kinds.with_page(CONTRACT)
    if kind is None or kind.list is None:
        return Overview((), Neighbourhood(()), 0, {})
    index = await site.index(kind.list.path)
    items = index.items({}, site.day, language)
    details = await details_of(site, kind, items[:SHOWN])
    statuses = {option.token: option for option in index.options({}, site.day).get("funding", ())}
    return Overview(items[:SHOWN], details, len(items), statuses, kind.list.path)


def _years(overview: Overview, presenter: Presenter) -> list[dict[str, Any]]:
    """Return the contracts by year, the newest first; those whose year isn't known in the end."""
    edition = Edition(overview.details, presenter)
    events = []
    for iri in overview.contracts:
        line = contract_line(edition, iri)
        dates = overview.details.literals(iri, DCTERMS + "date")
        exact = any(date.datatype.value == XSD + "date" for date in dates)
        events.append({"line": line, "exact": exact, "theme": edition.best(iri, VG + "theme"), "year": line.year})
    events.sort(key=lambda event: not event["year"])
    return [{"year": year, "events": list(group)} for year, group in groupby(events, key=lambda event: event["year"])]


@router.api_route("/ontology/logo.svg", methods=["GET", "HEAD"], response_class=Response)
@router.api_route("/logo.svg", methods=["GET", "HEAD"], response_class=Response)
async def logo() -> Response:
    """Return the logo, which ontology and catalogue name."""
    return FileResponse(STATIC / "icon.svg", media_type="image/svg+xml")
