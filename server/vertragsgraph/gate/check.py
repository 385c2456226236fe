"""Everything that the gate checks, in one go."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vertragsgraph.finding import Finding
from vertragsgraph.gate.circles import check_circles
from vertragsgraph.gate.contradictions import check_contradictions
from vertragsgraph.gate.evidence import check_evidence
from vertragsgraph.gate.graphs import NAMES, check_graphs
from vertragsgraph.gate.literals import check_literals
from vertragsgraph.gate.namespaces import RULE as NAMESPACES
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.quotations import check_lengths
from vertragsgraph.gate.report import Report, in_order
from vertragsgraph.gate.results import write_report
from vertragsgraph.gate.shacl import validate
from vertragsgraph.gate.withdrawals import Released, check_withdrawals
from vertragsgraph.graph import Graphs
from vertragsgraph.register import Register
from vertragsgraph.texts import language_of_user, translate


def check(
    register: Register,
    graphs: Graphs,
    *,
    released: Sequence[Released] = (),
    fast: bool | None = None,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Check the graphs that were collected from a register; nothing is raised for what is wrong, the report says it.

    `released` are releases of which nothing may vanish, the one that is to be followed first; without one, that is not looked at.
    `fast` chooses the engine that validates (see `vertragsgraph.gate.shacl`). Raises `FindingsError` only where the
    shapes or the ontology can't be read.
    """

    def say(text: str) -> None:
        if progress:
            progress(translate(text, language_of_user()))

    places = Places(register)
    say("Holding literals against their datatypes …")
    literals = check_literals(register, graphs, places)
    say("Looking for unknown terms and names …")
    found = [*check_graphs(register, graphs, places), *check_circles(register, graphs, places)]
    if any(finding.rule == NAMESPACES for finding in found):
        return Report(in_order([*literals, *found]), write_report([]))
    say("Holding the graphs against the shapes …")
    validation = validate(register, graphs, places, fast=fast)
    misnamed = {str(result.focus) for result in validation.results if result.component == "Pattern" and not result.path}
    found = [finding for finding in found if finding.rule != NAMES or finding.focus not in misnamed]
    say("Comparing statements with evidence …")
    coverage = check_evidence(register, graphs, places)
    lengths = check_lengths(register, graphs, places)
    say("Looking for contradictions …")
    clashes = check_contradictions(register, graphs, places)
    vanished: list[Finding] = []
    if released:
        say("Comparing with the releases before …")
        vanished = check_withdrawals(register, graphs, places, released)
    findings = in_order([*literals, *validation.findings, *found, *coverage.findings, *lengths, *clashes, *vanished])
    return Report(findings, write_report(validation.results), coverage.statements, coverage.with_evidence)
