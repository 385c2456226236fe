"""`/quality`: what the gate found, how well the register is proved, and how well it is linked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from vertragsgraph.collation import sort_key
from vertragsgraph.linked_data.coverage import Coverage, coverage
from vertragsgraph.linked_data.gathering import properties
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.linked_data.terms import Label
from vertragsgraph.rdf.namespaces import SH
from vertragsgraph.web.pages.edition import Edition
from vertragsgraph.web.publication import documents
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.rendering.presenter import Presenter, Value
from vertragsgraph.web.rendering.templating import page
from vertragsgraph.web.rendering.urls import way_of
from vertragsgraph.web.routes.vocabulary import SEVERITIES, shape_href
from vertragsgraph.web.site.past_releases import history_of
from vertragsgraph.web.site.site import Site, site_of

router = APIRouter()

_SHOWN: Final = 200


@dataclass(frozen=True)
class Result:
    """A result of the validation: what is complained about, in which resource, by which rule, and how much it weighs."""

    message: Label
    focus: Value | None
    rule: str
    severity: str
    level: str


@router.api_route("/quality", methods=["GET", "HEAD"], response_class=Response)
async def quality(request: Request) -> Response:
    """Return the page about the quality of the current release."""
    site = site_of(request)
    numbers = await site.once("coverage", lambda: _coverage(site))
    report = await documents.read(site, "report")
    presenter = Presenter(site, numbers.labels, language_of(request), way_of(request))
    results = _results(Edition(report, presenter))
    releases = await history_of(request).releases()
    return page(
        request,
        "quality.html",
        site,
        results=await _named(presenter, results[:_SHOWN]),
        result_count=len(results),
        counts={level: sum(result.level == level for result in results) for level in ("violation", "warning", "info")},
        numbers=numbers,
        evidence=(evidence := site.release.manifest.evidence),
        percent=_percent(presenter, evidence.quoted + evidence.cited, evidence.statements) if evidence else "",
        by_kind=_shares(presenter, numbers.by_kind),
        by_source=_shares(presenter, numbers.by_source),
        linked=[(presenter.label(row.kind), row) for row in numbers.linked],
        number=presenter.number,
        releases=releases,
    )


async def _coverage(site: Site) -> Coverage:
    return await coverage(site.ask, [site.kinds[name].iri for name in site.kinds.linked])


async def _named(presenter: Presenter, results: list[Result]) -> list[Result]:
    """Return results with the names of what they are about."""
    nodes = sorted({result.focus.iri for result in results if result.focus})
    names = Neighbourhood(await properties(presenter.site.ask, nodes, ("rdfs:label",))).labels
    show = Presenter(presenter.site, names, presenter.language, presenter.to)
    return [replace(result, focus=result.focus and show.named(result.focus.iri)) for result in results]


def _results(edition: Edition) -> list[Result]:
    found, show = edition.found, edition.show
    results = []
    for node in found.of_type(SH + "ValidationResult"):
        message = edition.best(node, SH + "resultMessage") or Label(show.say("without a message"), "")
        severity = found.one(node, SH + "resultSeverity").rpartition("#")[2] or "Violation"
        focus, shape = found.one(node, SH + "focusNode"), found.one(node, SH + "sourceShape")
        results.append(
            Result(
                message,
                show.named(focus) if focus else None,
                shape_href(show, shape) if shape else "",
                show.say(SEVERITIES.get(severity, SEVERITIES["Violation"])),
                severity.lower(),
            )
        )
    order = ["violation", "warning", "info"]
    return sorted(
        results, key=lambda r: (order.index(r.level), sort_key(r.message.text), r.focus.iri if r.focus else "")
    )


def _shares(presenter: Presenter, counts: dict[str, int]) -> list[tuple[Value, int, str]]:
    total = sum(counts.values())
    rows = [(presenter.named(iri), count, _percent(presenter, count, total)) for iri, count in counts.items()]
    return sorted(rows, key=lambda row: (-row[1], sort_key(row[0].label.text)))


def _percent(presenter: Presenter, part: int, whole: int) -> str:
    return presenter.percent(part / whole) if whole else "–"
