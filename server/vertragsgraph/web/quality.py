"""`/quality`: what the gate found, how well the register is proved, and how well it is linked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from vertragsgraph.collation import sort_key
from vertragsgraph.linked_data.coverage import Coverage, coverage
from vertragsgraph.linked_data.gathering import properties
from vertragsgraph.linked_data.names import SH, VG
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.linked_data.terms import Label
from vertragsgraph.web import documents
from vertragsgraph.web.edition import Edition
from vertragsgraph.web.history import history_of
from vertragsgraph.web.language import language_of
from vertragsgraph.web.site import Site, site_of
from vertragsgraph.web.templating import page
from vertragsgraph.web.values import Presenter, Value
from vertragsgraph.web.vocabulary import SEVERITIES, shape_href
from vertragsgraph.web.ways import way_of

router = APIRouter()

# The graphs in which statements demand evidence: docs/evidence.md says why the others don't.
_IN_SCOPE: Final = ("contracts", "agents", "topics", "sources")
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
        percent=_percent(presenter, numbers.proved, numbers.demanding),
        by_kind=_shares(presenter, numbers.by_kind),
        by_source=_shares(presenter, numbers.by_source),
        linked=[(presenter.label(row.kind), row) for row in numbers.linked],
        number=presenter.number,
        releases=releases,
    )


async def _coverage(site: Site) -> Coverage:
    ontology = await documents.read(site, "ontology")
    demanding = ontology.with_predicate(VG + "demandsEvidence")
    return await coverage(site.ask, demanding, [site.register.graph(role) for role in _IN_SCOPE])


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
