"""The example with which a register is started: what of it is left."""

from __future__ import annotations

from contextlib import suppress

from pyoxigraph import NamedNode

from vertragsgraph.finding import Finding
from vertragsgraph.register import EXAMPLE, Register
from vertragsgraph.sources.locate import Locator, patterns_of
from vertragsgraph.sources.turtle import SourceError
from vertragsgraph.texts import both


def left_of_example(register: Register) -> list[Finding]:
    """Return a finding for each resource of the example that a register still describes."""
    nodes = [NamedNode(register.iri(f"id/{path}")) for path in EXAMPLE]
    locator = Locator(register)
    findings: list[Finding] = []
    with suppress(SourceError):  # a release can be served whatever has become of the sources
        locator.find(pattern for node in nodes for pattern in patterns_of(node))
        for path, node in zip(EXAMPLE, nodes, strict=True):
            if place := locator.subject(node):
                message = both(
                    "{resource} is part of the example; put your own in its place", resource=path.replace("/", ":")
                )
                findings.append(Finding(message, place, rule="register"))
    return findings
