"""The lists as CSV (RFC 4180) and JSON, narrowed down like the pages; long ones row after row, as the rows are read."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from fastapi import APIRouter, Request
from pyoxigraph import Literal
from starlette.responses import Response, StreamingResponse

from vertragsgraph.linked_data.lists import CONTRACTS, Listing
from vertragsgraph.linked_data.names import DCTERMS, ORG, PROLOGUE, VG
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.linked_data.resources import solutions
from vertragsgraph.linked_data.terms import Labels
from vertragsgraph.linked_data.topics import topics
from vertragsgraph.problem import Problem
from vertragsgraph.spreadsheet import STROKES, as_csv, lines, separator
from vertragsgraph.texts import LANGUAGES, both
from vertragsgraph.web.lists import chosen_in, details_of, items_of, page_number
from vertragsgraph.web.site import Site, site_of

router = APIRouter()

ROWS: Final = 10_000
"""Rows of one answer; where there are more, it links to the next part."""
_AT_ONCE: Final = 500
"""Rows that are asked for together."""

Row = dict[str, Any]


@router.api_route("/topics.{extension}", methods=["GET", "HEAD"], response_class=Response)
async def topic_file(extension: str, request: Request) -> Response:
    """Return the topics as CSV or JSON."""
    site = site_of(request)
    found, contracts = await site.once("topics", lambda: topics(site.ask)), await site.index("contracts")
    rows = [
        {
            "iri": topic,
            **_labels(found.labels, topic),
            "broader": sorted(above),
            "contracts": contracts.count("topic", topic),
        }
        for topic, above in sorted(found.broader.items())
    ]
    return await _file(request, "topics", extension, len(rows), _once(rows))


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
    site, number = site_of(request), page_number(request)
    index = await site.index(name)
    items = items_of(request, index, chosen_in(request, index.listing))
    part = items[(number - 1) * ROWS : number * ROWS]
    response = await _file(request, name, extension, len(items), _rows(site, index.listing, part))
    if number * ROWS < len(items):
        following = request.url.include_query_params(page=number + 1).query
        response.headers["Link"] = f'<{name}.{extension}?{following}>; rel="next"'
    return response


async def _rows(site: Site, listing: Listing, items: Sequence[str]) -> AsyncIterator[list[Row]]:
    for start in range(0, len(items), _AT_ONCE):
        some = items[start : start + _AT_ONCE]
        details = await details_of(site, listing, some)
        yield [{"iri": iri, **_labels(details.labels, iri), **_fields(details, listing, iri)} for iri in some]


async def _once(rows: list[Row]) -> AsyncIterator[list[Row]]:
    yield rows


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


async def _file(request: Request, name: str, extension: str, total: int, rows: AsyncIterator[list[Row]]) -> Response:
    if extension not in {"csv", "json"}:
        raise Problem(404, both("this list is offered as csv and json"))
    headers = {"Content-Disposition": f'inline; filename="{name}.{extension}"', "Vary": "Accept-Language"}
    media_type = "application/json" if extension == "json" else "text/csv; charset=utf-8"
    if request.method == "HEAD":
        return Response(media_type=media_type, headers=headers)
    if extension == "json":
        return StreamingResponse(_json(total, rows), media_type=media_type, headers=headers)
    site = site_of(request)
    between = await site.once("separator", lambda: _separator(site))
    return StreamingResponse(_csv(rows, between), media_type=media_type, headers=headers)


async def _json(total: int, rows: AsyncIterator[list[Row]]) -> AsyncIterator[str]:
    separator = f'{{"total": {total}, "items": [\n'
    async for some in rows:
        for row in some:
            yield separator + json.dumps(row, ensure_ascii=False)
            separator = ",\n"
    yield "]}\n" if separator == ",\n" else separator + "]}\n"


async def _csv(rows: AsyncIterator[list[Row]], between: str) -> AsyncIterator[str]:
    write = as_csv
    async for some in rows:
        table = [[_joined(value, between if key == "theme" else " ") for key, value in row.items()] for row in some]
        yield write([*some[:1], *table]) if write is as_csv else write(table)
        write = lines
    if write is as_csv:
        yield as_csv([])


def _joined(value: list[str] | str | int, between: str) -> str:
    """Return a value as a cell holds it: IRIs and dates with a blank between them, texts, which have blanks, with a stroke."""
    return between.join(value) if isinstance(value, list) else str(value)


async def _separator(site: Site) -> str:
    """Return what stands between several themes in one cell, the same in all tables of the release."""
    strokes = f'FILTER (REGEX(STR(?theme), "[{STROKES}]"))'
    found = await site.ask(f"{PROLOGUE}\nSELECT DISTINCT ?theme WHERE {{ ?contract vg:theme ?theme {strokes} }}")
    themes = "".join(row["theme"].value for row in solutions(found) if isinstance(row["theme"], Literal))
    return separator(lambda symbol: symbol in themes)
