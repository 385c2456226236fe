"""The lists as CSV (RFC 4180) and JSON, narrowed down like the pages; long ones row after row, as the rows are read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from vertragsgraph.http.problem import Problem
from vertragsgraph.linked_data.lists import Cell, Index
from vertragsgraph.linked_data.names import LABEL
from vertragsgraph.linked_data.terms import Labels
from vertragsgraph.linked_data.topics import topics
from vertragsgraph.register import Kind
from vertragsgraph.spreadsheet import as_csv, lines, separator
from vertragsgraph.texts import Language, both, translate, with_language
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.routes.lists import (
    BROADER,
    TOPIC,
    ListRoute,
    chosen_in,
    counter,
    day_in,
    items_of,
    page_number,
)
from vertragsgraph.web.site.site import Site, site_of

router = APIRouter(route_class=ListRoute)

ROWS: Final = 10_000
"""Rows of one answer; where there are more, it links to the next part."""
_AT_ONCE: Final = 500
"""Rows that are made together."""

Row = dict[str, Any]


@router.api_route("/{name}.{extension}", methods=["GET", "HEAD"], response_class=Response)
async def list_file(name: str, extension: str, request: Request) -> Response:
    """Return a list, narrowed down like its page, as CSV (RFC 4180) or JSON."""
    site = site_of(request)
    kind = site.kinds.listed[name]
    if kind.page == TOPIC:
        rows = await _topics(site, kind)
        return await _file(request, name, extension, len(rows), _once(rows))
    number, index = page_number(request), await site.index(name)
    on = day_in(request, site, index)
    items = items_of(request, index, chosen_in(request, index), on)
    part = items[(number - 1) * ROWS : number * ROWS]
    response = await _file(request, name, extension, len(items), _rows(site, index, part, on))
    if number * ROWS < len(items):
        following = request.url.include_query_params(page=number + 1).query
        response.headers["Link"] = f'<{name}.{extension}?{following}>; rel="next"'
    return response


async def _topics(site: Site, kind: Kind) -> list[Row]:
    found, count = await site.once("topics", lambda: topics(site.ask)), await counter(site, kind)
    return [
        {
            "iri": iri,
            **_labels(found.labels, iri, site.register.languages),
            "broader": Cell(found.iris(iri, BROADER)),
            "contracts": count(iri),
        }
        for iri in found.with_predicate(LABEL)
    ]


async def _rows(site: Site, index: Index, items: Sequence[str], on: date) -> AsyncIterator[list[Row]]:
    for start in range(0, len(items), _AT_ONCE):
        some = items[start : start + _AT_ONCE]
        labels = Labels(index.labels(some))
        yield [
            {
                "iri": iri,
                **_labels(labels, iri, site.register.languages),
                **index.cells(iri),
                **index.statuses(iri, on),
                **({index.day: on.isoformat()} if index.day else {}),
            }
            for iri in some
        ]
        await asyncio.sleep(0)  # others wait no longer than for these


async def _once(rows: list[Row]) -> AsyncIterator[list[Row]]:
    yield rows


def _labels(labels: Labels, iri: str, languages: Sequence[str]) -> dict[str, str]:
    return {_label(language): labels.text_in(iri, language) for language in languages}


def _label(language: str) -> str:
    return f"label_{language}"


async def _file(request: Request, name: str, extension: str, total: int, rows: AsyncIterator[list[Row]]) -> Response:
    if extension not in {"csv", "json"}:
        raise Problem(404, both("this list is offered as csv and json"))
    headers = {"Content-Disposition": f'inline; filename="{name}.{extension}"', "Vary": "Accept-Language"}
    media_type = "application/json" if extension == "json" else "text/csv; charset=utf-8"
    if request.method == "HEAD":
        return Response(media_type=media_type, headers=headers)
    if extension == "json":
        return StreamingResponse(_json(total, rows), media_type=media_type, headers=headers)
    strokes = (await site_of(request).index(name)).strokes
    between = separator(lambda symbol: symbol in strokes)
    site = site_of(request)
    headings = _headings(site, site.kinds.listed[name], language_of(request))
    return StreamingResponse(_csv(rows, between, headings), media_type=media_type, headers=headers)


def _headings(site: Site, kind: Kind, language: Language) -> dict[str, str]:
    """Return the headings of a list's columns in a language, by the keys that JSON has for them."""
    name = translate("Name", language)
    columns, facets = (kind.list.columns, kind.list.facets) if kind.list else ((), ())
    days = {facet.period.day: translate("on the day", language) for facet in facets if facet.period}
    return {
        "iri": "IRI",
        **{_label(tag): with_language(name, tag, language) for tag in site.register.languages},
        **{column.name: site.title(column.title, column.path.steps[-1].property, language) for column in columns},
        **{facet.key: site.title(facet.title, facet.key, language) for facet in facets if facet.period},
        **days,
        "broader": translate("Broader topic", language),
        "contracts": translate("Contracts", language),
    }


async def _json(total: int, rows: AsyncIterator[list[Row]]) -> AsyncIterator[str]:
    separator = f'{{"total": {total}, "items": [\n'
    async for some in rows:
        for row in some:
            yield separator + json.dumps(row, ensure_ascii=False, default=_plain)
            separator = ",\n"
    yield "]}\n" if separator == ",\n" else separator + "]}\n"


async def _csv(rows: AsyncIterator[list[Row]], between: str, headings: Mapping[str, str]) -> AsyncIterator[str]:
    write = as_csv
    async for some in rows:
        table = [[_joined(value, between) for value in row.values()] for row in some]
        first = [[headings[key] for key in row] for row in some[:1]]
        yield write([*first, *table]) if write is as_csv else write(table)
        write = lines
    if write is as_csv:
        yield as_csv([])


def _joined(value: Cell | str | int, between: str) -> str:
    """Return a value as a cell holds it: IRIs and dates with a blank between them, texts, which have blanks, with a stroke."""
    if not isinstance(value, Cell) or isinstance(value.values, str):
        return str(_plain(value))
    return (between if value.is_text else " ").join(value.values)


def _plain(value: Any) -> Any:
    return value.values if isinstance(value, Cell) else value
