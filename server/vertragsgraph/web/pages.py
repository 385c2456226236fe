"""The start page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from vertragsgraph.linked_data import documents
from vertragsgraph.linked_data.lists import Option
from vertragsgraph.linked_data.names import DCTERMS, VG, XSD
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.release import schema_org
from vertragsgraph.sparql.negotiation import best_format
from vertragsgraph.texts import Language
from vertragsgraph.web.edition import Edition
from vertragsgraph.web.language import language_of
from vertragsgraph.web.lists import details_of
from vertragsgraph.web.page_kinds import STATUS_MARKS, contract_line
from vertragsgraph.web.signposting import header, landing_links
from vertragsgraph.web.site import Site, site_of
from vertragsgraph.web.templating import HTML, page
from vertragsgraph.web.values import Presenter
from vertragsgraph.web.ways import root_of, way_of

router = APIRouter()

SHOWN: Final = 24
STATIC: Final = Path(__file__).parent / "static"
_OFFERS: Final = (HTML, *documents.FORMATS)
_STATUSES: Final = {iri.removeprefix(VG): mark for iri, mark in STATUS_MARKS.items()}


@dataclass(frozen=True)
class Overview:
    """The newest contracts with what the start page shows of them; how many there are, and how many of each funding status."""

    contracts: Sequence[str]
    details: Neighbourhood
    total: int
    statuses: dict[str, Option]


@router.api_route("/", methods=["GET", "HEAD"], response_class=Response)
async def landing(request: Request) -> Response:
    """Return the start page; for clients that want RDF, the description of the dataset."""
    if best_format(request.headers.get("accept"), _OFFERS) not in (HTML, None):
        return RedirectResponse(f"{root_of(request)}void", status_code=303, headers={"Vary": "Accept"})
    site, language = site_of(request), language_of(request)
    overview = await site.once(f"overview-{language}", lambda: _overview(site, language))
    presenter = Presenter(site, overview.details.labels, language, way_of(request))
    numbers = [
        {
            "mark": mark,
            "count": presenter.number(option.count),
            "label": presenter.label(option.iri),
            "href": presenter.to("contracts", funding=status),
        }
        for status, mark in _STATUSES.items()
        if (option := overview.statuses.get(status))
    ]
    response = page(
        request,
        "landing.html",
        site,
        dataset=json.dumps(schema_org.dataset(site.release, language), ensure_ascii=False).replace("<", "\\u003c"),
        years=_years(overview, presenter),
        numbers=numbers,
        shown=len(overview.contracts),
        total=overview.total,
        number=presenter.number,
    )
    response.headers["Link"] = header(landing_links(site))
    return response


async def _overview(site: Site, language: Language) -> Overview:
    index = await site.index("contracts")
    items = index.items({}, language)
    details = await details_of(site, index.listing, items[:SHOWN])
    statuses = {option.token: option for option in index.options({})["funding"]}
    return Overview(items[:SHOWN], details, len(items), statuses)


def _years(overview: Overview, presenter: Presenter) -> list[dict[str, Any]]:
    """Return the contracts by year, the newest first; those without a date in the end."""
    edition = Edition(overview.details, presenter)
    events = []
    for iri in overview.contracts:
        line = contract_line(edition, iri)
        dates = overview.details.literals(iri, DCTERMS + "date")
        exact = any(date.datatype.value == XSD + "date" for date in dates)
        events.append({"line": line, "exact": exact, "theme": edition.best(iri, VG + "theme"), "year": line.sort[:4]})
    return [{"year": year, "events": list(group)} for year, group in groupby(events, key=lambda event: event["year"])]


@router.api_route("/logo.svg", methods=["GET", "HEAD"], response_class=Response)
async def logo() -> Response:
    """Return the logo, which ontology and catalogue name."""
    return FileResponse(STATIC / "icon.svg", media_type="image/svg+xml")
