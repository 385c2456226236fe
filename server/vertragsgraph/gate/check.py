"""Everything that the gate checks, in one go."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vertragsgraph.finding import Finding
from vertragsgraph.gate.checks.circles import check_circles
from vertragsgraph.gate.checks.contradictions import check_contradictions
from vertragsgraph.gate.checks.evidence import check_evidence
from vertragsgraph.gate.checks.graphs import NAMES, check_graphs
from vertragsgraph.gate.checks.kinds import check_kinds
from vertragsgraph.gate.checks.literals import check_literals
from vertragsgraph.gate.checks.namespaces import RULE as NAMESPACES
from vertragsgraph.gate.checks.quotations import check_lengths
from vertragsgraph.gate.checks.validation import validate
from vertragsgraph.gate.checks.versions import check_versions
from vertragsgraph.gate.checks.withdrawals import Released, check_withdrawals
from vertragsgraph.gate.checks.wordings import check_wordings
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.report import Report, in_order
from vertragsgraph.gate.shacl.results import write_report
from vertragsgraph.graph import Graphs
from vertragsgraph.register import Register
from vertragsgraph.texts import telling


def check(
    register: Register,
    graphs: Graphs,
    *,
    released: Sequence[Released] = (),
    fast: bool | None = None,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Check the graphs that were collected from a register; nothing is raised for what is wrong, the report says it.

    `released` are releases of which nothing may vanish, nor a version of the vocabulary change, the one that is to be followed
    first; without one, that is not looked at.
    `fast` chooses the engine that validates (see `vertragsgraph.gate.checks.validation`).
    """
    say = telling(progress)
    places = Places(register)
    say("Holding literals against their datatypes …")
    literals = check_literals(register, graphs, places)
    say("Looking for unknown terms and names …")
    found = [
        *check_graphs(register, graphs, places),
        *check_circles(register, graphs, places),
        *check_kinds(register, graphs.ontology),
    ]
    if any(finding.rule == NAMESPACES for finding in found):
        return Report(in_order([*literals, *found]), write_report([]))
    say("Holding the graphs against the shapes …")
    validation = validate(register, graphs, places, fast=fast)
    misnamed = {str(result.focus) for result in validation.results if result.component == "Pattern" and not result.path}
    found = [finding for finding in found if finding.rule != NAMES or finding.focus not in misnamed]
    say("Comparing statements with evidence …")
    coverage, unproved = check_evidence(register, graphs, places)
    lengths = check_lengths(register, graphs, places)
    wordings = check_wordings(register, graphs, places)
    say("Looking for contradictions …")
    clashes = check_contradictions(register, graphs, places)
    vanished: list[Finding] = []
    if released:
        say("Comparing with the releases before …")
        vanished = check_withdrawals(register, graphs, places, released)
        vanished += check_versions(register, graphs.ontology, released)
    findings = in_order([*literals, *validation.findings, *found, *unproved, *lengths, *wordings, *clashes, *vanished])
    return Report(findings, write_report(validation.results), coverage)
