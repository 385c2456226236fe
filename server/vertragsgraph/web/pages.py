"""The start page."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from vertragsgraph.linked_data import documents
from vertragsgraph.linked_data.gathering import contract_lines, properties
from vertragsgraph.linked_data.lists import CONTRACTS, Found, find
from vertragsgraph.linked_data.names import DCTERMS, VG, XSD
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.release import schema_org
from vertragsgraph.sparql.negotiation import best_format
from vertragsgraph.texts import Language
from vertragsgraph.web.edition import Edition
from vertragsgraph.web.language import language_of
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
    """The newest contracts with what the start page shows of them, and the numbers of all."""

    found: Found
    details: Neighbourhood


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
            "mark": _STATUSES.get(option.token, "unknown"),
            "count": presenter.number(option.count),
            "label": presenter.label(option.iri),
            "href": presenter.to("contracts", funding=option.token),
        }
        for option in sorted(overview.found.options["funding"], key=lambda option: [*_STATUSES].index(option.token))
        if option.token in _STATUSES
    ]
    response = page(
        request,
        "landing.html",
        site,
        dataset=json.dumps(schema_org.dataset(site.release, language), ensure_ascii=False).replace("<", "\\u003c"),
        years=_years(overview, presenter),
        numbers=numbers,
        shown=len(overview.found.items),
        total=overview.found.total,
    )
    response.headers["Link"] = header(landing_links(site))
    return response


async def _overview(site: Site, language: Language) -> Overview:
    found = await find(site.ask, CONTRACTS, {}, site.release.base, language, SHOWN)
    lines, themes = await asyncio.gather(
        contract_lines(site.ask, found.items), properties(site.ask, found.items, ("vg:theme",))
    )
    return Overview(found, Neighbourhood([*lines, *themes]))


def _years(overview: Overview, presenter: Presenter) -> list[dict[str, Any]]:
    """Return the contracts by year, the newest first; those without a date in the end."""
    edition = Edition(overview.details, presenter)
    events = []
    for iri in overview.found.items:
        line = contract_line(edition, iri)
        dates = overview.details.literals(iri, DCTERMS + "date")
        exact = any(date.datatype.value == XSD + "date" for date in dates)
        events.append({"line": line, "exact": exact, "theme": edition.best(iri, VG + "theme"), "year": line.sort[:4]})
    return [{"year": year, "events": list(group)} for year, group in groupby(events, key=lambda event: event["year"])]


@router.api_route("/logo.svg", methods=["GET", "HEAD"], response_class=Response)
async def logo() -> Response:
    """Return the logo, which ontology and catalogue name."""
    return FileResponse(STATIC / "icon.svg", media_type="image/svg+xml")
