"""What a page about a resource is made of, and the lines of lists: contracts as everywhere, others by their columns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from vertragsgraph.collation import sort_key
from vertragsgraph.linked_data import columns
from vertragsgraph.linked_data.gathering import Wanted, properties
from vertragsgraph.linked_data.gathering import contract_lines as gather_lines
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.linked_data.terms import Label
from vertragsgraph.rdf.edtf import order_of, year_of
from vertragsgraph.rdf.namespaces import DCTERMS, VG
from vertragsgraph.register import Kind
from vertragsgraph.web.pages.edition import Edition, Section
from vertragsgraph.web.pages.sections.grants import gather_grants, grant_line
from vertragsgraph.web.pages.sections.life import standing
from vertragsgraph.web.rendering.presenter import Presenter, Value
from vertragsgraph.web.site.site import Site

CONTRACT: Final = "contract"
"""The pages of contracts, whose lists have lines of their own."""
GRANT: Final = VG + "Grant"
"""The class of grants, whose lists have sentences."""


@dataclass(frozen=True)
class ContractLine:
    """A contract in a list: with whom, when concluded, whether it is in force, and its funding status with its sign.

    What isn't known is `""`. Where sources disagree about the funding, there are several statuses. `year` is that of the
    conclusion, `""` where it may be one of several.
    """

    value: Value
    partners: tuple[Value, ...]
    date: str
    sort: str
    year: str
    statuses: tuple[tuple[Value, str], ...]
    standing: str


@dataclass(frozen=True)
class Content:
    """The content of a page: the sections, a line below the title, and what else its template needs.

    Sections in which there is nothing aren't shown. `title` stands in place of the label of what has none, a statement: its
    subject, its property and its value, each in its language.
    """

    sections: Sequence[Section]
    lede: Label | None = None
    title: Sequence[Label] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PageKind:
    """How the page about one kind of resource is made: what is gathered for it, and `build`, which makes the content."""

    build: Callable[[Edition, str], Content]
    wanted: Wanted = field(default_factory=Wanted)


def contract_lines(edition: Edition, contracts: Sequence[str]) -> list[ContractLine]:
    """Return contracts as lists show them, the newest first."""
    lines = [contract_line(edition, contract) for contract in dict.fromkeys(contracts)]
    lines.sort(key=lambda line: sort_key(line.value.label.text))
    lines.sort(key=lambda line: line.sort, reverse=True)
    return lines


def contracts_section(
    edition: Edition, key: str, title: str, contracts: Sequence[str], pattern: str, **chosen: str
) -> Section:
    """Return the section with a list of contracts.

    Where there are more than were gathered by `pattern`, it leads to the list of contracts with `chosen` facets, or to a
    table where that list has no such facet.
    """
    more, show = edition.rest(pattern), edition.show
    kind = show.site.kinds.with_page(CONTRACT)
    if more and chosen and kind and kind.list:
        text = show.say("all {count} in the list of contracts", count=show.number(edition.found.cuts[pattern].total))
        more = Value(Label(text, ""), show.to(kind.list.path, **chosen))
    return Section(key, title, items=contract_lines(edition, contracts), template="contracts", more=more)


def contract_line(edition: Edition, contract: str, on: date | None = None) -> ContractLine:
    """Return one contract as lists show it, as of a day, by default that of the site."""
    found, show = edition.found, edition.show
    dates = found.literals(contract, DCTERMS + "date")
    return ContractLine(
        value=show.named(contract),
        partners=(
            *(show.named(partner) for partner in found.iris(contract, VG + "partner", VG + "personPartner")),
            *not_public(found, show, contract),
        ),
        date=show.listed(show.lexical(date) for date in dates),
        sort=max((order_of(date.value) for date in dates), default=""),
        year=max((year_of(date.value) for date in dates), default=""),
        statuses=tuple((show.named(iri), mark_of(iri)) for iri in found.iris(contract, VG + "fundingStatus")),
        standing=standing(edition, contract, on or show.site.day),
    )


def not_public(found: Neighbourhood, show: Presenter, contract: str) -> tuple[Value, ...]:
    """Return what stands in place of a partner who isn't public; nothing where there is none."""
    said = found.text(contract, VG + "partnerNotPublic") == "true"
    return (Value(Label(show.say("a partner who is not public"), "")),) if said else ()


STATUS_MARKS: Final = {VG + "Funded": "yes", VG + "NotFunded": "no", VG + "NotStated": "unknown"}
"""The sign of each funding status: told apart by shape, not only by colour."""


def mark_of(status: str) -> str:
    """Return the sign of a funding status (an IRI)."""
    return STATUS_MARKS.get(status, "unknown")


async def details_of(site: Site, kind: Kind, items: Sequence[str]) -> Neighbourhood:
    """Return what the lines of a list show of some items (IRIs)."""
    if kind.iri == GRANT:
        return Neighbourhood(await gather_grants(site.ask, items))
    if kind.page != CONTRACT:
        return await columns.shown(site.ask, kind.list.columns if kind.list else (), items)
    lines, themes = await asyncio.gather(gather_lines(site.ask, items), properties(site.ask, items, ("vg:theme",)))
    return Neighbourhood([*lines, *themes])


def lines_of(
    details: Neighbourhood, presenter: Presenter, kind: Kind, items: Sequence[str], on: date
) -> list[dict[str, Any]]:
    """Return the lines of a list for its template, as of a day."""
    if kind.page == CONTRACT:
        edition = Edition(details, presenter)
        return [{"line": contract_line(edition, iri, on), "more": edition.best(iri, VG + "theme")} for iri in items]
    if kind.iri == GRANT:
        return [grant_line(Edition(details, presenter), iri) for iri in items]
    shown = kind.list.columns if kind.list else ()
    return [
        {
            "value": presenter.named(iri),
            "sentence": (),
            "more": [
                (presenter.label(column.path.steps[-1].property).text, some)
                for column in shown
                if (some := [presenter.value(term) for term in columns.cells(details, column, iri)])
            ],
        }
        for iri in items
    ]
