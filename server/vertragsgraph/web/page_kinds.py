"""What a page about a resource is made of, and the queries that gather it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from vertragsgraph.linked_data.names import DCTERMS, VG
from vertragsgraph.linked_data.neighbourhood import LIMIT
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
    """How the page about one kind of resource is made.

    `focus` and `extra` are graph patterns with `{node}` for the resource (see `neighbourhood`); `build` makes the content.
    """

    build: Callable[[Edition, str], Content]
    focus: Sequence[str] = ()
    extra: Sequence[str] = ()
    matches: bool = False


def contract_lines_of(pattern: str) -> tuple[str, ...]:
    """Return the patterns that gather what a list of contracts shows; `pattern` binds `?contract`."""
    chosen = f"{{ SELECT DISTINCT ?contract WHERE {{ {pattern} }} LIMIT {LIMIT} }}"
    return (
        f"{chosen} ?contract rdf:type vg:Contract BIND (vg:Contract AS ?o) BIND (rdf:type AS ?p) BIND (?contract AS ?s)",
        f"{chosen} ?contract rdfs:label ?o BIND (rdfs:label AS ?p) BIND (?contract AS ?s)",
        f"{chosen} ?contract vg:fundingStatus ?o BIND (vg:fundingStatus AS ?p) BIND (?contract AS ?s)",
        f"{chosen} ?contract vg:partner ?o BIND (vg:partner AS ?p) BIND (?contract AS ?s)",
        f"{chosen} ?contract vg:partner ?s . ?s rdfs:label ?o BIND (rdfs:label AS ?p)",
        f"{chosen} ?act vg:concerns ?contract ; rdf:type vg:Signing ; vg:date ?o BIND (dcterms:date AS ?p) "
        "BIND (?contract AS ?s)",
    )


def contract_lines(edition: Edition, contracts: Sequence[str]) -> list[ContractLine]:
    """Return contracts as lists show them, the newest first."""
    lines = [contract_line(edition, contract) for contract in dict.fromkeys(contracts)]
    lines.sort(key=lambda line: line.value.label.text.casefold())
    lines.sort(key=lambda line: line.sort, reverse=True)
    return lines


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
