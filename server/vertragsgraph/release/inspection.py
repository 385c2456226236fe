"""All that is looked at before there is a release: what the gate says, and whether what is to be published can be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from vertragsgraph.finding import Finding
from vertragsgraph.gate import Released, Report, check
from vertragsgraph.gate.report import in_order
from vertragsgraph.graph import Graphs
from vertragsgraph.register import Register, warnings
from vertragsgraph.release.catalogue.trial import check_catalogue

Examine: TypeAlias = Callable[[Graphs], Iterable[Finding]]
"""Looks at the graphs of a register and says what is wrong."""


def inspect(
    register: Register,
    graphs: Graphs,
    *,
    released: Sequence[Released] = (),
    examine: Examine | None = None,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Return the gate's report, and in it what else keeps a register from being released, and what portals will refuse.

    `examine` looks at what rooms above this one know of. Raises what `vertragsgraph.gate.check` and `examine` raise.
    """
    report = check(register, graphs, released=released, progress=progress)
    more = [*warnings(register), *check_catalogue(register), *(examine(graphs) if examine else ())]
    return replace(report, findings=in_order([*report.findings, *more]))
