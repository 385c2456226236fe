"""A withdrawal, planned before anything is written: what goes, what stays, the tombstones, and what to delete where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.gate import Released
from vertragsgraph.gate.checks.withdrawals import last_seen
from vertragsgraph.gate.tombstones import Tombstone, file_of, in_turtle
from vertragsgraph.graph import Graphs
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.curie import namespace_of
from vertragsgraph.register import Register
from vertragsgraph.register.files import read_text
from vertragsgraph.register.names import is_resource
from vertragsgraph.sources import common_prefixes, prefixes_of
from vertragsgraph.sources.term_names import compact, nearest
from vertragsgraph.texts import ENGLISH, Language, both, looked_up, marked, translate
from vertragsgraph.withdrawal.dependants import Dependants, Withdrawal
from vertragsgraph.withdrawal.sources import RULE, Change, to_change
from vertragsgraph.withdrawal.uses import Uses, demands

WITH: Final = marked("Withdrawn with “{name}”: {reason}")


class WithdrawalError(Exception):
    """What is asked for can't be withdrawn; `message` says why, in each language."""

    def __init__(self, message: Mapping[Language, str]) -> None:
        self.message = message
        super().__init__(message[ENGLISH])


@dataclass(frozen=True)
class Request:
    """What a keeper asks for: resources (IRIs), why (by language), what takes their place, what stays in any case (IRIs).

    `named` says whether the tombstones keep the names.
    """

    asked: Sequence[str]
    reasons: Mapping[str, str]
    successor: str = ""
    kept: Sequence[str] = ()
    named: bool = True


@dataclass(frozen=True)
class Plan:
    """What a withdrawal does: what goes and stays, the tombstones to be written, what to do with the sources at which place.

    `uses` tells what the resources are called.
    """

    withdrawal: Withdrawal
    tombstones: Sequence[Tombstone]
    changes: Sequence[Change]
    uses: Uses


def iri_named(name: str, register: Register) -> str:
    """Return the IRI of a resource that is named by it or in short: `contract:drk-hessen`, `contract/drk-hessen`.

    Raises `WithdrawalError` for what is no name of a resource of the register.
    """
    path = name.strip().removeprefix("<").removesuffix(">").removeprefix(register.base).removeprefix("id/")
    path = path.replace(":", "/", 1)
    if not is_resource(path):
        raise WithdrawalError(
            both(
                "{name} is no name of a resource of this register; write its IRI, or in short {example}",
                name=name,
                example="contract:SLUG",
            )
        )
    return register.iri(f"id/{path}")


def plan(register: Register, graphs: Graphs, released: Sequence[Released], request: Request) -> Plan:
    """Return what a withdrawal does; where something takes the place of what is withdrawn, nothing else goes with it.

    Tombstones are for what stands in a release, for everything where none is at hand, and for nothing in a draft. Raises
    `WithdrawalError` for resources that there are none of, or that are withdrawn already, and for a successor that isn't there.
    """
    uses = Uses(register, graphs)
    vanished = last_seen(register, released, [iri for iri in request.asked if iri not in uses.types])
    for iri in request.asked:
        _must_be_there(iri, uses, {*uses.types, *vanished}, register)
    if request.successor.startswith(register.base):
        _must_be_there(request.successor, uses, {*uses.types} - {*request.asked}, register)
    if request.successor:
        withdrawal = Withdrawal(dict.fromkeys(request.asked, ""), {})
    else:
        kept = [register.publisher.iri, *request.kept]
        withdrawal = Dependants(uses, demands(graphs.shapes), graphs.kinds, register.base, kept).of(request.asked)
    changes = to_change(register, withdrawal.gone, request.successor)
    return Plan(withdrawal, _tombstones(register, released, withdrawal, request, uses), changes, uses)


def _must_be_there(iri: str, uses: Uses, known: Set[str], register: Register) -> None:
    name = compact(NamedNode(iri), register)
    if iri in uses.withdrawn:
        raise WithdrawalError(both("{resource} is withdrawn already", resource=name))
    if iri not in known:
        near = nearest(iri, [other for other in known if namespace_of(other) == namespace_of(iri)], register)
        message = both("there is no {resource} in this register, nor in a release of it", resource=name)
        if near:
            message = both("there is no {resource} in this register; did you mean {near}?", resource=name, near=near)
        raise WithdrawalError(message)


def _tombstones(
    register: Register, released: Sequence[Released], withdrawal: Withdrawal, request: Request, uses: Uses
) -> list[Tombstone]:
    if register.is_draft:
        return []
    seen = last_seen(register, released, withdrawal.gone)
    now = datetime.now(UTC)
    return [
        Tombstone(
            iri,
            _reasons(register, withdrawal, request, uses, iri),
            sorted((uses.types[iri] or {*seen[iri][1]}) - {terms.SPECIFIC_RESOURCE.value}),
            _names(uses, iri) if request.named else (),
            request.successor,
            now,
        )
        for iri in withdrawal.gone
        if iri in seen or not released
    ]


def _reasons(register: Register, withdrawal: Withdrawal, request: Request, uses: Uses, iri: str) -> Mapping[str, str]:
    """Return why a resource goes: if with another one, that is said before the reason, in languages that we speak."""
    asked = iri
    while other := withdrawal.gone[asked]:
        asked = other
    if asked == iri:
        return request.reasons
    names = {name.language: name.value for name in _names(uses, asked)} if request.named else {}
    short = compact(NamedNode(asked), register)
    return {
        tag: translate(WITH, Language(spoken), name=names.get(tag, short), reason=reason)
        if (spoken := looked_up(tag))
        else reason
        for tag, reason in request.reasons.items()
    }


def _names(uses: Uses, iri: str) -> list[Literal]:
    """Return one name in each language."""
    return list({name.language: name for name in reversed(uses.names[iri])}.values())


def write(register: Register, tombstones: Sequence[Tombstone]) -> Path:
    """Add tombstones to the register's file of them, as a whole or not at all, and return that file.

    Raises `FindingsError` for a file that isn't UTF-8, or isn't Turtle, and `OSError`.
    """
    path, declared = file_of(register), common_prefixes(register)
    if path.is_file():
        before = read_text(path, RULE).rstrip() + "\n\n"
        declared = prefixes_of(path, register.base, declared)
    else:
        title = translate(marked("What was in the register and is no longer, and why."), register.spoken[0])
        before = f"# {title}\n\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(before + in_turtle(tombstones, register, declared).lstrip(), "utf-8", newline="")
    beside.replace(path)
    return path
