"""The gate: what must hold before a register is released, with file and line for everything that doesn't."""

from vertragsgraph.gate.check import check
from vertragsgraph.gate.checks.evidence import coverage
from vertragsgraph.gate.checks.quotations import Quotations, quotations
from vertragsgraph.gate.checks.withdrawals import Released, resources
from vertragsgraph.gate.report import Coverage, Report

__all__ = ["Coverage", "Quotations", "Released", "Report", "check", "coverage", "quotations", "resources"]
