"""What a page about a resource is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from vertragsgraph.collation import sort_key
from vertragsgraph.linked_data.gathering import Wanted
from vertragsgraph.linked_data.names import DCTERMS, VG
from vertragsgraph.linked_data.terms import Label
from vertragsgraph.web.edition import Edition, Section
from vertragsgraph.web.values import Value


@dataclass(frozen=True)
class ContractLine:
    """A contract in a list: with whom, when concluded (`""` where not known), and its funding status."""

    value: Value
    partners: tuple[Value, ...]
    date: str
    sort: str
    status: Value | None
    status_key: str


@dataclass(frozen=True)
class Content:
    """The content of a page: the sections, a line below the title, and what else its template needs.

    `title` stands in place of the resource's label, for resources that have none.
    """

    sections: Sequence[Section]
    lede: Label | None = None
    title: Label | None = None
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
    if more and chosen:
        count = show.number(edition.found.cuts[pattern].total)
        more = Value(
            Label(show.say("all {count} in the list of contracts", count=count), ""), show.to("contracts", **chosen)
        )
    return Section(key, title, items=contract_lines(edition, contracts), template="contracts", more=more)


def contract_line(edition: Edition, contract: str) -> ContractLine:
    """Return one contract as lists show it."""
    found, show = edition.found, edition.show
    dates = found.literals(contract, DCTERMS + "date")
    status = found.one(contract, VG + "fundingStatus")
    return ContractLine(
        value=show.named(contract),
        partners=tuple(show.named(partner) for partner in found.iris(contract, VG + "partner")),
        date=show.listed(show.lexical(date) for date in dates),
        sort=max((date.value for date in dates), default=""),
        status=show.named(status) if status else None,
        status_key=STATUS_MARKS.get(status, "unknown"),
    )


STATUS_MARKS: Final = {VG + "Funded": "yes", VG + "NotFunded": "no", VG + "NotStated": "unknown"}
"""The sign of each funding status: told apart by shape, not only by colour."""
